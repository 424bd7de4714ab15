import { createSecureContext, TLSSocket } from 'node:tls';
import { IMAP_STEPS, type ImapSession } from '../../shared/core/evidence';
import { valueOf } from '../../shared/core/reading';
import { createImapProbe, type ImapProbeOptions } from '../../shared/probes/imap-session';
import { startBlackHole } from '../support/black-hole';
import { createAuthority, selfSigned, type ServerIdentity } from '../support/certificates';
import { say, startScriptedImapServer, type Script } from '../support/scripted-imap-server';
import { FAULTS, type Fault } from './imap-faults';
import {
  BEARER,
  MAILBOX,
  matching,
  outcomes,
  said,
  SASL,
  sessionOf,
  SHORT_DEADLINE,
  SLACK,
} from './mail-session-words';

// Concurrent tests do not wait for beforeAll.
const authority = createAuthority();
const trusted = authority.then((ca) => ca.issue());

interface Played {
  readonly session: ImapSession;
  readonly received: readonly string[];
  readonly tookMs: number;
}

/**
 * Plays one login. It fails where the probe leaves a socket open (`idle` waits until jest gives up), an error unhandled
 * (jest fails the test that runs) or a token in what it reports.
 */
async function play(
  script: Script,
  options: ImapProbeOptions & {
    readonly host?: string;
    readonly identity?: ServerIdentity;
    readonly down?: boolean;
  } = {},
): Promise<Played> {
  const { host = 'localhost', identity = await trusted, down = false, ...probeOptions } = options;
  const server = await startScriptedImapServer(identity, script);
  if (down) await server.close();
  const secureContext = createSecureContext({ ca: (await authority).certificate });
  const probe = createImapProbe({ secureContext, ...probeOptions });
  try {
    const startedAt = performance.now();
    const reading = await probe({ host, port: server.port, mailbox: MAILBOX, bearer: BEARER });
    const tookMs = performance.now() - startedAt;
    await server.idle();
    return { session: sessionOf(reading), received: server.received, tookMs };
  } finally {
    if (!down) await server.close();
  }
}

const ALL_OK = IMAP_STEPS.map((name) => `${name} ok`);

describe('a healthy login', () => {
  it('passes every step, with the words of each', async () => {
    const { session, received } = await play({});

    expect(outcomes(session)).toEqual(ALL_OK);
    expect(session.failure).toBeUndefined();
    expect(said(session)).toEqual({
      dns: '127.0.0.1',
      tcp: matching(/^127\.0\.0\.1, port \d+$/),
      tls: matching(
        /^TLSv1\.3, certificate of CN=localhost, issued by CN=Mailbox Watch test authority [\w-]+, valid until \d{4}-\d\d-\d\d$/,
      ),
      greeting: 'OK The Microsoft Exchange IMAP4 service is ready. [UwBJADIAUABSADAAMQBDAEEAMAAw]',
      capability: matching(/^CAPABILITY IMAP4 .* AUTH=XOAUTH2 /),
      authenticate: 'OK AUTHENTICATE completed.',
      examine: 'OK [READ-ONLY] EXAMINE completed. Messages: 172',
      logout: 'BYE Microsoft Exchange Server IMAP4 server signing off.',
    });
    expect(received.map((line) => line.split(' ')[1])).toEqual([
      'CAPABILITY',
      'ID',
      'AUTHENTICATE',
      'CAPABILITY',
      'NAMESPACE',
      'LIST',
      'LSUB',
      'EXAMINE',
      'LOGOUT',
    ]);
    expect(received[2]).toBe(`3 AUTHENTICATE XOAUTH2 ${SASL}`);
  });

  it.each<[string, Script, { readonly host?: string }]>([
    ['reached by address', {}, { host: '127.0.0.1' }],
    [
      'where the greeting lists the capabilities',
      {
        greeting: (peer) => {
          peer.send('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] Ready.');
        },
      },
      {},
    ],
    [
      'where the server is not ready at once',
      {
        greeting: (peer) => {
          peer.send(
            '* OK Waiting for authentication process to respond..',
            '* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] Ready.',
          );
        },
      },
      {},
    ],
    [
      'where the token must wait for the server to ask',
      {
        replies: {
          CAPABILITY: say('* CAPABILITY IMAP4rev1 AUTH=XOAUTH2', 'OK CAPABILITY completed.'),
          AUTHENTICATE: say('+ '),
          CONTINUATION: say('OK AUTHENTICATE completed.'),
        },
      },
      {},
    ],
    ['where NAMESPACE and LSUB are refused', { replies: { NAMESPACE: say('NO No.'), LSUB: say('BAD No.') } }, {}],
  ])('%s', async (_, script, options) => {
    const { session } = await play(script, options);

    expect(outcomes(session)).toEqual(ALL_OK);
  });

  it('reads an answer that comes byte by byte', async () => {
    const { session } = await play({
      replies: {
        EXAMINE: (peer, tag) => {
          for (const byte of Buffer.from(`* 1 EXISTS\r\n${tag} OK Geöffnet.\r\n`)) peer.write(Uint8Array.of(byte));
        },
      },
    });

    expect(said(session)['examine']).toBe('OK Geöffnet. Messages: 1');
  });

  it.each<[string, Script['replies']]>([
    ['is not answered', { LOGOUT: () => undefined }],
    ['is refused', { LOGOUT: say('BAD Command received in Invalid state.') }],
    [
      'breaks the connection off',
      {
        LOGOUT: (peer) => {
          peer.reset();
        },
      },
    ],
  ])('stays healthy where LOGOUT %s', async (_, replies = {}) => {
    const { session, tookMs } = await play({ replies });

    expect(session.failure).toBeUndefined();
    expect(outcomes(session)).toEqual([...ALL_OK.slice(0, -1), 'logout failed']);
    expect(tookMs).toBeLessThan(1000 + SLACK);
  });
});

