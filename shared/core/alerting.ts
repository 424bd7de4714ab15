import { BLIND_CAUSE, isBlindness } from './blindness';
import type { Severity } from './severity';
import type { CheckState } from './check-state';
import type { DiagnosedCause, Diagnosis } from './diagnose';
import { DAY, HOUR } from './time';

/** An alert that is open. Times are milliseconds since 1970. */
export interface OpenAlert {
  /** Cause and credential: severity and days left change without making it another alert. */
  readonly key: string;
  readonly cause: string;
  readonly severity: Severity;
  readonly openedAt: number;
  readonly lastNoticeAt: number;
  readonly noticeStep?: number;
  /** The notice that was held back while the alert was muted; it is due at the first look after that. */
  readonly untold?: 'opened' | 'replaced';
}

export interface AlertState {
  /** Consecutive observations of `failingKey`. */
  readonly failures: number;
  readonly failingKey?: string;
  /** Consecutive healthy observations while an alert is open. */
  readonly recoveries: number;
  /** The first of them, milliseconds since 1970; of no meaning while there are none. */
  readonly recoveringSince?: number;
  /** Consecutive observations that saw nothing while no alert was open. */
  readonly blindLooks?: number;
  /** When alerts were opened lately, milliseconds since 1970, oldest first. */
  readonly openings?: readonly number[];
  readonly open?: OpenAlert;
}

/** `stepped`: an expiry crossed a lower notice step. `replaced`: the cause changed while the alert was open. */
export type AlertEventKind = 'opened' | 'reminded' | 'stepped' | 'replaced' | 'resolved';

export interface AlertEvent {
  readonly kind: AlertEventKind;
  readonly key: string;
  readonly cause: string;
  readonly severity: Severity;
  readonly openedAt: number;
  /** It comes and goes: from now on it is over only after a time of calm. */
  readonly flapping?: true;
}

export interface AlertPolicy {
  /** Consecutive observations of a cause before its alert opens. */
  readonly opensAfter: (cause: string) => number;
  /** Consecutive healthy observations that resolve an alert. */
  readonly resolvesAfter: number;
  /** Milliseconds between reminders; a severity without one gets none. */
  readonly remindEvery: Readonly<Partial<Record<Severity, number>>>;
  /** Consecutive observations that see nothing, for a reason that can be repaired, before that is an alert of its own. */
  readonly blindAfter: number;
  /** So many openings within so many milliseconds are flapping: then an alert is over when it was healthy for `calm` milliseconds. */
  readonly flapping: { readonly openings: number; readonly within: number; readonly calm: number };
}

/** Whether notices of a cause are held back now: by a silence, a maintenance window, an ignore list. */
export type IsMuted = (cause: string) => boolean;
const NEVER_MUTED: IsMuted = () => false;

export const DEFAULT_POLICY: Omit<AlertPolicy, 'opensAfter'> = {
  resolvesAfter: 2,
  remindEvery: { critical: DAY, warning: 7 * DAY },
  blindAfter: 6,
  flapping: { openings: 3, within: DAY, calm: HOUR },
};
/** A tick may come a little early: a reminder due within this time is sent now, not a whole interval late. */
const REMINDER_TOLERANCE = HOUR / 2;

export const NO_ALERT: AlertState = { failures: 0, recoveries: 0 };

/** Joins a new diagnosis to what is remembered of the check. Pure; the whole of alerting. */
export function advance(
  before: CheckState | undefined,
  check: string,
  diagnosis: Diagnosis,
  now: number,
  policy: AlertPolicy,
  isMuted: IsMuted = NEVER_MUTED,
): { state: CheckState; events: readonly AlertEvent[] } {
  const { alert, events } = advanceAlert(before?.alert ?? NO_ALERT, diagnosis, { now, policy, isMuted });
  const unchanged = before !== undefined && stateName(before.diagnosis) === stateName(diagnosis);
  const lastHealthyAt = diagnosis.verdict === 'healthy' ? now : before?.lastHealthyAt;
  return {
    state: {
      check,
      diagnosis,
      since: unchanged ? before.since : now,
      ...(lastHealthyAt !== undefined && { lastHealthyAt }),
      alert,
    },
    events,
  };
}

/** Verdict and cause as one text; `since` counts from its last change. */
export function stateName(diagnosis: Diagnosis): string {
  return diagnosis.verdict === 'diagnosed' ? keyOf(diagnosis.cause) : diagnosis.verdict;
}

function keyOf(cause: DiagnosedCause): string {
  return cause.credential === undefined ? cause.id : `${cause.id}/${cause.credential}`;
}

type Step = { alert: AlertState; events: readonly AlertEvent[] };

interface Moment {
  readonly now: number;
  readonly policy: AlertPolicy;
  readonly isMuted: IsMuted;
}

function advanceAlert(before: AlertState, diagnosis: Diagnosis, moment: Moment): Step {
  if (diagnosis.verdict === 'healthy') return recover(before, moment);
  if (diagnosis.verdict === 'diagnosed') return fail(before, diagnosis.cause, moment);
  // Blocked and unclear prove nothing: they neither open nor resolve, and do not break a row of failures.
  const unproven = { ...before, recoveries: 0 };
  return isBlindness(diagnosis) ? goBlind(unproven, moment) : remind(unproven, moment);
}

