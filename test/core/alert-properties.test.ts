import fc from 'fast-check';
import { advance, type AlertEvent, type AlertPolicy } from '../../shared/core/alerting';
import type { CheckState } from '../../shared/core/check-state';
import type { Diagnosis } from '../../shared/core/diagnose';
import { DAY, HOUR, MINUTE } from '../../shared/core/time';

const POLICY: AlertPolicy = {
  opensAfter: (cause) => (cause === 'refused' ? 2 : 1),
  resolvesAfter: 2,
  remindEvery: { critical: DAY, warning: 7 * DAY },
};

const diagnosis: fc.Arbitrary<Diagnosis> = fc.oneof(
  fc.constant<Diagnosis>({ verdict: 'healthy' }),
  fc.constant<Diagnosis>({ verdict: 'unclear', missing: [] }),
  fc.constant<Diagnosis>({ verdict: 'blocked', by: 'access-token' }),
  fc.constantFrom('expired', 'refused').map((id): Diagnosis => ({
    verdict: 'diagnosed',
    cause: { id, severity: 'critical', confidence: 'confirmed', facts: {} },
    alsoPossible: [],
  })),
);

/** Observations some minutes apart, as the timer makes them, with a pause of hours now and then. */
const observations = fc.array(
  fc.record({ diagnosis, after: fc.oneof(fc.constant(5 * MINUTE), fc.integer({ min: HOUR, max: 40 * HOUR })) }),
  { maxLength: 80 },
);

interface Told {
  readonly at: number;
  readonly before: CheckState | undefined;
  readonly state: CheckState;
  readonly events: readonly AlertEvent[];
}

function tell(story: readonly { diagnosis: Diagnosis; after: number }[]): Told[] {
  let now = Date.UTC(2026, 0, 1);
  let before: CheckState | undefined;
  return story.map(({ diagnosis: observed, after }) => {
    now += after;
    const { state, events } = advance(before, 'check', observed, now, POLICY);
    const told = { at: now, before, state, events };
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

  it('no alert stays open for longer than a day without a notice at the next look', () => {
    property((told) => {
      for (const { at, state } of told) {
        const { open } = state.alert;
        if (open !== undefined) expect(at - open.lastNoticeAt).toBeLessThan(DAY);
      }
    });
  });

  it('nothing is resolved without two proofs of health since the last failure', () => {
    property((told) => {
      told.forEach(({ events }, i) => {
        if (!events.some(({ kind }) => kind === 'resolved')) return;
        const verdicts = told.slice(0, i + 1).map(({ state }) => state.diagnosis.verdict);
        const sinceFailure = verdicts.slice(verdicts.lastIndexOf('diagnosed') + 1);
        expect(sinceFailure.filter((verdict) => verdict === 'healthy').length).toBeGreaterThanOrEqual(2);
      });
    });
  });

  it('one look gives one notice at most, and opens only what is not open', () => {
    property((told) => {
      for (const { before, events } of told) {
        expect(events.length).toBeLessThanOrEqual(1);
        if (events[0]?.kind === 'opened') expect(before?.alert.open).toBeUndefined();
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
