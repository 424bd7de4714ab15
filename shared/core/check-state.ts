import type { AlertState } from './alerting';
import type { Diagnosis } from './diagnose';

/** What is remembered of one check. Times are milliseconds since 1970. */
export interface CheckState {
  readonly check: string;
  readonly diagnosis: Diagnosis;
  /** Since when verdict and cause are what they are. */
  readonly since: number;
  readonly lastHealthyAt?: number;
  readonly alert: AlertState;
}