function recover(before: AlertState, moment: Moment): Step {
  const { now, policy } = moment;
  const openings = recent(before, moment);
  const calm = { ...NO_ALERT, ...(openings.length > 0 && { openings }) };
  if (before.open === undefined) return { alert: calm, events: [] };
  const recoveries = before.recoveries + 1;
  const recoveringSince = before.recoveries === 0 ? now : (before.recoveringSince ?? now);
  const wait = openings.length >= policy.flapping.openings ? policy.flapping.calm : 0;
  if (recoveries < policy.resolvesAfter || now - recoveringSince < wait) {
    return remind({ ...calm, recoveries, recoveringSince, open: before.open }, moment);
  }
  // Whoever was never told that it began need not hear that it is over.
  return { alert: calm, events: before.open.untold === 'opened' ? [] : [eventOf('resolved', before.open)] };
}

function fail(before: AlertState, cause: DiagnosedCause, moment: Moment): Step {
  const key = keyOf(cause);
  const failures = before.failingKey === key ? before.failures + 1 : 1;
  const counted: AlertState = { ...before, failures, failingKey: key, recoveries: 0, blindLooks: 0 };
  if (before.open?.key === key) return update(counted, before.open, cause, moment);
  return failures < moment.policy.opensAfter(cause.id) ? remind(counted, moment) : open(counted, cause, moment);
}

/** Nothing is seen for a reason that somebody can repair. While an alert is open that is told of, not this. */
function goBlind(before: AlertState, moment: Moment): Step {
  if (before.open !== undefined) return remind(before, moment);
  const blindLooks = (before.blindLooks ?? 0) + 1;
  const counted = { ...before, blindLooks };
  return blindLooks < moment.policy.blindAfter ? { alert: counted, events: [] } : open(counted, BLIND_CAUSE, moment);
}

function open(before: AlertState, cause: DiagnosedCause, moment: Moment): Step {
  const { now, policy, isMuted } = moment;
  const isNew = before.open === undefined;
  const kind = isNew || before.open.untold === 'opened' ? 'opened' : 'replaced';
  const opened: OpenAlert = {
    key: keyOf(cause),
    cause: cause.id,
    severity: cause.severity,
    openedAt: before.open?.openedAt ?? now,
    lastNoticeAt: now,
    ...(cause.noticeStep !== undefined && { noticeStep: cause.noticeStep }),
    ...(isMuted(cause.id) && { untold: kind }),
  };
  const openings = isNew ? [...recent(before, moment), now] : recent(before, moment);
  const isFlapping = isNew && openings.length >= policy.flapping.openings;
  const event = { ...eventOf(kind, opened), ...(isFlapping && { flapping: true as const }) };
  const alert = { ...before, openings, open: opened };
  return { alert, events: opened.untold === undefined ? [event] : [] };
}

function recent({ openings = [] }: AlertState, { now, policy }: Moment): readonly number[] {
  return openings.filter((at) => now - at < policy.flapping.within);
}

function update(alert: AlertState, before: OpenAlert, cause: DiagnosedCause, moment: Moment): Step {
  const { severity, noticeStep } = cause;
  const current = {
    ...before,
    severity,
    // What is told later is told as it is then.
    ...(before.untold !== undefined && noticeStep !== undefined && { noticeStep }),
  };
  const isLower = noticeStep !== undefined && noticeStep < (before.noticeStep ?? Infinity);
  // What is held back by a silence is due when it ends; so is a step that was crossed meanwhile.
  if (!isLower || before.untold !== undefined || moment.isMuted(before.cause)) {
    return remind({ ...alert, open: current }, moment);
  }
  const stepped: OpenAlert = { ...current, noticeStep, lastNoticeAt: moment.now };
  return { alert: { ...alert, open: stepped }, events: [eventOf('stepped', stepped)] };
}

function remind(alert: AlertState, { now, policy, isMuted }: Moment): Step {
  const { open: before } = alert;
  if (before === undefined || isMuted(before.cause)) return { alert, events: [] };
  const { untold, ...told } = before;
  const reminded: OpenAlert = { ...told, lastNoticeAt: now };
  if (untold !== undefined) return { alert: { ...alert, open: reminded }, events: [eventOf(untold, reminded)] };
  // On an expiry ladder the steps are the notices.
  if (before.noticeStep !== undefined) return { alert, events: [] };
  const every = policy.remindEvery[before.severity];
  if (every === undefined || now - before.lastNoticeAt < every - REMINDER_TOLERANCE) return { alert, events: [] };
  return { alert: { ...alert, open: reminded }, events: [eventOf('reminded', reminded)] };
}

function eventOf(kind: AlertEventKind, { key, cause, severity, openedAt }: OpenAlert): AlertEvent {
  return { kind, key, cause, severity, openedAt };
}
