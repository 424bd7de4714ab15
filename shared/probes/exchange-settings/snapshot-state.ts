import type { Blind } from '../../core/reading';
import { DAY, HOUR } from '../../core/time';
import type { FullAccessNames } from './permission-rows';

/** What a snapshot holds of one mailbox; what it does not hold, or not readably, is absent. */
export interface SnapshotRow {
  readonly settings?: { readonly imapEnabled: boolean; readonly popEnabled: boolean };
  readonly permissions?: FullAccessNames;
}

/** All that is remembered of a tenant's snapshots. Plain data; times are milliseconds since 1970. */
export interface SnapshotState {
  /** No further snapshot is asked for before this moment. */
  readonly nextAt: number;
  /** The job under way. */
  readonly jobId?: string | undefined;
  readonly requestedAt?: number;
  /** Graph's own word for the last job, such as `partiallySuccessful`. */
  readonly status?: string;
  /** What is wrong with the last attempt, or with a part of it. */
  readonly problem?: Blind | undefined;
  /** When the snapshot that the rows are from was begun. */
  readonly readAt?: number;
  /** By address, lower case: the watched mailboxes that the last snapshot held. */
  readonly rows: Readonly<Record<string, SnapshotRow>>;
}

/** A snapshot job, as Graph describes it. */
export interface SnapshotJob {
  readonly id: string;
  readonly status: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Id of the finished snapshot. */
  readonly snapshotId?: string;
  /** Graph's own sentences. */
  readonly errors: readonly string[];
}

/** What is kept of a finished snapshot. */
export interface Snapshot {
  readonly rows: SnapshotState['rows'];
  /** Everything it held, of the whole tenant: Graph counts it. */
  readonly resources: number;
}

export const NO_SNAPSHOT: SnapshotState = { nextAt: 0, rows: {} };

/** After a refusal, which costs nothing. */
const ASK_AGAIN_AFTER = HOUR;
/** Resources that Graph lets a tenant put into snapshots: https://learn.microsoft.com/graph/api/resources/unified-tenant-configuration-management-api-overview */
const MONTHLY_RESOURCES = 20_000;
const MONTH = 31 * DAY;

/** What to do now. A job that does not end is given up for the next one. */
export function nextMove({ nextAt, jobId }: SnapshotState, now: number): 'ask' | 'poll' | 'wait' {
  if (now >= nextAt) return 'ask';
  return jobId === undefined ? 'wait' : 'poll';
}

/** A job is under way. */
export function started(state: SnapshotState, job: SnapshotJob, everyMs: number): SnapshotState {
  const { id: jobId, status, createdAt: requestedAt } = job;
  return { ...state, jobId, status, requestedAt, nextAt: requestedAt + everyMs, problem: undefined };
}

/** No snapshot could be asked for. What is known of an earlier one stays. */
export function refused(state: SnapshotState, problem: Blind, now: number): SnapshotState {
  return { ...state, problem, nextAt: now + ASK_AGAIN_AFTER };
}

/** The job, or its snapshot, could not be looked at: that is tried again. */
export function unseen(state: SnapshotState, problem: Blind): SnapshotState {
  return { ...state, problem };
}

/** The job goes on. */
export function underWay(state: SnapshotState, { status }: SnapshotJob): SnapshotState {
  return { ...state, status, problem: undefined };
}

/** The job ended without a snapshot. */
export function failed(state: SnapshotState, { status }: SnapshotJob, problem: Blind): SnapshotState {
  return { ...state, jobId: undefined, status, problem };
}

/** The snapshot was read. Of a large tenant the next one is put off, so that a month's quota lasts for the month. */
export function finished(
  state: SnapshotState,
  { status, createdAt }: SnapshotJob,
  { rows, resources }: Snapshot,
  problem: Blind | undefined,
): SnapshotState {
  const affordableAt = createdAt + (resources / MONTHLY_RESOURCES) * MONTH;
  return {
    ...state,
    nextAt: Math.max(state.nextAt, affordableAt),
    jobId: undefined,
    status,
    problem,
    readAt: createdAt,
    rows,
  };
}
