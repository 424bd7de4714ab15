import fc from 'fast-check';
import {
  appWith,
  imapFailed,
  DELEGATED_TOKEN,
  EXAMPLE_NOW,
  IMAP_OPENED,
  NOT_CONNECTED,
  secretEnding,
  tokenRefused,
} from '../shared/checks/example-evidence';
import { noticeOf } from '../shared/alerts/notice-of';
import { entryOf } from '../shared/alerts/outbox';
import { DEFAULT_POLICY } from '../shared/core/alerting';
import type { Log, Probes, Store, TokenResult } from '../shared/core/ports';
import { blind, seen } from '../shared/core/reading';
import { subjectsOf, type WatchedSubject } from '../shared/core/subject';
import { MINUTE } from '../shared/core/time';
import { checkSubject, type Notify, type RunPorts } from '../shared/run-checks';
import { exampleIntegration } from './support/contexts';
import { Killed, mortal } from './support/mortal';
import { NO_APPLICATION_EVIDENCE } from './support/no-evidence';
import { memoryStore } from '../shared/store/memory-store';

const integration = exampleIntegration();
const [application, mailbox] = subjectsOf(integration) as [WatchedSubject, WatchedSubject];
const quiet: Log = () => undefined;
const notRead = blind('not-configured', 'not read');
const issued: TokenResult = { reading: DELEGATED_TOKEN, bearer: 'bearer-text' };

function probes(changes: Partial<Probes> = {}): jest.Mocked<Probes> {
  const wellTold: Probes = {
    configuredSecret: async () => seen({ hint: 'Abc', looksLikeSecretId: false }),
    accessToken: async () => issued,
    imapSession: async () => IMAP_OPENED,
    popSession: async () => notRead,
    graphMail: async () => notRead,
    configuredCertificate: async () => notRead,
    appRegistration: async () => notRead,
    directory: async () => ({
      appRegistration: appWith(secretEnding(200, 'Abc', 'jira')),
      enterpriseApplication: notRead,
      delegateAccounts: {},
      serviceHealth: notRead,
      helpdeskSignIns: notRead,
    }),
    mailboxChanges: async () => notRead,
    exchange: {
      mailbox: async () => ({ casMailbox: notRead, mailboxPermissions: notRead }),
      servicePrincipal: async () => notRead,
    },
    ...changes,
  };
  return {
    configuredSecret: jest.fn(wellTold.configuredSecret),
    accessToken: jest.fn(wellTold.accessToken),
    imapSession: jest.fn(wellTold.imapSession),
    popSession: jest.fn(wellTold.popSession),
    graphMail: jest.fn(wellTold.graphMail),
    configuredCertificate: jest.fn(wellTold.configuredCertificate),
    appRegistration: jest.fn(wellTold.appRegistration),
    directory: jest.fn(wellTold.directory),
    mailboxChanges: jest.fn(wellTold.mailboxChanges),
    exchange: {
      mailbox: jest.fn(wellTold.exchange.mailbox),
      servicePrincipal: jest.fn(wellTold.exchange.servicePrincipal),
    },
  };
}

function ports(changes: Partial<Omit<RunPorts, 'store' | 'probes'> & { probes: jest.Mocked<Probes> }> = {}) {
  return { probes: probes(), store: memoryStore(), log: quiet, now: () => EXAMPLE_NOW, ...changes };
}

const verdictOf = (record: Awaited<ReturnType<typeof checkSubject>>, check: string) =>
  record.checks.find((state) => state.check === check)?.diagnosis.verdict;

