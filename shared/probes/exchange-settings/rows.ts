import * as z from 'zod';
import { seen, type Reading } from '../../core/reading';
import type { AdminSession } from './admin-session';
import type { Answer } from './answer';
import { explainAnswer, malformed, reading, type Question } from './failure';

const List = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().nullish(),
});

/** What a cmdlet put out. Exchange's typing beside the properties (`*@odata.type`, `*@data.type`) is left out with all unknown ones. */
export interface Rows<T> {
  readonly rows: readonly T[];
  /** False where Exchange has more of them. */
  readonly complete: boolean;
}

/** Reads the rows of an answer, every one of which has to have this shape. */
export function rowsOf<T>(
  answer: Answer,
  row: z.ZodType<T>,
  question: Question,
  session: AdminSession,
): Reading<Rows<T>> {
  const list = List.safeParse(answer.body);
  if (answer.status !== 200 || !list.success) return explainAnswer(answer, question, session);
  const { value, '@odata.nextLink': next } = list.data;
  const rows = z.array(row).safeParse(value);
  if (rows.success) return seen({ rows: rows.data, complete: next === undefined || next === null });
  const wrong = [...new Set(rows.error.issues.map(({ path }) => path.slice(1).join('.') || 'a whole row'))];
  return malformed(
    `${reading(question, session.endpoint)} was answered in a way that Mailbox Watch does not understand (see ${wrong.slice(0, 5).join(', ')}).`,
  );
}
