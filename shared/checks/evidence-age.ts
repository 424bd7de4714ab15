import type { Confidence } from '../core/check';
import type { Context } from '../core/subject';
import { HOUR } from '../core/time';

/** What was read longer ago may have been repaired since: it still points at the cause, but confirms nothing. */
const FRESH_FOR = 2 * HOUR;

/** How far a reading can be trusted now, and how old it is in words. */
export function ageOf(
  { readAt }: { readonly readAt: number },
  { now }: Context,
): { confidence: Confidence; age: string } {
  const hours = Math.floor((now - readAt) / HOUR);
  const age = hours < 1 ? 'less than an hour ago' : hours === 1 ? 'an hour ago' : `${hours} hours ago`;
  return { confidence: now - readAt <= FRESH_FOR ? 'confirmed' : 'inferred', age };
}