describe('checking a subject', () => {
  it('observes a mailbox once, judges it with every check, and remembers it', async () => {
    const run = ports();
    const record = await checkSubject(mailbox, integration, run);
    expect(record.checks.map(({ check, diagnosis }) => [check, diagnosis.verdict])).toEqual([
      ['access-token', 'healthy'],
      ['tenant-and-cloud', 'healthy'],
      ['token-claims', 'healthy'],
      ['imap-enabled', 'healthy'],
      ['full-access', 'healthy'],
      ['mailbox-opens', 'healthy'],
    ]);
    expect(run.probes.accessToken).toHaveBeenCalledTimes(1);
    expect(run.probes.imapSession).toHaveBeenCalledTimes(1);
    // A login that works is proof enough.
    expect(run.probes.exchange.mailbox).not.toHaveBeenCalled();
    expect(run.store.rows.size).toBe(1);
    expect(JSON.stringify([...run.store.rows.values()])).not.toContain('bearer-text');
  });

  it("judges a mailbox with what was last seen of its integration's application", async () => {
    const run = ports({
      probes: probes({ accessToken: async () => ({ reading: tokenRefused('invalid_grant', 50173, 'revoked') }) }),
    });
    const gone = seen({ found: false as const, readAt: EXAMPLE_NOW });
    const application = { ...NO_APPLICATION_EVIDENCE, delegateAccounts: seen({ 'svc-jira@contoso.com': gone }) };
    const record = await checkSubject(mailbox, integration, run, { application });
    expect(record.checks[0]?.diagnosis).toMatchObject({ cause: { id: 'delegate-account-unusable' } });
    expect(run.probes.directory).not.toHaveBeenCalled();
    expect(run.probes.exchange.mailbox).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['google', ['google-token', 'google-mailbox-opens']],
    ['outlook.com', ['access-token', 'outlook-com-mailbox-opens']],
  ] as const)('asks neither directory nor Exchange about a mailbox of %s', async (provider, checks) => {
    const run = ports({ probes: probes({ imapSession: async () => NOT_CONNECTED }) });
    const record = await checkSubject(mailbox, exampleIntegration({ provider }), run);
    expect(record.checks.map(({ check }) => check)).toEqual(checks);
    expect(run.probes.exchange.mailbox).not.toHaveBeenCalled();
    expect(subjectsOf(exampleIntegration({ provider })).map(({ kind }) => kind)).toEqual(['mailbox']);
  });

  it.each(['imap', 'pop', 'graph'] as const)('opens the mailbox as the helpdesk does: %s', async (protocol) => {
    const run = ports();
    const sessions = { imap: run.probes.imapSession, pop: run.probes.popSession, graph: run.probes.graphMail };
    await checkSubject(mailbox, exampleIntegration({ protocol }), run);
    for (const [name, probe] of Object.entries(sessions))
      expect(probe).toHaveBeenCalledTimes(name === protocol ? 1 : 0);
    expect(sessions[protocol].mock.calls[0]?.[0]).toMatchObject({
      mailbox: 'support@contoso.com',
      bearer: 'bearer-text',
    });
  });

  it.each([
    ['pop', { popSession: async () => seen({ host: 'h', port: 995, steps: [], ms: 1 }) }, 0],
    ['graph', { graphMail: async () => seen({ opened: true as const, ms: 1 }) }, 0],
    [
      'graph',
      {
        graphMail: async () =>
          seen({ opened: false as const, status: 403, code: 'ErrorAccessDenied', message: 'no', ms: 1 }),
      },
      1,
    ],
  ] as const)('asks Exchange only about a mailbox that does not open: %s', async (protocol, changes, asked) => {
    const run = ports({ probes: probes(changes) });
    await checkSubject(mailbox, exampleIntegration({ protocol }), run);
    expect(run.probes.exchange.mailbox).toHaveBeenCalledTimes(asked);
  });

  it('tries no login without a token', async () => {
    const run = ports({
      probes: probes({ accessToken: async () => ({ reading: blind('timeout', 'no answer in 20 s') }) }),
    });
    const record = await checkSubject(mailbox, integration, run);
    expect(run.probes.imapSession).not.toHaveBeenCalled();
    expect(record.checks.map(({ diagnosis }) => diagnosis.verdict)).toEqual(Array(6).fill('unclear'));
  });

  it('logs in no sooner than Exchange asks, and tells the throttling meanwhile', async () => {
    let now = EXAMPLE_NOW;
    const text = 'BAD Request is throttled. Suggested Backoff Time: 600000 milliseconds';
    const throttled = imapFailed({ step: 'authenticate', kind: 'bad', text, backoffMs: 10 * MINUTE });
    const run = ports({ now: () => now, probes: probes({ imapSession: async () => throttled }) });
    const logins = async (minutes: number) => {
      now = EXAMPLE_NOW + minutes * MINUTE;
      const record = await checkSubject(mailbox, integration, run);
      expect(record.checks.at(-1)?.diagnosis).toMatchObject({ cause: { id: 'imap-throttled' } });
      return run.probes.imapSession.mock.calls.length;
    };
    expect(await logins(0)).toBe(1);
    expect(await logins(5)).toBe(1);
    expect(await logins(9.9)).toBe(1);
    expect(await logins(10)).toBe(2);
  });

  it('turns a fault of a probe into a reading of its own', async () => {
    const crash = async () => {
      throw new TypeError('secret-value leaked into a message');
    };
    const run = ports({
      probes: probes({
        accessToken: crash,
        configuredSecret: crash,
        appRegistration: crash,
        directory: crash,
        exchange: { mailbox: crash, servicePrincipal: crash },
      }),
    });
    const record = await checkSubject(mailbox, integration, run);
    expect(verdictOf(record, 'access-token')).toBe('unclear');
    expect(verdictOf(await checkSubject(application, integration, run), 'client-secret')).toBe('unclear');
    expect(JSON.stringify([...run.store.rows.values()])).not.toContain('secret-value');
  });

  it('reads and judges again when another writer was faster', async () => {
    const run = ports();
    await checkSubject(mailbox, integration, run);
    const { save } = run.store;
    let intruded = false;
    run.store.save = async (record, history, etag) => {
      if (!intruded) {
        intruded = true;
        await save({ ...record, checkedAt: EXAMPLE_NOW - MINUTE }, [], etag);
      }
      await save(record, history, etag);
    };
    await checkSubject(mailbox, integration, run);
    expect(intruded).toBe(true);
    expect([...run.store.rows.values()][0]?.record.checkedAt).toBe(EXAMPLE_NOW);
  });

  it('gives up after a bounded number of conflicts', async () => {
    const run = ports();
    const { save } = run.store;
    const busy = jest.fn(async (...args: Parameters<typeof save>) => {
      await save({ ...args[0], checkedAt: EXAMPLE_NOW - MINUTE }, [], args[2]);
      await save(...args);
    });
    run.store.save = busy;
    await expect(checkSubject(mailbox, integration, run)).rejects.toThrow('somebody was faster');
    expect(busy).toHaveBeenCalledTimes(5);
  });

  it('leaves a later observation alone', async () => {
    const run = ports();
    await checkSubject(mailbox, integration, run);
    const earlier = {
      ...run,
      now: () => EXAMPLE_NOW - MINUTE,
      probes: probes({ imapSession: async () => NOT_CONNECTED }),
    };
    const record = await checkSubject(mailbox, integration, earlier);
    expect(verdictOf(record, 'mailbox-opens')).toBe('healthy');
  });

  it('does nothing on a repeated delivery of what it has done', async () => {
    const run = ports();
    await checkSubject(mailbox, integration, run, { ifNotCheckedSince: EXAMPLE_NOW - MINUTE });
    await checkSubject(mailbox, integration, run, { ifNotCheckedSince: EXAMPLE_NOW - MINUTE });
    expect(run.probes.imapSession).toHaveBeenCalledTimes(1);
    await checkSubject(mailbox, integration, run, { ifNotCheckedSince: EXAMPLE_NOW + MINUTE });
    expect(run.probes.imapSession).toHaveBeenCalledTimes(2);
  });

  it('keeps history of changes only', async () => {
    let now = EXAMPLE_NOW;
    const run = ports({ now: () => now });
    const look = async (answer: Partial<Probes>) => {
      now += 5 * MINUTE;
      await checkSubject(mailbox, integration, { ...run, probes: probes(answer) });
      return run.store.changes
        .splice(0)
        .map(({ check, verdict, events }) => [check, verdict, ...events.map(({ kind }) => kind)]);
    };
    expect(await look({})).toHaveLength(6);
    expect(await look({})).toEqual([]);
    const broken = { imapSession: async () => NOT_CONNECTED };
    expect(await look(broken)).toEqual([
      ['imap-enabled', 'unclear'],
      ['full-access', 'unclear'],
      ['mailbox-opens', 'diagnosed'],
    ]);
    expect(await look(broken)).toEqual([['mailbox-opens', 'diagnosed', 'opened']]);
    expect(await look(broken)).toEqual([]);
  });

  it('throws when the storage is away: a result that is not kept is not a result', async () => {
    const run = ports();
    run.store.load = async () => {
      throw new Error('storage away');
    };
    await expect(checkSubject(mailbox, integration, run)).rejects.toThrow('storage away');
  });
});

