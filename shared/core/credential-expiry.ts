import type { Severity } from './severity';
import type { ConfiguredSecret, PasswordCredential } from './evidence';
import { DAY } from './time';

/** Which registered secret the configured one is, and how the others stand to it. */
export interface SecretStanding {
  /** The secret that decides: the one in use where that is known, else of those it may be the one that lasts longest. */
  readonly deciding: PasswordCredential;
  /** The other registered secrets that may be the one in use; empty when it is known. */
  readonly orElse: readonly PasswordCredential[];
  /** A registered secret that ends later than the deciding one. */
  readonly newer?: PasswordCredential;
}

export type SecretMatch = SecretStanding | 'none-registered' | 'not-among-registered';

/**
 * Finds the configured secret among the registered ones. `hint` is the first three characters, as Graph publishes them;
 * secrets made before Graph had hints carry none and may be any secret, so with one of those present nothing is excluded.
 */
export function standingOf(
  registered: readonly PasswordCredential[],
  configured: ConfiguredSecret | undefined,
): SecretMatch {
  const latestFirst = registered.toSorted((a, b) => b.endsAt - a.endsAt);
  const [latest] = latestFirst;
  if (latest === undefined) return 'none-registered';
  const [deciding, ...orElse] = candidates(latestFirst, configured);
  if (deciding === undefined) return 'not-among-registered';
  return { deciding, orElse, ...(latest.endsAt > deciding.endsAt && { newer: latest }) };
}

function candidates(registered: readonly PasswordCredential[], configured: ConfiguredSecret | undefined) {
  if (configured === undefined) return registered;
  const sameHint = registered.filter((secret) => secret.hint === configured.hint);
  return sameHint.length > 0 ? sameHint : registered.filter((secret) => secret.hint === undefined);
}

/** Days until the moment, not rounded; 0 or less once it is reached. */
export function daysUntil(endsAt: number, now: number): number {
  return (endsAt - now) / DAY;
}

/** A secret is expired from the very millisecond of its end. */
export function hasEnded(endsAt: number, now: number): boolean {
  return now >= endsAt;
}

/** The lowest step of the ladder that the days left have reached; undefined above the ladder. */
export function noticeStep(daysLeft: number, ladder: readonly number[]): number | undefined {
  const reached = ladder.filter((step) => daysLeft <= step);
  return reached.length === 0 ? undefined : Math.min(...reached);
}

/** Above 30 days it is only to be known, down to 3 days it is to be planned, below that it is to be done today. */
export function severityOf(daysLeft: number): Severity {
  if (daysLeft > 30) return 'info';
  return daysLeft > 3 ? 'warning' : 'critical';
}

/** "6 days", "1 day", "5 hours", "less than an hour"; rounded down, so that nobody plans with time they do not have. */
export function timeLeft(endsAt: number, now: number): string {
  const days = Math.floor(daysUntil(endsAt, now));
  if (days >= 1) return days === 1 ? '1 day' : `${days} days`;
  const hours = Math.floor(daysUntil(endsAt, now) * 24);
  if (hours >= 1) return hours === 1 ? '1 hour' : `${hours} hours`;
  return 'less than an hour';
}

/** "3 days ago", "today". */
export function timeSince(endedAt: number, now: number): string {
  const days = Math.floor(daysUntil(now, endedAt));
  if (days < 1) return 'today';
  return days === 1 ? '1 day ago' : `${days} days ago`;
}
