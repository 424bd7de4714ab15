import type { Notice, OutboxEntry, SendResult } from '../core/notice';
import { DAY, HOUR, MINUTE } from '../core/time';
import { symptomsOf } from './root-cause';

/** Waits for others of the same cause: forty mailboxes behind one secret fail within the same run. */
export const GATHER_FOR = MINUTE / 2;
/** As notices call it. */
const APPLICATION = 'app registration';
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

/**
 * What goes to a channel now: what is due, and what will be within the time of gathering and is of the same cause. Two looks of one run
 * end some hundred milliseconds apart, and are one notice all the same.
 */
export function dueTo<T extends { readonly entry: OutboxEntry }>(
  kept: readonly T[],
  channel: string,
  now: number,
): T[] {
  const isDue = ({ entry: { pending } }: T, early = 0) => {
    const send = pending[channel];
    return send !== undefined && now >= send.notBefore - (send.attempts === 0 ? early : 0);
  };
  const soon = kept.filter((one) => isDue(one, GATHER_FOR));
  const groupOf = grouping(soon.map(({ entry }) => entry.notice));
  const due = new Set(soon.filter((one) => isDue(one)).map(({ entry }) => groupOf(entry.notice)));
  return soon.filter(({ entry }) => due.has(groupOf(entry.notice)));
}

/** Names the fault that a notice is about: what a mailbox fails of because of its application is the application's. */
function grouping(notices: readonly Notice[]): (notice: Notice) => string {
  const roots = notices.filter(({ subject }) => subject.kind === APPLICATION);
  return (notice) => {
    const { integration, cause, kind } = roots.find((root) => isSymptomOf(root, notice)) ?? notice;
    return `${integration.id} ${cause.id} ${kind}`;
  };
}

/** One notice instead of many of the same cause: the application tells of its mailboxes, else the first of the others. Oldest first. */
export function gathered(notices: readonly Notice[]): Notice[] {
  const groups = Map.groupBy(notices, grouping(notices));
  return [...groups.values()]
    .flatMap((group) => {
      const lead = group.find(({ subject }) => subject.kind === APPLICATION) ?? group[0];
      if (lead === undefined) return [];
      const others = new Set(group.filter((one) => one !== lead).map(({ subject }) => subject.name));
      return [others.size === 0 ? lead : { ...lead, alsoAffected: [...others].toSorted() }];
    })
    .toSorted((a, b) => a.at - b.at);
}

function isSymptomOf(root: Notice, { integration, kind, cause, subject }: Notice): boolean {
  const isOfMailbox = subject.kind !== APPLICATION && root.integration.id === integration.id && root.kind === kind;
  return isOfMailbox && symptomsOf(root.cause.id).has(cause.id);
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
