import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SecretUnavailableError, type DatedSecrets } from '../core/ports';
import { blind, seen, type Reading } from '../core/reading';
import { fileErrorCode } from './file-error';
import { REFERENCE_FORMS } from './secret-references';

export interface SecretsOptions {
  /** Where `env:NAME` is looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What `file:PATH` is relative to. */
  readonly folder: string;
}

/** Secrets behind `env:NAME` and `file:PATH`. */
export function createSecrets({ environment, folder }: SecretsOptions): DatedSecrets {
  const kept = new Map<string, string>();

  return {
    async read(reference) {
      const { kind, name } = split(reference);
      if (kind === 'file') return readSecretFile(reference, resolve(folder, name));
      return kept.get(name) ?? readVariable(reference, environment[name]);
    },

    async keep(reference, value) {
      const { kind, name } = split(reference);
      if (kind === 'file') await writeSecretFile(reference, resolve(folder, name), value);
      else kept.set(name, value);
    },

    async writtenAt(reference) {
      if (reference.startsWith('file:'))
        return fileWrittenAt(reference, resolve(folder, reference.slice('file:'.length)));
      return blind(
        'not-configured',
        'When the secret was written cannot be told: only file:PATH and kv:VAULT/NAME have a date.',
      );
    },
  };
}

function split(reference: string): { kind: 'env' | 'file'; name: string } {
  const colon = reference.indexOf(':');
  const kind = reference.slice(0, colon);
  const name = reference.slice(colon + 1);
  if ((kind === 'env' || kind === 'file') && name !== '') return { kind, name };
  // Not shown: it may be the secret itself.
  throw new SecretUnavailableError(`A secret is named by something that is no reference: expected ${REFERENCE_FORMS}.`);
}

function readVariable(reference: string, value: string | undefined): string {
  if (value === undefined || value === '') {
    throw new SecretUnavailableError(
      `The secret at ${reference} is not set. Add the app setting ${reference.slice('env:'.length)} to the function app, or the environment variable on a machine of your own.`,
    );
  }
  // Azure leaves the reference itself where it could not follow it.
  if (value.startsWith('@Microsoft.KeyVault(')) {
    throw new SecretUnavailableError(
      `The secret at ${reference} is a Key Vault reference that Azure could not resolve. Function app > Environment variables shows why; mostly its identity lacks the role Key Vault Secrets User.`,
    );
  }
  return value;
}

async function readSecretFile(reference: string, path: string): Promise<string> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    throw new SecretUnavailableError(unreadable(reference, path, error));
  }
  // Editors end a text with a newline, and some on Windows start it with a byte order mark.
  const value = content.replace(/^\uFEFF|(?:\r?\n)+$/g, '');
  if (value === '')
    throw new SecretUnavailableError(`The secret at ${reference} is empty. Write the secret into ${path}.`);
  return value;
}

async function fileWrittenAt(reference: string, path: string): Promise<Reading<number>> {
  try {
    return seen((await stat(path)).mtimeMs);
  } catch (error) {
    return blind('not-configured', unreadable(reference, path, error));
  }
}

function unreadable(reference: string, path: string, error: unknown): string {
  return `The secret at ${reference} cannot be read from ${path} (${fileErrorCode(error)}). Put the file there, readable for the account that runs Mailbox Watch.`;
}

/** Whoever reads meanwhile sees the old secret or the new one, whole. */
async function writeSecretFile(reference: string, path: string, value: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    try {
      await writeFile(draft, `${value}\n`, { mode: 0o600, flag: 'wx', flush: true });
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
  } catch (error) {
    throw new SecretUnavailableError(
      `The rotated secret at ${reference} cannot be written to ${path} (${fileErrorCode(error)}). Let the account that runs Mailbox Watch write to that folder; until then the old secret is used.`,
    );
  }
}
