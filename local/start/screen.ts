import { styleText } from 'node:util';
import type { CheckReport, IntegrationReport, Status, StatusReport, SubjectReport } from '../../shared/core/report';
import { PRODUCT_NAMES } from '../../shared/core/subject';

type Style = Parameters<typeof styleText>[0];

const LOOK: Readonly<Record<Status, { readonly mark: string; readonly style: Style }>> = {
  critical: { mark: '✗', style: 'red' },
  warning: { mark: '!', style: 'yellow' },
  unclear: { mark: '?', style: 'magenta' },
  info: { mark: 'i', style: 'cyan' },
  healthy: { mark: '✓', style: 'green' },
};

/** Steps of a remedy shown on the screen; the rest is behind the link. */
const STEPS_SHOWN = 3;
const NAME_WIDTH = 30;

/** The whole status as text for a terminal: an integration a paragraph, the worst thing about each subject a line. */
export function statusScreen(report: StatusReport, statusUrl: string): string {
  return [...report.integrations.map((integration) => integrationScreen(integration, statusUrl)), summary(report)].join('\n\n');
}

/** "24 subjects: 12 critical, 1 warning, 11 healthy". */
export function summary({ counts }: Pick<StatusReport, 'counts'>): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const parts = Object.entries(counts).flatMap(([status, count]) =>
    count === 0 ? [] : [styleText(LOOK[status as Status].style, `${count} ${status}`)],
  );
  return `${total} mailboxes and applications: ${parts.join(', ')}`;
}

/** One line: what a subject was, and what it is now. */
export function changeLine(at: string, before: SubjectReport, now: SubjectReport): string {
  return `${at.slice(11, 19)}  ${line(now)}  ${styleText('dim', `was ${before.status}`)}`;
}

function integrationScreen(integration: IntegrationReport, statusUrl: string): string {
  const { id, name, product, application, mailboxes } = integration;
  const title = `${styleText('bold', name)} ${styleText('dim', `(${PRODUCT_NAMES[product]}, ${id})`)}`;
  return [title, ...[application, ...mailboxes].flatMap((subject) => subjectScreen(subject, id, statusUrl))].join('\n');
}

function subjectScreen(subject: SubjectReport, integrationId: string, statusUrl: string): string[] {
  const decisive = subject.checks.find(({ status, cause }) => status === subject.status && cause !== undefined);
  if (decisive === undefined || subject.status === 'healthy') return [`  ${line(subject)}`];
  return [
    `  ${line(subject)}`,
    ...[...wordsOf(decisive), ...stepsOf(decisive)].map((text) => `      ${text}`),
    styleText('dim', `      all of it: ${statusUrl}/${integrationId}/${encodeURIComponent(subject.name)}`),
  ];
}

function line({ kind, name, status, headline, checks }: SubjectReport): string {
  const { mark, style } = LOOK[status];
  const confidence = checks.find((check) => check.status === status)?.cause?.confidence;
  const label = kind === 'application' ? 'app registration' : name;
  const doubt = confidence === undefined || confidence === 'confirmed' ? '' : styleText('dim', ` (${confidence})`);
  return `${styleText(style, mark)} ${label.padEnd(NAME_WIDTH)} ${styleText(style, headline)}${doubt}`;
}

/** The server's own words behind the verdict. */
function wordsOf({ evidence }: CheckReport): string[] {
  const said: string[] = [];
  const token = evidence['accessToken'];
  if (token?.outcome === 'seen') {
    const answer = token.value as { issued: boolean; description?: string };
    if (!answer.issued && answer.description !== undefined) said.push(answer.description);
  }
  const session = evidence['imapSession'];
  if (session?.outcome === 'seen') {
    const { failure } = session.value as { failure?: { step: string; text: string } };
    if (failure !== undefined) said.push(`at ${failure.step}: ${failure.text}`);
  }
  return said.map((words) => styleText('dim', words.length > 110 ? `${words.slice(0, 109)}…` : words));
}

function stepsOf({ remediation }: CheckReport): string[] {
  const steps = remediation?.steps ?? [];
  const shown = steps.slice(0, STEPS_SHOWN).flatMap(({ say, commands }, i) => [
    `${i + 1}. ${say}`,
    ...commands.flatMap(({ text }) => text.split('\n').map((command) => styleText('cyan', `   ${command}`))),
  ]);
  return steps.length > STEPS_SHOWN ? [...shown, styleText('dim', `   … ${steps.length - STEPS_SHOWN} more steps`)] : shown;
}
