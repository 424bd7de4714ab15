import type { TokenCredential } from '@azure/identity';
import { SecretClient, type KeyVaultSecret, type SecretClientOptions } from '@azure/keyvault-secrets';
import { SecretUnavailableError, type DatedSecrets } from '../core/ports';
import { blind, seen, type Reading } from '../core/reading';
import type { Cloud } from '../core/subject';
import { DAY, MINUTE } from '../core/time';
import { explainFailure, failedAttempt, type Attempt } from './key-vault-failure';
import { KEY_VAULT_REFERENCE } from './secret-references';

export interface KeyVaultOptions {
  /** What Mailbox Watch signs in to the vaults with; undefined where it has nothing. */
  readonly credential: TokenCredential | undefined;
  /** The address of a vault. Default: that of the worldwide cloud. */
  readonly vaultUrl?: (vault: string) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long a secret is remembered, in milliseconds: so long may a change in the vault go unnoticed. Default: 10 minutes. */
  readonly cacheMs?: number;
  /** How long a failure is remembered, in milliseconds. Default: a minute. */
  readonly failureMemoryMs?: number;
  /** Longest time one secret may take in all, in milliseconds. */
  readonly deadlineMs?: number;
}

interface SecretVersion {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
}

interface Remembered {
  readonly newest: Promise<Reading<SecretVersion>>;
  /** Milliseconds since 1970; Infinity while it is asked for. */
  until: number;
}

type Request = (client: SecretClient, name: string, abortSignal: AbortSignal) => Promise<KeyVaultSecret>;

/** Entra ends a refresh token that nobody redeems for 90 days; the vault then tells too, with the event SecretNearExpiry. */
const REFRESH_TOKEN_LIFE = 90 * DAY;

/**
 * A token comes with a new refresh token every hour, and Entra lets the older ones live on: one version a day keeps the authorisation
 * alive, and a version each time would fill the vault, where single versions cannot be deleted.
 */
const KEEP_EVERY = DAY;

/**
 * Secrets behind `kv:VAULT/NAME` in Azure Key Vault, always the newest version. Each is read once for all who ask at the same time,
 * then remembered. A rotated secret is a new version; the one before stays in the vault to fall back to.
 */
export function createKeyVaultSecrets(options: KeyVaultOptions): DatedSecrets {
  const { now, cacheMs = 10 * MINUTE, failureMemoryMs = MINUTE } = options;
  const ask = createVaultAccess(options);
  const remembered = new Map<string, Remembered>();

  const readNewest = async (reference: string): Promise<Reading<SecretVersion>> => {
    const newest = ask(reference, 'read', (client, name, abortSignal) => client.getSecret(name, { abortSignal }));
    const entry = { newest, until: Infinity };
    remembered.set(reference, entry);
    const { outcome } = await newest;
    entry.until = now() + (outcome === 'seen' ? cacheMs : failureMemoryMs);
    return newest;
  };

  const newestOf = (reference: string): Promise<Reading<SecretVersion>> => {
    const known = remembered.get(reference);
    return known !== undefined && now() < known.until ? known.newest : readNewest(reference);
  };

  /** By what is known already; nobody waits for a reading that is under way. */
  const isYoung = async (known: Remembered | undefined): Promise<boolean> => {
    if (known === undefined || known.until === Infinity) return false;
    const newest = await known.newest;
    return newest.outcome === 'seen' && now() - newest.value.writtenAt < KEEP_EVERY;
  };

  return {
    async read(reference) {
      return orThrow(await newestOf(reference)).value;
    },

    async keep(reference, value) {
      if (await isYoung(remembered.get(reference))) return;
      const expiresOn = new Date(now() + REFRESH_TOKEN_LIFE);
      const tags = { purpose: 'refresh-token', rotatedBy: 'mailbox-watch' };
      const kept = await ask(reference, 'rotate', (client, name, abortSignal) =>
        client.setSecret(name, value, { contentType: 'text/plain', expiresOn, tags, abortSignal }),
      );
      orThrow(kept);
      remembered.set(reference, { newest: Promise.resolve(kept), until: now() + cacheMs });
    },

    async writtenAt(reference) {
      const newest = await newestOf(reference);
      return newest.outcome === 'blind' ? newest : seen(newest.value.writtenAt);
    },
  };
}

