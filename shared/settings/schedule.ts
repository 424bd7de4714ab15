import { Cron } from 'croner';

/** Makes croner read NCRONTAB, which wants day and weekday both to fit, and takes `5/15` for "from 5, every 15". */
export const NCRONTAB = { mode: '6-part', timezone: 'UTC', domAndDow: true, sloppyRanges: true } as const;

/** One item of a list in a field, as NCRONTAB reads it; croner knows more (`L`, `W`, `#`, `?`, weekday 7), which Azure refuses. */
const VALUE = String.raw`(?:\d+|[A-Za-z]{3})`;
const ITEM = String.raw`(?:\*|${VALUE}(?:-${VALUE})?)(?:/\d+)?`;
const FIELD = new RegExp(`^${ITEM}(?:,${ITEM})*$`);
const EXAMPLE = 'such as 0 */5 * * * * for every five minutes';

/**
 * What keeps a text from being a schedule of an Azure timer (NCRONTAB with six fields, read in UTC); undefined when nothing does.
 * Refuses a few odd forms that Azure takes, such as names of days in full. Never throws.
 */
export function scheduleProblem(schedule: string): string | undefined {
  if (schedule.trim() === '') return `is not set; expected a schedule with six fields, ${EXAMPLE}`;
  if (/^[\d.:]+$/.test(schedule.trim())) {
    return `"${schedule}" is a time span, which Azure takes on App Service plans only; expected six fields, ${EXAMPLE}`;
  }
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 6) {
    return `"${schedule}" has ${fields.length} fields; expected six: second minute hour day month weekday, ${EXAMPLE}`;
  }
  const strange = fields.find((field) => !FIELD.test(field));
  if (strange !== undefined) {
    return `"${schedule}" has the field "${strange}"; expected numbers, three-letter names, and * - , / only, ${EXAMPLE}`;
  }
  // Of the weekdays croner takes 7 for Sunday.
  if (/(?<![\d/])0*7(?!\d)/.test(fields[5] ?? ''))
    return `"${schedule}" has the weekday 7; expected 0 to 6, and 0 for Sunday`;
  try {
    return cronOf(schedule).nextRun() === null
      ? `"${schedule}" names no day that exists; expected one, ${EXAMPLE}`
      : undefined;
  } catch (error) {
    return `"${schedule}" is no schedule (${error instanceof Error ? error.message : typeof error}); expected six fields, ${EXAMPLE}`;
  }
}

/**
 * The moment (milliseconds since 1970) of the second latest tick at or before `now`: what was not checked since has missed two.
 * Throws on a schedule of which scheduleProblem has something to say.
 */
export function staleBefore(schedule: string, now: number): number {
  // A millisecond later, for croner does not count the moment itself.
  const tick = cronOf(schedule).previousRuns(2, new Date(now + 1))[1];
  if (tick === undefined) throw new Error(`the schedule "${schedule}" has no two ticks in the past`);
  return tick.getTime();
}

/** By their texts, which are few: to read one takes a tenth of a MB. Throws on a schedule that is none. */
const crons = new Map<string, Cron>();

function cronOf(schedule: string): Cron {
  const known = crons.get(schedule) ?? new Cron(schedule, NCRONTAB);
  crons.set(schedule, known);
  return known;
}
