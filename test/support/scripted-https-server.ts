import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { ServerIdentity } from './certificates';

interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Settles when the exchange has ended, with an answer or without. */
  readonly ended: Promise<unknown>;
}

/** `hang` never answers, `break` ends the connection instead. A body that is no text is sent as JSON. */
export type ScriptedAnswer =
  | 'hang'
  | 'break'
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };

export interface ScriptedHttpsServer {
  /** Such as `https://127.0.0.1:41234`. */
  readonly origin: string;
  /** Every request so far, in order. */
  readonly requests: ReceivedRequest[];
  /** What the next requests are answered with. */
  answer: (request: ReceivedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>;
  /** Ends every connection, then the server. */
  close(): Promise<void>;
}

/** An HTTPS server on loopback that answers as the test says. */
export async function startScriptedHttpsServer(
  identity: ServerIdentity,
  answer: ScriptedHttpsServer['answer'] = () => ({ status: 404 }),
): Promise<ScriptedHttpsServer> {
  const server = createServer(identity, (request, response) => {
    const serve = async () => {
      const { method = '', url: path = '', headers } = request;
      const ended = once(response, 'close');
      const received = { method, path, headers, body: await text(request), ended };
      scripted.requests.push(received);
      const said = await scripted.answer(received);
      if (said === 'hang') return;
      if (said === 'break') return void response.destroy();
      const { status = 200, body = '' } = said;
      const json = typeof body !== 'string';
      response.writeHead(status, { 'Content-Type': json ? 'application/json' : 'text/html', ...said.headers });
      response.end(json ? JSON.stringify(body) : body);
    };
    serve().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  // A client that does not trust the certificate breaks off: that is its answer.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const scripted: ScriptedHttpsServer = {
    origin: `https://127.0.0.1:${port}`,
    requests: [],
    answer,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return scripted;
}

/**
 * Makes this process trust an authority (PEM), as NODE_EXTRA_CA_CERTS would from its start: fetch and node:https obey both.
 * Returns what ends the trust.
 */
export function trust(authority: string): () => void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, authority]);
  return () => {
    setDefaultCACertificates(before);
  };
}
