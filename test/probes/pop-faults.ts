import type { PopFailure } from '../../shared/core/evidence';
import { selfSigned, type ServerIdentity } from '../support/certificates';
import { say, type Reply, type Script } from '../support/scripted-pop-server';
import { drip, type Peer } from '../support/scripted-tls-server';

export interface Fault {
  readonly fault: string;
  readonly script?: Script;
  /** Default: one that the probe trusts. */
  readonly certificate?: () => Promise<ServerIdentity>;
  /** Nobody listens on the port. */
  readonly down?: boolean;
  readonly expected: Omit<PopFailure, 'text'> & { readonly text: string | RegExp };
  /** What the step has to say, where it is more than the failure's text. */
  readonly said?: string;
}

const REFUSED = '-ERR Authentication failure: unknown user name or bad password.';
const GOOGLE_CHALLENGE =
  'eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==';

const hang = () => undefined;
const end = (peer: Peer) => {
  peer.end();
};
const reset = (peer: Peer) => {
  peer.reset();
};

function greeting(...lines: string[]): { script: Script } {
  return {
    script: {
      greeting: (peer) => {
        peer.send(...lines);
      },
    },
  };
}

function replies(script: Readonly<Record<string, Reply>>): { script: Script } {
  return { script: { replies: script } };
}

/** Every command up to the one that proves that the mailbox opens, with the step it belongs to. */
const COMMANDS = [
  { command: 'CAPA', step: 'capability', awaited: 'CAPA' },
  { command: 'AUTH', step: 'authenticate', awaited: 'AUTH XOAUTH2' },
  { command: 'TOKEN', step: 'authenticate', awaited: 'the answer to the token' },
  { command: 'STAT', step: 'stat', awaited: 'STAT' },
] as const;

