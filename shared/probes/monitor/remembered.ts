import { randomUUID } from 'node:crypto';
import type { LastRun, LastRuns, StorageAnswer } from '../../core/monitor-evidence';
import type { Store, SubjectRecord } from '../../core/ports';
import { blind, seen, type Reading } from '../../core/reading';
import { refusedReads } from '../../core/refused-reads';
import type { WatchedSubject } from '../../core/subject';
import type { WatchedTenant } from '../../core/watched-tenant';

/** What the store says of the last runs. */
export interface RememberedRuns {
  readonly lastRuns: Reading<LastRuns>;
  readonly refusedReads: Reading<readonly string[]>;
}

export interface RememberedRunsOptions {
  readonly store: Pick<Store, 'loadAll' | 'loadNote'>;
  /** The second latest tick of each schedule, milliseconds since 1970. */
  readonly dueSince: Readonly<Record<WatchedSubject['kind'], number>>;
}

const PLANNED_NOTE = 'mailboxes planned';

/** Notes that mailboxes were put on the queue. Throws when the storage fails. */
export async function notePlanned(store: Pick<Store, 'saveNote'>, now: number): Promise<void> {
  await store.saveNote(PLANNED_NOTE, now);
}

/** When mailboxes were last put on the queue, milliseconds since 1970; undefined before the first run. Throws when the storage fails. */
export async function readPlanned(store: Pick<Store, 'loadNote'>): Promise<number | undefined> {
  const planned = await store.loadNote(PLANNED_NOTE);
  return typeof planned === 'number' ? planned : undefined;
}

/** Looks up when the tenant's checks last ran, and what they were refused. Never rejects. */
export async function readRememberedRuns(
  { integrations }: Pick<WatchedTenant, 'integrations'>,
  { store, dueSince }: RememberedRunsOptions,
): Promise<RememberedRuns> {
  try {
    const [records, planned] = await Promise.all([store.loadAll(integrations.map(({ id }) => id)), readPlanned(store)]);
    const applications = records.flatMap(({ evidence }) => ('delegateAccounts' in evidence ? [evidence] : []));
    return {
      lastRuns: seen({
        mailboxes: lastRun(records, 'mailbox', dueSince.mailbox),
        applications: lastRun(records, 'application', dueSince.application),
        ...(planned !== undefined && { mailboxesPlannedAt: planned }),
      }),
      refusedReads: seen([...new Set(applications.flatMap(refusedReads))]),
    };
  } catch (error) {
    const unread = blind('unreachable', messageOf(error));
    return { lastRuns: unread, refusedReads: unread };
  }
}

function lastRun(records: readonly SubjectRecord[], kind: WatchedSubject['kind'], dueSince: number): LastRun {
  const looks = records.filter(({ subject }) => subject.kind === kind).map(({ checkedAt }) => checkedAt);
  return { dueSince, ...(looks.length > 0 && { at: Math.max(...looks) }) };
}

/** Writes a note and reads it back. Never rejects. `now`: milliseconds since 1970. */
export async function tryStorage(
  { saveNote, loadNote }: Pick<Store, 'saveNote' | 'loadNote'>,
  now: () => number,
): Promise<Reading<StorageAnswer>> {
  const startedAt = now();
  const mark = randomUUID();
  try {
    await saveNote('storage tried', mark);
    const read = await loadNote('storage tried');
    if (read === mark) return seen({ works: true, ms: now() - startedAt });
    // Another instance may have written in between; one write is not lost twice.
    return typeof read === 'string'
      ? blind('not-attempted', 'Another instance of Mailbox Watch tried the storage at the same time.')
      : seen({ works: false, detail: 'A note that was written to the storage could not be read back.' });
  } catch (error) {
    return seen({ works: false, detail: messageOf(error) });
  }
}

/** The store's own errors are whole sentences without secrets; of another only the name is told. */
function messageOf(error: unknown): string {
  if (error instanceof Error && error.name === 'StorageError') return error.message;
  return `The storage failed with ${error instanceof Error ? error.name : typeof error}.`;
}
