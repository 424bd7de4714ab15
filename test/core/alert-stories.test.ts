import { advance, type AlertPolicy } from '../../shared/core/alerting';
import type { CheckState } from '../../shared/core/check-state';
import type { Diagnosis } from '../../shared/core/diagnose';
import type { BlindReason } from '../../shared/core/reading';
import { DAY, HOUR, MINUTE } from '../../shared/core/time';

const START = Date.UTC(2026, 10, 1);

const POLICY: AlertPolicy = {
  opensAfter: (cause) => ({ permanent: 1, refused: 2, network: 3 })[cause] ?? 1,
  resolvesAfter: 2,
  remindEvery: { critical: DAY, warning: 7 * DAY },
  blindAfter: 3,
  flapping: { openings: 3, within: DAY, calm: HOUR },
};

const healthy: Diagnosis = { verdict: 'healthy' };
const unclear: Diagnosis = { verdict: 'unclear', missing: [] };
const blocked: Diagnosis = { verdict: 'blocked', by: 'access-token' };
const missing = (reason: BlindReason): Diagnosis => ({
  verdict: 'unclear',
  missing: [{ evidence: 'imapSession', reason, detail: 'x' }],
});
const unseen = missing('unreachable');
const unconfigured = missing('not-configured');
const fault = (id: string, more: object = {}): Diagnosis => ({
  verdict: 'diagnosed',
  cause: { id, severity: 'critical', confidence: 'confirmed', facts: {}, ...more },
  alsoPossible: [],
});
const expiring = (noticeStep: number, credential = 'k1') =>
  fault('expiring', { severity: noticeStep <= 3 ? 'critical' : 'warning', noticeStep, credential });

/** One line an observation: how long after the start, what was seen, and the notices that must go out. */
type Story = readonly (readonly [after: number, seen: Diagnosis, notices: string, muted?: 'muted'])[];

function tell(story: Story) {
  let state: CheckState | undefined;
  return story.map(([after, diagnosis, , muted]) => {
    const isMuted = () => muted !== undefined;
    const next = advance(state, 'mailbox-opens', diagnosis, START + after, POLICY, isMuted);
    state = next.state;
    return next.events.map(({ kind, key, flapping }) => `${kind} ${key}${flapping ? ' flapping' : ''}`).join(', ');
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
  'an expired secret that is left in place is told of every day, and never completed': [
    [0, fault('expired', { credential: 'k1' }), 'opened expired/k1'],
    [DAY, fault('expired', { credential: 'k1' }), 'reminded expired/k1'],
    [2 * DAY, fault('expired', { credential: 'k1' }), 'reminded expired/k1'],
    [30 * DAY, fault('expired', { credential: 'k1' }), 'reminded expired/k1'],
  ],
  'a rotation with overlap: the new secret is healthy while the old one still counts down': [
    [0, expiring(14), 'opened expiring/k1'],
    [DAY, healthy, ''],
    [DAY + HOUR, healthy, 'resolved expiring/k1'],
    [15 * DAY, healthy, ''],
  ],
  'runs that were missed for three days send one notice when they come again': [
    [0, expiring(7), 'opened expiring/k1'],
    [3 * DAY, expiring(3), 'stepped expiring/k1'],
    [3 * DAY + 5 * MINUTE, expiring(3), ''],
  ],
  'two credentials that alternate remind nobody at every look': [
    [0, expiring(7, 'k1'), 'opened expiring/k1'],
    [HOUR, expiring(7, 'k1'), ''],
    [2 * HOUR, expiring(3, 'k1'), 'stepped expiring/k1'],
    [3 * HOUR, expiring(3, 'k1'), ''],
  ],
  'a silence that begins before the incident and ends during it': [
    [0, fault('permanent'), '', 'muted'],
    [5 * MINUTE, fault('permanent'), '', 'muted'],
    [10 * MINUTE, fault('permanent'), 'opened permanent'],
    [15 * MINUTE, fault('permanent'), ''],
  ],
  'a silence holds back reminders, and what is overdue comes when it ends': [
    [0, fault('permanent'), 'opened permanent'],
    [DAY, fault('permanent'), '', 'muted'],
    [2 * DAY, fault('permanent'), '', 'muted'],
    [2 * DAY + HOUR, fault('permanent'), 'reminded permanent'],
  ],
  'what began and ended within a silence is not told of': [
    [0, fault('permanent'), '', 'muted'],
    [5 * MINUTE, healthy, '', 'muted'],
    [10 * MINUTE, healthy, '', 'muted'],
    [15 * MINUTE, healthy, ''],
  ],
  'what was told of is told to be over, silence or not': [
    [0, fault('permanent'), 'opened permanent'],
    [5 * MINUTE, healthy, '', 'muted'],
    [10 * MINUTE, healthy, 'resolved permanent', 'muted'],
  ],
  'another cause within a silence is told of when it ends, as what it replaced': [
    [0, fault('permanent'), 'opened permanent'],
    [5 * MINUTE, fault('expired'), '', 'muted'],
    [10 * MINUTE, fault('expired'), 'replaced expired'],
  ],
  'a step that is crossed within a silence comes when it ends': [
    [0, expiring(14), 'opened expiring/k1'],
    [7 * DAY, expiring(7), '', 'muted'],
    [8 * DAY, expiring(7), 'stepped expiring/k1'],
  ],
  'an expiry that began within a silence is told of once, at the step that it has reached': [
    [0, expiring(14), '', 'muted'],
    [7 * DAY, expiring(7), '', 'muted'],
    [8 * DAY, expiring(7), 'opened expiring/k1'],
    [8 * DAY + HOUR, expiring(7), ''],
  ],
  'what cannot be seen for three looks is an alert of its own, and ends with proof': [
    [0, unseen, ''],
    [5 * MINUTE, unseen, ''],
    [10 * MINUTE, unseen, 'opened cannot-be-seen'],
    [15 * MINUTE, unseen, ''],
    [20 * MINUTE, healthy, ''],
    [25 * MINUTE, healthy, 'resolved cannot-be-seen'],
  ],
  'blindness yields to the fault that is seen afterwards': [
    [0, unseen, ''],
    [5 * MINUTE, unseen, ''],
    [10 * MINUTE, unseen, 'opened cannot-be-seen'],
    [15 * MINUTE, fault('permanent'), 'replaced permanent'],
    [20 * MINUTE, unseen, ''],
  ],
  'what nobody asked to be seen is no alert': [
    [0, unconfigured, ''],
    [5 * MINUTE, unconfigured, ''],
    [10 * MINUTE, unconfigured, ''],
    [7 * DAY, unconfigured, ''],
  ],
  'a fault that comes and goes: the third time it is over only after an hour of calm': [
    [0, fault('permanent'), 'opened permanent'],
    [5 * MINUTE, healthy, ''],
    [10 * MINUTE, healthy, 'resolved permanent'],
    [HOUR, fault('permanent'), 'opened permanent'],
    [HOUR + 5 * MINUTE, healthy, ''],
    [HOUR + 10 * MINUTE, healthy, 'resolved permanent'],
    [2 * HOUR, fault('permanent'), 'opened permanent flapping'],
    [2 * HOUR + 5 * MINUTE, healthy, ''],
    [2 * HOUR + 10 * MINUTE, healthy, ''],
    [2 * HOUR + 15 * MINUTE, fault('permanent'), ''],
    [2 * HOUR + 20 * MINUTE, healthy, ''],
    [3 * HOUR + 15 * MINUTE, healthy, ''],
    [3 * HOUR + 20 * MINUTE, healthy, 'resolved permanent'],
    [2 * DAY, fault('permanent'), 'opened permanent'],
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
