import { randomUUID } from 'node:crypto';
import type { LastRun, LastRuns, StorageAnswer } from '../../core/monitor-evidence';
import type { Store } from '../../core/ports';
import { blind, seen, type Reading } from '../../core/reading';
import { refusedReads } from '../../core/refused-reads';
import { applicationOf, type WatchedSubject } from '../../core/subject';
import type { SubjectSummary } from '../../core/summary';
import type { WatchedTenant } from '../../core/watched-tenant';

/** What the store says of the last runs. */
export interface RememberedRuns {
  readonly lastRuns: Reading<LastRuns>;
  readonly refusedReads: Reading<readonly string[]>;
}

export interface RememberedRunsOptions {
  readonly store: Pick<Store, 'summaries' | 'load' | 'loadNote'>;
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
    const ids = new Set(integrations.map(({ id }) => id));
    const [known, planned, records] = await Promise.all([
      store.summaries(),
      readPlanned(store),
      Promise.all(
        integrations.flatMap((one) => applicationOf(one) ?? []).map((application) => store.load(application)),
      ),
    ]);
    const summaries = [...known.values()].filter(({ subject }) => ids.has(subject.integrationId));
    const applications = records.flatMap((one) => {
      const evidence = one?.record.evidence;
      return evidence !== undefined && 'delegateAccounts' in evidence ? [evidence] : [];
    });
    return {
      lastRuns: seen({
        mailboxes: lastRun(summaries, 'mailbox', dueSince.mailbox),
        applications: lastRun(summaries, 'application', dueSince.application),
        ...(planned !== undefined && { mailboxesPlannedAt: planned }),
      }),
      refusedReads: seen([...new Set(applications.flatMap(refusedReads))]),
    };
  } catch (error) {
    const unread = blind('unreachable', messageOf(error));
    return { lastRuns: unread, refusedReads: unread };
  }
}

function lastRun(summaries: readonly SubjectSummary[], kind: WatchedSubject['kind'], dueSince: number): LastRun {
  const looks = summaries.filter(({ subject }) => subject.kind === kind).map(({ checkedAt }) => checkedAt);
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
