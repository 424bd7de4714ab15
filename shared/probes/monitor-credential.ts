import { ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import type { TokenAnswer } from '../core/evidence';
import type { Secrets } from '../core/ports';
import { blind, valueOf, type Blind } from '../core/reading';
import type { Integration, MonitorSignIn } from '../core/subject';
import { createTokenSource } from './entra/token-source';

/** Thrown by the credential's `getToken`: why Mailbox Watch itself could not sign in. */
export class SignInError extends Error {
  override readonly name = 'SignInError';

  constructor(readonly reading: Blind) {
    super(reading.detail);
  }
}

/**
 * What Mailbox Watch signs in with where an integration's app is registered; undefined where it has nothing to sign in with.
 * A client secret is read when a token is first needed. `getToken` rejects with SignInError.
 */
export function createMonitorCredential(
  signIn: MonitorSignIn,
  integration: Pick<Integration, 'loginAuthority' | 'tenant'>,
  secrets: Secrets,
): TokenCredential | undefined {
  switch (signIn.kind) {
    case 'none':
      return undefined;
    case 'managed-identity':
      return managedIdentity(signIn.clientId);
    case 'client-secret':
      return clientSecret({ ...integration, ...signIn }, secrets);
  }
}

function managedIdentity(clientId: string | undefined): TokenCredential {
  const credential = new ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
  return {
    getToken: async (scopes) => {
      try {
        return await credential.getToken(scopes);
      } catch (error) {
        throw new SignInError(noManagedIdentity(clientId, error));
      }
    },
  };
}

function noManagedIdentity(clientId: string | undefined, error: unknown): Blind {
  const identity = clientId === undefined ? 'its managed identity' : `the managed identity ${clientId}`;
  const name = error instanceof Error ? error.name : typeof error;
  return blind(
    'denied',
    `Mailbox Watch got no token for ${identity} (${name}). Function app > Settings > Identity: switch it on or assign it there, and let monitor.signIn name no other. A machine of your own has none: use a client secret there.`,
  );
}

type SecretSignIn = Extract<MonitorSignIn, { kind: 'client-secret' }> & Pick<Integration, 'loginAuthority' | 'tenant'>;

function clientSecret(signIn: SecretSignIn, secrets: Secrets): TokenCredential {
  const tokenFor = createTokenSource({ secrets, now: Date.now });
  return {
    getToken: async (scopes) => {
      const { reading, bearer } = await tokenFor({ ...signIn, scopes: [scopes].flat() });
      const answer = valueOf(reading);
      if (answer?.issued === true && bearer !== undefined) {
        return { token: bearer, expiresOnTimestamp: answer.expiresAt };
      }
      throw new SignInError(reading.outcome === 'blind' ? reading : refused(signIn, reading.value));
    },
  };
}

function refused({ tenant, clientId, clientSecretReference }: SecretSignIn, answer: TokenAnswer): Blind {
  const said = answer.issued ? 'no token came' : answer.description;
  return blind(
    'denied',
    `Mailbox Watch itself cannot sign in to ${tenant} as app ${clientId}: ${said} Correct monitor.signIn in the configuration, or the secret at ${clientSecretReference}.`,
  );
}
