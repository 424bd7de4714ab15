import type { Status } from './status';
import { DAY } from './time';

/** The worst status of each day, for a bar that shows months at a look. */
export interface Days {
  /** The last day in `worst`: whole days since 1970, UTC. */
  readonly last: number;
  /** One letter a day, the oldest first, at most 90; `-` for a day without a look. */
  readonly worst: string;
}

const DAYS_KEPT = 90;
/** Worst first. */
const LETTERS = 'cwuih';
const STATUSES: Readonly<Record<Status, string>> = {
  critical: 'c',
  warning: 'w',
  unclear: 'u',
  info: 'i',
  healthy: 'h',
};

/** Adds a look to what is remembered. A clock that stepped back adds to the last day. Pure; never throws. */
export function addToDays(before: Days | undefined, status: Status, now: number): Days {
  const letter = STATUSES[status];
  const today = Math.floor(now / DAY);
  if (before === undefined) return { last: today, worst: letter };
  const missed = today - before.last - 1;
  if (missed >= 0) {
    const gap = '-'.repeat(Math.min(missed, DAYS_KEPT));
    return { last: today, worst: (before.worst + gap + letter).slice(-DAYS_KEPT) };
  }
  const sofar = before.worst.slice(-1);
  const worse = LETTERS.indexOf(letter) < LETTERS.indexOf(sofar) ? letter : sofar;
  return { last: before.last, worst: before.worst.slice(0, -1) + worse };
}

/** The letters of the last 90 days up to `now`, the oldest first; days before the first look and after the last are `-`. */
export function lastDays(days: Days | undefined, now: number): string {
  if (days === undefined) return '-'.repeat(DAYS_KEPT);
  const since = Math.max(0, Math.floor(now / DAY) - days.last);
  return (days.worst + '-'.repeat(Math.min(since, DAYS_KEPT))).slice(-DAYS_KEPT).padStart(DAYS_KEPT, '-');
}
