import {
  AuthenticationHandler,
  Client,
  GraphClientError,
  HTTPMessageHandler,
  RetryHandler,
  RetryHandlerOptions,
  TelemetryHandler,
  type Middleware,
} from '@microsoft/microsoft-graph-client';
import { retryAfterMs } from '../retry-after';

export interface GraphOptions {
  /** Origin of Microsoft Graph. */
  readonly endpoint: string;
  readonly accessToken: string;
  readonly signal: AbortSignal;
  /** When the time is up, milliseconds since 1970: no retry waits beyond it. */
  readonly deadline: number;
}

/** Graph's client with its own retries of HTTP 429, 503 and 504. Requests reject with the network's error in `cause`. */
export function createGraphClient({ endpoint, accessToken, signal, deadline }: GraphOptions): Client {
  const retry = new RetryHandlerOptions(
    undefined,
    undefined,
    (delaySeconds, _attempt, _request, _options, response) => {
      const wait = Math.max(retryAfterMs(response.headers.get('Retry-After'), Date.now()), delaySeconds * 1000);
      return Date.now() + wait < deadline;
    },
  );
  return Client.initWithMiddleware({
    baseUrl: endpoint,
    // The client gives tokens to Microsoft's hosts only, unless told of another.
    customHosts: new Set([new URL(endpoint).hostname]),
    fetchOptions: { signal },
    middleware: [
      new AuthenticationHandler({ getAccessToken: () => Promise.resolve(accessToken) }),
      new RetryHandler(retry),
      new TelemetryHandler(),
      transport,
    ],
  });
}

const handler = new HTTPMessageHandler();

/** Keeps fetch's error, and in it the code that says why there was no answer: the client itself would keep its text only. */
const transport: Middleware = {
  execute: async (context) => {
    try {
      await handler.execute(context);
    } catch (error) {
      throw Object.assign(new GraphClientError('No answer'), { cause: error, customError: error });
    }
  },
};
