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

/** Answers one command. `tag` is the client's, `argument` the rest of its line. */
export type Reply = (peer: Peer, tag: string, argument: string) => void;

/** What differs from a healthy Exchange; a command without an entry is answered as Exchange does. */
export interface Script {
  /** Takes over right after TCP is accepted, instead of TLS. */
  readonly tcp?: (socket: Socket) => void;
  /** Default: Exchange's greeting. */
  readonly greeting?: (peer: Peer) => void;
  /** By command, such as `AUTHENTICATE`; `CONTINUATION` is a line without one and has the tag of the command before. */
  readonly replies?: Readonly<Record<string, Reply>>;
}

interface ScriptedImapServer {
  readonly port: number;
  /** Every line received, in order. */
  readonly received: readonly string[];
  /** Resolves when no TCP connection is open. */
  idle(): Promise<void>;
  /** Breaks every connection off and stops. */
  close(): Promise<void>;
}

const CAPABILITY =
  'CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+';

/** Exchange Online's answers to a healthy login, from public transcripts. */
const EXCHANGE: Readonly<Record<string, Reply>> = {
  CAPABILITY: say(`* ${CAPABILITY}`, 'OK CAPABILITY completed.'),
  ID: say('* ID ("name" "Microsoft.Exchange.Imap4.Imap4Server" "version" "15.20")', 'OK ID completed'),
  AUTHENTICATE: say('OK AUTHENTICATE completed.'),
  NAMESPACE: say('* NAMESPACE (("" "/")) NIL NIL', 'OK NAMESPACE completed.'),
  LIST: say('* LIST (\\HasNoChildren) "/" INBOX', 'OK LIST completed.'),
  LSUB: say('* LSUB (\\HasNoChildren) "/" INBOX', 'OK LSUB completed.'),
  EXAMINE: say(
    '* 172 EXISTS',
    '* 0 RECENT',
    '* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent)',
    '* OK [PERMANENTFLAGS ()] Permanent flags',
    '* OK [UIDVALIDITY 14] UIDVALIDITY value',
    '* OK [UIDNEXT 5137] The next unique identifier value',
    'OK [READ-ONLY] EXAMINE completed.',
  ),
  LOGOUT: (peer, tag) => {
    peer.send('* BYE Microsoft Exchange Server IMAP4 server signing off.', `${tag} OK LOGOUT completed.`);
    peer.end();
  },
};

function exchangeGreeting(peer: Peer): void {
  peer.send('* OK The Microsoft Exchange IMAP4 service is ready. [UwBJADIAUABSADAAMQBDAEEAMAAw]');
}

/** A reply of these lines; those that do not start with `*` or `+` get the client's tag. */
export function say(...lines: string[]): Reply {
  return (peer, tag) => {
    peer.send(...lines.map((line) => (/^[*+] ?/.test(line) ? line : `${tag} ${line}`)));
  };
}

/** Listens on a free port of 127.0.0.1, with TLS from the first byte. Knows nothing of tokens: the script decides. */
export async function startScriptedImapServer(
  identity: ServerIdentity,
  script: Script = {},
): Promise<ScriptedImapServer> {
  const received: string[] = [];
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('error', ignore).on('close', () => {
      connections.delete(socket);
      if (connections.size === 0) server.emit('idle');
    });
    if (script.tcp === undefined) speakImap(socket, identity, script, received);
    else script.tcp(socket);
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

function speakImap(tcp: Socket, identity: ServerIdentity, script: Script, received: string[]): void {
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
  const replies = { ...EXCHANGE, ...script.replies };
  let pending = '';
  let lastTag = '';
  socket.on('error', ignore);
  socket.once('secure', () => {
    (script.greeting ?? exchangeGreeting)(peer);
  });
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${pending}${text}`.split('\r\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      received.push(line);
      const [, tag = lastTag, command = 'CONTINUATION', argument = ''] = /^(\w+) (\w+) ?(.*)/.exec(line) ?? [];
      lastTag = tag;
      const reply = replies[command.toUpperCase()] ?? say('BAD Command Error. 12');
      reply(peer, tag, argument);
    }
  });
}

/** A client that breaks the connection off is part of the play. */
function ignore(): void {
  return;
}
