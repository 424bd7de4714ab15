import { createHmac } from 'node:crypto';
import type { Channel, Notice } from '../core/notice';
import { post } from './post';
import { plainText, textOf } from './text';

export interface WebhookOptions {
  readonly id: string;
  /** A secret. May reject. */
  readonly address: () => Promise<string>;
  /** With it each request is signed. May reject. */
  readonly signingKey?: () => Promise<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Alertmanager's webhook, version 4, which hundreds of receivers know. Signed requests have `X-Mailbox-Watch-Timestamp` (seconds since
 * 1970) and `X-Mailbox-Watch-Signature: sha256=` with the HMAC of timestamp, a full stop and the body, in hexadecimal digits.
 */
export function createWebhookChannel({ id, address, signingKey, now }: WebhookOptions): Channel {
  return {
    id,
    send: async (notices) => {
      const [url, key] = await Promise.all([address(), signingKey?.()]);
      const body = JSON.stringify(payloadOf(notices, id));
      const timestamp = String(Math.floor(now() / 1000));
      return post({
        url,
        to: 'The webhook',
        secrets: [url, key ?? ''],
        gone: 'Nobody listens at this address any more: correct it in the configuration.',
        body,
        headers:
          key === undefined
            ? {}
            : {
                'X-Mailbox-Watch-Timestamp': timestamp,
                'X-Mailbox-Watch-Signature': `sha256=${createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')}`,
              },
      });
    },
  };
}

function payloadOf(notices: readonly Notice[], receiver: string) {
  const isFiring = notices.some(({ kind }) => kind !== 'resolved');
  return {
    version: '4',
    groupKey: notices[0]?.alertKey ?? '',
    truncatedAlerts: 0,
    status: isFiring ? 'firing' : 'resolved',
    receiver,
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: notices[0]?.link ?? '',
    alerts: notices.map((notice) => ({
      status: notice.kind === 'resolved' ? 'resolved' : 'firing',
      labels: { ...labelsOf(notice), severity: notice.severity },
      annotations: annotationsOf(notice),
      startsAt: new Date(notice.openedAt).toISOString(),
      endsAt: notice.resolvedAt === undefined ? '0001-01-01T00:00:00Z' : new Date(notice.resolvedAt).toISOString(),
      generatorURL: notice.link ?? '',
      fingerprint: notice.id,
    })),
  };
}

/** What names the alert, and does not change while it lasts. */
export function labelsOf({ cause, integration, subject, check }: Notice) {
  return {
    alertname: cause.id,
    integration: integration.id,
    subject: subject.name,
    subject_kind: subject.kind,
    check: check.id,
  };
}

export function annotationsOf(notice: Notice) {
  return { summary: textOf(notice).title, description: plainText(notice), confidence: notice.confidence };
}
