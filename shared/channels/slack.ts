import type { Channel, Notice } from '../core/notice';
import { post } from './post';
import { cut, textOf } from './text';

export interface SlackOptions {
  readonly id: string;
  /** The incoming webhook's address, which is a secret. May reject. */
  readonly address: () => Promise<string>;
}

/** Slack takes 50 blocks, 3000 characters a section, and some 13,000 in all: conventions, section 2.2. */
const MAX_NOTICES = 10;
const MAX_SECTION = 2900;
const MAX_IN_ALL = 8000;
const MAX_TEXT = 500;
const MAX_HEADER = 150;

/** Blocks to a Slack incoming webhook; several notices are one message. */
export function createSlackChannel({ id, address }: SlackOptions): Channel {
  return {
    id,
    send: async (notices) => {
      const url = await address();
      const shown = notices.slice(0, MAX_NOTICES);
      const more = notices.length - shown.length;
      const each = Math.min(MAX_SECTION, Math.floor(MAX_IN_ALL / shown.length));
      return post({
        url,
        to: 'Slack',
        secrets: [url],
        gone: 'The webhook was removed: make a new one in Slack, and put its address into the configuration.',
        body: {
          text: escaped(notices.map(({ headline }) => headline).join('; '), MAX_TEXT),
          blocks: [
            ...shown.flatMap((notice) => blocksOf(notice, each)),
            ...(more > 0 ? [section(`${more} more notices: see the status page.`)] : []),
          ],
        },
      });
    },
  };
}

function blocksOf(notice: Notice, length: number): object[] {
  const { title, facts, steps } = textOf(notice);
  const lines = [
    ...facts.map(({ name, value }) => `${name}: ${value}`),
    ...steps.flatMap(({ say, commands }, index) => [`${index + 1}. ${say}`, ...commands.map((text) => `> ${text}`)]),
    ...(notice.link === undefined ? [] : [notice.link]),
  ];
  return [
    { type: 'header', text: { type: 'plain_text', text: cut(title, MAX_HEADER), emoji: false } },
    section(escaped(lines.join('\n'), length)),
  ];
}

/** `verbatim`: Slack makes no links of names, and pings nobody. */
function section(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

/** Slack's three, within a length: https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escaped(text: string, length: number): string {
  const entities = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return entities.length <= length
    ? entities
    : escaped(cut(text, Math.floor(Math.min(text.length, length) * 0.9)), length);
}
