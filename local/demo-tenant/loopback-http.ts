import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { LoopbackIdentity } from './certificate-authority';

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The body as JSON; undefined where it is none. */
export function jsonOf({ body }: HttpRequest): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON. */
  readonly body: unknown;
}

export type Answer = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>;

export interface LoopbackServer {
  /** Such as `https://localhost:41234`. */
  readonly origin: string;
  readonly port: number;
  /** Ends every connection at once, then the server. */
  close(): Promise<void>;
}

/** Far more than any request of the demo has, in characters. */
const MAX_BODY = 65_536;

/**
 * Serves on 127.0.0.1: HTTPS with an identity, else HTTP; on any free port unless one is named. What `answer` throws becomes a 500.
 * Rejects where the port is taken.
 */
export async function serveHttp(answer: Answer, identity?: LoopbackIdentity, port = 0): Promise<LoopbackServer> {
  const scheme = identity === undefined ? 'http' : 'https';
  const server = identity === undefined ? createHttpServer() : createHttpsServer(identity);
  server.on('request', (request, response) => {
    read(request, scheme)
      .then(answer)
      .catch(failed)
      .then(({ status, headers, body }) => {
        const isText = typeof body === 'string';
        const type = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
        response.writeHead(status, { 'Content-Type': type, ...headers });
        response.end(isText ? body : JSON.stringify(body));
      })
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
    // The client may be gone before it has its answer.
    response.on('error', () => response.destroy());
  });
  // A client that does not trust the certificate breaks off: that is its answer.
  server.on('tlsClientError', (_error: Error, socket: Duplex) => socket.destroy());
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: listening } = server.address() as AddressInfo;
  return {
    port: listening,
    origin: `${scheme}://${identity === undefined ? '127.0.0.1' : 'localhost'}:${listening}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

class BodyTooLarge extends Error {
  override readonly message = `The body has more than ${MAX_BODY} characters.`;
}

function failed(error: unknown): HttpAnswer {
  const status = error instanceof BodyTooLarge ? 413 : 500;
  return { status, body: error instanceof Error ? error.message : 'The demo tenant failed.' };
}

async function read(request: IncomingMessage, scheme: string): Promise<HttpRequest> {
  const { method = 'GET', url = '/', headers } = request;
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MAX_BODY) throw new BodyTooLarge();
  }
  return { method, url: new URL(url, `${scheme}://${headers.host ?? 'localhost'}`), headers, body };
}
