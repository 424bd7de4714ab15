import { advance, type AlertPolicy } from '../../shared/core/alerting';
import type { CheckState } from '../../shared/core/check-state';
import type { Diagnosis } from '../../shared/core/diagnose';
import { DAY, HOUR, MINUTE } from '../../shared/core/time';

const START = Date.UTC(2026, 10, 1);

const POLICY: AlertPolicy = {
  opensAfter: (cause) => ({ permanent: 1, refused: 2, network: 3 })[cause] ?? 1,
  resolvesAfter: 2,
  remindEvery: { critical: DAY, warning: 7 * DAY },
};

const healthy: Diagnosis = { verdict: 'healthy' };
const unclear: Diagnosis = { verdict: 'unclear', missing: [] };
const blocked: Diagnosis = { verdict: 'blocked', by: 'access-token' };
const fault = (id: string, more: object = {}): Diagnosis => ({
  verdict: 'diagnosed',
  cause: { id, severity: 'critical', confidence: 'confirmed', facts: {}, ...more },
  alsoPossible: [],
});
const expiring = (noticeStep: number, credential = 'k1') =>
  fault('expiring', { severity: noticeStep <= 3 ? 'critical' : 'warning', noticeStep, credential });

/** One line an observation: how long after the start, what was seen, and the notices that must go out. */
type Story = readonly (readonly [after: number, seen: Diagnosis, notices: string])[];

function tell(story: Story) {
  let state: CheckState | undefined;
  return story.map(([after, diagnosis]) => {
    const next = advance(state, 'mailbox-opens', diagnosis, START + after, POLICY);
    state = next.state;
    return next.events.map(({ kind, key }) => `${kind} ${key}`).join(', ');
  });
}

const STORIES: Record<string, Story> = {
  'a permanent fault opens at once and resolves after two healthy looks': [
    [0, healthy, ''],
    [5 * MINUTE, fault('permanent'), 'opened permanent'],
    [10 * MINUTE, fault('permanent'), ''],
    [15 * MINUTE, healthy, ''],
    [20 * MINUTE, healthy, 'resolved permanent'],
    [25 * MINUTE, healthy, ''],
  ],
  'a refusal must be seen twice, a network fault three times': [
    [0, fault('refused'), ''],
    [5 * MINUTE, fault('refused'), 'opened refused'],
  ],
  'three network faults': [
    [0, fault('network'), ''],
    [5 * MINUTE, fault('network'), ''],
    [10 * MINUTE, fault('network'), 'opened network'],
  ],
  'a fault that comes and goes opens nothing': [
    [0, fault('refused'), ''],
    [5 * MINUTE, healthy, ''],
    [10 * MINUTE, fault('refused'), ''],
    [15 * MINUTE, healthy, ''],
  ],
  'unclear between two failures does not start the count again': [
    [0, fault('refused'), ''],
    [5 * MINUTE, unclear, ''],
    [10 * MINUTE, fault('refused'), 'opened refused'],
  ],
  'what cannot be seen resolves nothing': [
    [0, fault('permanent'), 'opened permanent'],
    [5 * MINUTE, unclear, ''],
    [10 * MINUTE, blocked, ''],
    [15 * MINUTE, healthy, ''],
    [20 * MINUTE, unclear, ''],
    [25 * MINUTE, healthy, ''],
    [30 * MINUTE, healthy, 'resolved permanent'],
  ],
  'a critical alert is reminded of daily, also while blind': [
    [0, fault('permanent'), 'opened permanent'],
    [23 * HOUR, fault('permanent'), ''],
    [24 * HOUR - MINUTE, fault('permanent'), 'reminded permanent'],
    [48 * HOUR, unclear, 'reminded permanent'],
    [49 * HOUR, unclear, ''],
  ],
  'another cause replaces the alert once it is seen often enough': [
    [0, fault('permanent'), 'opened permanent'],
    [5 * MINUTE, fault('refused'), ''],
    [10 * MINUTE, fault('refused'), 'replaced refused'],
    [15 * MINUTE, healthy, ''],
    [20 * MINUTE, healthy, 'resolved refused'],
  ],
  'a secret that nears its end: one notice a step, skipped steps collapse, then expired': [
    [0, expiring(60), 'opened expiring/k1'],
    [DAY, expiring(60), ''],
    [31 * DAY, expiring(30), 'stepped expiring/k1'],
    [38 * DAY, expiring(30), ''],
    [57 * DAY, expiring(3), 'stepped expiring/k1'],
    [59 * DAY, expiring(1), 'stepped expiring/k1'],
    [60 * DAY, fault('expired', { credential: 'k1' }), 'replaced expired/k1'],
    [61 * DAY, fault('expired', { credential: 'k1' }), 'reminded expired/k1'],
    [64 * DAY, fault('expired', { credential: 'k1' }), 'reminded expired/k1'],
  ],
  'a rotation ends the old alert and starts none': [
    [0, expiring(7), 'opened expiring/k1'],
    [DAY, healthy, ''],
    [2 * DAY, healthy, 'resolved expiring/k1'],
  ],
  'two credentials are two alerts': [
    [0, expiring(7, 'k1'), 'opened expiring/k1'],
    [DAY, expiring(14, 'k2'), 'replaced expiring/k2'],
  ],
  'a clock that steps back sends nothing twice': [
    [2 * DAY, fault('permanent'), 'opened permanent'],
    [DAY, fault('permanent'), ''],
    [2 * DAY + 5 * MINUTE, fault('permanent'), ''],
  ],
};

describe('alert stories', () => {
  it.each(Object.entries(STORIES))('%s', (_, story) => {
    expect(tell(story)).toEqual(story.map(([, , notices]) => notices));
  });

  it('keeps since when the verdict and cause hold, and the last proof of health', () => {
    const first = advance(undefined, 'c', healthy, START, POLICY).state;
    const second = advance(first, 'c', fault('refused'), START + 1000, POLICY).state;
    const third = advance(second, 'c', fault('refused'), START + 2000, POLICY).state;
    expect(third).toMatchObject({ since: START + 1000, lastHealthyAt: START });
  });
});
