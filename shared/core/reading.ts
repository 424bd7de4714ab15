/**
 * Why a probe could not see something. Each is a fact about the look, never about the thing looked at. `server-error`: who was asked is
 * out of order (HTTP 5xx); `malformed`: the answer is none that this service gives; `crashed`: a fault of Mailbox Watch; `not-used`: the
 * connection has no such thing, so nothing is missing.
 */
export type BlindReason =
  | 'timeout'
  | 'unreachable'
  | 'throttled'
  | 'denied'
  | 'server-error'
  | 'malformed'
  | 'crashed'
  | 'not-configured'
  | 'not-used'
  | 'not-attempted';

export interface Blind {
  readonly outcome: 'blind';
  readonly reason: BlindReason;
  /** One sentence for a person: what was tried, what happened, what would let it be seen. Holds no secret. */
  readonly detail: string;
}

export interface Seen<T> {
  readonly outcome: 'seen';
  readonly value: T;
}

/** What one probe reports: a value it saw, or why it saw none. There is no third state and no default value. */
export type Reading<T> = Seen<T> | Blind;

export function seen<T>(value: T): Seen<T> {
  return { outcome: 'seen', value };
}

export function blind(reason: BlindReason, detail: string): Blind {
  return { outcome: 'blind', reason, detail };
}

/** The value where it was seen, else undefined. */
export function valueOf<T>(reading: Reading<T>): T | undefined {
  return reading.outcome === 'seen' ? reading.value : undefined;
}