/** Ways to fail that are POP's own, in the order of the steps; the IMAP probe's table has the rest of DNS, TCP and TLS. */
export const FAULTS: readonly Fault[] = [
  {
    fault: 'nobody listens',
    down: true,
    expected: { step: 'tcp', kind: 'socket', code: 'ECONNREFUSED', text: /^connect ECONNREFUSED 127\.0\.0\.1:\d+$/ },
  },
  {
    fault: 'the TLS handshake is not answered',
    script: { tcp: (socket) => socket.resume() },
    expected: { step: 'tls', kind: 'deadline', text: /waiting for the TLS handshake\.$/ },
  },
  {
    fault: 'a server without TLS is behind the port',
    script: { tcp: (socket) => socket.resume().write('+OK POP3 ready\r\n') },
    expected: { step: 'tls', kind: 'tls', code: 'ERR_SSL_WRONG_VERSION_NUMBER', text: /wrong version number/ },
  },
  {
    fault: 'the certificate is not trusted',
    certificate: () => selfSigned(),
    expected: {
      step: 'tls',
      kind: 'tls',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      text: /^self-signed certificate.* \(TLSv1\.3, certificate of CN=localhost, issued by CN=localhost, valid until /,
    },
  },
  {
    fault: 'there is no greeting',
    script: { greeting: hang },
    expected: { step: 'greeting', kind: 'deadline', text: /waiting for the greeting\.$/ },
  },
  {
    fault: 'the greeting drips',
    script: { greeting: drip('+OK nearly there ') },
    expected: { step: 'greeting', kind: 'deadline', text: /waiting for the greeting\.$/ },
  },
  {
    fault: 'the greeting does not end',
    script: {
      greeting: (peer) => {
        peer.write(`+OK ${'x'.repeat(100_000)}`);
      },
    },
    expected: {
      step: 'greeting',
      kind: 'protocol',
      code: 'LineTooLarge',
      text: 'The server sent a line of more than 4096 bytes.',
    },
  },
  {
    fault: 'the greeting refuses',
    ...greeting('-ERR [SYS/TEMP] Server Unavailable. 21'),
    expected: { step: 'greeting', kind: 'no', code: 'SYS/TEMP', text: '-ERR [SYS/TEMP] Server Unavailable. 21' },
  },
  {
    fault: 'IMAP is behind the port',
    ...greeting('* OK The Microsoft Exchange IMAP4 service is ready.'),
    expected: { step: 'greeting', kind: 'protocol', text: '* OK The Microsoft Exchange IMAP4 service is ready.' },
  },
  {
    fault: 'a web server answers',
    ...greeting('HTTP/1.1 400 Bad Request', 'Connection: close', ''),
    expected: { step: 'greeting', kind: 'protocol', text: 'HTTP/1.1 400 Bad Request' },
  },
  {
    fault: 'the connection is closed instead of a greeting',
    script: { greeting: end },
    expected: { step: 'greeting', kind: 'closed', text: 'The server closed the connection.' },
  },
  {
    fault: 'the connection is broken off instead of a greeting',
    script: { greeting: reset },
    expected: { step: 'greeting', kind: 'socket', code: 'ECONNRESET', text: 'read ECONNRESET' },
  },
  ...COMMANDS.flatMap(({ command, step, awaited }): Fault[] => [
    {
      fault: `${command} is not answered`,
      ...replies({ [command]: hang }),
      expected: { step, kind: 'deadline', text: new RegExp(`waiting for ${awaited}\\.$`) },
    },
    {
      fault: `the answer to ${command} drips`,
      ...replies({ [command]: drip('+OK slowly ') }),
      expected: { step, kind: 'deadline', text: new RegExp(`waiting for ${awaited}\\.$`) },
    },
    {
      fault: `the answer to ${command} does not end`,
      ...replies({
        [command]: (peer) => {
          peer.write('x'.repeat(100_000));
        },
      }),
      expected: { step, kind: 'protocol', code: 'LineTooLarge', text: /more than 4096 bytes/ },
    },
    {
      fault: `the answer to ${command} is not POP`,
      ...replies({ [command]: say('* BAD Command Error. 12') }),
      expected: { step, kind: 'protocol', text: '* BAD Command Error. 12' },
    },
    {
      fault: `the connection is closed at ${command}`,
      ...replies({ [command]: end }),
      expected: { step, kind: 'closed', text: 'The server closed the connection.' },
    },
    {
      fault: `the connection is broken off at ${command}`,
      ...replies({ [command]: reset }),
      expected: { step, kind: 'socket', code: 'ECONNRESET', text: 'read ECONNRESET' },
    },
  ]),
  {
    fault: 'the list of capabilities stops',
    ...replies({ CAPA: say('+OK', 'SASL XOAUTH2') }),
    expected: { step: 'capability', kind: 'deadline', text: /waiting for CAPA\.$/ },
    said: 'SASL XOAUTH2',
  },
  {
    fault: 'the list of capabilities does not stop',
    ...replies({ CAPA: say(...Array.from({ length: 1000 }, () => '+OK')) }),
    expected: { step: 'capability', kind: 'protocol', text: 'The answer to CAPA has more than 64 lines.' },
    said: '+OK',
  },
  {
    fault: 'XOAUTH2 is not offered',
    ...replies({ CAPA: say('+OK', 'UIDL', 'SASL PLAIN', 'USER', '.') }),
    expected: {
      step: 'capability',
      kind: 'protocol',
      text: 'The server does not offer SASL XOAUTH2. It offers: UIDL, SASL PLAIN, USER',
    },
    said: 'UIDL, SASL PLAIN, USER',
  },
  {
    fault: 'AUTH is refused',
    ...replies({ AUTH: say('-ERR Command is not valid in this state.') }),
    expected: { step: 'authenticate', kind: 'no', text: '-ERR Command is not valid in this state.' },
  },
  {
    fault: 'AUTH is accepted without a token',
    ...replies({ AUTH: say('+OK Welcome, whoever you are.') }),
    expected: { step: 'authenticate', kind: 'protocol', text: '+OK Welcome, whoever you are.' },
  },
  {
    fault: 'the token has expired',
    ...replies({ TOKEN: say(REFUSED) }),
    expected: { step: 'authenticate', kind: 'no', text: REFUSED },
  },
  {
    fault: 'the token is refused and the connection closed',
    ...replies({
      TOKEN: (peer) => {
        peer.send(REFUSED);
        peer.end();
      },
    }),
    expected: { step: 'authenticate', kind: 'no', text: REFUSED },
  },
  {
    fault: 'the token is refused with a code',
    ...replies({ TOKEN: say('-ERR [AUTH] Authentication failed.') }),
    expected: { step: 'authenticate', kind: 'no', code: 'AUTH', text: '-ERR [AUTH] Authentication failed.' },
  },
  {
    fault: 'the token is refused after a challenge, as Google does',
    ...replies({ TOKEN: say(`+ ${GOOGLE_CHALLENGE}`), CANCEL: say('-ERR [AUTH] Invalid credentials') }),
    expected: { step: 'authenticate', kind: 'no', code: 'AUTH', text: '-ERR [AUTH] Invalid credentials' },
    said: '-ERR [AUTH] Invalid credentials Challenge: {"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}',
  },
  {
    fault: 'the server asks for ever',
    ...replies({ TOKEN: say('+ e30='), CANCEL: say('+ e30=') }),
    expected: { step: 'authenticate', kind: 'protocol', text: '+ e30=' },
    said: '+ e30= Challenge: {}',
  },
  {
    fault: 'the answer to the challenge is not answered',
    ...replies({ TOKEN: say('+ e30='), CANCEL: hang }),
    expected: { step: 'authenticate', kind: 'deadline', text: /waiting for the answer to the token\.$/ },
    said: '+ e30=',
  },
  {
    fault: 'the refusal repeats the token',
    ...replies({
      TOKEN: (peer, line) => {
        peer.send(`-ERR Unknown: ${line}`);
      },
    }),
    expected: { step: 'authenticate', kind: 'no', text: '-ERR Unknown: (token)' },
  },
  {
    fault: 'the login is throttled',
    ...replies({ TOKEN: say('-ERR Request is throttled. Suggested Backoff Time: 92415 milliseconds') }),
    expected: {
      step: 'authenticate',
      kind: 'no',
      text: '-ERR Request is throttled. Suggested Backoff Time: 92415 milliseconds',
      backoffMs: 92_415,
    },
  },
  {
    fault: 'STAT is refused',
    ...replies({ STAT: say('-ERR [IN-USE] Mailbox is locked by another session.') }),
    expected: { step: 'stat', kind: 'no', code: 'IN-USE', text: '-ERR [IN-USE] Mailbox is locked by another session.' },
  },
  {
    fault: 'STAT tells no number',
    ...replies({ STAT: say('+OK maybe') }),
    expected: { step: 'stat', kind: 'protocol', text: '+OK maybe' },
  },
];
