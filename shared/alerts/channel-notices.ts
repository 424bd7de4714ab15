import { createHash } from 'node:crypto';
import type { ChannelHealth, Notice } from '../core/notice';
import { MONITOR_ID, MONITOR_NAME } from '../core/watched-tenant';

type Failure = NonNullable<ChannelHealth['failure']>;

/** What the other channels are told when one has been dead for a while. Times are milliseconds since 1970. */
export function deadChannelNotice(channel: string, failure: Failure, now: number): Notice {
  return {
    ...common(channel, failure, now),
    id: hashOf(`channel ${channel} dead ${failure.since ?? failure.at}`),
    kind: 'opened',
    why: `Notices for ${channel} do not arrive: ${failure.detail} They are kept and tried again for three days.`,
    steps: [
      { say: failure.detail, commands: [] },
      { say: `Then try the channel: mailbox-watch alerts test ${channel}.`, commands: [] },
    ],
  };
}

/** What they are told when it works again. */
export function liveChannelNotice(channel: string, failure: Failure | undefined, now: number): Notice {
  const since = failure?.since ?? failure?.at ?? now;
  return {
    ...common(channel, { at: since, detail: '' }, now),
    id: hashOf(`channel ${channel} alive ${since}`),
    kind: 'resolved',
    why: `Notices for ${channel} arrive again. What had waited was sent.`,
    resolvedAt: now,
    steps: [],
  };
}

function common(channel: string, { since, at }: Failure, now: number) {
  return {
    alertKey: `${MONITOR_ID}/channel/${channel}`,
    severity: 'critical',
    headline: `The channel ${channel} takes no notices`,
    integration: { id: MONITOR_ID, name: MONITOR_NAME },
    subject: { kind: 'channel', name: channel },
    check: { id: 'channel', title: 'Notices arrive' },
    cause: { id: 'channel-failing', title: 'A channel takes no notices' },
    confidence: 'confirmed',
    at: now,
    openedAt: since ?? at,
  } as const satisfies Partial<Notice>;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
