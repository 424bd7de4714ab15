import type { Socket } from 'node:net';
import type { ServerIdentity } from './certificates';
import { startScriptedTlsServer, type Peer, type ScriptedTlsServer } from './scripted-tls-server';

/** Answers one line; `line` is all of it. */
export type Reply = (peer: Peer, line: string) => void;

/** What differs from a healthy Exchange; a command without an entry is answered as Exchange does. */
export interface Script {
  /** Takes over right after TCP is accepted, instead of TLS. */
  readonly tcp?: (socket: Socket) => void;
  readonly greeting?: (peer: Peer) => void;
  /** By command, such as `CAPA`; `TOKEN` is the line after AUTH, `CANCEL` an empty one. */
  readonly replies?: Readonly<Record<string, Reply>>;
}

/** Exchange Online's answers to a healthy login; it refuses a token in the line of AUTH. */
const EXCHANGE: Readonly<Record<string, Reply>> = {
  CAPA: say('+OK', 'TOP', 'UIDL', 'SASL PLAIN XOAUTH2', 'USER', '.'),
  AUTH: (peer, line) => {
    peer.send(line === 'AUTH XOAUTH2' ? '+' : '-ERR Protocol error. Connection is closed. 10');
  },
  TOKEN: say('+OK User successfully authenticated.'),
  STAT: say('+OK 172 5137000'),
  QUIT: (peer) => {
    peer.send('+OK Microsoft Exchange Server POP3 server signing off.');
    peer.end();
  },
};

/** A reply of these lines. */
export function say(...lines: string[]): Reply {
  return (peer) => {
    peer.send(...lines);
  };
}

/** Listens on a free port of 127.0.0.1, with TLS from the first byte. Knows nothing of tokens: the script decides. */
export function startScriptedPopServer(identity: ServerIdentity, script: Script = {}): Promise<ScriptedTlsServer> {
  const replies = { ...EXCHANGE, ...script.replies };
  return startScriptedTlsServer(identity, {
    tcp: script.tcp,
    greet: (peer) => {
      if (script.greeting === undefined) peer.send('+OK The Microsoft Exchange POP3 service is ready. [UwBJADIA]');
      else script.greeting(peer);
      return (line) => {
        const [command = ''] = line.split(' ');
        const known = command === '' ? 'CANCEL' : command in EXCHANGE ? command : 'TOKEN';
        const reply = replies[known] ?? say('-ERR Protocol error. 14');
        reply(peer, line);
      };
    },
  });
}
