import type { Channel, Notice } from '../core/notice';
import { post } from './post';
import { textOf } from './text';

export interface TeamsOptions {
  readonly id: string;
  /** The workflow's address; it holds a key, so it is a secret. May reject. */
  readonly address: () => Promise<string>;
  /** `message` for the template "when a webhook request is received", `card` for a hand-made flow that posts a card. */
  readonly payload: 'message' | 'card';
}

/** Teams takes 28 KB, one report says 21: conventions, section 2.2. */
const BUDGET = 20_000;
const COLOURS = { critical: 'Attention', warning: 'Warning', info: 'Accent' } as const;

/** An Adaptive Card 1.4 to a Teams workflow; several notices are one card. */
export function createTeamsChannel({ id, address, payload }: TeamsOptions): Channel {
  return {
    id,
    send: async (notices) => {
      const url = await address();
      const card = within(notices);
      return post({
        url,
        to: 'The Teams workflow',
        secrets: [url],
        gone: 'The workflow was deleted or switched off: make a new one in Teams, and put its address into the configuration.',
        body: payload === 'card' ? card : { type: 'message', attachments: [attachment(card)] },
      });
    },
  };
}

function attachment(content: object) {
  return { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
}

/** As many notices as fit; the others are counted. */
function within(notices: readonly Notice[]): object {
  for (let shown = notices.length; shown > 1; shown--) {
    const card = cardOf(notices.slice(0, shown), notices.length - shown);
    if (Buffer.byteLength(JSON.stringify(card)) <= BUDGET) return card;
  }
  return cardOf(notices.slice(0, 1), notices.length - 1);
}

function cardOf(notices: readonly Notice[], more: number): object {
  const link = notices[0]?.link;
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      ...notices.flatMap(blocksOf),
      ...(more > 0 ? [{ type: 'TextBlock', text: `${more} more notices: see the status page.`, wrap: true }] : []),
    ],
    ...(link !== undefined && {
      actions: [{ type: 'Action.OpenUrl', title: 'Evidence and how to fix it', url: link }],
    }),
  };
}

function blocksOf(notice: Notice): object[] {
  const { title, facts, steps } = textOf(notice);
  const color = notice.kind === 'resolved' ? 'Good' : COLOURS[notice.severity];
  return [
    {
      type: 'TextBlock',
      text: literally(title),
      weight: 'Bolder',
      size: 'Medium',
      wrap: true,
      style: 'heading',
      color,
    },
    { type: 'FactSet', facts: facts.map(({ name, value }) => ({ title: name, value: literally(value) })) },
    ...steps.flatMap(({ say, commands }, index) => [
      { type: 'TextBlock', text: `${index + 1}. ${literally(say)}`, wrap: true },
      ...commands.map((text) => ({ type: 'TextBlock', text: literally(text), fontType: 'Monospace', wrap: true })),
    ]),
  ];
}

/** Cards know some Markdown; names may look like it. */
function literally(text: string): string {
  return text.replace(/[\\`*_[\]<>#~|]/g, String.raw`\$&`);
}
