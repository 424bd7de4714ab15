import type { ChannelHealth, Channel, Notice, OutboxEntry, SendResult } from '../core/notice';
import { ConflictError, type KeptNotice, type Log, type Store } from '../core/ports';
import { MINUTE } from '../core/time';
import { deadChannelNotice, liveChannelNotice } from './channel-notices';
import { afterSend, isDue, noticesFor } from './outbox';

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
    const due = kept.filter(({ entry }) => isDue(entry, channel.id, now()));
    const notices = noticesFor(
      due.map(({ entry }) => entry),
      channel.id,
      now(),
    );
    if (notices === undefined) continue;
    const result = await channel.send(notices);
    await noteHealth(channel, result, { store, channels, now, log });
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

/** So long a channel may fail before the others are told of it, in milliseconds. */
const DEAD_AFTER = 15 * MINUTE;

/** Notes what a channel came to; the others are told when it has been dead for a while, and when it is back. */
async function noteHealth(
  channel: Channel,
  result: SendResult,
  { store, channels, now }: Pick<DeliveryPorts, 'store' | 'channels' | 'now' | 'log'>,
): Promise<void> {
  const before = ((await store.loadNote(healthNote(channel.id))) ?? {}) as ChannelHealth;
  const after = healthAfter(before, result, now());
  const { failure } = after;
  const others = channels.filter((one) => one !== channel);
  const wasTold = before.failure?.told === true;
  const isDead = failure !== undefined && now() - (failure.since ?? failure.at) >= DEAD_AFTER;
  const isTold = isDead && !wasTold ? await tellOthers(others, deadChannelNotice(channel.id, failure, now())) : wasTold;
  if (wasTold && failure === undefined) await tellOthers(others, liveChannelNotice(channel.id, before.failure, now()));
  const noted = failure === undefined || !isTold ? after : { ...after, failure: { ...failure, told: true } };
  await store.saveNote(healthNote(channel.id), noted);
}

/** Whether one of them took it. What fails here is tried again at the next run. */
async function tellOthers(channels: readonly Channel[], notice: Notice): Promise<boolean> {
  const results = await Promise.all(channels.map((one) => one.send([notice])));
  return results.some(({ sent }) => sent);
}

function healthAfter({ lastSentAt, failure }: ChannelHealth, result: SendResult, now: number): ChannelHealth {
  if (result.sent) return { lastSentAt: now };
  const since = failure?.since ?? failure?.at ?? now;
  return { ...(lastSentAt !== undefined && { lastSentAt }), failure: { at: now, since, detail: result.detail } };
}
