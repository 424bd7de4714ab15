import * as z from 'zod';
import { blind } from '../../core/reading';
import type { IssuedToken, NoToken } from '../entra/token-request';
import { explain } from '../entra/entra-error';
import { exchangeClient, type Exchange, type TokenRequest } from '../entra/exchange';
import { failedLook } from '../failed-look';

/** https://developers.google.com/identity/protocols/oauth2/web-server#offline */
const TokenAnswer = z.object({
  access_token: z.string().min(1),
  /** Seconds. */
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1).optional(),
});

/**
 * Redeems a refresh token at Google's token endpoint: one POST, without a retry. Google's OAuth clients have a client secret and
 * nothing else here. Never rejects.
 */
export async function requestGoogleToken(request: TokenRequest, deadlineMs: number): Promise<IssuedToken | NoToken> {
  const { clientId, credential, refreshToken, loginAuthority } = request;
  if (credential.kind !== 'client-secret' || refreshToken === undefined) {
    const why = blind(
      'not-configured',
      `Google gives app ${clientId} a token for a client secret and a refresh token only.`,
    );
    return { why, retryAfter: undefined };
  }
  const exchange: Exchange = {};
  const signal = AbortSignal.timeout(deadlineMs);
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    client_secret: credential.clientSecret,
    refresh_token: refreshToken,
  });
  try {
    const askedAt = Date.now();
    const { body, status } = await exchangeClient(exchange, signal).sendPostRequestAsync(`${loginAuthority}/token`, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
    if (status !== 200) return noToken(exchange, request, undefined);
    const token = TokenAnswer.parse(body);
    return {
      accessToken: token.access_token,
      expiresAt: askedAt + token.expires_in * 1000,
      refreshToken: token.refresh_token,
    };
  } catch (error) {
    const heard = signal.aborted || exchange.answer !== undefined || exchange.networkError !== undefined;
    if (heard) return noToken(exchange, request, signal.aborted ? deadlineMs : undefined);
    return { why: failedLook(error, 'Asking Google for a token'), retryAfter: undefined };
  }
}

function noToken(exchange: Exchange, request: TokenRequest, timedOutAfter: number | undefined): NoToken {
  return { why: explain(exchange, request, timedOutAfter), retryAfter: exchange.answer?.retryAfter };
}
