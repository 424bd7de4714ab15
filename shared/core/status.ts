import type { Diagnosis } from './diagnose';

/** Worst first. */
export const STATUSES = ['critical', 'warning', 'unclear', 'info', 'healthy'] as const;
/** What a subject, or all of them, came to. */
export type Status = (typeof STATUSES)[number];

/** The worst of them; of nothing it is `unclear`, for nothing proves nothing. */
export function worst(statuses: readonly Status[]): Status {
  return STATUSES.find((status) => statuses.includes(status)) ?? 'unclear';
}

/** A blocked check says nothing by itself: the check that blocks it carries the status. */
export function statusOf(diagnosis: Diagnosis): Status {
  switch (diagnosis.verdict) {
    case 'healthy':
      return 'healthy';
    case 'diagnosed':
      return diagnosis.cause.severity;
    case 'blocked':
    case 'unclear':
      return 'unclear';
  }
}
