import { createHash } from 'node:crypto';
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  type GetTokenOptions,
  type TokenCredential,
} from '@azure/identity';
import { SecretUnavailableError, SignInError, type Secrets } from '../../core/ports';
import { blind } from '../../core/reading';
import type { Integration, MonitorSignIn } from '../../core/subject';
import { explain } from '../entra/entra-error';
import { exchangePolicy, type Exchange } from '../entra/exchange';
import { failedLook } from '../failed-look';

type AssertionSignIn = Extract<MonitorSignIn, { kind: 'certificate' | 'federated' }>;
type Where = Pick<Integration, 'loginAuthority' | 'tenant'>;

interface Signer {
  readonly credential: TokenCredential;
  /** What was last heard of the token endpoint. */
  readonly exchange: Exchange;
}

/**
 * Signs in with a certificate (PEM with its private key), or with the token of another issuer that the app registration trusts, such as
 * that of a Kubernetes service account. Tokens are kept until shortly before they end. `getToken` rejects with SignInError.
 */
export function signInByAssertion(signIn: AssertionSignIn, where: Where, secrets: Secrets): TokenCredential {
  const reference = signIn.kind === 'certificate' ? signIn.certificateReference : signIn.assertionReference;
  let signers = new Map<string, Signer>();
  let latest = '';

  /** One a tenant, and new ones once the certificate has changed. */
  const signerFor = async (tenant: string): Promise<Signer> => {
    const content = await secrets.read(reference);
    const version = signIn.kind === 'certificate' ? createHash('sha256').update(content).digest('base64') : '';
    if (version !== latest) signers = new Map();
    latest = version;
    const signer = signers.get(tenant) ?? newSigner(tenant, content);
    signers.set(tenant, signer);
    return signer;
  };

  const newSigner = (tenant: string, content: string): Signer => {
    const exchange: Exchange = {};
    const options = {
      authorityHost: where.loginAuthority,
      disableInstanceDiscovery: true,
      retryOptions: { maxRetries: 0 },
      // Whoever asks has a deadline of its own.
      additionalPolicies: [exchangePolicy(exchange, new AbortController().signal)],
    };
    const credential =
      signIn.kind === 'certificate'
        ? new ClientCertificateCredential(tenant, signIn.clientId, { certificate: content }, options)
        : // Issuers renew these tokens every hour or so.
          new ClientAssertionCredential(tenant, signIn.clientId, () => secrets.read(reference), options);
    return { credential, exchange };
  };

  return {
    getToken: async (scopes, { tenantId = where.tenant }: GetTokenOptions = {}) => {
      const startedAt = performance.now();
      let exchange: Exchange = {};
      try {
        const signer = await signerFor(tenantId);
        exchange = signer.exchange;
        delete exchange.answer;
        delete exchange.networkError;
        return await signer.credential.getToken(scopes);
      } catch (error) {
        throw signInError(error, exchange, Math.round(performance.now() - startedAt));
      }
    },
  };

  function signInError(error: unknown, exchange: Exchange, ms: number): SignInError {
    const { clientId } = signIn;
    const heard = exchange.answer !== undefined || exchange.networkError !== undefined;
    if (!heard) return new SignInError(unheard(error, reference));
    const request = { ...where, clientId, scopes: [], clientSecret: '' };
    const why = explain(exchange, request, undefined);
    if ('outcome' in why) return new SignInError(why);
    const detail = `Mailbox Watch itself cannot sign in to ${where.tenant} as app ${clientId}: ${why.description} Correct monitor.signIn in the configuration, or what stands at ${reference}.`;
    return new SignInError(blind('denied', detail), { ...why, ms });
  }
}

function unheard(error: unknown, reference: string) {
  if (error instanceof SecretUnavailableError) return blind('not-configured', error.message);
  // The SDK's messages on a PEM text name no content, but nobody can be sure: only that it was not usable is told.
  if (error instanceof Error && /certificate|PEM|private key|DECODER|asn1/i.test(error.message)) {
    return blind(
      'not-configured',
      `What stands at ${reference} is no certificate that signs: expected a PEM text with the certificate and its private key, without a password.`,
    );
  }
  return failedLook(error, `Signing in with what stands at ${reference}`);
}
