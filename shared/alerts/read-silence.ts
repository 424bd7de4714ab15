import * as z from 'zod';
import { DAY } from '../core/time';
import { LONGEST_SILENCE_DAYS, type NewSilence } from './silences';

const short = z.string().trim().min(1).max(200);
/** As it is asked for; `until` lies within the 31 days ahead. */
export const silenceRequestSchema = z
  .strictObject({
    integration: short.optional(),
    mailbox: short.toLowerCase().optional(),
    cause: short.optional(),
    until: z.iso.datetime({ offset: true }),
    reason: short,
    author: short,
  })
  .refine(({ integration, mailbox, cause }) => (integration ?? mailbox ?? cause) !== undefined);

const EXPECTED =
  'Expected JSON with until (such as 2026-11-25T18:00:00Z), reason, author, and at least one of integration, mailbox and cause';

/** The silence that a text of JSON asks for, or the sentence that says what is wrong with it. `now`: milliseconds since 1970. */
export function readSilence(text: string, now: number): NewSilence | string {
  const parsed = silenceRequestSchema.safeParse(jsonOf(text));
  if (!parsed.success) return EXPECTED;
  const { integration, mailbox, cause, until: written, reason, author } = parsed.data;
  const until = Date.parse(written);
  if (until <= now) return `until is over: ${written}`;
  if (until > now + LONGEST_SILENCE_DAYS * DAY)
    return `until is more than ${LONGEST_SILENCE_DAYS} days away: ${written}`;
  const match = {
    ...(integration !== undefined && { integration }),
    ...(mailbox !== undefined && { subject: mailbox }),
    ...(cause !== undefined && { cause }),
  };
  return { match, until, reason, author };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
