import type { SendResult } from '../core/notice';
import { networkErrorCode } from '../probes/network-error';
import { retryAfterMs } from '../probes/retry-after';

export interface Post {
  readonly url: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whom it goes to, such as `Teams`; it begins the sentences about a failure. */
  readonly to: string;
  /** What no sentence may hold: the address and keys. */
  readonly secrets: readonly string[];
  /** What to do where the receiver does not know the address (HTTP 404 or 410). */
  readonly gone: string;
}

/** Longest time that a receiver may take, in milliseconds. */
const DEADLINE = 10_000;
const MAX_QUOTE = 200;
const MAX_READ = 65_536;
/** Shorter parts of an address are no key. */
const SHORTEST_KEY = 8;

/** Posts JSON once; whether to try again is in the result. Never rejects. */
export async function post({ url, body, headers = {}, to, secrets, gone }: Post): Promise<SendResult> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      // The notice goes where the settings say.
      redirect: 'manual',
      signal: AbortSignal.timeout(DEADLINE),
    });
    // First withheld, then cut: half a key is a secret too.
    const said = withheld((await response.text()).slice(0, MAX_READ), [...secrets, ...partsOf(url)]).slice(
      0,
      MAX_QUOTE,
    );
    return response.ok ? { sent: true } : refusal(response, said, to, gone);
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    const why = isLate
      ? `gave no answer in ${DEADLINE / 1000} s`
      : `cannot be reached (${networkErrorCode(error) ?? 'no code'})`;
    return later(`${to} ${why}. It is tried again; see whether a firewall or proxy is in the way.`);
  }
}

function refusal({ status, headers }: Response, said: string, to: string, gone: string): SendResult {
  const answer = `${to} answered HTTP ${status}${said === '' ? '' : `: ${said}`}.`;
  if (status === 408 || status === 429 || status >= 500) {
    const afterMs = retryAfterMs(headers.get('Retry-After'), Date.now());
    return { ...later(`${answer} It is tried again.`), ...(afterMs > 0 && { afterMs }) };
  }
  const todo = status === 404 || status === 410 ? gone : 'Correct the address or the key in the configuration.';
  return { sent: false, retry: 'never', detail: `${answer} ${todo}` };
}

function later(detail: string): Extract<SendResult, { sent: false }> {
  return { sent: false, retry: 'later', detail };
}

/** What of an address may be a key: path, query and what they consist of. */
function partsOf(url: string): string[] {
  const { pathname, search, searchParams } = new URL(url);
  const parts = [pathname + search, ...pathname.split('/'), ...searchParams.values()];
  return parts.filter((part) => part.length >= SHORTEST_KEY);
}

function withheld(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .toSorted((a, b) => b.length - a.length)
    .reduce((left, secret) => left.replaceAll(secret, '<withheld>'), text)
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
}

/** One after the other, in order, up to the first that is not taken. */
export async function inOrder<T>(items: readonly T[], send: (item: T) => Promise<SendResult>): Promise<SendResult> {
  for (const item of items) {
    const result = await send(item);
    if (!result.sent) return result;
  }
  return { sent: true };
}
