import { styleText } from 'node:util';
import {
  watchedIn,
  type CheckReport,
  type IntegrationReport,
  type Status,
  type StatusReport,
  type SubjectReport,
} from '../../../shared/core/report';
import { PRODUCT_NAMES } from '../../../shared/core/subject';
import { paintCommand, stepLines } from './words';

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

const NAME_WIDTH = 30;
const WORDS_WIDTH = 110;

export interface ScreenOptions {
  /** Where more is to be found of a mailbox or an application. */
  readonly moreAt: (integrationId: string, name: string) => string;
  /** Of each remedy; the rest is behind the link. */
  readonly stepsShown: number;
  /** Shows each check of each mailbox, not only the worst. */
  readonly everyCheck?: boolean;
}

/** The whole status as text for a terminal: an integration a paragraph, the worst thing about each subject a line. */
export function statusScreen(report: StatusReport, options: ScreenOptions): string {
  return [...report.integrations.map((integration) => integrationScreen(integration, options)), summary(report)].join(
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

function integrationScreen(integration: IntegrationReport, options: ScreenOptions): string {
  const { id, name, product } = integration;
  const title = `${styleText('bold', name)} ${styleText('dim', `(${PRODUCT_NAMES[product]}, ${id})`)}`;
  const told = new Set<string>();
  return [
    title,
    ...watchedIn(integration).flatMap((subject) =>
      subjectScreen(subject, told, options.moreAt(id, subject.name), options),
    ),
  ].join('\n');
}

/** The remedy of a cause is shown once an integration: `told` holds the causes that were. */
function subjectScreen(
  subject: SubjectReport,
  told: Set<string>,
  moreAt: string,
  { stepsShown, everyCheck = false }: ScreenOptions,
): string[] {
  const first = [`  ${line(subject)}`, ...(everyCheck ? subject.checks.map((check) => `    ${checkLine(check)}`) : [])];
  const decisive = subject.checks.find(({ status, cause }) => status === subject.status && cause !== undefined);
  if (decisive?.cause === undefined || subject.status === 'healthy') return first;
  const detail = [...wordsOf(decisive), ...(everyCheck ? doubtsAbout(decisive) : [])];
  if (told.has(decisive.cause.id))
    detail.push(styleText('dim', 'the remedy is the same as above, filled in for this one at'), dim(moreAt));
  else detail.push(...stepsOf(decisive, stepsShown, moreAt));
  told.add(decisive.cause.id);
  return [...first, ...detail.map((text) => `      ${text}`)];
}

function checkLine({ status, title, verdict, cause, reason, blockedBy }: CheckReport): string {
  const { mark, style } = LOOK[status];
  const why =
    cause?.title ?? reason ?? (verdict === 'blocked' ? `not judged before ${blockedBy ?? ''} is healthy` : '');
  return `${styleText(style, mark)} ${title}${why === '' ? '' : dim(`: ${why}`)}`;
}

/** Of a cause that is not certain: what else it may be, and what would tell. */
function doubtsAbout({ alsoPossible = [], wouldDecide = [] }: CheckReport): string[] {
  return [
    ...(alsoPossible.length === 0 ? [] : [`also possible: ${alsoPossible.map(({ title }) => title).join('; ')}`]),
    ...wouldDecide.map((sentence) => `would decide: ${sentence}`),
  ].map(dim);
}

function dim(text: string): string {
  return styleText('dim', text);
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
  return said.map((words) =>
    styleText('dim', words.length > WORDS_WIDTH ? `${words.slice(0, WORDS_WIDTH - 1)}…` : words),
  );
}

function stepsOf({ remediation }: CheckReport, stepsShown: number, moreAt: string): string[] {
  const steps = remediation?.steps ?? [];
  const shown = stepLines(steps.slice(0, stepsShown), paintCommand);
  const more = steps.length - stepsShown;
  if (more > 0)
    return [...shown, dim(`   … and ${more === 1 ? 'one more step' : `${more} more steps`} at`), dim(moreAt)];
  return moreAt === '' ? shown : [...shown, dim(moreAt)];
}
