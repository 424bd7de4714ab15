import { userInfo } from 'node:os';
import { parse as parseDuration, toSeconds } from 'iso8601-duration';
import type { AlertsReport } from '../../../shared/alerts/alerts-report';
import { readSilence } from '../../../shared/alerts/read-silence';
import { wordsOf } from '../../../shared/alerts/silences';
import { monitor } from '../../../shared/monitor';
import { CommandError, EXIT_CODES, USAGE, type Outcome } from '../outcome';
import { askRemote } from '../remote';
import { alertsOf, urlOf, type SourceOptions } from './status';

export interface SilenceOptions extends SourceOptions {
  readonly integration?: string;
  readonly mailbox?: string;
  readonly cause?: string;
  /** How long, such as `2h`, `30m`, `3d` or `PT4H`. */
  readonly for?: string;
  /** Until when, as ISO 8601. */
  readonly until?: string;
  readonly reason: string;
  readonly author?: string;
}

/** Holds notices back until a moment. Throws CommandError. */
export async function addSilence(options: SilenceOptions): Promise<Outcome> {
  const { integration, mailbox, cause, reason, author = userInfo().username } = options;
  const wanted = JSON.stringify({ integration, mailbox, cause, until: untilOf(options), reason, author });
  const silence = readSilence(wanted, Date.now());
  if (typeof silence === 'string') throw new CommandError(`${silence}.`, USAGE);
  const url = urlOf(options);
  const made = (
    url === undefined
      ? await (await monitor()).silence(silence)
      : await askRemote({ url, key: process.env['MAILBOX_WATCH_KEY'] }, 'silences', { method: 'POST', body: wanted })
  ) as { readonly id: string };
  const until = new Date(silence.until).toISOString();
  return {
    text: `${wordsOf(silence.match)} is silenced until ${until}. End it before: mailbox-watch silence end ${made.id}`,
    code: EXIT_CODES.ok,
  };
}

/** The silences that have not ended. Throws CommandError. */
export async function listSilences(source: SourceOptions): Promise<Outcome> {
  const { silences }: AlertsReport = await alertsOf(source);
  const lines = silences.map(
    ({ id, match, until, reason, author }) => `${id}  ${wordsOf(match)}  until ${until}  ${reason} (${author})`,
  );
  return { text: lines.length === 0 ? 'Nothing is silenced.' : lines.join('\n'), code: EXIT_CODES.ok };
}

/** Ends a silence before its time. Throws CommandError. */
export async function endSilence(id: string, source: SourceOptions): Promise<Outcome> {
  const url = urlOf(source);
  if (url !== undefined) {
    await askRemote({ url, key: process.env['MAILBOX_WATCH_KEY'] }, `silences/${encodeURIComponent(id)}`, {
      method: 'DELETE',
    });
  } else if (!(await (await monitor()).endSilence(id))) {
    throw new CommandError(`There is no silence "${id}".`, USAGE);
  }
  return { text: `The silence ${id} is ended. What is open is told of at the next check.`, code: EXIT_CODES.ok };
}

const SHORT = /^(\d+)([mhd])$/;
const SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

function untilOf({ for: lasting, until }: SilenceOptions): string {
  if ((lasting === undefined) === (until === undefined)) {
    throw new CommandError('A silence has an end: give --for, such as 2h, or --until.', USAGE);
  }
  if (lasting === undefined) return until ?? '';
  return new Date(Date.now() + secondsOf(lasting) * 1000).toISOString();
}

function secondsOf(lasting: string): number {
  const [, count, unit = ''] = SHORT.exec(lasting) ?? [];
  if (count !== undefined) return Number(count) * (SECONDS[unit] ?? 0);
  try {
    return toSeconds(parseDuration(lasting));
  } catch {
    throw new CommandError(`"${lasting}" is no duration: give 30m, 2h, 3d, or ISO 8601 such as PT4H.`, USAGE);
  }
}
