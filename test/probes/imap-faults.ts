import type { LookupFunction } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ImapFailure } from '../../shared/core/evidence';
import { DAY } from '../../shared/core/time';
import { createAuthority, selfSigned, type CertificateAuthority, type ServerIdentity } from '../support/certificates';
import { say, type Reply, type Script } from '../support/scripted-imap-server';
import { drip, type Peer } from '../support/scripted-tls-server';

export interface Fault {
  readonly fault: string;
  readonly script?: Script;
  /** Default: one that the probe trusts. */
  readonly certificate?: (authority: CertificateAuthority) => Promise<ServerIdentity>;
  readonly lookup?: LookupFunction;
  /** Nobody listens on the port. */
  readonly down?: boolean;
  readonly expected: Omit<ImapFailure, 'text'> & { readonly text: string | RegExp };
}

const NOT_CONNECTED = 'BAD User is authenticated but not connected.';
const LOGON_DENIED =
  'NO AUTHENTICATE failed. Error="AuthFailed:LogonDenied-None-OAuthLog:AuthExc_Auth Failed. [Grüße] User:support@contoso.com"';
const CHALLENGE = '{"status":"401","schemes":"bearer","scope":"IMAP.AccessAsUser.All"}';

const hang = () => undefined;
const end = (peer: Peer) => {
  peer.end();
};
const reset = (peer: Peer) => {
  peer.reset();
};

/** Ends the session as Exchange does: the answer, then BYE, then the end of the connection. */
function sayAndLeave(...lines: string[]): Reply {
  return (peer, tag, argument) => {
    say(...lines)(peer, tag, argument);
    peer.end();
  };
}

function replies(script: Readonly<Record<string, Reply>>): { script: Script } {
  return { script: { replies: script } };
}

function lookupFailing(code: string): LookupFunction {
  return (host, _, callback) => {
    process.nextTick(
      callback,
      Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code, syscall: 'getaddrinfo' }),
      '',
    );
  };
}

