import type { LoopbackIdentity } from '../certificate-authority';
import type { Counting } from '../counters';
import type { TokenSigner } from '../login/tokens';
import type { LoopbackServer } from '../loopback-http';
import type { Tenant } from '../tenant';
import { admit } from './admission';
import { startDialogue, TOO_MANY_ERRORS } from './imap-dialogue';
import { serveLines } from './line-server';

export interface MailServerOptions {
  readonly tenant: Tenant;
  readonly signer: TokenSigner;
  readonly identity: LoopbackIdentity;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly counting: Counting;
  /** Milliseconds before each of the server's turns, as if the network took them. */
  readonly turnDelayMs: number;
}

/** Exchange Online's IMAP on a free port of 127.0.0.1, with TLS from the first byte. */
export function serveImap(options: MailServerOptions): Promise<Pick<LoopbackServer, 'port' | 'close'>> {
  const { tenant, signer, now, counting, identity, turnDelayMs } = options;
  return serveLines({
    identity,
    turnDelayMs,
    startDialogue: () =>
      startDialogue({
        wire: tenant.exchange.wire,
        now,
        admit: async ({ user, bearer }) => admit(tenant, 'IMAP', user, await signer.verify(bearer, now())),
        onCommand: (name) => (counting.imapCommands[name] = (counting.imapCommands[name] ?? 0) + 1),
        onLogin: () => counting.imapLogins++,
      }),
    onConnection: () => counting.imapConnections++,
    onTurn: () => counting.imapTurns++,
    farewells: { idle: '* BYE Connection is closed. 13', lineTooLong: TOO_MANY_ERRORS },
  });
}
