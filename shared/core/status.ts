/** Worst first. */
export const STATUSES = ['critical', 'warning', 'unclear', 'info', 'healthy'] as const;
/** What a subject, or all of them, came to. */
export type Status = (typeof STATUSES)[number];
