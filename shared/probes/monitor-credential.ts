import { ManagedIdentityCredential, type GetTokenOptions, type TokenCredential } from '@azure/identity';
import type { TokenAnswer } from '../core/evidence';
import { NO_MANAGED_IDENTITY } from '../core/monitor-evidence';
import { SignInError, type Secrets } from '../core/ports';
import { blind, valueOf, type Blind } from '../core/reading';
import type { Integration, MonitorSignIn } from '../core/subject';
import { createTokenSource } from './entra/token-source';
import { signInByAssertion } from './monitor/assertion-credential';

type Where = Pick<Integration, 'loginAuthority' | 'tenant'>;

/**
 * What Mailbox Watch signs in with where an integration's app is registered; undefined where it has nothing to sign in with.
 * A secret, certificate or assertion is read when a token is first needed, and followed when it changes. A resource that belongs to
 * another tenant, as a key vault may, names that tenant. `getToken` rejects with SignInError.
 */
export function createMonitorCredential(
  signIn: MonitorSignIn,
  { loginAuthority, tenant }: Where,
  secrets: Secrets,
): TokenCredential | undefined {
  const where = { loginAuthority, tenant };
  switch (signIn.kind) {
    case 'none':
      return undefined;
    case 'managed-identity':
      return managedIdentity(signIn.clientId);
    case 'client-secret':
      return clientSecret(signIn, where, secrets);
    case 'certificate':
    case 'federated':
      return signInByAssertion(signIn, where, secrets);
  }
}

function managedIdentity(clientId: string | undefined): TokenCredential {
  const credential = new ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
  return {
    getToken: async (scopes) => {
      const startedAt = performance.now();
      try {
        return await credential.getToken(scopes);
      } catch (error) {
        const description = error instanceof Error ? error.name : typeof error;
        const ms = Math.round(performance.now() - startedAt);
        throw new SignInError(noManagedIdentity(clientId, description), {
          issued: false,
          error: NO_MANAGED_IDENTITY,
          aadsts: [],
          description,
          ms,
        });
      }
    },
  };
}

function noManagedIdentity(clientId: string | undefined, said: string): Blind {
  const identity = clientId === undefined ? 'its managed identity' : `the managed identity ${clientId}`;
  return blind(
    'denied',
    `Mailbox Watch got no token for ${identity} (${said}). Function app > Settings > Identity: switch it on or assign it there, and let monitor.signIn name no other. A machine of your own has none: use a client secret there.`,
  );
}

type SecretSignIn = Extract<MonitorSignIn, { kind: 'client-secret' }>;

function clientSecret(signIn: SecretSignIn, where: Where, secrets: Secrets): TokenCredential {
  const tokenFor = createTokenSource({ secrets, now: Date.now });
  return {
    getToken: async (scopes, { tenantId = where.tenant }: GetTokenOptions = {}) => {
      const credential = { kind: 'client-secret' as const, reference: signIn.clientSecretReference };
      const wanted = {
        ...where,
        provider: 'microsoft365' as const,
        tenant: tenantId,
        clientId: signIn.clientId,
        credential,
        scopes: [scopes].flat(),
      };
      const { reading, bearer } = await tokenFor(wanted);
      const answer = valueOf(reading);
      if (answer?.issued === true && bearer !== undefined) {
        return { token: bearer, expiresOnTimestamp: answer.expiresAt };
      }
      if (reading.outcome === 'blind') throw new SignInError(reading);
      throw refused(reading.value, signIn.clientId, signIn.clientSecretReference, tenantId);
    },
  };
}

function refused(answer: TokenAnswer, clientId: string, reference: string, tenant: string): SignInError {
  const said = answer.issued ? 'no token came' : answer.description;
  return new SignInError(
    blind(
      'denied',
      `Mailbox Watch itself cannot sign in to ${tenant} as app ${clientId}: ${said} Correct monitor.signIn in the configuration, or the secret at ${reference}.`,
    ),
    answer.issued ? undefined : answer,
  );
}
