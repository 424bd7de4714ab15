import type { OutboxEntry } from '../core/notice';
import type { HistoryEntry, SubjectRecord } from '../core/ports';
import { subjectName, type Subject } from '../core/subject';
import type { SubjectSummary } from '../core/summary';
import { StorageError } from './storage-error';

/** A row of the table as its client reads and writes it. */
export interface Row extends Record<string, unknown> {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** Rises when what is written can no longer be read by what went before. */
const SCHEMA_VERSION = 1;
/** Code points a column. Azure takes 32 K UTF-16 units; a code point is two at most, and so no pair is ever cut in two. */
const COLUMN = /.{1,16000}/gsu;
/** UTF-16 units of a document: two bytes each, well within the MiB of an entity. */
const MAX_DOCUMENT = 400_000;
const SUBJECTS = 'subject|';
const HISTORY = 'history|';
const OUTBOX = 'outbox|';
/** No integration is named so: ids begin with a letter or a digit. */
const NOTES = '-notes';
export const SUMMARIES = '-summaries';
/** An Azure transaction holds 100 operations, and one of them writes the subject. */
const MAX_ENTRIES = 99;
const LAST_TICK = 9_999_999_999_999;

/** Row keys from `from` up to, not including, `to`. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

/** Every notice of a partition that is still on its way, oldest first. */
export const OUTBOX_KEYS = startingWith(OUTBOX);

/** Every subject of a partition, without the history. */
export const SUBJECT_KEYS = startingWith(SUBJECTS);

export function historyKeys(subject: Subject): KeyRange {
  return startingWith(`${HISTORY}${nameOf(subject)}|`);
}

export function subjectRowKey(subject: Subject): string {
  return SUBJECTS + nameOf(subject);
}

export function subjectRow(record: SubjectRecord): Row {
  return rowOf(record.subject, subjectRowKey(record.subject), record);
}

/** All summaries stand in one partition: ten thousand are read by one query. */
export function summaryRow(summary: SubjectSummary): Row {
  const { subject } = summary;
  return rowOf({ integrationId: SUMMARIES }, `${encodeKey(subject.integrationId)}|${nameOf(subject)}`, summary);
}

/** Throws StorageError on a row that is damaged, or was written by a newer version. */
export function summaryOf(row: Row): SubjectSummary {
  const summary = documentOf(row);
  if (!isObject(summary) || !isSubject(summary['subject']) || !Number.isFinite(summary['checkedAt'])) {
    throw damaged(row, 'it holds no summary');
  }
  return summary as unknown as SubjectSummary;
}

/**
 * Newest first by key: the time counts backwards, and so does the place among the entries of one save.
 * `salt` keeps apart what two saves write in the same millisecond.
 */
export function historyRows(subject: Subject, entries: readonly HistoryEntry[], salt: string): Row[] {
  if (entries.length > MAX_ENTRIES)
    throw new StorageError(`Storage: ${entries.length} changes at once; at most ${MAX_ENTRIES} fit`);
  return entries.map((entry, index) => {
    const time = String(LAST_TICK - entry.at).padStart(13, '0');
    const place = String(MAX_ENTRIES - index).padStart(2, '0');
    return rowOf(subject, `${HISTORY}${nameOf(subject)}|${time}|${place}|${salt}`, entry);
  });
}

/** Throws StorageError on a row that is damaged, or was written by a newer version. */
export function recordOf(row: Row): SubjectRecord {
  const record = documentOf(row);
  if (!isSubjectRecord(record)) throw damaged(row, 'it holds no record');
  if (subjectRowKey(record.subject) !== row.rowKey || record.subject.integrationId !== row.partitionKey) {
    throw damaged(row, 'it holds the record of another subject');
  }
  return record;
}

/** The row of a notice, in the partition of its integration. */
export function outboxRow(entry: OutboxEntry): Row {
  const { integration, at, id } = entry.notice;
  return rowOf({ integrationId: integration.id }, `${OUTBOX}${String(at).padStart(13, '0')}|${id}`, entry);
}

/** Throws StorageError on a row that is damaged, or was written by a newer version. */
export function outboxEntryOf(row: Row): OutboxEntry {
  const entry = documentOf(row);
  if (!isObject(entry) || !isObject(entry['notice']) || !isObject(entry['pending'])) {
    throw damaged(row, 'it holds no notice');
  }
  return entry as unknown as OutboxEntry;
}

/** Throws StorageError on a row that is damaged, or was written by a newer version. */
export function entryOf(row: Row): HistoryEntry {
  const entry = documentOf(row);
  if (!isHistoryEntry(entry)) throw damaged(row, 'it holds no history entry');
  return entry;
}

/** Partition and row of a note. */
export function noteKeys(key: string): { readonly partition: string; readonly row: string } {
  return { partition: NOTES, row: `note|${encodeKey(key)}` };
}

export function noteRow(key: string, value: unknown): Row {
  const { partition, row } = noteKeys(key);
  return rowOf({ integrationId: partition }, row, value);
}

/** Throws StorageError on a row that is damaged, or was written by a newer version. */
export function noteOf(row: Row): unknown {
  return documentOf(row);
}

function startingWith(prefix: string): KeyRange {
  // '}' is the next character after '|'.
  return { from: prefix, to: `${prefix.slice(0, -1)}}` };
}

function nameOf(subject: Subject): string {
  return `${subject.kind}|${encodeKey(subjectName(subject))}`;
}

/** Keys hold no `/ \ # ?` and no control characters: whatever is not plain becomes `=` and two hexadecimal digits a byte. */
function encodeKey(name: string): string {
  return Array.from(Buffer.from(name), (byte) => {
    const character = String.fromCharCode(byte);
    return /[\w.@+-]/.test(character) ? character : `=${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}

function rowOf({ integrationId }: Pick<Subject, 'integrationId'>, rowKey: string, document: unknown): Row {
  const text = JSON.stringify(document);
  if (text.length > MAX_DOCUMENT) {
    throw new StorageError(
      `Storage: ${text.length} characters are to be remembered in the row ${rowKey} of ${integrationId}, and ${MAX_DOCUMENT} fit. This is a fault of Mailbox Watch: please report it.`,
    );
  }
  const columns = (text.match(COLUMN) ?? []).map((column, index) => [`document${index}`, column] as const);
  return { ...Object.fromEntries(columns), partitionKey: integrationId, rowKey, schemaVersion: SCHEMA_VERSION };
}

function documentOf(row: Row): unknown {
  const version = row['schemaVersion'];
  if (typeof version === 'number' && version > SCHEMA_VERSION) {
    throw new StorageError(
      `Storage: ${placeOf(row)} was written by a newer Mailbox Watch (schema ${version}, this one reads ${SCHEMA_VERSION}). Deploy the newer version again.`,
    );
  }
  if (version !== SCHEMA_VERSION) throw damaged(row, 'it has no schema version');
  try {
    const document: unknown = JSON.parse(columnsOf(row));
    return document;
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged(row, 'its document is no JSON');
    throw error;
  }
}

function columnsOf(row: Row): string {
  let text = '';
  for (let index = 0; ; index++) {
    const column = row[`document${index}`];
    if (typeof column !== 'string') return text;
    text += column;
  }
}

function damaged(row: Row, what: string): StorageError {
  return new StorageError(
    `Storage: ${placeOf(row)} is damaged: ${what}. Delete this row; what it remembers is found out again, without its past.`,
  );
}

function placeOf({ partitionKey, rowKey }: Row): string {
  return `the row with PartitionKey ${partitionKey} and RowKey ${rowKey}`;
}

function isSubjectRecord(value: unknown): value is SubjectRecord {
  if (!isObject(value)) return false;
  const { subject, checkedAt, tookMs, checks, evidence } = value;
  const measured = Number.isFinite(checkedAt) && Number.isFinite(tookMs);
  return isSubject(subject) && measured && Array.isArray(checks) && isObject(evidence);
}

function isSubject(value: unknown): value is Subject {
  if (!isObject(value) || typeof value['integrationId'] !== 'string') return false;
  const names: Readonly<Record<string, unknown>> = {
    mailbox: value['mailbox'],
    application: value['clientId'],
    monitor: value['tenant'],
  };
  return typeof names[String(value['kind'])] === 'string';
}

function isHistoryEntry(value: unknown): value is HistoryEntry {
  return (
    isObject(value) &&
    Number.isFinite(value['at']) &&
    typeof value['check'] === 'string' &&
    Array.isArray(value['events'])
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
