import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { html } from 'hono/html';
import { CommandError, EXIT_CODES } from './outcome';

/** Waits for the browser to come back from the sign-in, on this machine only. */
export interface CodeReceiver {
  /** The redirect URI, such as `http://localhost:41234`. */
  readonly address: string;
  /** The code that comes with this state. Throws CommandError with what went wrong instead. */
  readonly code: (state: string) => Promise<string>;
  readonly close: () => void;
}

/** Throws CommandError where the port is taken. `patienceMs` is how long to wait. */
export async function receiveCode(port: number, patienceMs: number): Promise<CodeReceiver> {
  const server = createServer();
  server.listen(port, 'localhost');
  await once(server, 'listening').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new CommandError(`The port ${port} cannot be used (${code}). Choose another: --port NUMBER`);
  });
  const address = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    address,
    code: (state) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new CommandError(`Nobody signed in within ${patienceMs / 60_000} minutes. Run it again.`));
        }, patienceMs);
        server.on('request', (request, response) => {
          const { pathname, searchParams } = new URL(request.url ?? '/', address);
          // Browsers ask for icons as well.
          if (pathname !== '/') return void response.writeHead(404).end();
          const code = searchParams.get('code');
          const error = searchParams.get('error');
          if (searchParams.get('state') !== state || (code === null && error === null)) {
            void answer(response, 400, 'This is not the sign-in that Mailbox Watch waits for.');
            return;
          }
          clearTimeout(timer);
          const said = searchParams.get('error_description') ?? error ?? '';
          const sentence =
            code === null
              ? `The sign-in was refused. ${said}`
              : 'You are signed in. Mailbox Watch goes on in the terminal; this window can be closed.';
          // The window has its sentence before the server ends.
          void answer(response, 200, sentence).finally(() => {
            if (code === null) reject(new CommandError(`The sign-in was refused: ${said}`, EXIT_CODES.critical));
            else resolve(code);
          });
        });
      }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(response: ServerResponse, status: number, sentence: string): Promise<void> {
  const page: unknown = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Mailbox Watch</title>
        <style>
          body {
            font:
              1.1rem/1.5 system-ui,
              sans-serif;
            margin: 20vh auto;
            max-width: 32rem;
            padding: 0 1rem;
            color-scheme: light dark;
          }
        </style>
      </head>
      <body>
        <h1>Mailbox Watch</h1>
        <p>${sentence}</p>
      </body>
    </html>`;
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
    'Referrer-Policy': 'no-referrer',
    Connection: 'close',
  });
  // Hono gives a String object.
  await new Promise<void>((resolve) => response.end(String(page), resolve));
}
