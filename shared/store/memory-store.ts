import {
  ConflictError,
  type HistoryEntry,
  type KeptNotice,
  type Remembered,
  type Store,
  type SubjectRecord,
} from '../core/ports';
import { subjectKey } from '../core/subject';
import type { SubjectSummary } from '../core/summary';

type Replaceable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Its methods may be replaced, to break a promise on purpose. */
export interface MemoryStore extends Replaceable<Store> {
  readonly rows: Map<string, Remembered>;
  /** Oldest first. */
  readonly changes: HistoryEntry[];
  readonly outbox: Map<string, KeptNotice>;
}

/** The store's promises in memory, ETags included: for a look that nothing is kept of, and for tests of what stands above it. */
export function memoryStore(): MemoryStore {
  const rows = new Map<string, Remembered>();
  const changes: HistoryEntry[] = [];
  const histories = new Map<string, HistoryEntry[]>();
  const notes = new Map<string, unknown>();
  const outbox = new Map<string, KeptNotice>();
  const summaries = new Map<string, SubjectSummary>();
  let version = 0;
  return {
    rows,
    changes,
    loadNote: async (key) => notes.get(key),
    saveNote: async (key, value) => {
      notes.set(key, value);
    },
    load: async (subject) => rows.get(subjectKey(subject)),
    outbox,
    loadOutbox: async (ids) => [...outbox.values()].filter(({ entry }) => ids.includes(entry.notice.integration.id)),
    replaceNotice: async ({ notice: { id } }, next, etag) => {
      if (outbox.get(id)?.etag !== etag) throw new ConflictError('somebody was faster');
      if (next === undefined) return void outbox.delete(id);
      outbox.set(id, { entry: next, etag: String(++version) });
      return String(version);
    },
    save: async (record: SubjectRecord, history, etag, notices = []) => {
      const key = subjectKey(record.subject);
      if (rows.get(key)?.etag !== etag) throw new ConflictError('somebody was faster');
      rows.set(key, { record, etag: String(++version) });
      changes.push(...history);
      histories.set(key, [...(histories.get(key) ?? []), ...history]);
      for (const entry of notices) outbox.set(entry.notice.id, { entry, etag: String(++version) });
    },
    summaries: async () => summaries,
    saveSummaries: async (some) => {
      for (const summary of some) summaries.set(subjectKey(summary.subject), summary);
    },
    loadAll: async (ids) =>
      [...rows.values()].map(({ record }) => record).filter(({ subject }) => ids.includes(subject.integrationId)),
    history: async (subject, limit) => (histories.get(subjectKey(subject)) ?? []).toReversed().slice(0, limit),
  };
}
