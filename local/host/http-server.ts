import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogEntry } from './messages';
import type { Route } from './route-template';

/** Largest body that is taken. */
const BODY_WITHIN_BYTES = 10 * 2 ** 20;

export interface Endpoint {
  readonly path: Route;
  readonly methods: readonly string[];
  answer(request: Request): Promise<Answer>;
}

export interface Request {
  readonly method: string;
  readonly url: URL;
  /** By lower-case name, as one text each. */
  readonly headers: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface HttpServer {
  /** Such as `http://127.0.0.1:7071`. */
  readonly address: string;
  /** Takes no new connection; resolves when the last one has ended. */
  close(): Promise<void>;
  /** Ends the connections that are left. */
  closeAllConnections(): void;
}

/** Serves the endpoints on 127.0.0.1 only; port 0 is any free one. Rejects when the port is taken. */
export async function serve(
  port: number,
  endpoints: readonly Endpoint[],
  log: (entry: LogEntry) => void,
): Promise<HttpServer> {
  const sorted = endpoints.toSorted((a, b) => a.path.precedence.localeCompare(b.path.precedence));
  let isClosing = false;
  const fail = (error: unknown) => {
    log({
      level: 'error',
      message: `HTTP: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    });
  };
  const server = createServer((request, response) => {
    response.on('error', fail);
    answer(request, sorted)
      .then((found) => {
        send(response, found, isClosing);
      })
      .catch((error: unknown) => {
        fail(error);
        if (response.headersSent) response.destroy();
        else send(response, { status: 500 }, true);
      });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The local host cannot listen on port ${port}: ${reason}. Choose another port.`, { cause });
  });
  server.on('error', fail);
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      isClosing = true;
      server.close();
      await once(server, 'close');
    },
    closeAllConnections: () => {
      server.closeAllConnections();
    },
  };
}

async function answer(request: IncomingMessage, endpoints: readonly Endpoint[]): Promise<Answer> {
  const url = URL.parse(`http://${request.headers.host ?? '127.0.0.1'}${request.url ?? '/'}`);
  if (url === null) return { status: 400 };
  const matching = endpoints.flatMap((endpoint) => {
    const params = endpoint.path.match(url.pathname);
    return params === undefined ? [] : [{ endpoint, params }];
  });
  if (matching.length === 0) return { status: 404 };
  const { method = 'GET' } = request;
  const taking = (one: string) => matching.find(({ endpoint }) => endpoint.methods.includes(one));
  const found = taking(method) ?? (method === 'HEAD' ? taking('GET') : undefined);
  if (found === undefined) {
    const allowed = new Set(matching.flatMap(({ endpoint }) => endpoint.methods));
    return { status: 405, headers: { Allow: [...allowed].join(', ') } };
  }
  const body = await bodyOf(request);
  if (body === undefined) return { status: 413 };
  const headers = Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')] as const);
  return found.endpoint.answer({ method, url, headers: Object.fromEntries(headers), params: found.params, body });
}

/** Undefined when it is too large; what is too much is read, so that the answer arrives, but not kept. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= BODY_WITHIN_BYTES) chunks.push(chunk);
  }
  return bytes <= BODY_WITHIN_BYTES ? Buffer.concat(chunks) : undefined;
}

function send(response: ServerResponse, { status, headers = {}, body }: Answer, isLast: boolean): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (isLast) response.setHeader('Connection', 'close');
  response.end(body);
}
