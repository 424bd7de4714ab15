import fc from 'fast-check';
import { EXAMPLE_NOW } from '../../shared/checks/example-evidence';
import { deliver, healthNote } from '../../shared/alerts/deliver';
import { entryOf, GATHER_FOR, gathered } from '../../shared/alerts/outbox';
import type { Channel, Notice, SendResult } from '../../shared/core/notice';
import type { Store } from '../../shared/core/ports';
import { DAY, HOUR, MINUTE } from '../../shared/core/time';
import { memoryStore, type MemoryStore } from '../../shared/store/memory-store';
import { Killed, mortal } from '../support/mortal';
import { exampleNotice } from '../support/notices';

const LATER: SendResult = { sent: false, retry: 'later', detail: 'busy' };
const NEVER: SendResult = { sent: false, retry: 'never', detail: 'gone' };

/** A receiver that dedupes by id, as the documented ones do. */
function receiver(id: string, answer: () => SendResult = () => ({ sent: true })) {
  const got = new Map<string, Notice>();
  const sends: Notice[][] = [];
  const channel: Channel = {
    id,
    send: async (notices) => {
      sends.push([...notices]);
      const result = answer();
      if (result.sent) for (const notice of notices) got.set(notice.id, notice);
      return result;
    },
  };
  return { id, channel, got, sends };
}

function bench(channels: readonly Channel[]) {
  const store = memoryStore();
  const clock = { now: EXAMPLE_NOW };
  const log = jest.fn();
  return {
    store,
    clock,
    log,
    put: (notice: Notice, to = channels.map(({ id }) => id)) => {
      putInto(store, notice, to);
    },
    run: (minutes = 1) => {
      clock.now += minutes * MINUTE;
      return deliver({ store, channels, integrationIds: ['service-desk'], now: () => clock.now, log });
    },
  };
}

function putInto(store: MemoryStore, notice: Notice, to: readonly string[]): void {
  const entry = entryOf(
    notice,
    to.map((id) => ({ id, notBefore: 0 })),
  );
  if (entry !== undefined) store.outbox.set(notice.id, { entry, etag: '0' });
}

describe('delivering notices', () => {
  it('sends each once to every channel that is to have it, and keeps nothing', async () => {
    const [a, b, c] = [receiver('a'), receiver('b'), receiver('c')];
    const { put, run, store } = bench([a.channel, b.channel, c.channel]);
    put(exampleNotice(), ['a', 'b']);
    await run();
    await run();
    expect([a.sends.length, b.sends.length, c.sends.length]).toEqual([1, 1, 0]);
    expect(store.outbox.size).toBe(0);
    expect(await store.loadNote(healthNote('a'))).toEqual({ lastSentAt: EXAMPLE_NOW + MINUTE });
  });

  it('waits a moment, so that mailboxes behind one cause are told together', async () => {
    const a = receiver('a');
    const { put, run, clock } = bench([a.channel]);
    put(exampleNotice());
    clock.now = EXAMPLE_NOW + GATHER_FOR - 1 - MINUTE;
    await run();
    expect(a.sends).toEqual([]);
    await run();
    expect(a.sends).toHaveLength(1);
  });

  it('does not let a dead channel hold back others, and says which it is', async () => {
    const [dead, well] = [receiver('dead', () => LATER), receiver('well')];
    const { put, run, store, log } = bench([dead.channel, well.channel]);
    put(exampleNotice());
    await run();
    expect(well.got.size).toBe(1);
    expect([...store.outbox.values()].map(({ entry }) => Object.keys(entry.pending))).toEqual([['dead']]);
    expect(await store.loadNote(healthNote('dead'))).toEqual({
      failure: { at: EXAMPLE_NOW + MINUTE, since: EXAMPLE_NOW + MINUTE, detail: 'busy' },
    });
    expect(log).toHaveBeenCalledWith('error', expect.stringContaining('dead'));
  });

  it('tries again after longer and longer waits, no sooner than the receiver asks, and gives up after days', async () => {
    const answers: SendResult[] = [LATER, { ...LATER, afterMs: 5 * HOUR }];
    const a = receiver('a', () => answers.shift() ?? LATER);
    const { put, run, store } = bench([a.channel]);
    put(exampleNotice());
    await run();
    await run(0.9);
    expect(a.sends).toHaveLength(1);
    await run(0.2);
    expect(a.sends).toHaveLength(2);
    await run(4 * 60);
    expect(a.sends).toHaveLength(2);
    await run(61);
    expect(a.sends).toHaveLength(3);
    await run((3 * DAY) / MINUTE);
    expect(store.outbox.size).toBe(0);
  });

  it('does not repeat what would fail again', async () => {
    const a = receiver('a', () => NEVER);
    const { put, run, store } = bench([a.channel]);
    put(exampleNotice());
    await run();
    await run(60);
    expect(a.sends).toHaveLength(1);
    expect(store.outbox.size).toBe(0);
  });

  it('forgets what waits for a channel that is no longer configured', async () => {
    const a = receiver('a');
    const { put, run, store } = bench([a.channel]);
    put(exampleNotice(), ['removed']);
    await run();
    expect(store.outbox.size).toBe(0);
  });

  it('reads no storage where nobody is to be told', async () => {
    const { run, store } = bench([]);
    store.loadOutbox = () => Promise.reject(new Error('read'));
    await expect(run()).resolves.toBeUndefined();
  });
});

