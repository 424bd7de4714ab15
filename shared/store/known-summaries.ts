import { subjectKey } from '../core/subject';
import type { SubjectSummary } from '../core/summary';
import { summaryOf, type Row } from './rows';

/** Rows that were written at the same time may be seen one after the other. Milliseconds. */
const OVERLAP = 3000;

/** The summaries as far as they have been read. Who knows ten thousand of them need read only those that were written since. */
export interface KnownSummaries {
  /** ISO 8601: rows that are older are known; undefined where none are. */
  readonly since: () => string | undefined;
  /** Takes rows that were read. Throws StorageError on a damaged one. */
  readonly add: (rows: readonly Row[]) => void;
  /** By subjectKey. */
  readonly all: ReadonlyMap<string, SubjectSummary>;
}

export function knownSummaries(): KnownSummaries {
  const known = new Map<string, SubjectSummary>();
  let newest = -Infinity;
  return {
    since: () => (newest === -Infinity ? undefined : new Date(newest - OVERLAP).toISOString()),
    add(rows) {
      for (const row of rows) {
        const summary = summaryOf(row);
        // Two instances may have looked at the same time, and the slower one written last.
        const key = subjectKey(summary.subject);
        if (summary.checkedAt >= (known.get(key)?.checkedAt ?? -Infinity)) known.set(key, summary);
        newest = Math.max(newest, Date.parse(String(row['timestamp'])) || -Infinity);
      }
    },
    all: known,
  };
}
