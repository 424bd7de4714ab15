import type { Readable } from 'node:stream';

/** Longest line, in bytes; RFC 2449 allows 512. */
const MAX_LINE = 4096;

/**
 * The server's lines, without their ends, until it closes the connection. `onRest` is told the begun line that a chunk
 * leaves. Rejects with the connection's error, or with code LineTooLarge.
 */
export async function* readLines(
  socket: Readable,
  onRest: (rest: string) => void,
): AsyncGenerator<string, undefined, undefined> {
  const chunks: AsyncIterable<Buffer> = socket;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf('\n'); end !== -1 && end <= MAX_LINE; end = rest.indexOf('\n')) {
      yield rest.toString('utf8', 0, end).trimEnd();
      rest = rest.subarray(end + 1);
    }
    if (rest.length > MAX_LINE) throw tooLarge();
    if (rest.length > 0) onRest(rest.toString('utf8'));
  }
}

function tooLarge(): Error {
  return Object.assign(new Error(`The server sent a line of more than ${MAX_LINE} bytes.`), { code: 'LineTooLarge' });
}
