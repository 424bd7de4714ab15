import { MINUTE } from '../core/time';
import type { SubjectSummary } from '../core/summary';
import { summaryOf, type Row } from './rows';

/** Rows that were written at the same time can be seen one after the other. */
const OVERLAP = MINUTE / 4;

/**
 * The summaries of one partition as far as they have been read. Who knows ten thousand of them need read only those that were written since.
 */
export interface KnownSummaries {
  /** ISO 8601: rows older than this are known; undefined where none are. */
  readonly since: () => string | undefined;
  /** Takes rows that were read. Throws StorageError on a damaged one. */
  readonly add: (rows: readonly Row[]) => void;
  readonly all: () => SubjectSummary[];
}

export function knownSummaries(): KnownSummaries {
  const known = new Map<string, SubjectSummary>();
  let newest = -Infinity;
  return {
    since: () => (newest === -Infinity ? undefined : new Date(newest - OVERLAP).toISOString()),
    add(rows) {
      for (const row of rows) {
        const summary = summaryOf(row);
        if (summary === undefined) known.delete(row.rowKey);
        else known.set(row.rowKey, summary);
        newest = Math.max(newest, Date.parse(String(row['timestamp'])) || -Infinity);
      }
    },
    all: () => [...known.values()],
  };
}
