import { createHash } from 'node:crypto';
import type { Channel, Notice } from '../core/notice';
import { inOrder, post } from './post';
import { cut, plainText, textOf } from './text';

export interface PagerDutyOptions {
  readonly id: string;
  /** The integration key of an Events API v2 integration. May reject. */
  readonly routingKey: () => Promise<string>;
  /** Origin; default: `https://events.pagerduty.com`. */
  readonly origin?: string;
}

/** PagerDuty's Events API v2; an alert that is over resolves its incident. */
export function createPagerDutyChannel({
  id,
  routingKey,
  origin = 'https://events.pagerduty.com',
}: PagerDutyOptions): Channel {
  return {
    id,
    send: async (notices) => {
      const key = await routingKey();
      return inOrder(notices, (notice) =>
        post({
          url: `${origin}/v2/enqueue`,
          to: 'PagerDuty',
          secrets: [key],
          gone: 'Correct the address in the configuration.',
          body: eventOf(notice, key),
        }),
      );
    },
  };
}

function eventOf(notice: Notice, routing_key: string) {
  // At most 255 characters; names of alerts may have more.
  const dedup_key = createHash('sha256').update(notice.alertKey).digest('hex');
  if (notice.kind === 'resolved') return { routing_key, event_action: 'resolve', dedup_key };
  return {
    routing_key,
    event_action: 'trigger',
    dedup_key,
    payload: {
      summary: cut(textOf(notice).title, 1024),
      source: notice.subject.name,
      severity: notice.severity,
      timestamp: new Date(notice.at).toISOString(),
      component: notice.integration.name,
      class: notice.cause.id,
      custom_details: { what_to_do: plainText(notice) },
    },
    client: 'Mailbox Watch',
    ...(notice.link !== undefined && {
      client_url: notice.link,
      links: [{ href: notice.link, text: 'How to fix it' }],
    }),
  };
}
