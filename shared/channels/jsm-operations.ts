import { createHash } from 'node:crypto';
import type { Channel, Notice } from '../core/notice';
import { inOrder, post } from './post';
import { cut, plainText, textOf } from './text';

export interface JsmOperationsOptions {
  readonly id: string;
  /** The API key of an API integration. May reject. */
  readonly apiKey: () => Promise<string>;
  /** Default: Atlassian's. Opsgenie's own address works until it ends in April 2027. */
  readonly url?: string;
}

const JSM = 'https://api.atlassian.com/jsm/ops/integration/v2/alerts';
const PRIORITIES = { critical: 'P1', warning: 'P3', info: 'P5' } as const;

/** Jira Service Management Operations (and Opsgenie): an alert that is over is closed by its alias. */
export function createJsmOperationsChannel({ id, apiKey, url = JSM }: JsmOperationsOptions): Channel {
  return {
    id,
    send: async (notices) => {
      const key = await apiKey();
      return inOrder(notices, (notice) => {
        const alias = createHash('sha256').update(notice.alertKey).digest('hex');
        const isOver = notice.kind === 'resolved';
        return post({
          url: isOver ? `${url}/${alias}/close?identifierType=alias` : url,
          to: 'Jira Service Management Operations',
          secrets: [key],
          gone: 'Correct the address in the configuration.',
          headers: { Authorization: `GenieKey ${key}` },
          body: isOver ? { source: 'Mailbox Watch', note: textOf(notice).title } : alertOf(notice, alias),
        });
      });
    },
  };
}

function alertOf(notice: Notice, alias: string) {
  return {
    alias,
    message: cut(textOf(notice).title, 130),
    description: cut(plainText(notice), 15_000),
    priority: PRIORITIES[notice.severity],
    source: 'Mailbox Watch',
    entity: notice.subject.name,
    tags: [notice.cause.id, notice.integration.id],
  };
}
