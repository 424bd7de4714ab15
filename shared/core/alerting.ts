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
}

export interface AlertState {
  /** Consecutive observations of `failingKey`. */
  readonly failures: number;
  readonly failingKey?: string;
  /** Consecutive healthy observations while an alert is open. */
  readonly recoveries: number;
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
}

export interface AlertPolicy {
  /** Consecutive observations of a cause before its alert opens. */
  readonly opensAfter: (cause: string) => number;
  /** Consecutive healthy observations that resolve an alert. */
  readonly resolvesAfter: number;
  /** Milliseconds between reminders; a severity without one gets none. */
  readonly remindEvery: Readonly<Partial<Record<Severity, number>>>;
}

export const DEFAULT_REMINDERS: AlertPolicy['remindEvery'] = { critical: DAY, warning: 7 * DAY };
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
): { state: CheckState; events: readonly AlertEvent[] } {
  const { alert, events } = advanceAlert(before?.alert ?? NO_ALERT, diagnosis, now, policy);
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

function advanceAlert(before: AlertState, diagnosis: Diagnosis, now: number, policy: AlertPolicy): Step {
  if (diagnosis.verdict === 'healthy') return recover(before, now, policy);
  if (diagnosis.verdict === 'diagnosed') return fail(before, diagnosis.cause, now, policy);
  // Blocked and unclear prove nothing: they neither open nor resolve, and do not break a row of failures.
  return remind({ ...before, recoveries: 0 }, now, policy);
}

function recover(before: AlertState, now: number, policy: AlertPolicy): Step {
  if (before.open === undefined) return { alert: NO_ALERT, events: [] };
  const recoveries = before.recoveries + 1;
  if (recoveries < policy.resolvesAfter) return remind({ failures: 0, recoveries, open: before.open }, now, policy);
  return { alert: NO_ALERT, events: [eventOf('resolved', before.open)] };
}

function fail(before: AlertState, cause: DiagnosedCause, now: number, policy: AlertPolicy): Step {
  const key = keyOf(cause);
  const failures = before.failingKey === key ? before.failures + 1 : 1;
  const counted: AlertState = { ...before, failures, failingKey: key, recoveries: 0 };
  if (before.open?.key === key) return update(counted, before.open, cause, now, policy);
  if (failures < policy.opensAfter(cause.id)) return remind(counted, now, policy);
  const open: OpenAlert = {
    key,
    cause: cause.id,
    severity: cause.severity,
    openedAt: before.open?.openedAt ?? now,
    lastNoticeAt: now,
    ...(cause.noticeStep !== undefined && { noticeStep: cause.noticeStep }),
  };
  return { alert: { ...counted, open }, events: [eventOf(before.open === undefined ? 'opened' : 'replaced', open)] };
}

function update(alert: AlertState, open: OpenAlert, cause: DiagnosedCause, now: number, policy: AlertPolicy): Step {
  const severity = cause.severity;
  const lower = cause.noticeStep !== undefined && cause.noticeStep < (open.noticeStep ?? Infinity);
  if (!lower) return remind({ ...alert, open: { ...open, severity } }, now, policy);
  const stepped: OpenAlert = { ...open, severity, noticeStep: cause.noticeStep, lastNoticeAt: now };
  return { alert: { ...alert, open: stepped }, events: [eventOf('stepped', stepped)] };
}

function remind(alert: AlertState, now: number, policy: AlertPolicy): Step {
  const { open } = alert;
  // On an expiry ladder the steps are the notices.
  if (open === undefined || open.noticeStep !== undefined) return { alert, events: [] };
  const every = policy.remindEvery[open.severity];
  if (every === undefined || now - open.lastNoticeAt < every - REMINDER_TOLERANCE) return { alert, events: [] };
  const reminded: OpenAlert = { ...open, lastNoticeAt: now };
  return { alert: { ...alert, open: reminded }, events: [eventOf('reminded', reminded)] };
}

function eventOf(kind: AlertEventKind, open: OpenAlert): AlertEvent {
  return { kind, key: open.key, cause: open.cause, severity: open.severity, openedAt: open.openedAt };
}
