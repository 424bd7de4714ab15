import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretUnavailableError } from '../../shared/core/ports';
import { createSecrets } from '../../shared/settings/secrets';

const SECRET = 'abc8Q~never-shown';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailbox-watch-secrets-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function secrets(environment: Record<string, string> = {}) {
  return createSecrets({ environment, folder });
}

describe('a secret is read', () => {
  it('from the environment', async () => {
    expect(await secrets({ JIRA_SECRET: SECRET }).read('env:JIRA_SECRET')).toBe(SECRET);
  });

  it.each([
    ['as it is', SECRET],
    ['without the newline at its end', `${SECRET}\n`],
    ['without the newline of Windows', `${SECRET}\r\n`],
    ['without a byte order mark', `\uFEFF${SECRET}\n`],
  ])('from a file beside the configuration, %s', async (_, content) => {
    mkdirSync(join(folder, 'secrets'));
    writeFileSync(join(folder, 'secrets/jira'), content);
    expect(await secrets().read('file:secrets/jira')).toBe(SECRET);
  });

  it('from a file anywhere', async () => {
    writeFileSync(join(folder, 'jira'), SECRET);
    expect(await createSecrets({ environment: {}, folder: '/nowhere' }).read(`file:${join(folder, 'jira')}`)).toBe(
      SECRET,
    );
  });
});

describe('a secret that is not there says which and what to do', () => {
  it.each<[string, string, RegExp]>([
    ['no variable', 'env:MISSING', /^The secret at env:MISSING is not set\. Add the app setting MISSING/],
    ['an empty variable', 'env:EMPTY', /^The secret at env:EMPTY is not set/],
    [
      'an unresolved Key Vault reference',
      'env:VAULT',
      /^The secret at env:VAULT is a Key Vault reference .* Key Vault Secrets User/,
    ],
    [
      'no file',
      'file:missing',
      /^The secret at file:missing cannot be read from .*missing \(ENOENT\)\. Put the file there/,
    ],
    ['a folder', 'file:.', /cannot be read from .* \(EISDIR\)/],
    ['an empty file', 'file:empty', /^The secret at file:empty is empty\. Write the secret into/],
    [
      'no reference',
      SECRET,
      /^A secret is named by something that is no reference: expected env:NAME, file:PATH or kv:VAULT\/NAME\.$/,
    ],
    ['half a reference', 'env:', /is no reference/],
  ])('%s', async (_, reference, message) => {
    writeFileSync(join(folder, 'empty'), '\n');
    const reading = secrets({ EMPTY: '', VAULT: '@Microsoft.KeyVault(SecretUri=https://v/never-shown)' }).read(
      reference,
    );
    await expect(reading).rejects.toThrow(SecretUnavailableError);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.not.toThrow(/never-shown/);
  });
});

describe('a rotated secret is kept', () => {
  it('in its file, for this account only, and nothing else is left behind', async () => {
    writeFileSync(join(folder, 'token'), 'old', { mode: 0o644 });
    await secrets().keep('file:token', SECRET);
    expect(readFileSync(join(folder, 'token'), 'utf8')).toBe(`${SECRET}\n`);
    expect(statSync(join(folder, 'token')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['token']);
    expect(await secrets().read('file:token')).toBe(SECRET);
  });

  it('by replacing the file, so that who reads the old one reads it whole', async () => {
    writeFileSync(join(folder, 'token'), 'old');
    const before = statSync(join(folder, 'token')).ino;
    await secrets().keep('file:token', SECRET);
    expect(statSync(join(folder, 'token')).ino).not.toBe(before);
  });

  it('whole, whichever of many writers is last', async () => {
    const values = Array.from({ length: 20 }, (_, i) => String(i).repeat(10_000));
    await Promise.all(values.map((value) => secrets().keep('file:token', value)));
    expect(values).toContain(await secrets().read('file:token'));
    expect(readdirSync(folder)).toEqual(['token']);
  });

  it('in this process where it came from the environment', async () => {
    const environment = { TOKEN: 'old' };
    const same = secrets(environment);
    await same.keep('env:TOKEN', SECRET);
    expect(await same.read('env:TOKEN')).toBe(SECRET);
    expect(environment.TOKEN).toBe('old');
    expect(await secrets(environment).read('env:TOKEN')).toBe('old');
  });

  it.each([
    ['the folder is missing', 'file:missing/token', 'ENOENT'],
    ['the folder is a file', 'file:taken/token', 'ENOTDIR'],
    ['a folder has its name', 'file:folder', 'EISDIR'],
  ])('or it is said why not: %s', async (_, reference, code) => {
    writeFileSync(join(folder, 'taken'), 'x');
    mkdirSync(join(folder, 'folder'));
    const keeping = secrets().keep(reference, SECRET);
    await expect(keeping).rejects.toThrow(SecretUnavailableError);
    await expect(keeping).rejects.toThrow(`The rotated secret at ${reference} cannot be written to`);
    await expect(keeping).rejects.toThrow(`(${code}). Let the account`);
    await expect(keeping).rejects.not.toThrow(/never-shown/);
    expect(readdirSync(folder).toSorted()).toEqual(['folder', 'taken']);
  });
});

describe('when a secret was written', () => {
  it('is when its file was', async () => {
    writeFileSync(join(folder, 'token'), SECRET);
    utimesSync(join(folder, 'token'), new Date(), new Date(Date.UTC(2026, 8, 1)));
    expect(await secrets().writtenAt('file:token')).toEqual({ outcome: 'seen', value: Date.UTC(2026, 8, 1) });
  });

  it.each([
    ['a file that is not there', 'file:missing', /^The secret at file:missing cannot be read from .* \(ENOENT\)\. Put/],
    ['a variable', 'env:TOKEN', /^When the secret was written cannot be told: only file:PATH and kv:VAULT\/NAME/],
    ['no reference', SECRET, /^When the secret was written cannot be told/],
  ])('cannot be told of %s', async (_, reference, detail) => {
    const reading = await secrets({ TOKEN: SECRET }).writtenAt(reference);
    expect(reading).toEqual({
      outcome: 'blind',
      reason: 'not-configured',
      detail: expect.stringMatching(detail) as string,
    });
    expect(JSON.stringify(reading)).not.toContain(SECRET);
  });
});
