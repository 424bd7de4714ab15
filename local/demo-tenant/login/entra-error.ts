import { randomUUID } from 'node:crypto';
import type { HttpAnswer } from '../loopback-http';

interface Kind {
  readonly error: string;
  readonly suberror?: string;
  /** Whether Microsoft has a public page for the number. */
  readonly page?: true;
}

/** Errors and suberrors as captured on the wire or, where no capture is public, as Microsoft's reference of AADSTS numbers has them. */
const KINDS = {
  28003: { error: 'invalid_request' },
  50011: { error: 'invalid_request', page: true },
  50057: { error: 'invalid_grant' },
  50173: { error: 'invalid_grant', suberror: 'bad_token' },
  65001: { error: 'invalid_grant', suberror: 'consent_required' },
  70000: { error: 'invalid_grant' },
  70003: { error: 'unsupported_grant_type' },
  70011: { error: 'invalid_scope', page: true },
  70016: { error: 'authorization_pending' },
  90002: { error: 'invalid_request', page: true },
  500011: { error: 'invalid_resource', page: true },
  501481: { error: 'invalid_grant' },
  700016: { error: 'unauthorized_client', page: true },
  700027: { error: 'invalid_client', page: true },
  700024: { error: 'invalid_client', page: true },
  700082: { error: 'invalid_grant' },
  900144: { error: 'invalid_request', page: true },
  1002012: { error: 'invalid_scope', page: true },
  7000112: { error: 'unauthorized_client', page: true },
  7000215: { error: 'invalid_client', page: true },
  7000218: { error: 'invalid_client', page: true },
  7000222: { error: 'invalid_client', page: true },
} as const satisfies Readonly<Record<number, Kind>>;

export type EntraCode = keyof typeof KINDS;

/** Thrown where Entra ID refuses. The message is Entra's sentence without its number. */
export class EntraError extends Error {
  override readonly name = 'EntraError';

  constructor(
    /** AADSTS number. */
    readonly code: EntraCode,
    says: string,
  ) {
    super(says);
  }
}

/** The refusal as the token endpoint answers it. `correlationId` is the client's own, where it sent one. */
export function refusalAnswer({ code, message }: EntraError, now: number, correlationId: string = randomUUID()) {
  const { error, suberror, page }: Kind = KINDS[code];
  const traceId = randomUUID();
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const body = {
    error,
    error_description: `AADSTS${code}: ${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    ...(page === true && { error_uri: `https://login.microsoftonline.com/error?code=${code}` }),
    ...(suberror !== undefined && { suberror }),
  };
  const headers = { 'x-ms-request-id': traceId, 'x-ms-clitelem': `1,${code},0,,` };
  return { status: error === 'invalid_client' ? 401 : 400, headers, body } satisfies HttpAnswer;
}
