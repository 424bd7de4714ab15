import { isNonEmpty } from '../core/check';
import type { ChannelHealth, Channel, OutboxEntry, SendResult } from '../core/notice';
import { ConflictError, type KeptNotice, type Log, type Store } from '../core/ports';
import { afterSend, dueTo, gathered } from './outbox';

export interface DeliveryPorts {
  readonly store: Pick<Store, 'loadOutbox' | 'replaceNotice' | 'loadNote' | 'saveNote'>;
  readonly channels: readonly Channel[];
  /** Whose notices are looked for. */
  readonly integrationIds: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

/** The note that holds what a channel last came to. */
export function healthNote(channel: string): string {
  return `channel ${channel}`;
}

/**
 * Sends what is due, a channel after the other, and notes each success at once. Ended anywhere in between, nothing is lost: what was
 * sent and not noted is sent again under the same id. Throws when the storage fails.
 */
export async function deliver({ store, channels, integrationIds, now, log }: DeliveryPorts): Promise<void> {
  if (channels.length === 0) return;
  let kept = await store.loadOutbox(integrationIds);
  for (const channel of channels) {
    const due = dueTo(kept, channel.id, now());
    const notices = gathered(due.map(({ entry }) => entry.notice));
    if (!isNonEmpty(notices)) continue;
    const result = await channel.send(notices);
    const note = healthNote(channel.id);
    await store.saveNote(note, healthAfter(await store.loadNote(note), result, now()));
    if (result.sent) log('info', 'notices sent', { channel: channel.id, notices: notices.length });
    else log('error', `The channel ${channel.id} did not take ${notices.length} notices: ${result.detail}`);
    const left = await Promise.all(due.map((one) => noteAttempt(one, channel.id, result, store, now())));
    kept = [...kept.filter((one) => !due.includes(one)), ...left.flat()];
  }
  await forgetUnwanted(kept, channels, store, now());
}

async function noteAttempt(
  { entry, etag }: KeptNotice,
  channel: string,
  result: SendResult,
  store: DeliveryPorts['store'],
  now: number,
): Promise<KeptNotice[]> {
  const left = afterSend(entry, channel, result, now);
  try {
    const next = await store.replaceNotice(entry, left, etag);
    return left === undefined || next === undefined ? [] : [{ entry: left, etag: next }];
  } catch (error) {
    // Somebody else sends too, and has noted it: the receivers tell the two by the id.
    if (error instanceof ConflictError) return [];
    throw error;
  }
}

/** Notices for channels that are no longer configured would stay for ever. */
async function forgetUnwanted(
  kept: readonly KeptNotice[],
  channels: readonly Channel[],
  store: DeliveryPorts['store'],
  now: number,
): Promise<void> {
  const isWanted = ({ pending }: OutboxEntry) =>
    Object.keys(pending).some((id) => channels.some((one) => one.id === id));
  for (const one of kept.filter(({ entry }) => !isWanted(entry))) {
    const [channel = ''] = Object.keys(one.entry.pending);
    await noteAttempt(one, channel, { sent: false, retry: 'never', detail: 'no longer configured' }, store, now);
  }
}

function healthAfter(before: unknown, result: SendResult, now: number): ChannelHealth {
  if (result.sent) return { lastSentAt: now };
  const { lastSentAt, failure } = (before ?? {}) as ChannelHealth;
  const since = failure?.since ?? failure?.at ?? now;
  return { ...(lastSentAt !== undefined && { lastSentAt }), failure: { at: now, since, detail: result.detail } };
}