describe('a run that is killed anywhere', () => {
  it('tells of a fault once, and that it is over once, whenever it ends', async () => {
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.integer({ min: 0, max: 5 }), after: fc.boolean() }), { maxLength: 10 }),
        async (kills) => {
          const store = memoryStore();
          const notify: Notify = (event, state, context, evidence) =>
            entryOf(noticeOf(event, state, context, evidence, { root: undefined, policy: DEFAULT_POLICY }), [
              { id: 'ops', notBefore: 0 },
            ]);
          // Six looks at a mailbox that is refused, then six at one that opens; the last two of each are let live.
          for (let look = 0; look < 12; look++) {
            const kill = look % 6 < 4 ? kills[look] : undefined;
            let calls = 0;
            const dies = () => {
              if (calls++ !== kill?.at) return undefined;
              return kill.after ? 'after' : 'before';
            };
            const alive = probes({ imapSession: async () => (look < 6 ? NOT_CONNECTED : IMAP_OPENED) });
            const run = { probes: mortal<Probes>(alive, dies), store: mortal<Store>(store, dies), notify };
            const now = EXAMPLE_NOW + look * 5 * MINUTE;
            await checkSubject(mailbox, integration, { ...run, log: quiet, now: () => now }).catch((error: unknown) => {
              if (!(error instanceof Killed)) throw error;
              deaths++;
            });
          }
          const told = [...store.outbox.values()].map(({ entry }) => `${entry.notice.kind} ${entry.notice.cause.id}`);
          expect(told).toEqual(['opened mailbox-refused', 'resolved mailbox-refused']);
        },
      ),
      { numRuns: 200 },
    );
    expect(deaths).toBeGreaterThan(100);
  });
});