describe('a login that fails', () => {
  it.concurrent.each(FAULTS)('$fault', async ({ script = {}, certificate, expected, ...options }: Fault) => {
    const deadlineMs = expected.kind === 'deadline' ? SHORT_DEADLINE : 10_000;
    const identity = await (certificate?.(await authority) ?? trusted);
    const { session, tookMs } = await play(script, { ...options, identity, deadlineMs });

    const { text, ...facts } = expected;
    expect(session.failure).toEqual({ ...facts, text: matching(text) });
    const words = session.steps.find(({ name }) => name === expected.step)?.said;
    if (['no', 'bad', 'bye'].includes(expected.kind)) expect(words).toContain(session.failure?.text);
    const at = IMAP_STEPS.indexOf(expected.step);
    expect(outcomes(session)).toEqual(
      IMAP_STEPS.map((name, i) => `${name} ${i < at ? 'ok' : i === at ? 'failed' : 'not-run'}`),
    );
    expect(tookMs).toBeLessThan(deadlineMs + SLACK);
  });

  it('names the step where packets are dropped', async () => {
    const blackHole = await startBlackHole();
    const probe = createImapProbe({ deadlineMs: SHORT_DEADLINE });
    try {
      const reading = await probe({ host: '127.0.0.1', port: blackHole.port, mailbox: MAILBOX, bearer: BEARER });

      expect(valueOf(reading)?.failure).toMatchObject({ step: 'tcp', kind: 'deadline' });
    } finally {
      await blackHole.close();
    }
  });

  it('does not hang where the certificate cannot be read a second time', async () => {
    const identity = await selfSigned();
    let connections = 0;
    const { session, tookMs } = await play(
      {
        tcp: (socket) => {
          if (connections++ === 0) new TLSSocket(socket, { isServer: true, ...identity }).on('error', () => undefined);
          else socket.resume();
        },
      },
      { deadlineMs: SHORT_DEADLINE },
    );

    expect(session.failure).toMatchObject({ step: 'tls', kind: 'tls', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(said(session)['tls']).toMatch(/^the certificate could not be read/);
    expect(tookMs).toBeLessThan(SHORT_DEADLINE + SLACK);
  });

  it('shows what a challenge says, such as the scope that Google asks for', async () => {
    const { session } = await play({
      replies: {
        AUTHENTICATE: say(
          '+ eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==',
        ),
        CONTINUATION: say('NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)'),
      },
    });

    expect(said(session)['authenticate']).toBe(
      'NO [AUTHENTICATIONFAILED] Invalid credentials (Failure) Challenge: {"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}',
    );
  });

  it.each<[string, Script, string]>([
    [
      'a whole line',
      {
        greeting: (peer) => {
          peer.send('* OK');
        },
        replies: { CAPABILITY: say('* OK Wait') },
      },
      '* OK Wait',
    ],
    [
      'a line that has no end yet',
      {
        greeting: (peer) => {
          peer.write('* OK The Micro');
        },
      },
      '* OK The Micro',
    ],
  ])('shows the last words of a server that hangs: %s', async (_, script, lastWords) => {
    const { session } = await play(script, { deadlineMs: SHORT_DEADLINE });

    expect(session.steps.find(({ outcome }) => outcome === 'failed')?.said).toBe(lastWords);
  });

  it('keeps no more than 512 characters, and none that controls anything', async () => {
    const { session } = await play({
      greeting: (peer) => {
        peer.send(`* NO \x1b[31m\u202e${'📨'.repeat(600)}`);
      },
    });

    expect(session.failure?.text).toBe(`NO [31m${'📨'.repeat(252)}`);
  });
});

it('reports a bug of its own as blind, without the token', async () => {
  const lookup = () => {
    throw new Error(`No way with ${BEARER}`);
  };
  const reading = await createImapProbe({ lookup })({ host: 'localhost', port: 1, mailbox: MAILBOX, bearer: BEARER });

  expect(reading).toEqual({
    outcome: 'blind',
    reason: 'crashed',
    detail:
      'The login to support@contoso.com at localhost:1 stopped on an error that Mailbox Watch does not know: No way with (token). Report it as a bug.',
  });
});
