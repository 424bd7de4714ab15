import { createHash } from 'node:crypto';
import type { Secrets, TokenResult } from '../../core/ports';
import { seen } from '../../core/reading';
import type { Integration } from '../../core/subject';
import { HOUR, MINUTE } from '../../core/time';
import { failedLook } from '../failed-look';
import { requestGoogleToken } from '../google/token-request';
import { retryAfterMs } from '../retry-after';
import { identityOf, readCredential, type ReadCredential } from './app-credential';
import { readClaims } from './token-claims';
import { requestToken } from './token-request';

export interface TokenSourceOptions {
  readonly secrets: Secrets;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Longest time a token request may take in all, in milliseconds. */
  readonly deadlineMs?: number;
  /** How long it is remembered that there was no token, in milliseconds. */
  readonly failureMemoryMs?: number;
}

export interface WantedToken extends Pick<
  Integration,
  'provider' | 'loginAuthority' | 'tenant' | 'clientId' | 'credential' | 'scopes'
> {
  /** With it the app acts for the user whose refresh token is kept there, without it for itself. */
  readonly refreshTokenReference?: string | undefined;
}

/** A token with less than this left is not given out any more. */
const RENEWAL_MARGIN = 5 * MINUTE;

interface Remembered {
  readonly result: TokenResult;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/**
 * Gives tokens and asks for each once: callers at the same time share one request, later ones its token or, for a short time,
 * its failure. Entra blocks apps that ask in a loop (AADSTS50196). A changed client secret or certificate is used at once. Never rejects.
 */
export function createTokenSource(options: TokenSourceOptions): (wanted: WantedToken) => Promise<TokenResult> {
  const { secrets, now } = options;
  const remembered = new Map<string, Remembered>();
  const underway = new Map<string, Promise<TokenResult>>();

  const askAndRemember = async (key: string, wanted: WantedToken, credential: ReadCredential): Promise<TokenResult> => {
    try {
      const { result, until } = await ask(wanted, credential, options);
      for (const [old, { until: end }] of remembered) if (end <= now()) remembered.delete(old);
      remembered.set(key, { result: withoutTime(result), until });
      return result;
    } finally {
      underway.delete(key);
    }
  };

  return async (wanted) => {
    try {
      const credential = await readCredential(wanted.credential, secrets);
      const key = keyOf(wanted, credential);
      const earlier = remembered.get(key);
      if (earlier !== undefined && now() < earlier.until) return earlier.result;
      const request = underway.get(key) ?? askAndRemember(key, wanted, credential);
      underway.set(key, request);
      return await request;
    } catch (error) {
      return { reading: failedLook(error, `Getting a token for app ${wanted.clientId}`) };
    }
  };
}

/** Throws SecretUnavailableError where the refresh token cannot be read or the new one cannot be kept. */
async function ask(
  wanted: WantedToken,
  credential: ReadCredential,
  { secrets, now, deadlineMs = 20_000, failureMemoryMs = MINUTE }: TokenSourceOptions,
): Promise<Remembered> {
  const { refreshTokenReference } = wanted;
  const refreshToken = refreshTokenReference === undefined ? undefined : await secrets.read(refreshTokenReference);
  const startedAt = now();
  const request = wanted.provider === 'google' ? requestGoogleToken : requestToken;
  const answer = await request({ ...wanted, credential, refreshToken }, deadlineMs);
  const ms = now() - startedAt;
  if (answer.accessToken === undefined) {
    const { why, retryAfter } = answer;
    const wait = Math.min(retryAfterMs(retryAfter, now()), HOUR);
    const reading = 'outcome' in why ? why : seen({ ...why, ms });
    return { result: { reading }, until: now() + Math.max(failureMemoryMs, wait) };
  }
  const rotated = answer.refreshToken;
  // Before anything else can ask: an authorisation whose new refresh tokens are lost dies after 90 days.
  if (refreshTokenReference !== undefined && rotated !== undefined && rotated !== refreshToken) {
    await secrets.keep(refreshTokenReference, rotated);
  }
  const { accessToken, expiresAt } = answer;
  const claims = readClaims(accessToken);
  const reading = seen({ issued: true as const, expiresAt, ms, ...(claims !== undefined && { claims }) });
  return { result: { reading, bearer: accessToken }, until: expiresAt - RENEWAL_MARGIN };
}

/** The result as a later caller gets it: nothing was waited for. */
function withoutTime(result: TokenResult): TokenResult {
  const { reading } = result;
  return reading.outcome === 'blind' ? result : { ...result, reading: seen({ ...reading.value, ms: 0 }) };
}

/** A hash, for one part of it is a secret. */
function keyOf(wanted: WantedToken, credential: ReadCredential): string {
  const { loginAuthority, tenant, clientId, scopes, refreshTokenReference } = wanted;
  const identity = identityOf(credential, wanted.credential);
  const parts = [loginAuthority, tenant, clientId, scopes, refreshTokenReference, identity];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
