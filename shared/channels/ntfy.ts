import type { Channel, Notice } from '../core/notice';
import { inOrder, post } from './post';
import { cut, plainText, textOf } from './text';

export interface NtfyOptions {
  readonly id: string;
  /** The topic's address, such as `https://ntfy.sh/contoso-mail`: whoever knows it reads along. May reject. */
  readonly address: () => Promise<string>;
  /** May reject. */
  readonly token?: () => Promise<string>;
}

const PRIORITIES = { critical: 5, warning: 3, info: 2 } as const;
const TAGS = { critical: 'rotating_light', warning: 'warning', info: 'information_source' } as const;
/** ntfy turns longer messages into files. */
const MAX_MESSAGE = 3500;

/** ntfy, by its JSON form, which takes every script. */
export function createNtfyChannel({ id, address, token }: NtfyOptions): Channel {
  return {
    id,
    send: async (notices) => {
      const [url, bearer] = await Promise.all([address(), token?.()]);
      const { origin, pathname } = new URL(url);
      return inOrder(notices, (notice) =>
        post({
          url: origin,
          to: 'ntfy',
          secrets: [url, pathname.slice(1), bearer ?? ''],
          gone: 'Correct the address of the topic in the configuration.',
          headers: bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` },
          body: messageOf(notice, pathname.slice(1)),
        }),
      );
    },
  };
}

function messageOf(notice: Notice, topic: string) {
  const isOver = notice.kind === 'resolved';
  return {
    topic,
    title: cut(textOf(notice).title, 250),
    message: cut(plainText(notice), MAX_MESSAGE),
    priority: isOver ? 2 : PRIORITIES[notice.severity],
    tags: [isOver ? 'white_check_mark' : TAGS[notice.severity]],
    ...(notice.link !== undefined && {
      click: notice.link,
      actions: [{ action: 'view', label: 'How to fix it', url: notice.link }],
    }),
  };
}
