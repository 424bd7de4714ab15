import type { Socket } from 'node:net';
import type { ServerIdentity } from './certificates';
import { startScriptedTlsServer, type Peer, type ScriptedTlsServer } from './scripted-tls-server';

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
export function startScriptedImapServer(identity: ServerIdentity, script: Script = {}): Promise<ScriptedTlsServer> {
  const replies = { ...EXCHANGE, ...script.replies };
  return startScriptedTlsServer(identity, {
    tcp: script.tcp,
    greet: (peer) => {
      let lastTag = '';
      (script.greeting ?? exchangeGreeting)(peer);
      return (line) => {
        const [, tag = lastTag, command = 'CONTINUATION', argument = ''] = /^(\w+) (\w+) ?(.*)/.exec(line) ?? [];
        lastTag = tag;
        const reply = replies[command.toUpperCase()] ?? say('BAD Command Error. 12');
        reply(peer, tag, argument);
      };
    },
  });
}
