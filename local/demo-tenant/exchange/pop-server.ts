import type { LoopbackServer } from '../loopback-http';
import { admit } from './admission';
import type { MailServerOptions } from './imap-server';
import { serveLines } from './line-server';
import { startPopDialogue } from './pop-dialogue';

/** Exchange Online's POP on a free port of 127.0.0.1, with TLS from the first byte. */
export function servePop(options: MailServerOptions): Promise<Pick<LoopbackServer, 'port' | 'close'>> {
  const { tenant, signer, now, counting, identity, turnDelayMs } = options;
  return serveLines({
    identity,
    turnDelayMs,
    startDialogue: () =>
      startPopDialogue({
        admit: async ({ user, bearer }) => admit(tenant, 'POP', user, await signer.verify(bearer, now())),
        onCommand: (name) => (counting.popCommands[name] = (counting.popCommands[name] ?? 0) + 1),
      }),
    onConnection: () => counting.popConnections++,
    onTurn: () => undefined,
    farewells: { idle: '-ERR Connection is closed. 21', lineTooLong: '-ERR Protocol error. 14' },
  });
}
