import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../../shared/settings/load';

const SOUND = `tenant: contoso.com
integrations:
  - id: jsm
    product: jsm
    clientId: 11111111-2222-4333-8444-555555555555
    clientSecret: env:JSM_SECRET
    flow: application
    mailboxes: [support@contoso.com]
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailbox-watch-configuration-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(content: string | Buffer): string {
  const path = join(folder, 'mailbox-watch.yaml');
  writeFileSync(path, content);
  return path;
}

it.each([
  ['plain', SOUND],
  ['with a byte order mark', `\uFEFF${SOUND}`],
  ['with the line ends of Windows', SOUND.replaceAll('\n', '\r\n')],
])('loads a file: %s', async (_, content) => {
  const loaded = await loadConfiguration(file(content));
  expect(loaded).toMatchObject({ ok: true, settings: { integrations: [{ id: 'jsm' }] } });
});

it('says what is wrong in the file', async () => {
  const loaded = await loadConfiguration(file(`\uFEFF${SOUND.replace('flow:', 'flwo:')}`));
  expect(loaded).toMatchObject({
    problems: [
      { line: 3, column: 5 },
      { line: 7, column: 5, path: 'integrations[0].flwo' },
    ],
  });
});

const EXPECTED = 'expected a YAML or JSON file, at the path that the setting MAILBOX_WATCH_CONFIG names';

it.each<[string, () => string, string]>([
  ['is missing', () => join(folder, 'missing.yaml'), 'cannot be read (ENOENT)'],
  ['is a folder', () => makeFolder(), 'cannot be read (EISDIR)'],
  ['is too large', () => grown(file(SOUND)), 'is larger than 4 MiB'],
  [
    'is UTF-16, as Windows PowerShell writes it',
    () => file(Buffer.from(`\uFEFF${SOUND}`, 'utf16le')),
    'is not UTF-8; save it in that encoding',
  ],
])('says that the file %s', async (_, make, found) => {
  const path = make();
  expect(await loadConfiguration(path)).toMatchObject({
    ok: false,
    problems: [{ path: '(file)', line: 1, column: 1, message: `${path} ${found}; ${EXPECTED}` }],
  });
});

function makeFolder(): string {
  const path = join(folder, 'configuration');
  mkdirSync(path);
  return path;
}

/** A hole: nothing of it is written to the disk. */
function grown(path: string): string {
  truncateSync(path, 2 ** 40);
  return path;
}
