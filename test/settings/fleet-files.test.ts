import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration, stampOf } from '../../shared/settings/load';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleets-'));
  mkdirSync(join(folder, 'fleets'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, ...lines: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n'));
  return path;
}

function integration(id: string, mailbox: string, ...more: string[]): string[] {
  return [
    `  - id: ${id}`,
    '    product: jira',
    '    clientId: 11111111-2222-4333-8444-555555555555',
    '    clientSecret: env:SECRET',
    '    flow: application',
    `    mailboxes: [${mailbox}]`,
    ...more,
  ];
}

const MAIN = ['tenant: contoso.onmicrosoft.com', 'protocol: pop', 'integrationFiles: [fleets, extra.yaml]'];

it('joins the files of a folder, in the order of their names, to what the configuration has itself', async () => {
  const path = write('mailbox-watch.yaml', ...MAIN, 'integrations:', ...integration('own', 'own@contoso.com'));
  write('fleets/b.yaml', 'integrations:', ...integration('b', 'b@contoso.com'));
  write(
    'fleets/a.yml',
    'tenant: fabrikam.com',
    'protocol: imap',
    'integrations:',
    ...integration('a', 'a@fabrikam.com'),
    ...integration('a-own', 'c@fabrikam.com', '    tenant: tailspin.com'),
  );
  write('fleets/notes.txt', 'not read');
  write('extra.yaml', JSON.stringify({ integrations: [] }));
  const loaded = await loadConfiguration(path);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  expect(loaded.settings.integrations.map(({ id, tenant, protocol }) => [id, tenant, protocol])).toEqual([
    ['own', 'contoso.onmicrosoft.com', 'pop'],
    ['a', 'fabrikam.com', 'imap'],
    ['a-own', 'tailspin.com', 'imap'],
    ['b', 'contoso.onmicrosoft.com', 'pop'],
  ]);
});

it('needs no integrations of its own where files have them', async () => {
  const path = write('mailbox-watch.yaml', ...MAIN);
  write('fleets/a.yaml', 'integrations:', ...integration('a', 'a@contoso.com'));
  write('extra.yaml', 'integrations:', ...integration('extra', 'e@contoso.com'));
  expect(await loadConfiguration(path)).toMatchObject({ ok: true });
});

it('names file, line and column of every problem', async () => {
  const path = write('mailbox-watch.yaml', ...MAIN, 'integrations:', ...integration('own', 'own@contoso.com'));
  write('fleets/a.yaml', 'cloud: wordlwide', 'notify: []', 'integrations:', ...integration('a', 'not an address'));
  write('extra.yaml', 'integrations: [');
  const loaded = await loadConfiguration(path);
  if (loaded.ok) throw new Error('it is not valid');
  const told = loaded.problems.map(({ file, line, message }) => `${file ?? ''}:${line} ${message}`);
  expect(told).toEqual([
    expect.stringMatching(/^extra\.yaml:\d+ the indentation does not fit/),
    expect.stringMatching(/^fleets\/a\.yaml:1 .*did you mean "worldwide"/),
    expect.stringMatching(/^fleets\/a\.yaml:2 stands in the configuration itself/),
    expect.stringMatching(/^fleets\/a\.yaml:9 expected the address of a mailbox/),
  ]);
});

it('finds the same id in two files', async () => {
  const path = write('mailbox-watch.yaml', ...MAIN, 'integrations:', ...integration('own', 'own@contoso.com'));
  write('fleets/a.yaml', 'integrations:', ...integration('own', 'a@contoso.com'));
  write('extra.yaml', 'integrations: []');
  const loaded = await loadConfiguration(path);
  expect(loaded.ok ? [] : loaded.problems).toMatchObject([{ file: 'fleets/a.yaml', path: 'integrations[0].id' }]);
});

it.each([
  ['is not there', 'nowhere.yaml', 'nowhere.yaml cannot be read (ENOENT)'],
  ['is an empty folder', 'empty', 'empty holds no .yaml'],
  ['is no mapping', 'list.yaml', 'expected a mapping with integrations'],
])('says what is wrong with a file that %s', async (_, name, words) => {
  mkdirSync(join(folder, 'empty'));
  write('list.yaml', '- a');
  const path = write(
    'mailbox-watch.yaml',
    'tenant: contoso.com',
    `integrationFiles: [${name}]`,
    'integrations:',
    ...integration('own', 'own@contoso.com'),
  );
  const loaded = await loadConfiguration(path);
  expect(loaded.ok ? '' : loaded.problems.map(({ message }) => message).join()).toContain(words);
});

it('is read anew when one of the files changes, or a file is added', async () => {
  const path = write('mailbox-watch.yaml', ...MAIN);
  const one = write('fleets/a.yaml', 'integrations:', ...integration('a', 'a@contoso.com'));
  write('extra.yaml', 'integrations: []');
  utimesSync(join(folder, 'fleets'), 1, 1);
  const { read, stamp } = await loadConfiguration(path);
  expect(await stampOf(read)).toBe(stamp);
  utimesSync(one, 2, 2);
  expect(await stampOf(read)).not.toBe(stamp);
  const { stamp: second } = await loadConfiguration(path);
  write('fleets/b.yaml', 'integrations: []');
  expect(await stampOf(read)).not.toBe(second);
});
