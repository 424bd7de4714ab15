import { randomUUID } from 'node:crypto';
import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import { slices } from '../core/batches';
import type { OutboxEntry } from '../core/notice';
import { ConflictError, type HistoryEntry, type KeptNotice, type Store, type SubjectRecord } from '../core/ports';
import { subjectKey } from '../core/subject';
import type { SubjectSummary } from '../core/summary';
import {
  entryOf,
  historyKeys,
  historyRows,
  noteKeys,
  noteOf,
  noteRow,
  OUTBOX_KEYS,
  outboxEntryOf,
  outboxRow,
  recordOf,
  SUBJECT_KEYS,
  subjectRow,
  subjectRowKey,
  SUMMARIES,
  summaryRow,
  type KeyRange,
  type Row,
} from './rows';
import { knownSummaries } from './known-summaries';
import { codeOf, explain, StorageError } from './storage-error';

export { tableClientFor } from './table-client';

/** Integrations read side by side. */
const PARTITIONS_AT_ONCE = 8;
/** Operations of a transaction, Azure's most; a few KB each. */
const MOST_AT_ONCE = 100;
/** Rows a page, Azure's most. */
const PAGE = 1000;
/** What Azure answers when the row is not what the writer thinks: it exists, it changed, it is gone. */
const CONFLICTS: readonly unknown[] = ['EntityAlreadyExists', 'UpdateConditionNotSatisfied', 'ResourceNotFound'];

export interface TableStoreOptions {
  /** Milliseconds after which an operation, its retries included, is given up. */
  readonly deadlineMs?: number;
}

/**
 * The store in one table, which is created on first use. The partition is the integration; a subject's row and the history rows
 * that come with it are written in one transaction. History is kept for good: a change is some 300 bytes.
 */
