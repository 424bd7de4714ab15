import { GraphClientError, GraphError } from '@microsoft/microsoft-graph-client';
import type * as z from 'zod';
import { SignInError } from '../../core/ports';
import { blind, seen, type Blind, type Reading } from '../../core/reading';
import { failedLook } from '../failed-look';
import { networkErrorCode } from '../network-error';
import { serverError } from '../server-error';
import type { Graph } from './graph';

/** One thing to GET from Microsoft Graph, and the words for the case that it cannot be read. */
export interface Question {
  /** Path and query below /v1.0, or a whole address. */
  readonly url: string;
  /** What it reads, such as `the account of svc@contoso.com`. */
  readonly what: string;
  /** The least application permission that reads it. */
  readonly permission: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What to do where a permission is lacking. */
export function grantTo(permission: string): string {
  return `Grant Mailbox Watch's own identity the application permission ${permission} on Microsoft Graph, with admin consent.`;
}

/** The whole of a request failed: why. */
export function explain(error: unknown, question: Question, { endpoint, signal }: Graph): Blind {
  const reading = `Reading ${question.what} from ${endpoint}`;
  if (signal.aborted) {
    return blind('timeout', `${reading} took too long. Check that nothing slows HTTPS to this host down.`);
  }
  if (error instanceof SignInError) return error.reading;
  if (error instanceof GraphError) return explainStatus(error.statusCode, error.code, question, endpoint);
  if (error instanceof GraphClientError && error.customError !== undefined) {
    const code = networkErrorCode(error.customError);
    return blind(
      'unreachable',
      `${reading} got no connection (${code}). Check name resolution, firewall, proxy and TLS inspection between Mailbox Watch and this host.`,
    );
  }
  return failedLook(error, reading);
}

/** Graph answered, and not with what was asked for: why. */
export function explainStatus(
  status: number,
  code: string | null | undefined,
  { what, permission }: Question,
  endpoint: string,
): Blind {
  const reading = `Reading ${what} from ${endpoint}`;
  const answer = [`HTTP ${status}`, ...(code ? [code] : [])].join(', ');
  switch (status) {
    case 401:
      return blind(
        'denied',
        `${reading} was refused (${answer}): Microsoft Graph does not accept the token of Mailbox Watch's own identity. Check that graphEndpoint and loginAuthority belong to the same cloud, and that the application permission ${permission} is granted.`,
      );
    case 403:
      return blind('denied', `${reading} was refused (${answer}). ${grantTo(permission)}`);
    case 429:
      return blind(
        'throttled',
        `${reading} was throttled (${answer}). Nothing to repair here: it is read again later.`,
      );
    default:
      if (status >= 500) return serverError(reading, answer);
      return blind(
        'malformed',
        `${reading} was answered with ${answer}, and not with what was asked for. See whether a proxy answers instead, or Microsoft has an outage: https://azure.status.microsoft`,
      );
  }
}

/** What Graph said, in the shape that is needed of it. */
export function parse<T>(schema: z.ZodType<T>, body: unknown, { what }: Question): Reading<T> {
  const { data, error } = schema.safeParse(body);
  if (error === undefined) return seen(data);
  const wrong = error.issues.map(({ path }) => path.join('.') || 'the whole').join(', ');
  return blind(
    'malformed',
    `Microsoft Graph described ${what} in a way that Mailbox Watch does not understand (${wrong}).`,
  );
}

/** What Graph answers to one question outside of a batch, in the shape that is needed of it. Never rejects. */
export async function askOnce<T>(
  graph: Graph,
  question: Question,
  shape: z.ZodType<T>,
  send: () => Promise<unknown> = () => graph.get(question.url, question.headers),
): Promise<Reading<T>> {
  try {
    return parse(shape, await send(), question);
  } catch (error) {
    return explain(error, question, graph);
  }
}
