import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer, type TLSSocket } from 'node:tls';
import type { LoopbackIdentity } from '../certificate-authority';
import type { LoopbackServer } from '../loopback-http';

export interface Reply {
  readonly lines: readonly string[];
  /** Whether the server then closes the connection. */
  readonly closes?: boolean;
}

/** A server's side of one connection. */
export interface Dialogue {
  readonly greeting: string;
  /** Answers one line. To be called one after the other. */
  answer(line: string): Promise<Reply>;
}

export interface LineServerOptions {
  readonly identity: LoopbackIdentity;
  /** Milliseconds before each of the server's turns, as if the network took them. */
  readonly turnDelayMs: number;
  readonly startDialogue: () => Dialogue;
  readonly onConnection: () => void;
  /** Hears of the greeting, and of every answer to what arrived together. */
  readonly onTurn: () => void;
  /** What is said before the server hangs up. */
  readonly farewells: { readonly idle: string; readonly lineTooLong: string };
}

/** Far more than a login with the longest token, in characters. */
const MAX_LINE = 65_536;
/** A connection without a word for this long is closed, in milliseconds. */
const IDLE_LIMIT = 30 * 60_000;

/** A protocol of lines on a free port of 127.0.0.1, with TLS from the first byte. */
export async function serveLines(options: LineServerOptions): Promise<Pick<LoopbackServer, 'port' | 'close'>> {
  const { identity, onConnection, farewells } = options;
  const { cert, key } = identity;
  const sockets = new Set<TLSSocket>();
  const server = createServer({ cert, key, minVersion: 'TLSv1.2', noDelay: true }, (socket) => {
    onConnection();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.setTimeout(IDLE_LIMIT, () => socket.end(`${farewells.idle}\r\n`));
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

async function converse(socket: TLSSocket, options: LineServerOptions): Promise<void> {
  const { startDialogue, onTurn, turnDelayMs, farewells } = options;
  const dialogue = startDialogue();
  const takeTurn = async () => {
    onTurn();
    if (turnDelayMs > 0) await pause(turnDelayMs);
  };

  await takeTurn();
  socket.write(`${dialogue.greeting}\r\n`);
  let pending = '';
  for await (const chunk of socket.setEncoding('utf8')) {
    const lines = `${pending}${String(chunk)}`.split(/\r?\n/);
    pending = lines.pop() ?? '';
    if ([pending, ...lines].some((line) => line.length > MAX_LINE)) {
      return endWith(socket, `${farewells.lineTooLong}\r\n`);
    }
    if (lines.length === 0) continue;
    const { text, closes } = await answerAll(dialogue, lines);
    await takeTurn();
    if (closes) return endWith(socket, text);
    socket.write(text);
  }
}

/** One answer to all that arrived together, as far as the server still listens. */
async function answerAll(dialogue: Dialogue, lines: readonly string[]): Promise<{ text: string; closes: boolean }> {
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