export function createTableStore(client: TableClient, { deadlineMs = 30_000 }: TableStoreOptions = {}): Store {
  const { origin, pathname } = new URL(client.url);
  const table = `table ${client.tableName} at ${origin}${pathname}`;
  let created: Promise<void> | undefined;

  /** Every failure that leaves here says what was done, where, and what to do. */
  async function attempt<T>(doing: string, work: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    const abortSignal = AbortSignal.timeout(deadlineMs);
    try {
      created ??= client.createTable({ abortSignal });
      await created;
      return await work(abortSignal);
    } catch (error) {
      if (error instanceof StorageError || error instanceof ConflictError) throw error;
      // Failed or deleted meanwhile: the next attempt creates it.
      created = undefined;
      throw explain(doing, table, error);
    }
  }

  async function* rows(
    partition: string,
    { from, to }: KeyRange,
    abortSignal: AbortSignal,
    page = PAGE,
  ): AsyncGenerator<Row> {
    const filter = odata`PartitionKey eq ${partition} and RowKey ge ${from} and RowKey lt ${to}`;
    const pages = client.listEntities<Row>({ queryOptions: { filter }, abortSignal }).byPage({ maxPageSize: page });
    for await (const entities of pages) yield* entities;
  }

  const known = knownSummaries();
  /** Whoever asks meanwhile gets the same answer. */
  let reading: Promise<ReadonlyMap<string, SubjectSummary>> | undefined;

  async function readSummaries(abortSignal: AbortSignal): Promise<ReadonlyMap<string, SubjectSummary>> {
    const since = known.since();
    const filter = odata`PartitionKey eq ${SUMMARIES}`;
    const queryOptions = { filter: since === undefined ? filter : `${filter} and Timestamp ge datetime'${since}'` };
    const pages = client.listEntities<Row>({ queryOptions, abortSignal }).byPage({ maxPageSize: PAGE });
    for await (const entities of pages) known.add(entities);
    return known.all;
  }

  async function loadPartition(partition: string, abortSignal: AbortSignal): Promise<SubjectRecord[]> {
    const records: SubjectRecord[] = [];
    for await (const row of rows(partition, SUBJECT_KEYS, abortSignal)) records.push(recordOf(row));
    return records;
  }

  async function loadNotices(partition: string, abortSignal: AbortSignal): Promise<KeptNotice[]> {
    const kept: KeptNotice[] = [];
    for await (const row of rows(partition, OUTBOX_KEYS, abortSignal)) {
      kept.push({ entry: outboxEntryOf(row), etag: String(row['etag']) });
    }
    return kept;
  }

  return {
    load: (subject) =>
      attempt(`reading ${subjectKey(subject)}`, async (abortSignal) => {
        const row = await orMissing(
          client.getEntity<Row>(subject.integrationId, subjectRowKey(subject), { abortSignal }),
        );
        return row === undefined ? undefined : { record: recordOf(row), etag: row.etag };
      }),

    save: (record, history, etag, notices = []) =>
      attempt(`writing ${subjectKey(record.subject)}`, async (abortSignal) => {
        const writing = client.submitTransaction(actionsOf(record, history, etag, notices), { abortSignal });
        await orConflict(writing, subjectKey(record.subject));
      }),

    loadAll: (integrationIds) =>
      attempt('reading all that is remembered', async (abortSignal) => {
        const partitions: SubjectRecord[][] = [];
        for (const some of slices(integrationIds, PARTITIONS_AT_ONCE)) {
          partitions.push(...(await Promise.all(some.map((id) => loadPartition(id, abortSignal)))));
        }
        return partitions.flat();
      }),

    summaries() {
      reading ??= attempt('reading what is remembered at a look', readSummaries).finally(() => {
        reading = undefined;
      });
      return reading;
    },

    saveSummaries: (summaries) =>
      attempt('writing what is remembered at a look', async (abortSignal) => {
        for (const some of slices(summaries.map(summaryRow), MOST_AT_ONCE)) {
          const actions = some.map((row): TransactionAction => ['upsert', row, 'Replace']);
          await client.submitTransaction(actions, { abortSignal });
        }
      }),

    loadOutbox: (integrationIds) =>
      attempt('reading the notices that are on their way', async (abortSignal) => {
        const partitions: KeptNotice[][] = [];
        for (const some of slices(integrationIds, PARTITIONS_AT_ONCE)) {
          partitions.push(...(await Promise.all(some.map((id) => loadNotices(id, abortSignal)))));
        }
        return partitions.flat();
      }),

    replaceNotice: (entry, next, etag) =>
      attempt(`noting that ${entry.notice.id} was sent`, async (abortSignal) => {
        const { partitionKey, rowKey } = outboxRow(entry);
        const name = `the notice ${entry.notice.id}`;
        if (next !== undefined) {
          const update = client.updateEntity(outboxRow(next), 'Replace', { etag, abortSignal });
          return (await orConflict(update, name)).etag;
        }
        await orConflict(client.deleteEntity(partitionKey, rowKey, { etag, abortSignal }), name);
        return undefined;
      }),

    loadNote: (key) =>
      attempt(`reading the note ${key}`, async (abortSignal) => {
        const { partition, row } = noteKeys(key);
        const found = await orMissing(client.getEntity<Row>(partition, row, { abortSignal }));
        return found === undefined ? undefined : noteOf(found);
      }),

    saveNote: (key, value) =>
      attempt(`writing the note ${key}`, async (abortSignal) => {
        await client.upsertEntity(noteRow(key, value), 'Replace', { abortSignal });
      }),

    history: (subject, limit) =>
      attempt(`reading the history of ${subjectKey(subject)}`, async (abortSignal) => {
        const entries: HistoryEntry[] = [];
        for await (const row of rows(subject.integrationId, historyKeys(subject), abortSignal, Math.min(limit, PAGE))) {
          entries.push(entryOf(row));
          if (entries.length >= limit) break;
        }
        return entries;
      }),
  };
}

function actionsOf(
  record: SubjectRecord,
  history: readonly HistoryEntry[],
  etag: string | undefined,
  notices: readonly OutboxEntry[],
): TransactionAction[] {
  const row = subjectRow(record);
  return [
    etag === undefined ? ['create', row] : ['update', row, 'Replace', { etag }],
    ...historyRows(record.subject, history, randomUUID()).map((entry): TransactionAction => ['create', entry]),
    ...notices.map((notice): TransactionAction => ['upsert', outboxRow(notice), 'Replace']),
  ];
}

async function orMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    // A missing table has another code, and is no missing row.
    if (codeOf(error) === 'ResourceNotFound') return undefined;
    throw error;
  }
}

async function orConflict<T>(writing: Promise<T>, name: string): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    if (!CONFLICTS.includes(codeOf(error))) throw error;
    throw new ConflictError(`Somebody else has written ${name} meanwhile: read it again.`);
  }
}
