import { Cron } from 'croner';
import { parse as parseDuration, toSeconds } from 'iso8601-duration';
import * as z from 'zod';
import { mapping, text, wholeNumber } from './schema-parts';

const DURATION = 'expected a duration such as PT4H or P1D (ISO 8601)';
/** Milliseconds. */
const duration = z
  .string({ error: DURATION })
  .refine((written) => (millisecondsOf(written) ?? 0) > 0, { error: DURATION })
  .transform((written) => millisecondsOf(written) ?? 0);

/** A month has as many days as the first of 1970; undefined where it is no duration. */
function millisecondsOf(written: string): number | undefined {
  try {
    return toSeconds(parseDuration(written), new Date(0)) * 1000;
  } catch {
    return undefined;
  }
}

const SCHEDULE = 'expected when it begins, as five fields of cron such as 0 22 * * SAT';
const schedule = z.string({ error: SCHEDULE }).refine(
  (written) => {
    try {
      return new Cron(written, { mode: '5-part', timezone: 'UTC' }).nextRun() !== null;
    } catch {
      return false;
    }
  },
  { error: SCHEDULE },
);

const TIME_ZONE = 'expected the name of a time zone such as Europe/Berlin or UTC';
const timeZone = z.string({ error: TIME_ZONE }).refine(
  (written) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: written }).resolvedOptions().timeZone !== '';
    } catch {
      return false;
    }
  },
  { error: TIME_ZONE },
);

const reason = text('expected a reason in a few words', /\S/);
const looks = (example: number) => wholeNumber(`expected a number of looks, 1 or more, such as ${example}`, 1, 1000);

/** When a channel that gathers its notices sends them. */
export const digestSchema = mapping(
  'expected a mapping such as { schedule: 0 8 * * MON-FRI, timeZone: Europe/Berlin }',
  {
    schedule,
    timeZone: timeZone.optional(),
  },
);

/** When people are told, and when not. */
export const alertingSchema = mapping('expected a mapping such as { resolvesAfter: 2 }', {
  opensAfter: z
    .record(z.string(), looks(3), { error: 'expected looks by cause such as { imap-throttled: 6 }' })
    .optional(),
  resolvesAfter: looks(2).optional(),
  blindAfter: looks(6).optional(),
  remindEvery: mapping('expected a mapping such as { critical: P1D, warning: P7D }', {
    critical: duration.optional(),
    warning: duration.optional(),
    info: duration.optional(),
  }).optional(),
  flapping: mapping('expected a mapping such as { openings: 3, within: P1D, calm: PT1H }', {
    openings: looks(3).optional(),
    within: duration.optional(),
    calm: duration.optional(),
  }).optional(),
  maintenance: z
    .array(
      mapping('expected a mapping with schedule, duration and reason', {
        schedule,
        duration,
        timeZone: timeZone.optional(),
        integrations: z.array(text('expected the id of an integration', /\S/)).optional(),
        reason,
      }),
      { error: 'expected a list of maintenance windows, each with schedule, duration and reason' },
    )
    .optional(),
  ignore: z
    .array(
      mapping('expected a mapping with cause, integration or mailbox, and a reason', {
        cause: text('expected the id of a cause such as client-secret-rotation-unfinished', /\S/).optional(),
        integration: text('expected the id of an integration', /\S/).optional(),
        mailbox: text('expected the address of a mailbox', /\S/).optional(),
        reason,
      }).refine(({ cause, integration, mailbox }) => (cause ?? integration ?? mailbox) !== undefined, {
        error: 'expected at least one of cause, integration and mailbox',
      }),
      { error: 'expected a list of what is not told of, each with a reason' },
    )
    .optional(),
});
