import { styleText } from 'node:util';
import {
  watchedIn,
  type CheckReport,
  type IntegrationReport,
  type Status,
  type StatusReport,
  type SubjectReport,
} from '../../shared/core/report';
import { PRODUCT_NAMES } from '../../shared/core/subject';

type Style = Parameters<typeof styleText>[0];

const LOOK: Readonly<Record<Status, { readonly mark: string; readonly style: Style }>> = {
  critical: { mark: '✗', style: 'red' },
  warning: { mark: '!', style: 'yellow' },
  unclear: { mark: '?', style: 'magenta' },
  info: { mark: 'i', style: 'cyan' },
  healthy: { mark: '✓', style: 'green' },
};

/** What a subject is called that has no address. */
const LABELS: Readonly<Partial<Record<SubjectReport['kind'], string>>> = {
  application: 'app registration',
  monitor: 'Mailbox Watch itself',
};

/** Steps of a remedy shown on the screen; the rest is behind the link. */
const STEPS_SHOWN = 2;
const NAME_WIDTH = 30;

/** The whole status as text for a terminal: an integration a paragraph, the worst thing about each subject a line. */
export function statusScreen(report: StatusReport, statusUrl: string): string {
  return [...report.integrations.map((integration) => integrationScreen(integration, statusUrl)), summary(report)].join(
    '\n\n',
  );
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
  const { id, name, product } = integration;
  const title = `${styleText('bold', name)} ${styleText('dim', `(${PRODUCT_NAMES[product]}, ${id})`)}`;
  const told = new Set<string>();
  return [
    title,
    ...watchedIn(integration).flatMap((subject) => subjectScreen(subject, told, `${statusUrl}/${id}`)),
  ].join('\n');
}

/** The remedy of a cause is shown once an integration: `told` holds the causes that were. */
function subjectScreen(subject: SubjectReport, told: Set<string>, url: string): string[] {
  const first = `  ${line(subject)}`;
  const decisive = subject.checks.find(({ status, cause }) => status === subject.status && cause !== undefined);
  if (decisive?.cause === undefined || subject.status === 'healthy') return [first];
  const detail = [...wordsOf(decisive)];
  if (told.has(decisive.cause.id))
    detail.push(styleText('dim', 'the remedy is the same as above, filled in for this one at'));
  else detail.push(...stepsOf(decisive));
  told.add(decisive.cause.id);
  detail.push(styleText('dim', `${url}/${subject.name}`));
  return [first, ...detail.map((text) => `      ${text}`)];
}

function line({ kind, name, status, headline, checks }: SubjectReport): string {
  const { mark, style } = LOOK[status];
  const confidence = checks.find((check) => check.status === status)?.cause?.confidence;
  const label = LABELS[kind] ?? name;
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
  for (const session of [evidence['imapSession'], evidence['popSession']]) {
    if (session?.outcome !== 'seen') continue;
    const { failure } = session.value as { failure?: { step: string; text: string } };
    if (failure !== undefined) said.push(`at ${failure.step}: ${failure.text}`);
  }
  const overGraph = evidence['graphMail'];
  if (overGraph?.outcome === 'seen') {
    const { code, message } = overGraph.value as { code?: string; message?: string };
    if (code !== undefined) said.push(`${code}: ${message ?? ''}`);
  }
  return said.map((words) => styleText('dim', words.length > 110 ? `${words.slice(0, 109)}…` : words));
}

function stepsOf({ remediation }: CheckReport): string[] {
  const steps = remediation?.steps ?? [];
  const shown = steps
    .slice(0, STEPS_SHOWN)
    .flatMap(({ say, commands }, i) => [
      `${i + 1}. ${say}`,
      ...commands.flatMap(({ text }) => text.split('\n').map((command) => styleText('cyan', `   ${command}`))),
    ]);
  const more = steps.length - STEPS_SHOWN;
  return more > 0
    ? [...shown, styleText('dim', `   … and ${more === 1 ? 'one more step' : `${more} more steps`} at`)]
    : shown;
}
