import { CommandError } from './outcome';

export interface RemoteOptions {
  /** Origin of the function app, such as `https://contoso-mailbox-watch.azurewebsites.net`. */
  readonly url: string;
  /** A function key; not needed on one's own machine. */
  readonly key: string | undefined;
}

const WITHIN_MS = 30_000;

/** What the running Mailbox Watch answers as JSON. Throws CommandError with what to do; the key is in no message. */
export async function askRemote(
  { url, key }: RemoteOptions,
  path: string,
  { method = 'GET', body: sent }: { readonly method?: 'GET' | 'POST' | 'DELETE'; readonly body?: string } = {},
): Promise<unknown> {
  const address = `${url.replace(/\/+$/, '')}/api/${path}`;
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      headers: {
        Accept: 'application/json',
        ...(sent !== undefined && { 'Content-Type': 'application/json' }),
        ...(key !== undefined && { 'x-functions-key': key }),
      },
      ...(sent !== undefined && { body: sent }),
      signal: AbortSignal.timeout(WITHIN_MS),
      redirect: 'error',
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.name) : typeof cause;
    throw new CommandError(
      `${address} does not answer (${code}). Is the address right, and does the function app run?`,
    );
  }
  if (response.status === 204) return undefined;
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body;
  throw new CommandError(`${address} answered with HTTP ${response.status}. ${adviceFor(response.status, body)}`);
}

function adviceFor(status: number, body: unknown): string {
  const title = typeof body === 'object' && body !== null && 'title' in body ? String(body.title) : undefined;
  if (title !== undefined) return `${title}.`;
  if (status === 401 || status === 403) {
    return 'It wants a function key: set MAILBOX_WATCH_KEY. Function app > Functions > App keys, host key "default".';
  }
  if (status === 404) return 'There is no Mailbox Watch at this address.';
  return 'Function app > Log stream shows why.';
}
