import fc from 'fast-check';
import { advance, type AlertEvent, type AlertPolicy } from '../../shared/core/alerting';
import type { CheckState } from '../../shared/core/check-state';
import type { Diagnosis } from '../../shared/core/diagnose';
import { DAY, HOUR, MINUTE } from '../../shared/core/time';

const POLICY: AlertPolicy = {
  opensAfter: (cause) => (cause === 'refused' ? 2 : 1),
  resolvesAfter: 2,
  remindEvery: { critical: DAY, warning: 7 * DAY },
  blindAfter: 3,
  flapping: { openings: 3, within: DAY, calm: HOUR },
};

const diagnosis: fc.Arbitrary<Diagnosis> = fc.oneof(
  fc.constant<Diagnosis>({ verdict: 'healthy' }),
  fc.constant<Diagnosis>({ verdict: 'unclear', missing: [] }),
  fc.constant<Diagnosis>({ verdict: 'unclear', missing: [{ evidence: 'e', reason: 'timeout', detail: 'd' }] }),
  fc.constant<Diagnosis>({ verdict: 'blocked', by: 'access-token' }),
  fc.constantFrom('expired', 'refused').map((id): Diagnosis => ({
    verdict: 'diagnosed',
    cause: { id, severity: 'critical', confidence: 'confirmed', facts: {} },
    alsoPossible: [],
  })),
);

/** Observations some minutes apart, as the timer makes them, with a pause of hours now and then. */
const observations = fc.array(
  fc.record({
    diagnosis,
    muted: fc.boolean(),
    after: fc.oneof(fc.constant(5 * MINUTE), fc.integer({ min: HOUR, max: 40 * HOUR })),
  }),
  { maxLength: 80 },
);

interface Told {
  readonly at: number;
  readonly before: CheckState | undefined;
  readonly state: CheckState;
  readonly events: readonly AlertEvent[];
  readonly muted: boolean;
}

function tell(story: readonly { diagnosis: Diagnosis; after: number; muted: boolean }[]): Told[] {
  let now = Date.UTC(2026, 0, 1);
  let before: CheckState | undefined;
  return story.map(({ diagnosis: observed, after, muted }) => {
    now += after;
    const { state, events } = advance(before, 'check', observed, now, POLICY, () => muted);
    const told = { at: now, before, state, events, muted };
    before = state;
    return told;
  });
}

describe('over any row of observations', () => {
  const property = (holds: (told: readonly Told[]) => void) => {
    fc.assert(
      fc.property(observations, (story) => {
        holds(tell(story));
      }),
      { numRuns: 500 },
    );
  };

  it('no alert stays open for longer than its interval without a notice at the next look that is not muted', () => {
    property((told) => {
      for (const { at, state, muted } of told) {
        const { open } = state.alert;
        const every = open?.severity === 'warning' ? 7 * DAY : DAY;
        if (open !== undefined && !muted) expect(at - open.lastNoticeAt).toBeLessThan(every);
      }
    });
  });

  it('nothing is resolved without two proofs of health since the last failure', () => {
    property((told) => {
      told.forEach(({ events }, i) => {
        if (!events.some(({ kind }) => kind === 'resolved')) return;
        const verdicts = told.slice(0, i + 1).map(({ state }) => state.diagnosis.verdict);
        const sinceFailure = verdicts.slice(verdicts.findLastIndex((verdict) => verdict !== 'healthy') + 1);
        expect(sinceFailure.filter((verdict) => verdict === 'healthy').length).toBeGreaterThanOrEqual(2);
      });
    });
  });

  it('one look gives one notice at most, and opens only what is not open', () => {
    property((told) => {
      for (const { before, events } of told) {
        expect(events.length).toBeLessThanOrEqual(1);
        if (events[0]?.kind !== 'opened') continue;
        // Or it was open and nobody had been told.
        const earlier = before?.alert.open;
        expect(earlier === undefined || earlier.untold === 'opened').toBe(true);
      }
    });
  });

  it('while muted nothing is told but that something is over', () => {
    property((told) => {
      for (const { muted, events } of told) {
        if (muted) expect(events.filter(({ kind }) => kind !== 'resolved')).toEqual([]);
      }
    });
  });

  it('whoever was told that it began is told that it is over, and nobody else', () => {
    property((told) => {
      let isTold = false;
      for (const { events, state } of told) {
        for (const { kind } of events) {
          if (kind === 'resolved') expect(isTold).toBe(true);
          isTold = kind !== 'resolved';
        }
        if (state.alert.open === undefined) expect(isTold).toBe(false);
      }
    });
  });

  it('a fault seen often enough is open', () => {
    property((told) => {
      for (const { state } of told) {
        const { diagnosis: seen, alert } = state;
        if (seen.verdict !== 'diagnosed') continue;
        if (alert.failures >= POLICY.opensAfter(seen.cause.id)) expect(alert.open?.cause).toBe(seen.cause.id);
      }
    });
  });
});
