import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { connect } from 'node:tls';

/** A bare TLS connection to an IMAP server, for its exact lines. */
export interface RawImap {
  /** Sends a line and returns the lines up to the one that starts with this tag, or to the end of the connection. */
  say(line: string): Promise<string[]>;
  /** Sends a line and returns the next so many lines. */
  sayAndHear(line: string, count: number): Promise<string[]>;
  readonly greeting: string;
  /** Resolves when the connection is closed. */
  closed(): Promise<void>;
  end(): void;
}

/** Rejects with Node's error where there is no connection. */
export async function openRawImap(port: number, ca: string): Promise<RawImap> {
  const socket = connect({ host: 'localhost', port, ca });
  await once(socket, 'secureConnect');
  // A server that breaks off closes the connection too, and that is all that is asked.
  socket.on('error', () => socket.destroy());
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
  const lines = createInterface(socket)[Symbol.asyncIterator]();
  const hear = async (): Promise<string | undefined> => {
    const next = await lines.next();
    return next.done === true ? undefined : next.value;
  };
  const hearUntil = async (isLast: (line: string, count: number) => boolean) => {
    const heard: string[] = [];
    for (let line = await hear(); line !== undefined; line = await hear()) {
      heard.push(line);
      if (isLast(line, heard.length)) break;
    }
    return heard;
  };
  const send = (line: string) => socket.write(`${line}\r\n`);
  return {
    greeting: (await hear()) ?? '',
    say: (line) => {
      send(line);
      const [tag = ''] = line.split(' ');
      return hearUntil((heard) => heard.startsWith(`${tag} `));
    },
    sayAndHear: (line, count) => {
      send(line);
      return hearUntil((_, heard) => heard === count);
    },
    closed: () => closed,
    end: () => socket.destroy(),
  };
}
