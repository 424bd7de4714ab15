import { ImapFlow, type ImapFlowOptions } from 'imapflow';
import type { TLSSocket } from 'node:tls';
import type { MailTarget } from '../../core/ports';
import type { Closers } from '../mail-session/connection';
import type { Dialogue } from './dialogue';
import type { StepTrace } from '../mail-session/step-trace';

/**
 * Speaks IMAP over the open connection up to LOGOUT. The dialogue tells what came of it; rejects with what imapflow
 * or Node makes of a failure. The client is in `closers`; never log it: it prints its token.
 */
export async function openInbox(
  target: MailTarget,
  socket: TLSSocket,
  dialogue: Dialogue,
  trace: StepTrace,
  closers: Closers,
): Promise<void> {
  const client = new ImapFlow(clientOptions(target, socket, dialogue));
  closers.push(() => {
    client.close();
  });
  await Promise.race([connectionLost(socket, client, trace), session(client, trace)]);
}

async function session(client: ImapFlow, trace: StepTrace): Promise<void> {
  await client.connect();
  await client.mailboxOpen('INBOX', { readOnly: true });
  if (trace.step() !== 'logout') throw new Error('INBOX was opened, but no OK to EXAMINE was heard');
  await client.logout();
  trace.fail({ kind: 'closed', text: 'The connection ended before LOGOUT was answered.' });
}

/** Rejects with the first error of the connection; a connection that just ends fails the trace. */
function connectionLost(socket: TLSSocket, client: ImapFlow, trace: StepTrace): Promise<never> {
  const closed = () => {
    trace.fail({ kind: 'closed', text: 'The server closed the connection.' });
  };
  socket.once('end', closed).once('close', closed);
  return new Promise((_, reject) => {
    socket.on('error', reject);
    // For what imapflow finds by itself, such as a line that is too long.
    client.on('error', reject);
  });
}

function clientOptions(
  { host, port, mailbox, bearer }: MailTarget,
  socket: TLSSocket,
  dialogue: Dialogue,
): ImapFlowOptions {
  return {
    host,
    port,
    secure: true,
    auth: { user: mailbox, accessToken: bearer },
    transport: {
      connect(_, onConnect) {
        // The connection stands already, but imapflow wants to hear so only after it has the socket.
        queueMicrotask(() => {
          socket.on('data', dialogue.received);
          onConnect();
        });
        return socket;
      },
    },
    clientInfo: { name: 'Mailbox Watch', version: false, vendor: false, 'support-url': false },
    logger: {
      debug: ({ src, msg }: { src?: string; msg?: string }) => {
        if (src === 'c' && msg !== undefined) dialogue.sent(msg);
      },
      info: ignore,
      warn: ignore,
      error: ignore,
    },
    disableAutoEnable: true,
    disableAutoIdle: true,
    disableCompression: true,
    // A server that never ends a line or a literal would fill the memory: the defaults are 1 GB.
    maxLineLength: 65_536,
    maxLiteralSize: 65_536,
    maxResponseSize: 262_144,
    maxResponseTokens: 10_000,
  };
}

/** What imapflow says above debug repeats what the dialogue or an error tells. */
function ignore(): void {
  return;
}
