import { ClientSecretCredential } from '@azure/identity';
import { ConfidentialClientApplication } from '@azure/msal-node';
import * as z from 'zod';
import type { Blind } from '../../core/reading';
import { failedLook } from '../failed-look';
import { explain, type Refusal } from './entra-error';
import { exchangeClient, exchangePolicy, type Exchange, type TokenRequest } from './exchange';

export interface IssuedToken {
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** The refresh token to use from now on, where the answer brought one. */
  readonly refreshToken?: string | undefined;
}

export interface NoToken {
  readonly accessToken?: undefined;
  readonly why: Refusal | Blind;
  /** The endpoint's Retry-After header. */
  readonly retryAfter: string | null | undefined;
}

const WithRefreshToken = z.object({ refresh_token: z.string().min(1) });

/**
 * Asks the token endpoint once, without a retry: the next run asks again. Takes one round trip, and one before it where the
 * authority is not Microsoft's, to find its endpoint. Never rejects.
 */
export async function requestToken(request: TokenRequest, deadlineMs: number): Promise<IssuedToken | NoToken> {
  const exchange: Exchange = {};
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const token = await (request.refreshToken === undefined ? askAsApplication : redeem)(request, exchange, signal);
    return { ...token, refreshToken: WithRefreshToken.safeParse(exchange.answer?.body).data?.refresh_token };
  } catch (error) {
    const heard = signal.aborted || exchange.answer !== undefined || exchange.networkError !== undefined;
    return {
      why: heard
        ? explain(exchange, request, signal.aborted ? deadlineMs : undefined)
        : failedLook(error, 'Asking for a token'),
      retryAfter: exchange.answer?.retryAfter,
    };
  }
}

async function askAsApplication(request: TokenRequest, exchange: Exchange, signal: AbortSignal): Promise<IssuedToken> {
  const { tenant, clientId, clientSecret, loginAuthority, scopes } = request;
  const credential = new ClientSecretCredential(tenant, clientId, clientSecret, {
    authorityHost: loginAuthority,
    // The settings name the authority: nobody needs to be asked whether it exists.
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [exchangePolicy(exchange, signal)],
  });
  const { token, expiresOnTimestamp } = await credential.getToken([...scopes]);
  return { accessToken: token, expiresAt: expiresOnTimestamp };
}

/** @azure/identity has no credential for a refresh token: this is the MSAL below it. */
async function redeem(request: TokenRequest, exchange: Exchange, signal: AbortSignal): Promise<IssuedToken> {
  const { tenant, clientId, clientSecret, loginAuthority, refreshToken = '', scopes } = request;
  const app = new ConfidentialClientApplication({
    auth: {
      clientId,
      clientSecret,
      authority: `${loginAuthority}/${tenant}`,
      knownAuthorities: [new URL(loginAuthority).host],
    },
    system: { networkClient: exchangeClient(exchange, signal) },
  });
  const result = await app.acquireTokenByRefreshToken({ refreshToken, scopes: [...scopes] });
  if (result?.expiresOn == null || result.accessToken === '') throw new Error('The answer holds no token.');
  return { accessToken: result.accessToken, expiresAt: result.expiresOn.getTime() };
}
