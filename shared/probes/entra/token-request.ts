import { ConfidentialClientApplication } from '@azure/msal-node';
import * as z from 'zod';
import type { Blind } from '../../core/reading';
import { failedLook } from '../failed-look';
import { clientConfiguration } from './client-configuration';
import { explain, type Refusal } from './entra-error';
import type { Exchange, TokenRequest } from './exchange';
import { ownCorrelationId } from './own-requests';

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
    const result = await ask(
      new ConfidentialClientApplication(clientConfiguration(request, request.credential, exchange, signal)),
      request,
    );
    if (result?.expiresOn == null || result.accessToken === '') throw new Error('The answer holds no token.');
    return {
      accessToken: result.accessToken,
      expiresAt: result.expiresOn.getTime(),
      refreshToken: refreshTokenIn(exchange),
    };
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

/** The refresh token that the last answer brought: MSAL keeps it to itself. */
export function refreshTokenIn({ answer }: Exchange): string | undefined {
  return WithRefreshToken.safeParse(answer?.body).data?.refresh_token;
}

function ask(app: ConfidentialClientApplication, { refreshToken, scopes }: TokenRequest) {
  const common = { scopes: [...scopes], correlationId: ownCorrelationId() };
  return refreshToken === undefined
    ? app.acquireTokenByClientCredential(common)
    : app.acquireTokenByRefreshToken({ refreshToken, ...common });
}
