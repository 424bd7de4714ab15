import { createSecureContext } from 'node:tls';
import { POP_STEPS, type PopSession } from '../../shared/core/evidence';
import { createPopProbe } from '../../shared/probes/pop-session';
import { createAuthority, type ServerIdentity } from '../support/certificates';
import { say, startScriptedPopServer, type Script } from '../support/scripted-pop-server';
import { FAULTS, type Fault } from './pop-faults';
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
  readonly session: PopSession;
  readonly received: readonly string[];
  readonly tookMs: number;
}

/**
 * Plays one login. It fails where the probe leaves a socket open (`idle` waits until jest gives up), an error unhandled
 * (jest fails the test that runs), a token in what it reports, or sends a command that it must not.
 */
async function play(
  script: Script,
  options: { readonly deadlineMs?: number; readonly identity?: ServerIdentity; readonly down?: boolean } = {},
): Promise<Played> {
  const { identity = await trusted, down = false, ...probeOptions } = options;
  const server = await startScriptedPopServer(identity, script);
  if (down) await server.close();
  const secureContext = createSecureContext({ ca: (await authority).certificate });
  const probe = createPopProbe({ secureContext, ...probeOptions });
  try {
    const startedAt = performance.now();
    const reading = await probe({ host: 'localhost', port: server.port, mailbox: MAILBOX, bearer: BEARER });
    const tookMs = performance.now() - startedAt;
    await server.idle();
    expect(
      server.received.filter((line) => !['CAPA', 'AUTH XOAUTH2', SASL, '', 'STAT', 'QUIT'].includes(line)),
    ).toEqual([]);
    return { session: sessionOf(reading), received: server.received, tookMs };
  } finally {
    if (!down) await server.close();
  }
}

const ALL_OK = POP_STEPS.map((name) => `${name} ok`);

describe('a healthy login', () => {
  it('passes every step, with the words of each', async () => {
    const { session, received } = await play({});

    expect(outcomes(session)).toEqual(ALL_OK);
    expect(session.failure).toBeUndefined();
    expect(said(session)).toEqual({
      dns: '127.0.0.1',
      tcp: matching(/^127\.0\.0\.1, port \d+$/),
      tls: matching(
        /^TLSv1\.3, certificate of CN=localhost, issued by CN=Mailbox Watch test authority [\w-]+, valid until /,
      ),
      greeting: '+OK The Microsoft Exchange POP3 service is ready. [UwBJADIA]',
      capability: 'TOP, UIDL, SASL PLAIN XOAUTH2, USER',
      authenticate: '+OK User successfully authenticated.',
      stat: '+OK 172 5137000',
      quit: '+OK Microsoft Exchange Server POP3 server signing off.',
    });
    expect(received).toEqual(['CAPA', 'AUTH XOAUTH2', SASL, 'STAT', 'QUIT']);
  });

  it('waits for the server to ask before it sends the token', async () => {
    const before: string[] = [];
    const { session } = await play({
      replies: {
        AUTH: (peer, line) => {
          before.push(line);
          setImmediate(() => {
            before.push('asked');
            peer.send('+ ');
          });
        },
        TOKEN: (peer) => {
          before.push('token');
          peer.send('+OK User successfully authenticated.');
        },
      },
    });

    expect(before).toEqual(['AUTH XOAUTH2', 'asked', 'token']);
    expect(outcomes(session)).toEqual(ALL_OK);
  });

  it('lives with a server that does not know CAPA', async () => {
    const { session } = await play({ replies: { CAPA: say('-ERR Unknown command') } });

    expect(outcomes(session)).toEqual(ALL_OK);
    expect(said(session)['capability']).toBe('-ERR Unknown command');
  });

  it('reads answers that come byte by byte', async () => {
    const { session } = await play({
      replies: {
        CAPA: (peer) => {
          for (const byte of Buffer.from('+OK\r\nSASL XOAUTH2\r\n.\r\n')) peer.write(Uint8Array.of(byte));
        },
        STAT: (peer) => {
          for (const byte of Buffer.from('+OK 1 2 Geöffnet\r\n')) peer.write(Uint8Array.of(byte));
        },
      },
    });

    expect(outcomes(session)).toEqual(ALL_OK);
    expect(said(session)).toMatchObject({ capability: 'SASL XOAUTH2', stat: '+OK 1 2 Geöffnet' });
  });

  it.each<[string, Script['replies']]>([
    ['is not answered', { QUIT: () => undefined }],
    ['is refused', { QUIT: say('-ERR Some deleted messages not removed') }],
    [
      'breaks the connection off',
      {
        QUIT: (peer) => {
          peer.reset();
        },
      },
    ],
  ])('stays healthy where QUIT %s', async (_, replies = {}) => {
    const { session, tookMs } = await play({ replies });

    expect(session.failure).toBeUndefined();
    expect(outcomes(session)).toEqual([...ALL_OK.slice(0, -1), 'quit failed']);
    expect(tookMs).toBeLessThan(1000 + SLACK);
  });
});

describe('a login that fails', () => {
  it.concurrent.each(FAULTS)(
    '$fault',
    async ({ script = {}, certificate, expected, said: words, ...options }: Fault) => {
      const deadlineMs = expected.kind === 'deadline' ? SHORT_DEADLINE : 10_000;
      const identity = await (certificate?.() ?? trusted);
      const { session, received, tookMs } = await play(script, { ...options, identity, deadlineMs });

      const { text, ...facts } = expected;
      expect(session.failure).toEqual({ ...facts, text: matching(text) });
      const failed = session.steps.find(({ name }) => name === expected.step);
      if (words !== undefined) expect(failed?.said).toBe(words);
      else if (expected.kind === 'no') expect(failed?.said).toBe(session.failure?.text);
      const at = POP_STEPS.indexOf(expected.step);
      expect(outcomes(session)).toEqual(
        POP_STEPS.map((name, i) => `${name} ${i < at ? 'ok' : i === at ? 'failed' : 'not-run'}`),
      );
      expect(tookMs).toBeLessThan(deadlineMs + SLACK);
      const { kind, code } = expected;
      const goodbye =
        at > POP_STEPS.indexOf('greeting') && !['closed', 'socket'].includes(kind) && code !== 'LineTooLarge';
      expect(received.filter((line) => line === 'QUIT')).toEqual(goodbye ? ['QUIT'] : []);
    },
  );
});
