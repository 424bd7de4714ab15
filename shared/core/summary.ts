import type { OpenAlert } from './alerting';
import type { Confidence } from './check';
import type { Credential } from './credential-rows';
import type { Days } from './days';
import type { Severity } from './severity';
import type { Status } from './status';
import type { Subject } from './subject';

/**
 * What lists, counts and alerts need of a subject: it is kept beside the record, and small, so that ten thousand of them are read at once.
 * Plain data.
 */
export interface SubjectSummary {
  readonly subject: Subject;
  /** Milliseconds since 1970. */
  readonly checkedAt: number;
  /** The worst of its checks, whatever its age. */
  readonly status: Status;
  /** The check that decides the status, and what it came to; absent where all wait for another. */
  readonly decisive?: {
    readonly check: string;
    readonly cause?: { readonly id: string; readonly severity: Severity; readonly confidence: Confidence };
    /** Why it is unclear. */
    readonly reason?: string;
  };
  readonly days?: Days;
  /** What was refused, a sentence each: a grant would show it. */
  readonly unseen: readonly string[];
  /** Of an application; the first to end stand first. */
  readonly credentials?: readonly Credential[];
  readonly alerts: readonly (OpenAlert & { readonly check: string })[];
}
