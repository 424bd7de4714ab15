import {
  ConflictError,
  type HistoryEntry,
  type Remembered,
  type Store,
  type SubjectRecord,
} from '../../shared/core/ports';
import { subjectKey } from '../../shared/core/subject';

type Replaceable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Its methods may be replaced, to break a promise on purpose. */
export interface MemoryStore extends Replaceable<Store> {
  readonly rows: Map<string, Remembered>;
  readonly changes: HistoryEntry[];
}

/** The store's promises in memory, ETags included, for tests of what stands above it. */
export function memoryStore(): MemoryStore {
  const rows = new Map<string, Remembered>();
  const changes: HistoryEntry[] = [];
  const notes = new Map<string, unknown>();
  let version = 0;
  return {
    rows,
    changes,
    loadNote: async (key) => notes.get(key),
    saveNote: async (key, value) => {
      notes.set(key, value);
    },
    load: async (subject) => rows.get(subjectKey(subject)),
    save: async (record: SubjectRecord, history, etag) => {
      const key = subjectKey(record.subject);
      if (rows.get(key)?.etag !== etag) throw new ConflictError('somebody was faster');
      rows.set(key, { record, etag: String(++version) });
      changes.push(...history);
    },
    loadAll: async (ids) =>
      [...rows.values()].map(({ record }) => record).filter(({ subject }) => ids.includes(subject.integrationId)),
    history: async (_, limit) => changes.toReversed().slice(0, limit),
  };
}
