import type { Notice } from '../core/notice';
import { momentText } from '../core/time';

/** What every channel says of a notice, in plain text. */
export interface NoticeText {
  readonly title: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** The first steps of the remedy; commands stand by themselves. */
  readonly steps: readonly { readonly say: string; readonly commands: readonly string[] }[];
}

const MARKS: Readonly<Record<Notice['kind'], string>> = {
  opened: '',
  stepped: '',
  replaced: '',
  reminded: 'Still: ',
  resolved: 'Well again: ',
  test: '',
};
const STEPS_SHOWN = 3;
const NAMES_SHOWN = 10;

export function textOf(notice: Notice): NoticeText {
  const { kind, severity, headline, subject, integration, cause, confidence, openedAt, resolvedAt } = notice;
  const isOver = kind === 'resolved';
  const others = notice.alsoAffected ?? [];
  return {
    title: `${MARKS[kind]}${isOver ? '' : `[${severity}] `}${cut(headline, 200)}`,
    facts: [
      { name: subject.kind, value: cut(subject.name, 254) },
      { name: 'integration', value: cut(integration.name, 200) },
      { name: 'cause', value: isOver ? cause.title : `${cause.title} (${confidence})` },
      { name: 'since', value: momentText(openedAt) },
      ...(resolvedAt === undefined ? [] : [{ name: 'well since', value: momentText(resolvedAt) }]),
      ...(others.length === 0 ? [] : [{ name: 'also affected', value: listed(others) }]),
      ...(notice.incident === undefined ? [] : [{ name: 'Microsoft reports', value: cut(notice.incident, 300) }]),
      ...(notice.nextNoticeAt === undefined ? [] : [{ name: 'next notice', value: momentText(notice.nextNoticeAt) }]),
    ],
    steps: notice.steps.slice(0, STEPS_SHOWN).map(({ say, commands }) => ({
      say: cut(say, 600),
      commands: commands.map(({ text }) => cut(text, 600)),
    })),
  };
}

/** The whole as lines, for channels without a layout. */
export function plainText(notice: Notice): string {
  const { facts, steps } = textOf(notice);
  return [
    ...facts.map(({ name, value }) => `${name}: ${value}`),
    '',
    ...(notice.kind === 'resolved' ? [] : [cut(notice.why, 600), '']),
    ...steps.flatMap(({ say, commands }, index) => [`${index + 1}. ${say}`, ...commands.map((one) => `   ${one}`)]),
    ...(notice.link === undefined ? [] : ['', notice.link]),
  ]
    .join('\n')
    .trim();
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => cut(name, 100));
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
