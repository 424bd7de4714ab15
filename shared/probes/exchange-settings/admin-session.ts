import { randomUUID } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import type { Integration } from '../../core/subject';
import { within } from '../directory/graph';
import { readClaims } from '../entra/token-claims';
import { parseJson } from '../parse-json';
import { readStart } from '../read-start';
import type { Answer } from './answer';

/** Exchange's administration for the length of one look. */
export interface AdminSession {
  /** Origin that it is asked at. */
  readonly endpoint: string;
  /** GUID of the tenant, as the token has it. */
  readonly tenantId: string;
  readonly bearer: string;
  readonly signal: AbortSignal;
  /** When the time is up, milliseconds since 1970: nothing is asked again after it. */
  readonly deadline: number;
}

/** Longest answer that is read, in bytes: 100,000 permission rows and more. */
const MAX_BODY = 32 * 1024 * 1024;

/** Signs in to Exchange's administration. Rejects with SignInError, or when the time is up. */
export async function openSession(
  { exchange, tenant }: Integration,
  credential: TokenCredential,
  { signal, deadline }: Pick<AdminSession, 'signal' | 'deadline'>,
): Promise<AdminSession> {
  const token = await within(signal, () => credential.getToken(`${exchange.resource}/.default`));
  const bearer = token?.token ?? '';
  // The configuration may name the tenant by a domain; the address needs its GUID.
  return {
    endpoint: exchange.endpoint,
    tenantId: readClaims(bearer)?.tid ?? tenant,
    bearer,
    signal,
    deadline,
  };
}

/** Headers of every request, and of every part of a batch. */
export function headersOf({ bearer, tenantId }: AdminSession): Record<string, string> {
  return {
    Authorization: `Bearer ${bearer}`,
    'Content-Type': 'application/json',
    Accept: 'application/json',
    'X-ResponseFormat': 'json',
    Prefer: 'odata.maxpagesize=1000',
    'client-request-id': randomUUID(),
    'X-AnchorMailbox': `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${tenantId}`,
  };
}

/** Sends one request below /adminapi, with a POST of JSON where there is a body. Rejects with fetch's error. */
export async function send(
  session: AdminSession,
  url: string,
  { body, headers = {} }: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer & { readonly location: string | null }> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headersOf(session), ...headers },
    signal: session.signal,
    // The token goes where the settings say, not where an answer points.
    redirect: 'manual',
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await readStart(response, MAX_BODY);
  return {
    status: response.status,
    body: parseJson(text) ?? text,
    retryAfter: response.headers.get('Retry-After') ?? undefined,
    location: response.headers.get('Location'),
  };
}
