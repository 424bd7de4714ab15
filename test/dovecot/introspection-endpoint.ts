import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface IntrospectionEndpoint {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * What Dovecot asks about each token (RFC 7662): `owners` maps a valid token to the mailbox it opens; any other token
 * is inactive, as one that has run out. Listens on a free port of 127.0.0.1.
 */
export async function startIntrospectionEndpoint(owners: ReadonlyMap<string, string>): Promise<IntrospectionEndpoint> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const username = owners.get(new URLSearchParams(body).get('token') ?? '');
      const answer = username === undefined ? { active: false } : { active: true, username };
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/introspect`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
