import { isNonEmpty, type NonEmpty } from '../core/check';
import type { Notice, OutboxEntry, SendResult } from '../core/notice';
import { DAY, HOUR, MINUTE } from '../core/time';

/** Waits for others of the same cause: forty mailboxes behind one secret fail within the same run. */
export const GATHER_FOR = MINUTE / 2;
const FIRST_RETRY = MINUTE;
const LONGEST_RETRY = HOUR;
/** After this a notice says nothing new any more; reminders take its place. */
const GIVEN_UP_AFTER = 3 * DAY;

/** Puts a notice on its way to these channels; undefined where nobody wants it. */
export function entryOf(
  notice: Notice,
  channels: readonly { readonly id: string; readonly notBefore: number }[],
): OutboxEntry | undefined {
  if (channels.length === 0) return undefined;
  const pending = Object.fromEntries(
    channels.map(
      ({ id, notBefore }) => [id, { attempts: 0, notBefore: Math.max(notBefore, notice.at + GATHER_FOR) }] as const,
    ),
  );
  return { notice, pending };
}

export function isDue({ pending }: OutboxEntry, channel: string, now: number): boolean {
  const send = pending[channel];
  return send !== undefined && now >= send.notBefore;
}

/** One notice instead of many of the same cause: the application tells of its mailboxes, else the first of the others. Oldest first. */
export function gathered(notices: readonly Notice[]): Notice[] {
  const groups = Map.groupBy(notices, ({ integration, cause, kind }) => `${integration.id} ${cause.id} ${kind}`);
  return [...groups.values()]
    .flatMap((group) => {
      const lead = group.find(({ subject }) => subject.kind === 'app registration') ?? group[0];
      if (lead === undefined) return [];
      const others = new Set(group.filter((one) => one !== lead).map(({ subject }) => subject.name));
      return [others.size === 0 ? lead : { ...lead, alsoAffected: [...others].toSorted() }];
    })
    .toSorted((a, b) => a.at - b.at);
}

/** What is left to do after an attempt; undefined where the entry is done with. */
export function afterSend(
  { notice, pending }: OutboxEntry,
  channel: string,
  result: SendResult,
  now: number,
): OutboxEntry | undefined {
  const { [channel]: send, ...others } = pending;
  const isOver = result.sent || result.retry === 'never' || now - notice.at > GIVEN_UP_AFTER;
  if (send === undefined || isOver) return Object.keys(others).length === 0 ? undefined : { notice, pending: others };
  const wait = Math.max(Math.min(FIRST_RETRY * 2 ** send.attempts, LONGEST_RETRY), result.afterMs ?? 0);
  return { notice, pending: { ...others, [channel]: { attempts: send.attempts + 1, notBefore: now + wait } } };
}

/** Everything that goes to a channel now, gathered. */
export function noticesFor(
  entries: readonly OutboxEntry[],
  channel: string,
  now: number,
): NonEmpty<Notice> | undefined {
  const notices = gathered(entries.filter((entry) => isDue(entry, channel, now)).map(({ notice }) => notice));
  return isNonEmpty(notices) ? notices : undefined;
}
