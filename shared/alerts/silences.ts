import { randomUUID } from 'node:crypto';
import type { Match, Silence } from '../core/muting';
import type { Store } from '../core/ports';

const NOTE = 'silences';
/** A silence that nobody remembers hides a fault for good. */
export const LONGEST_SILENCE_DAYS = 31;

export type NewSilence = Pick<Silence, 'match' | 'until' | 'reason' | 'author'>;
type Notes = Pick<Store, 'loadNote' | 'saveNote'>;

/** Those that have not ended, the first to end first. Throws when the storage fails. */
export async function loadSilences({ loadNote }: Pick<Notes, 'loadNote'>, now: number): Promise<Silence[]> {
  const kept = ((await loadNote(NOTE)) ?? []) as readonly Silence[];
  return kept.filter(({ until }) => now < until).toSorted((a, b) => a.until - b.until);
}

/** Throws when the storage fails. */
export async function addSilence(notes: Notes, wanted: NewSilence, now: number): Promise<Silence> {
  const silence: Silence = { id: randomUUID().slice(0, 8), ...wanted, createdAt: now };
  await notes.saveNote(NOTE, [...(await loadSilences(notes, now)), silence]);
  return silence;
}

/** Ends a silence now; false where there is none of this id. Throws when the storage fails. */
export async function endSilence(notes: Notes, id: string, now: number): Promise<boolean> {
  const kept = await loadSilences(notes, now);
  const left = kept.filter((one) => one.id !== id);
  if (left.length === kept.length) return false;
  await notes.saveNote(NOTE, left);
  return true;
}

/** What a match is about, in words. */
export function wordsOf({ integration, subject, cause }: Match): string {
  return [cause ?? 'everything', subject && `of ${subject}`, integration && `in ${integration}`]
    .filter(Boolean)
    .join(' ');
}