/** Every way to fail that Exchange, a network or a machine in between has shown, in the order of the steps. */
export const FAULTS: readonly Fault[] = [
  {
    fault: 'the name does not exist',
    lookup: lookupFailing('ENOTFOUND'),
    expected: { step: 'dns', kind: 'socket', code: 'ENOTFOUND', text: 'getaddrinfo ENOTFOUND localhost' },
  },
  {
    fault: 'the resolver is out of order',
    lookup: lookupFailing('EAI_AGAIN'),
    expected: { step: 'dns', kind: 'socket', code: 'EAI_AGAIN', text: 'getaddrinfo EAI_AGAIN localhost' },
  },
  {
    fault: 'the resolver does not answer',
    lookup: hang,
    expected: { step: 'dns', kind: 'deadline', text: /^No answer within \d+ ms while waiting for the name lookup\.$/ },
  },
  {
    fault: 'nobody listens',
    down: true,
    expected: { step: 'tcp', kind: 'socket', code: 'ECONNREFUSED', text: /^connect ECONNREFUSED 127\.0\.0\.1:\d+$/ },
  },
  {
    fault: 'nobody listens at any of two addresses',
    down: true,
    lookup: (_, __, callback) => {
      process.nextTick(
        callback,
        null,
        ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 })),
      );
    },
    expected: {
      step: 'tcp',
      kind: 'socket',
      code: 'ECONNREFUSED',
      text: /^connect ECONNREFUSED 127\.0\.0\.1:\d+; connect ECONNREFUSED 127\.0\.0\.2:\d+$/,
    },
  },
  {
    fault: 'the TLS handshake is not answered',
    script: { tcp: (socket) => socket.resume() },
    expected: { step: 'tls', kind: 'deadline', text: /waiting for the TLS handshake\.$/ },
  },
  {
    fault: 'the connection is closed in the TLS handshake',
    script: { tcp: (socket) => socket.once('data', () => socket.end()) },
    expected: { step: 'tls', kind: 'socket', code: 'ECONNRESET', text: /socket disconnected before secure TLS/ },
  },
  {
    fault: 'the connection is broken off in the TLS handshake',
    script: { tcp: (socket) => socket.once('data', () => socket.resetAndDestroy()) },
    expected: { step: 'tls', kind: 'socket', code: 'ECONNRESET', text: 'read ECONNRESET' },
  },
  {
    fault: 'a server without TLS is behind the port',
    script: { tcp: (socket) => socket.resume().write('* OK IMAP4 ready\r\n') },
    expected: { step: 'tls', kind: 'tls', code: 'ERR_SSL_WRONG_VERSION_NUMBER', text: /wrong version number/ },
  },
  {
    fault: 'the server speaks old TLS only',
    script: { tcp: (socket) => new TLSSocket(socket, { isServer: true, maxVersion: 'TLSv1.1' }).on('error', hang) },
    expected: { step: 'tls', kind: 'tls', code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', text: /protocol version/ },
  },
  {
    fault: 'the certificate is self-signed',
    certificate: () => selfSigned(),
    expected: {
      step: 'tls',
      kind: 'tls',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      text: /^self-signed certificate.* \(TLSv1\.3, certificate of CN=localhost, issued by CN=localhost, valid until /,
    },
  },
  {
    fault: 'a proxy opens the TLS connection',
    certificate: async () => (await createAuthority('Contoso Web Gateway')).issue(),
    expected: {
      step: 'tls',
      kind: 'tls',
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      text: /^unable to verify .*, issued by CN=Contoso Web Gateway, /,
    },
  },
  {
    fault: 'the certificate has run out',
    certificate: (ca) => ca.issue({ validUntil: new Date(Date.now() - DAY) }),
    expected: {
      step: 'tls',
      kind: 'tls',
      code: 'CERT_HAS_EXPIRED',
      text: /^certificate has expired \(.*, valid until \d{4}-\d\d-\d\d\)$/,
    },
  },
  {
    fault: 'the certificate is for another host',
    certificate: (ca) => ca.issue({ dnsNames: ['mail.contoso.com'] }),
    expected: {
      step: 'tls',
      kind: 'tls',
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      text: /^Hostname\/IP does not match .*mail\.contoso\.com.* \(.*certificate of CN=mail\.contoso\.com/,
    },
  },
  {
    fault: 'there is no greeting',
    script: { greeting: hang },
    expected: { step: 'greeting', kind: 'deadline', text: /waiting for the greeting\.$/ },
  },
  {
    fault: 'the greeting drips',
    script: { greeting: drip('* OK nearly there ') },
    expected: { step: 'greeting', kind: 'deadline', text: /waiting for the greeting\.$/ },
  },
  {
    fault: 'the greeting is none',
    script: {
      greeting: (peer) => {
        peer.send('220 mail.contoso.com ESMTP ready\x07');
      },
    },
    expected: { step: 'greeting', kind: 'protocol', text: '220 mail.contoso.com ESMTP ready' },
  },
  {
    fault: 'a web server answers',
    script: {
      greeting: (peer) => {
        peer.send('HTTP/1.1 400 Bad Request', 'Connection: close', '');
      },
    },
    expected: { step: 'greeting', kind: 'protocol', text: 'HTTP/1.1 400 Bad Request' },
  },
  {
    fault: 'the greeting refuses',
    script: {
      greeting: (peer) => {
        peer.send('* NO Server Unavailable. 15');
      },
    },
    expected: { step: 'greeting', kind: 'no', text: 'NO Server Unavailable. 15' },
  },
  {
    fault: 'the greeting is a BYE',
    script: {
      greeting: (peer) => {
        peer.send('* BYE [UNAVAILABLE] Too many connections');
      },
    },
    expected: { step: 'greeting', kind: 'bye', code: 'UNAVAILABLE', text: 'BYE [UNAVAILABLE] Too many connections' },
  },
  {
    fault: 'the greeting asks for no login',
    script: {
      greeting: (peer) => {
        peer.send('* PREAUTH Welcome');
      },
    },
    expected: { step: 'greeting', kind: 'protocol', text: '* PREAUTH Welcome' },
  },
  {
    fault: 'the connection is closed instead of a greeting',
    script: { greeting: end },
    expected: { step: 'greeting', kind: 'closed', text: 'The server closed the connection.' },
  },
  {
    fault: 'CAPABILITY is not answered',
    ...replies({ CAPABILITY: hang }),
    expected: { step: 'capability', kind: 'deadline', text: /waiting for CAPABILITY\.$/ },
  },
  {
    fault: 'CAPABILITY is refused',
    ...replies({ CAPABILITY: say('BAD Command Error. 12') }),
    expected: { step: 'capability', kind: 'bad', text: 'BAD Command Error. 12' },
  },
  {
    fault: 'XOAUTH2 is not offered',
    ...replies({ CAPABILITY: say('* CAPABILITY IMAP4rev1 AUTH=PLAIN', 'OK CAPABILITY completed.') }),
    expected: {
      step: 'capability',
      kind: 'protocol',
      text: 'The server does not offer AUTH=XOAUTH2. It offers: CAPABILITY IMAP4rev1 AUTH=PLAIN',
    },
  },
  {
    fault: 'the greeting does not offer XOAUTH2',
    script: {
      greeting: (peer) => {
        peer.send('* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] Ready.');
      },
    },
    expected: {
      step: 'capability',
      kind: 'protocol',
      text: 'The server does not offer AUTH=XOAUTH2. It offers: CAPABILITY IMAP4rev1 LOGINDISABLED',
    },
  },
  {
    fault: 'ID is not answered',
    ...replies({ ID: hang }),
    expected: { step: 'capability', kind: 'deadline', text: /waiting for ID\.$/ },
  },
  {
    fault: 'the token is refused',
    ...replies({ AUTHENTICATE: say('NO AUTHENTICATE failed.') }),
    expected: { step: 'authenticate', kind: 'no', text: 'NO AUTHENTICATE failed.' },
  },
  {
    fault: 'the token is refused with the reason',
    ...replies({ AUTHENTICATE: say(LOGON_DENIED) }),
    expected: { step: 'authenticate', kind: 'no', text: LOGON_DENIED },
  },
  {
    fault: 'the token is refused with a code',
    ...replies({ AUTHENTICATE: say('NO [AUTHENTICATIONFAILED] Authentication failed.') }),
    expected: {
      step: 'authenticate',
      kind: 'no',
      code: 'AUTHENTICATIONFAILED',
      text: 'NO [AUTHENTICATIONFAILED] Authentication failed.',
    },
  },
  {
    fault: 'the token is refused after a challenge',
    ...replies({
      AUTHENTICATE: say(`+ ${Buffer.from(CHALLENGE).toString('base64')}`),
      CONTINUATION: say('NO AUTHENTICATE failed.'),
    }),
    expected: { step: 'authenticate', kind: 'no', text: 'NO AUTHENTICATE failed.' },
  },
  {
    fault: 'AUTHENTICATE is not understood',
    ...replies({ AUTHENTICATE: say('BAD Command Argument Error. 12') }),
    expected: { step: 'authenticate', kind: 'bad', text: 'BAD Command Argument Error. 12' },
  },
  {
    fault: 'the refusal repeats the token',
    ...replies({
      AUTHENTICATE: (peer, tag, argument) => {
        peer.send(`${tag} BAD Unknown: AUTHENTICATE ${argument}`);
      },
    }),
    expected: { step: 'authenticate', kind: 'bad', text: 'BAD Unknown: AUTHENTICATE XOAUTH2 (token)' },
  },
  {
    fault: 'the refusal repeats a part of the token',
    ...replies({
      AUTHENTICATE: (peer, tag, argument) => {
        peer.send(`${tag} BAD Unknown: ${argument.slice(0, 90)}`);
      },
    }),
    expected: { step: 'authenticate', kind: 'bad', text: 'BAD Unknown: XOAUTH2 (token)' },
  },
  ...(['NO', 'BAD'] as const).map((status): Fault => ({
    fault: `the login is throttled with ${status}`,
    ...replies({ AUTHENTICATE: say(`${status} Request is throttled. Suggested Backoff Time: 92415 milliseconds`) }),
    expected: {
      step: 'authenticate',
      kind: status === 'NO' ? 'no' : 'bad',
      text: `${status} Request is throttled. Suggested Backoff Time: 92415 milliseconds`,
      backoffMs: 92_415,
    },
  })),
  {
    fault: 'AUTHENTICATE is not answered',
    ...replies({ AUTHENTICATE: hang }),
    expected: { step: 'authenticate', kind: 'deadline', text: /waiting for AUTHENTICATE\.$/ },
  },
  {
    fault: 'AUTHENTICATE gets small talk for ever',
    ...replies({ AUTHENTICATE: drip('* OK Still here\r\n') }),
    expected: { step: 'authenticate', kind: 'deadline', text: /waiting for AUTHENTICATE\.$/ },
  },
  {
    fault: 'the connection is broken off at AUTHENTICATE',
    ...replies({ AUTHENTICATE: reset }),
    expected: { step: 'authenticate', kind: 'socket', code: 'ECONNRESET', text: 'read ECONNRESET' },
  },
  {
    fault: 'the connection is closed at AUTHENTICATE',
    ...replies({ AUTHENTICATE: end }),
    expected: { step: 'authenticate', kind: 'closed', text: 'The server closed the connection.' },
  },
  {
    fault: 'the server says BYE to AUTHENTICATE',
    ...replies({ AUTHENTICATE: say('* BYE Connection is closed. 13') }),
    expected: { step: 'authenticate', kind: 'bye', text: 'BYE Connection is closed. 13' },
  },
  {
    fault: 'the answer to AUTHENTICATE is a BYE with its tag',
    ...replies({ AUTHENTICATE: say('BYE Session over') }),
    expected: { step: 'authenticate', kind: 'bye', text: 'BYE Session over' },
  },
  {
    fault: 'the token runs out at AUTHENTICATE',
    ...replies({ AUTHENTICATE: sayAndLeave('* BYE Session invalidated - AccessTokenExpired') }),
    expected: { step: 'authenticate', kind: 'bye', text: 'BYE Session invalidated - AccessTokenExpired' },
  },
  {
    fault: 'the answer to AUTHENTICATE is none',
    ...replies({ AUTHENTICATE: say('MAYBE Who knows?') }),
    expected: { step: 'authenticate', kind: 'protocol', code: 'InvalidResponse', text: 'Invalid server response' },
  },
  {
    fault: 'the connection is closed after AUTHENTICATE',
    ...replies({ AUTHENTICATE: sayAndLeave('OK AUTHENTICATE completed.') }),
    expected: { step: 'examine', kind: 'closed', text: 'The server closed the connection.' },
  },
  ...['NAMESPACE', 'LIST', 'EXAMINE'].flatMap((command): Fault[] => [
    {
      fault: `the mailbox is refused at ${command}`,
      ...replies({ [command]: sayAndLeave(NOT_CONNECTED, '* BYE Connection closed. 14') }),
      expected: { step: 'examine', kind: 'bad', text: NOT_CONNECTED },
    },
    {
      fault: `${command} is not answered`,
      ...replies({ [command]: hang }),
      expected: { step: 'examine', kind: 'deadline', text: new RegExp(`waiting for ${command}\\.$`) },
    },
  ]),
  {
    fault: 'LIST is refused',
    ...replies({ LIST: say('NO Server Unavailable. 15') }),
    expected: { step: 'examine', kind: 'no', text: 'NO Server Unavailable. 15' },
  },
  ...['NOPERM', 'NONEXISTENT', 'UNAVAILABLE'].map((code): Fault => ({
    fault: `EXAMINE is refused with ${code}`,
    ...replies({ EXAMINE: say(`NO [${code}] Not for you.`) }),
    expected: { step: 'examine', kind: 'no', code, text: `NO [${code}] Not for you.` },
  })),
  {
    fault: 'the token runs out at EXAMINE',
    ...replies({ EXAMINE: say('* BYE Session invalidated - AccessTokenExpired') }),
    expected: { step: 'examine', kind: 'bye', text: 'BYE Session invalidated - AccessTokenExpired' },
  },
  {
    fault: 'EXAMINE is throttled',
    ...replies({ EXAMINE: say('BAD Request is throttled. Suggested Backoff Time: 299910 milliseconds') }),
    expected: {
      step: 'examine',
      kind: 'bad',
      text: 'BAD Request is throttled. Suggested Backoff Time: 299910 milliseconds',
      backoffMs: 299_910,
    },
  },
  {
    fault: 'the connection is broken off at EXAMINE',
    ...replies({ EXAMINE: reset }),
    expected: { step: 'examine', kind: 'socket', code: 'ECONNRESET', text: 'read ECONNRESET' },
  },
  {
    fault: 'the connection is closed at EXAMINE',
    ...replies({ EXAMINE: end }),
    expected: { step: 'examine', kind: 'closed', text: 'The server closed the connection.' },
  },
  {
    fault: 'the answer to EXAMINE drips for ever',
    ...replies({ EXAMINE: drip('* 1 EXISTS ') }),
    expected: { step: 'examine', kind: 'deadline', text: /waiting for EXAMINE\.$/ },
  },
  {
    fault: 'a line does not end',
    ...replies({
      EXAMINE: (peer) => {
        peer.write(`* OK ${'x'.repeat(100_000)}`);
      },
    }),
    expected: { step: 'examine', kind: 'protocol', code: 'LineTooLarge', text: /line/i },
  },
  {
    fault: 'a literal is huge',
    ...replies({ LIST: say('* LIST () "/" {900000000}') }),
    expected: { step: 'examine', kind: 'protocol', code: 'LiteralTooLarge', text: /literal/i },
  },
];
