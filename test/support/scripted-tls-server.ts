import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ServerIdentity } from './certificates';

/** One connection as a script sees it. */
export interface Peer {
  /** Sends lines, each with its end. */
  send(...lines: string[]): void;
  /** Sends bytes as they are. */
  write(bytes: string | Uint8Array): void;
  /** Closes the connection in order (FIN). */
  end(): void;
  /** Breaks the connection off (RST). */
  reset(): void;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
}

interface Service {
  /** Takes over right after TCP is accepted, instead of TLS. */
  readonly tcp?: ((socket: Socket) => void) | undefined;
  /** Speaks first; what it returns answers each line. */
  readonly greet: (peer: Peer) => (line: string) => void;
}

export interface ScriptedTlsServer {
  readonly port: number;
  /** Every line received, in order. */
  readonly received: readonly string[];
  /** Resolves when no TCP connection is open. */
  idle(): Promise<void>;
  /** Breaks every connection off and stops. */
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1, with TLS from the first byte, for a protocol of lines. */
export async function startScriptedTlsServer(identity: ServerIdentity, service: Service): Promise<ScriptedTlsServer> {
  const received: string[] = [];
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('error', ignore).on('close', () => {
      connections.delete(socket);
      if (connections.size === 0) server.emit('idle');
    });
    if (service.tcp === undefined) speak(socket, identity, service, received);
    else service.tcp(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    received,
    idle: async () => {
      if (connections.size > 0) await once(server, 'idle');
    },
    close: async () => {
      server.close();
      for (const socket of connections) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** Sends a byte now and then until the client goes away. */
export function drip(text: string) {
  return (peer: Peer) => {
    let sent = 0;
    const timer = setInterval(() => {
      peer.write(text.charAt(sent++ % text.length));
    }, 20);
    void peer.closed.then(() => {
      clearInterval(timer);
    });
  };
}

function speak(tcp: Socket, identity: ServerIdentity, { greet }: Service, received: string[]): void {
  const socket = new TLSSocket(tcp, { isServer: true, ...identity });
  const peer: Peer = {
    send: (...lines) => {
      peer.write(lines.map((line) => `${line}\r\n`).join(''));
    },
    write: (bytes) => {
      if (socket.writable) socket.write(bytes);
    },
    end: () => socket.end(),
    reset: () => tcp.resetAndDestroy(),
    closed: new Promise((resolve) =>
      tcp.once('close', () => {
        resolve();
      }),
    ),
  };
  let answer: (line: string) => void = ignore;
  let pending = '';
  socket.on('error', ignore);
  socket.once('secure', () => {
    answer = greet(peer);
  });
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${pending}${text}`.split('\r\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      received.push(line);
      answer(line);
    }
  });
}

/** A client that breaks the connection off is part of the play. */
function ignore(): void {
  return;
}
