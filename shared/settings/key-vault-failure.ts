import { isRestError } from '@azure/keyvault-secrets';
import { SignInError } from '../core/ports';
import { blind, type Blind, type BlindReason } from '../core/reading';

/** What was tried with which secret. */
export interface Attempt {
  readonly doing: 'read' | 'rotate';
  readonly vault: string;
  readonly name: string;
}

/** What came of an attempt in vain: `why` in a few words, `advice` in whole sentences. */
export function failedAttempt(
  { doing, vault, name }: Attempt,
  reason: BlindReason,
  why: string,
  advice: string,
): Blind {
  const reference = `kv:${vault}/${name}`;
  return blind(
    reason,
    doing === 'read'
      ? `The secret at ${reference} cannot be read from the vault ${vault} (${why}). ${advice}`
      : `The rotated secret at ${reference} cannot be written to the vault ${vault} (${why}). ${advice} Until then the old secret is used.`,
  );
}

/**
 * Says of an SDK's error what it means here. Only codes and names are taken from it: its message, request and answer may hold
 * more than should be shown.
 */
export function explainFailure(error: unknown, attempt: Attempt): Blind {
  if (!isRestError(error)) return withoutRequest(error, attempt);
  const { statusCode, code } = error;
  if (statusCode === undefined) return withoutAnswer(code ?? 'no answer', attempt);
  const word = innerCode(error.details) ?? code ?? '';
  const [reason, advice] = meaningOf(statusCode, word, attempt);
  return failedAttempt(attempt, reason, `${statusCode} ${word}`.trim(), advice);
}

/** Azure's most exact word, such as `ForbiddenByRbac` under `Forbidden`. */
function innerCode(details: unknown): string | undefined {
  const answer = details as { readonly error?: { readonly innerError?: { readonly code?: string } } } | undefined;
  return answer?.error?.innerError?.code;
}

/** Source: https://learn.microsoft.com/azure/key-vault/general/rest-error-codes */
function meaningOf(status: number, word: string, { doing, vault, name }: Attempt): [BlindReason, string] {
  const role = doing === 'read' ? 'Key Vault Secrets User' : 'Key Vault Secrets Officer';
  const objects = `Key vault ${vault} > Objects > Secrets`;
  switch (word) {
    case 'SecretDisabled':
      return ['denied', `Its newest version is disabled: enable it at ${objects} > ${name}, or add a new version.`];
    case 'ForbiddenByFirewall':
    case 'ForbiddenByConnection':
      return ['denied', `Key vault ${vault} > Networking refuses this function app: let its network in.`];
    case 'PARSE_ERROR':
      return ['malformed', NO_KEY_VAULT];
    case 'ObjectIsDeletedButRecoverable':
      return ['denied', `A deleted secret has this name: recover it at ${objects} > Manage deleted secrets.`];
  }
  switch (status) {
    case 401:
      return [
        'denied',
        `Key Vault does not know who asks: sign in (monitor.signIn) with an identity of the vault's own tenant, with the role ${role}.`,
      ];
    case 403:
      return [
        'denied',
        `Give what Mailbox Watch signs in with (monitor.signIn) the role ${role} at Key vault ${vault} > Access control (IAM); it may take 10 minutes to count.`,
      ];
    case 404:
      return word === 'SecretNotFound'
        ? ['not-configured', `There is no such secret: create or recover it at ${objects}, or correct the reference.`]
        : noSuchVault(vault);
    case 429:
      return ['throttled', 'The vault gets too many requests, of others too: it is tried again shortly.'];
    default:
      return status < 500
        ? ['malformed', NO_KEY_VAULT]
        : ['server-error', 'It is tried again shortly; Azure portal > Service Health tells of trouble of Key Vault.'];
  }
}

const NO_KEY_VAULT = 'What answers there is no Key Vault: check its name, and any proxy in between.';

function noSuchVault(vault: string): [BlindReason, string] {
  return [
    'not-configured',
    `There is no vault named ${vault}: correct the reference, or recover the vault; if it has a private endpoint, link its DNS zone to the network of the function app.`,
  ];
}

/** The connection failed: `code` is Node's. */
function withoutAnswer(code: string, attempt: Attempt): Blind {
  if (code === 'ENOTFOUND') {
    const [reason, advice] = noSuchVault(attempt.vault);
    return failedAttempt(attempt, reason, code, advice);
  }
  return failedAttempt(
    attempt,
    'unreachable',
    code,
    'Let the function app connect to it over HTTPS: check Networking of both, and any proxy in between.',
  );
}

function withoutRequest(error: unknown, attempt: Attempt): Blind {
  if (error instanceof SignInError) {
    return failedAttempt(attempt, error.reading.reason, 'not signed in', error.reading.detail);
  }
  const name = error instanceof Error ? error.name : typeof error;
  return /Credential|Authentication|SignIn/.test(name)
    ? failedAttempt(attempt, 'denied', name, 'Mailbox Watch got no token for it: correct monitor.signIn.')
    : failedAttempt(attempt, 'malformed', name, NO_KEY_VAULT);
}
