import * as z from 'zod';
import type { GraphMailAnswer } from '../core/evidence';
import type { GraphMailTarget, Probes } from '../core/ports';
import { blind, seen, type Reading } from '../core/reading';
import { failedLook } from './failed-look';
import { textCleaner } from './mail-session/clean-text';
import { networkErrorCode } from './network-error';
import { parseJson } from './parse-json';
import { readStart } from './read-start';
import { retryAfterMs } from './retry-after';
import { serverError } from './server-error';

export interface GraphMailProbeOptions {
  /** Longest time a look may take in all, in milliseconds. */
  readonly deadlineMs?: number;
}

interface Answer {
  readonly status: number;
  /** The JSON; undefined where the answer is none. */
  readonly body: unknown;
  readonly requestId: string | null;
  readonly retryAfter: string | null;
  readonly ms: number;
}

/** Longest answer that is read, in bytes; a good one has less than 1000. */
const MAX_BODY = 65_536;

const Folder = z.object({ id: z.string().min(1) });
/** https://learn.microsoft.com/graph/errors */
const ErrorAnswer = z.object({
  error: z.object({
    code: z.string().min(1),
    message: z.string().catch(''),
    innerError: z.object({ 'request-id': z.string().optional() }).catch({}),
  }),
});

/**
 * The probe that asks Graph for the mailbox's inbox folder, and for nothing in it. A refusal is seen as well, in Graph's words.
 * One request without a retry: the next run asks again. Never rejects.
 */
export function createGraphMailProbe({ deadlineMs = 15_000 }: GraphMailProbeOptions = {}): Probes['graphMail'] {
  return async (target) => {
    const asked = `Opening ${target.mailbox} at ${target.graphEndpoint}`;
    const signal = AbortSignal.timeout(deadlineMs);
    try {
      return understand(await ask(target, signal), asked, textCleaner(target));
    } catch (error) {
      if (signal.aborted) {
        const limit = `${deadlineMs / 1000} s`;
        return blind(
          'timeout',
          `${asked} had no answer in ${limit}. Check that nothing slows HTTPS to this host down.`,
        );
      }
      const code = networkErrorCode(error);
      if (code === undefined) return failedLook(error, asked);
      return blind(
        'unreachable',
        `${asked} got no answer (${code}). Check name resolution, firewall, proxy and TLS inspection between Mailbox Watch and this host.`,
      );
    }
  };
}

/** With fetch: Graph's client retries, and keeps of a refusal what it likes, where the whole answer is the evidence. */
async function ask({ graphEndpoint, mailbox, bearer }: GraphMailTarget, signal: AbortSignal): Promise<Answer> {
  const startedAt = performance.now();
  // Not /me: that is the delegate's own mailbox.
  const url = `${graphEndpoint}/v1.0/users/${encodeURIComponent(mailbox)}/mailFolders/inbox?$select=id`;
  const response = await fetch(url, {
    signal,
    // The token goes where the settings say, not where an answer points.
    redirect: 'manual',
    headers: { Accept: 'application/json', Authorization: `Bearer ${bearer}` },
  });
  const body = parseJson(await readStart(response, MAX_BODY));
  const ms = Math.round(performance.now() - startedAt);
  const { headers, status } = response;
  return { status, body, requestId: headers.get('request-id'), retryAfter: headers.get('retry-after'), ms };
}

function understand(answer: Answer, asked: string, clean: (text: string) => string): Reading<GraphMailAnswer> {
  const { status, body, ms } = answer;
  if (status === 200 && Folder.safeParse(body).success) return seen({ opened: true, ms });
  const error = ErrorAnswer.safeParse(body).data?.error;
  const said = error === undefined ? '' : `, ${clean(error.code)}`;
  if (error === undefined && status === 429) {
    return blind('throttled', `${asked} was throttled (HTTP 429). Nothing to repair here: it is asked again later.`);
  }
  if (error === undefined && status >= 500) return serverError(asked, `HTTP ${status}`);
  if (error === undefined || status < 400) {
    return blind(
      'malformed',
      `${asked} was answered with HTTP ${status}${said}: neither an inbox nor a refusal. See whether a proxy answers instead, or Microsoft has an outage: https://azure.status.microsoft`,
    );
  }
  const backoffMs = retryAfterMs(answer.retryAfter, Date.now());
  const requestId = answer.requestId ?? error.innerError['request-id'];
  return seen({
    opened: false,
    status,
    code: clean(error.code),
    message: clean(error.message),
    ...(requestId !== undefined && { requestId: clean(requestId) }),
    ...(backoffMs > 0 && { backoffMs }),
    ms,
  });
}