function orThrow<T>(reading: Reading<T>): T {
  if (reading.outcome === 'blind') throw new SecretUnavailableError(reading.detail);
  return reading.value;
}

/** Sends a request within the deadline, with one client per vault. Never rejects. */
function createVaultAccess({ credential, vaultUrl = vaultUrlIn('worldwide'), deadlineMs = 15_000 }: KeyVaultOptions) {
  const clients = new Map<string, SecretClient>();

  const clientFor = (vault: string, signIn: TokenCredential): SecretClient => {
    const client = clients.get(vault) ?? new SecretClient(vaultUrl(vault), signIn, CLIENT_OPTIONS);
    clients.set(vault, client);
    return client;
  };

  return async (reference: string, doing: Attempt['doing'], request: Request): Promise<Reading<SecretVersion>> => {
    const [, vault, name] = KEY_VAULT_REFERENCE.exec(reference) ?? [];
    if (vault === undefined || name === undefined) {
      // Not shown: it may be the secret itself.
      return blind('not-configured', 'A secret is named by something that is no reference: expected kv:VAULT/NAME.');
    }
    const attempt: Attempt = { doing, vault, name };
    if (credential === undefined) {
      return failedAttempt(attempt, 'not-configured', 'not signed in', 'Set monitor.signIn in the configuration.');
    }
    const signal = AbortSignal.timeout(deadlineMs);
    try {
      const answer = await Promise.race([request(clientFor(vault, credential), name, signal), rejection(signal)]);
      return understand(answer, attempt);
    } catch (error) {
      if (!signal.aborted) return explainFailure(error, attempt);
      const why = `no answer within ${deadlineMs / 1000} s`;
      return failedAttempt(attempt, 'timeout', why, 'Check that nothing slows HTTPS to the vault down.');
    }
  };
}

/** Source: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers */
const VAULT_HOSTS: Readonly<Record<Cloud, string>> = {
  worldwide: 'vault.azure.net',
  'us-gov-high': 'vault.usgovcloudapi.net',
  'us-gov-dod': 'vault.usgovcloudapi.net',
  china: 'vault.azure.cn',
};

/** The addresses of the vaults in a cloud. */
export function vaultUrlIn(cloud: Cloud): (vault: string) => string {
  return (vault) => `https://${vault}.${VAULT_HOSTS[cloud]}`;
}

const CLIENT_OPTIONS: SecretClientOptions = {
  retryOptions: { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 1000 },
  additionalPolicies: [
    {
      position: 'perRetry',
      policy: {
        // The client would wait for as long as a busy vault asks for, and only the deadline would be told.
        name: 'doNotWaitForBusyVault',
        async sendRequest(request, next) {
          const response = await next(request);
          response.headers.delete('Retry-After');
          return response;
        },
      },
    },
  ],
};

/** A credential may take no signal: the attempt ends without it. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => {
      reject(new Error('The time is up.'));
    };
    signal.addEventListener('abort', end, { once: true });
  });
}

function understand({ value = '', properties }: KeyVaultSecret, attempt: Attempt): Reading<SecretVersion> {
  if (value === '')
    return failedAttempt(attempt, 'not-configured', 'it is empty', 'Write the secret into a new version.');
  const { createdOn } = properties;
  if (createdOn === undefined)
    return failedAttempt(attempt, 'malformed', 'it has no date', 'Write it into a new version.');
  // A version is never changed: `updatedOn` only tells of its attributes.
  return seen({ value, writtenAt: createdOn.getTime() });
}
