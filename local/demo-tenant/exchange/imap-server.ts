import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer, type TLSSocket } from 'node:tls';
import type { LoopbackIdentity } from '../certificate-authority';
import type { Counting } from '../counters';
import type { TokenSigner } from '../login/tokens';
import type { LoopbackServer } from '../loopback-http';
import type { Tenant } from '../tenant';
import { admit } from './admission';
import { startDialogue, TOO_MANY_ERRORS, type ImapDialogue } from './imap-dialogue';

export interface ImapServerOptions {
  readonly tenant: Tenant;
  readonly signer: TokenSigner;
  readonly identity: LoopbackIdentity;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly counting: Counting;
  /** Milliseconds before each of the server's turns, as if the network took them. */
  readonly turnDelayMs: number;
}

/** Far more than a login with the longest token, in characters. */
const MAX_LINE = 65_536;
/** A connection without a word for this long is closed, in milliseconds. */
const IDLE_LIMIT = 30 * 60_000;

/** Exchange Online's IMAP on a free port of 127.0.0.1, with TLS from the first byte. */
export async function serveImap(options: ImapServerOptions): Promise<Pick<LoopbackServer, 'port' | 'close'>> {
  const { identity, counting } = options;
  const { cert, key } = identity;
  const sockets = new Set<TLSSocket>();
  const server = createServer({ cert, key, minVersion: 'TLSv1.2', noDelay: true }, (socket) => {
    counting.imapConnections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.setTimeout(IDLE_LIMIT, () => socket.end('* BYE Connection is closed. 13\r\n'));
    // A client that breaks off is heard of twice: here, and as a failure to read or write.
    socket.on('error', () => socket.destroy());
    converse(socket, options).catch(() => socket.destroy());
  });
  // A client that does not trust the certificate breaks off: that is its answer.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function converse(socket: TLSSocket, options: ImapServerOptions): Promise<void> {
  const { tenant, signer, now, counting, turnDelayMs } = options;
  const dialogue = startDialogue({
    wire: tenant.exchange.wire,
    now,
    admit: async ({ user, bearer }) => admit(tenant, user, await signer.verify(bearer, now())),
    onCommand: (name) => (counting.imapCommands[name] = (counting.imapCommands[name] ?? 0) + 1),
    onLogin: () => counting.imapLogins++,
  });
  const takeTurn = async () => {
    counting.imapTurns++;
    if (turnDelayMs > 0) await pause(turnDelayMs);
  };

  await takeTurn();
  socket.write(`${dialogue.greeting}\r\n`);
  let pending = '';
  for await (const chunk of socket.setEncoding('utf8')) {
    const lines = `${pending}${String(chunk)}`.split(/\r?\n/);
    pending = lines.pop() ?? '';
    if ([pending, ...lines].some((line) => line.length > MAX_LINE)) return endWith(socket, `${TOO_MANY_ERRORS}\r\n`);
    if (lines.length === 0) continue;
    const { text, closes } = await answerAll(dialogue, lines);
    await takeTurn();
    if (closes) return endWith(socket, text);
    socket.write(text);
  }
}

/** One answer to all that arrived together, as far as the server still listens. */
async function answerAll(dialogue: ImapDialogue, lines: readonly string[]): Promise<{ text: string; closes: boolean }> {
  let text = '';
  for (const line of lines) {
    const reply = await dialogue.answer(line);
    text += reply.lines.map((one) => `${one}\r\n`).join('');
    if (reply.closes === true) return { text, closes: true };
  }
  return { text, closes: false };
}

async function endWith(socket: TLSSocket, text: string): Promise<void> {
  await new Promise<void>((resolve) => socket.end(text, resolve));
}
