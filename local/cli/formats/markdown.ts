import type { ListItem, PhrasingContent, RootContent, Table, TableRow } from 'mdast';
import { gfmTableToMarkdown } from 'mdast-util-gfm-table';
import { toMarkdown } from 'mdast-util-to-markdown';
import { PRODUCT_NAMES } from '../../../shared/core/subject';
import {
  watchedIn,
  type CheckReport,
  type Status,
  type StatusReport,
  type SubjectReport,
} from '../../../shared/core/report';

const MARKS: Readonly<Record<Status, string>> = {
  critical: '❌',
  warning: '⚠️',
  unclear: '❔',
  info: 'ℹ️',
  healthy: '✅',
};

/** The report for a ticket or a wiki: a table an integration, then what to do. */
export function markdownText(report: StatusReport): string {
  const children = report.integrations.flatMap((integration): RootContent[] => {
    const subjects = watchedIn(integration);
    const rows = subjects.map(({ status, name, headline }) => [MARKS[status], name, headline]);
    return [
      heading(2, `${integration.name} (${PRODUCT_NAMES[integration.product]})`),
      table([['', 'Mailbox or application', 'Verdict'], ...rows]),
      ...subjects.flatMap(remedyOf),
    ];
  });
  const root = {
    type: 'root' as const,
    children: [heading(1, 'Mailbox Watch'), paragraph(`As of ${report.generatedAt}`), ...children],
  };
  return toMarkdown(root, { extensions: [gfmTableToMarkdown()], bullet: '-' }).trimEnd();
}

function remedyOf({ name, status, checks }: SubjectReport): RootContent[] {
  const decisive = checks.find((check) => check.status === status && check.cause !== undefined);
  if (decisive?.cause === undefined || status === 'healthy') return [];
  const { title, confidence } = decisive.cause;
  return [
    heading(3, `${name}: ${title} (${confidence})`),
    ...(decisive.why === undefined ? [] : [paragraph(decisive.why)]),
    ...(decisive.alsoPossible ?? []).map(({ title: other }) => paragraph(`Also possible: ${other}`)),
    ...(decisive.wouldDecide ?? []).map((sentence) => paragraph(`Would decide: ${sentence}`)),
    { type: 'list', ordered: true, start: 1, spread: false, children: stepsOf(decisive) },
  ];
}

function stepsOf({ remediation }: CheckReport): ListItem[] {
  return (remediation?.steps ?? []).map(({ say, commands }) => ({
    type: 'listItem',
    spread: true,
    children: [
      paragraph(say),
      ...commands.map(({ shell, text: value }) => ({
        type: 'code' as const,
        lang: shell.endsWith('powershell') ? 'powershell' : 'sh',
        value,
      })),
    ],
  }));
}

function heading(depth: 1 | 2 | 3, value: string): RootContent {
  return { type: 'heading', depth, children: [text(value)] };
}

function paragraph(value: string): RootContent & { type: 'paragraph' } {
  return { type: 'paragraph', children: [text(value)] };
}

function table(rows: readonly (readonly string[])[]): Table {
  const toRow = (cells: readonly string[]): TableRow => ({
    type: 'tableRow',
    children: cells.map((value) => ({ type: 'tableCell', children: [text(value)] })),
  });
  return { type: 'table', children: rows.map(toRow) };
}

function text(value: string): PhrasingContent {
  return { type: 'text', value };
}