describe('one cause, forty mailboxes', () => {
  const EXPIRED = { id: 'client-secret-expired', title: 'The client secret has expired' };
  const mailbox = (i: number) =>
    exampleNotice({ id: `m${i}`, cause: EXPIRED, subject: { kind: 'mailbox', name: `m${i}@contoso.com` } });
  const app = exampleNotice({ id: 'app', cause: EXPIRED, subject: { kind: 'app registration', name: 'client-id' } });

  it('is one notice of the application, which says whom it hits', () => {
    const forty = Array.from({ length: 40 }, (_, i) => mailbox(i));
    const notices = gathered([...forty, app]);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({ id: 'app', alsoAffected: forty.map(({ subject }) => subject.name).toSorted() });
  });

  it('keeps apart other causes, integrations and kinds', () => {
    const others = [
      app,
      { ...app, id: 'b', cause: { id: 'imap-disabled', title: '' } },
      { ...app, id: 'c', integration: { id: 'other', name: 'other' } },
      { ...app, id: 'd', kind: 'resolved' as const },
    ];
    expect(gathered(others).map(({ id }) => id)).toEqual(['app', 'b', 'c', 'd']);
  });
});

describe('killed anywhere', () => {
  it('nothing is lost, and a receiver that dedupes shows each notice once', async () => {
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.integer({ min: 0, max: 25 }), after: fc.boolean() }), { maxLength: 6 }),
        fc.array(fc.constantFrom<SendResult>({ sent: true }, LATER), { maxLength: 12 }),
        async (kills, answers) => {
          const [a, b] = [receiver('a', () => answers.shift() ?? { sent: true }), receiver('b')];
          const store = memoryStore();
          for (let i = 0; i < 3; i++) {
            const cause = { id: `cause-${i}`, title: 'A cause' };
            putInto(store, exampleNotice({ id: `n${i}`, at: EXAMPLE_NOW + i, cause }), i === 1 ? ['a'] : ['a', 'b']);
          }
          let now = EXAMPLE_NOW;
          for (let round = 0; round < 30 && store.outbox.size > 0; round++) {
            now += HOUR;
            const kill = kills[round];
            let calls = 0;
            const dies = () => {
              if (calls++ !== kill?.at) return undefined;
              return kill.after ? 'after' : 'before';
            };
            const ports: Store = mortal<Store>(store, dies);
            const channels = [a.channel, b.channel].map((one) => mortal(one, dies));
            await deliver({
              store: ports,
              channels,
              integrationIds: ['service-desk'],
              now: () => now,
              log: () => undefined,
            }).catch((error: unknown) => {
              if (!(error instanceof Killed)) throw error;
              deaths++;
            });
          }
          expect(store.outbox.size).toBe(0);
          expect([...a.got.keys()].toSorted()).toEqual(['n0', 'n1', 'n2']);
          expect([...b.got.keys()].toSorted()).toEqual(['n0', 'n2']);
        },
      ),
      { numRuns: 300 },
    );
    // The property would prove nothing if nothing had been killed.
    expect(deaths).toBeGreaterThan(50);
  });
});
