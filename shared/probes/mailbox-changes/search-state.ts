import type { MailboxChange } from '../../core/evidence';
import type { Blind } from '../../core/reading';
import { DAY, HOUR } from '../../core/time';

/** A change with every name under which the audit log says which mailbox it is of; lower case. */
export interface FoundChange extends MailboxChange {
  readonly of: readonly string[];
}

/** All that is remembered of a tenant's searches. Plain data; times are milliseconds since 1970. */
export interface SearchState {
  /** The search under way. */
  readonly queryId?: string | undefined;
  readonly askedAt?: number;
  /** What is wrong with the last attempt. */
  readonly problem?: Blind | undefined;
  /** The last search that ended well looked at what happened from here to `searchedTo`. */
  readonly searchedFrom?: number;
  readonly searchedTo?: number;
  /** Newest first. */
  readonly changes: readonly FoundChange[];
}

export const NO_SEARCH: SearchState = { changes: [] };

/** Changes are logged minutes to hours after they happen: so long a fault is worth another search. */
const LOGGED_WITHIN = 3 * HOUR;
const BETWEEN_SEARCHES = HOUR;
/** One that has not ended by now will not. */
const GIVEN_UP_AFTER = DAY;
/** A mailbox may have been broken long before anybody watched it. */
export const SEARCHED_BACK = 30 * DAY;
/** As many as fit into the row, whatever their texts; a search of three cmdlets over a month finds few. */
const MOST_KEPT = 150;

/** What to do now, where the newest fault that a change may explain began at `faultSince`; undefined where there is none. */
export function nextStep(state: SearchState, faultSince: number | undefined, now: number): 'ask' | 'poll' | 'wait' {
  const { queryId, askedAt = -Infinity, searchedTo = -Infinity } = state;
  if (queryId !== undefined && now < askedAt + GIVEN_UP_AFTER) return 'poll';
  if (faultSince === undefined || now < askedAt + BETWEEN_SEARCHES) return 'wait';
  return searchedTo < faultSince + LOGGED_WITHIN ? 'ask' : 'wait';
}

export function asked(state: SearchState, queryId: string, now: number): SearchState {
  return { ...state, queryId, askedAt: now, problem: undefined };
}

/** Could not be asked for, or ended without a result. What was found earlier stays. */
export function failed(state: SearchState, problem: Blind, now: number): SearchState {
  return { ...state, queryId: undefined, askedAt: now, problem };
}

/** Could not be looked at: that is tried again. */
export function unseen(state: SearchState, problem: Blind): SearchState {
  return { ...state, problem };
}

export function finished(state: SearchState, changes: readonly FoundChange[]): SearchState {
  const { askedAt = 0 } = state;
  return {
    askedAt,
    searchedFrom: askedAt - SEARCHED_BACK,
    searchedTo: askedAt,
    changes: changes.toSorted((a, b) => b.at - a.at).slice(0, MOST_KEPT),
  };
}
