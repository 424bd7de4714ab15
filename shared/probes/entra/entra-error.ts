import * as z from 'zod';
import type { TokenRefused } from '../../core/evidence';
import { blind, type Blind } from '../../core/reading';
import { networkErrorCode } from '../network-error';
import { serverError } from '../server-error';
import type { EndpointAnswer, Exchange, TokenRequest } from './exchange';

/** RFC 6749's error object with Entra's additions: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const ErrorAnswer = z.object({
  error: z.string(),
  error_description: z.string().default(''),
  error_codes: z.array(z.number()).default([]),
  suberror: z.string().optional(),
  trace_id: z.string().optional(),
  correlation_id: z.string().optional(),
});

/** AADSTS90055: too many requests for this tenant. */
const THROTTLED = 90055;
const MAX_DESCRIPTION = 1000;

export type Refusal = Omit<TokenRefused, 'ms'>;

/**
 * Why a request gave no token, from what was heard: a refusal where the endpoint said no, else why nothing can be said.
 * `timedOutAfter` is in milliseconds.
 */
export function explain(
  exchange: Exchange,
  request: Pick<TokenRequest, 'loginAuthority' | 'tenant' | 'clientId'>,
  timedOutAfter: number | undefined,
): Refusal | Blind {
  const asked = `The token request of app ${request.clientId} to ${request.loginAuthority}/${request.tenant}`;
  if (timedOutAfter !== undefined) {
    const seconds = timedOutAfter / 1000;
    return blind(
      'timeout',
      `${asked} had no answer in ${seconds} s. Check that nothing slows HTTPS to this host down.`,
    );
  }
  const { answer, networkError, confidential = [] } = exchange;
  if (answer !== undefined) return explainAnswer(answer, asked, confidential);
  return blind(
    'unreachable',
    `${asked} got no connection (${networkErrorCode(networkError) ?? 'no code'}). Check name resolution, firewall, proxy and TLS inspection between Mailbox Watch and this host.`,
  );
}

function explainAnswer({ status, body }: EndpointAnswer, asked: string, secrets: readonly string[]): Refusal | Blind {
  const { data: said } = ErrorAnswer.safeParse(body);
  if (status === 429 || said?.error_codes.includes(THROTTLED)) {
    return blind(
      'throttled',
      `${asked} was throttled (HTTP ${status}). Nothing to repair here: it is asked again later.`,
    );
  }
  if (status >= 500) return serverError(asked, `HTTP ${status}`);
  if (said === undefined) {
    return blind(
      'malformed',
      `${asked} was answered with HTTP ${status} and neither a token nor a reason. See whether a proxy answers instead, or Microsoft has an outage: https://azure.status.microsoft`,
    );
  }
  const { error, error_codes, error_description, suberror, trace_id, correlation_id } = said;
  return {
    issued: false,
    error,
    // Entra goes from the general to the special: 70002, then 50012.
    aadsts: error_codes.toReversed(),
    description: describe(error_description, secrets),
    ...(suberror !== undefined && { suberror }),
    ...(trace_id !== undefined && { traceId: trace_id }),
    ...(correlation_id !== undefined && { correlationId: correlation_id }),
  };
}

/** Entra's own sentence; it ends in ids and a time, after a line break until 2022 and a space since. */
function describe(description: string, secrets: readonly string[]): string {
  return secrets
    .reduce((text, secret) => text.replaceAll(secret, '<withheld>'), description)
    .replace(/\s*Trace ID: [\s\S]*$/, '')
    .slice(0, MAX_DESCRIPTION);
}
