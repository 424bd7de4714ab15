import type { Cause, Confidence } from './check';
import type { Severity } from './severity';
import type { CheckState } from './check-state';
import type { Credential } from './credential-rows';
import { lastDays } from './days';
import type { DiagnosedCause, Diagnosis } from './diagnose';
import type { Evidence } from './evidence';
import type { SubjectRecord } from './ports';
import type { BlindReason, Reading } from './reading';
import { renderRemedy, whyText, type RemedyStep } from './remedy';
import { STATUSES, statusOf, worst, type Status } from './status';
import {
  contextOf,
  subjectKey,
  subjectName,
  applicationOf,
  type Context,
  type Integration,
  type Product,
  type Subject,
} from './subject';
import { MONITOR_ID, MONITOR_NAME, type WatchedTenant } from './watched-tenant';
import { reasonOf, summarize } from './summarize';
import { DAY } from './time';
import type { SubjectSummary } from './summary';

export type { Status } from './status';

/** Moments in a report are ISO 8601 texts in UTC. */
export interface CauseReport {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
}

export interface CheckReport {
  readonly id: string;
  /** An assertion that is true when the check is healthy. */
  readonly title: string;
  readonly status: Status;
  readonly verdict: Diagnosis['verdict'];
  /** Since when verdict and cause are what they are. */
  readonly since: string;
  readonly lastHealthyAt?: string;
  readonly cause?: CauseReport;
  /** The mechanism behind the cause. */
  readonly why?: string;
  readonly alsoPossible?: readonly CauseReport[];
  /** What could not be seen and would make a cause that is not confirmed certain; a sentence each. */
  readonly wouldDecide?: readonly string[];
  /** The check whose failure keeps this one from being judged. */
  readonly blockedBy?: string;
  /** Why the verdict is unclear, and what would make it clear. */
  readonly reason?: string;
  readonly evidence: Readonly<Record<string, Reading<unknown>>>;
  readonly remediation?: { readonly steps: readonly RemedyStep[]; readonly sources: readonly string[] };
}

/** One subject at a look. */
export interface SubjectOverview {
  readonly kind: Subject['kind'];
  /** The mailbox's address, the application's client id, or the tenant that Mailbox Watch itself is judged in. */
  readonly name: string;
  readonly status: Status;
  /** The one sentence to read: the worst cause, or that all is well, or what could not be seen. */
  readonly headline: string;
  /** The one verdict, where it is broken or will be: the cause, and how sure that is. */
  readonly cause?: CauseReport;
  /** Absent when it was never checked. */
  readonly checkedAt?: string;
  /** True when it was not checked for two intervals, or never: what is remembered may no longer hold. */
  readonly stale: boolean;
  /** The worst status of each of the last 90 days, the oldest first: c(ritical), w(arning), u(nclear), i(nfo), h(ealthy), - not looked at. */
  readonly days: string;
  /** What was refused, a sentence each: which grant would show it. */
  readonly unseen: readonly string[];
  /** Of an application: its client secrets and certificates, the first to end on top. Times are milliseconds since 1970. */
  readonly credentials?: readonly Credential[];
}

export interface SubjectReport extends SubjectOverview {
  readonly checks: readonly CheckReport[];
}

export interface IntegrationReport<S extends SubjectOverview = SubjectReport> {
  readonly id: string;
  readonly name: string;
  readonly product: Product;
  readonly status: Status;
  /** Absent where the app stands in no directory that can be read (Outlook.com, Google). */
  readonly application?: S;
  readonly mailboxes: readonly S[];
}

export interface StatusReport<S extends SubjectOverview = SubjectReport> {
  readonly status: Status;
  readonly generatedAt: string;
  /** Mailboxes and applications by status. */
  readonly counts: Readonly<Record<Status, number>>;
  readonly integrations: readonly IntegrationReport<S>[];
  /** Mailbox Watch itself, in each of the tenants that it watches. It counts in the status: who cannot see vouches for nothing. */
  readonly monitor: readonly S[];
}

/** The status without the checks and their evidence: what a page or a list of ten thousand needs. */
export type Overview = StatusReport<SubjectOverview>;

/** What the report takes from the catalogue. */
export interface ReportCatalogue {
  readonly checks: readonly {
    readonly id: string;
    readonly title: string;
    readonly needs: readonly string[];
    readonly causes: readonly Pick<Cause<never>, 'id' | 'title' | 'why' | 'remedy' | 'sources'>[];
  }[];
}

interface Configured {
  readonly integrations: readonly Integration[];
  /** The tenants in which Mailbox Watch itself is judged. */
  readonly tenants: readonly Pick<WatchedTenant, 'subject' | 'self'>[];
}

interface Judged {
  readonly catalogue: ReportCatalogue;
  readonly now: number;
  /** A subject checked before this moment (milliseconds since 1970) is stale. */
  readonly staleBefore: Readonly<Record<Subject['kind'], number>>;
}

export interface ReportInput extends Configured, Judged {
  readonly records: readonly SubjectRecord[];
}

export interface OverviewInput extends Configured, Judged {
  /** By subjectKey. */
  readonly summaries: ReadonlyMap<string, SubjectSummary>;
}

/** The status of everything configured, from what is remembered and the time. Pure; never throws. */
export function buildReport(input: ReportInput): StatusReport {
  const records = new Map(input.records.map((record) => [subjectKey(record.subject), record]));
  return reportAll(input, input.now, (context) =>
    reportSubject(context, records.get(subjectKey(context.subject)), input),
  );
}

/** The same at a look. Pure; never throws. */
export function buildOverview(input: OverviewInput): Overview {
  return reportAll(input, input.now, (context) => {
    const summary = input.summaries.get(subjectKey(context.subject));
    return summary === undefined ? overviewOf(context, summary, input) : overviewOnce(context, summary, input);
  });
}

const overviews = new WeakMap<
  SubjectSummary,
  { readonly of: readonly unknown[]; readonly overview: SubjectOverview }
>();

/** Of ten thousand some hundreds change between two requests: what was made of the others is made once. */
function overviewOnce(context: Context, summary: SubjectSummary, input: Judged): SubjectOverview {
  const of = [input.catalogue.checks, isStale(summary, input), Math.floor(context.now / DAY)];
  const made = overviews.get(summary);
  if (made?.of.every((one, index) => one === of[index])) return made.overview;
  const overview = overviewOf(context, summary, input);
  overviews.set(summary, { of, overview });
  return overview;
}

function isStale({ subject, checkedAt }: Pick<SubjectSummary, 'subject' | 'checkedAt'>, { staleBefore }: Judged) {
  return checkedAt < staleBefore[subject.kind];
}

function reportAll<S extends SubjectOverview>(
  { integrations: configured, tenants }: Configured,
  now: number,
  reportOf: (context: Context) => S,
): StatusReport<S> {
  const integrations = configured.map((integration): IntegrationReport<S> => {
    const { id, name, product } = integration;
    const app = applicationOf(integration);
    const application = app && reportOf({ subject: app, integration, delegate: undefined, now });
    // Not contextOf, which looks for the delegate among all mailboxes, for each of them.
    const mailboxes = integration.mailboxes.map(({ address, delegate }) =>
      reportOf({ subject: { kind: 'mailbox', integrationId: id, mailbox: address }, integration, delegate, now }),
    );
    const status = worst([...(application === undefined ? [] : [application]), ...mailboxes].map((one) => one.status));
    return { id, name, product, status, ...(application !== undefined && { application }), mailboxes };
  });
  const monitor = tenants.map(({ subject, self }) => reportOf(contextOf(subject, self, now)));
  return {
    status: worst([...integrations, ...monitor].map(({ status }) => status)),
    generatedAt: iso(now),
    counts: countsIn(integrations),
    integrations,
    monitor,
  };
}

/** Mailboxes and applications by status. */
export function countsIn(integrations: readonly IntegrationReport<SubjectOverview>[]): Record<Status, number> {
  const subjects = integrations.flatMap((integration) => watchedIn(integration));
  return Object.fromEntries(
    STATUSES.map((status) => [status, subjects.filter((subject) => subject.status === status).length]),
  ) as Record<Status, number>;
}

/** The application, where there is one, and the mailboxes. */
export function watchedIn<S extends SubjectOverview>({
  application,
  mailboxes,
}: Pick<IntegrationReport<S>, 'application' | 'mailboxes'>): S[] {
  return application === undefined ? [...mailboxes] : [application, ...mailboxes];
}

/** Every subject of the report with what it belongs to, Mailbox Watch itself at the end. */
export function allSubjects<S extends SubjectOverview>({
  integrations,
  monitor,
}: Pick<StatusReport<S>, 'integrations' | 'monitor'>): {
  integration: Pick<IntegrationReport, 'id' | 'name'>;
  subject: S;
}[] {
  const self = { id: MONITOR_ID, name: MONITOR_NAME };
  return [
    ...integrations.flatMap((integration) => watchedIn(integration).map((subject) => ({ integration, subject }))),
    ...monitor.map((subject) => ({ integration: self, subject })),
  ];
}

/** One subject whole; `record` is undefined where it was never checked. Pure; never throws. */
export function reportSubject(context: Context, record: SubjectRecord | undefined, input: Judged): SubjectReport {
  const summary = record && summarize(record, input.catalogue);
  const checks = record?.checks.map((state) => reportCheck(state, record.evidence, context, input.catalogue)) ?? [];
  return { ...overviewOf(context, summary, input), checks };
}

function overviewOf(context: Context, summary: SubjectSummary | undefined, input: Judged): SubjectOverview {
  const { subject, now } = context;
  const common = { kind: subject.kind, name: subjectName(subject), days: lastDays(summary?.days, now) };
  if (summary === undefined) {
    return { ...common, status: 'unclear', headline: 'Not checked yet', stale: true, unseen: [] };
  }
  const { status, checkedAt, decisive, unseen, credentials } = summary;
  const stale = isStale(summary, input);
  const cause = decisive?.cause && reportCause(decisive.cause, causesOf(decisive.check, input.catalogue));
  return {
    ...common,
    // What is old proves nothing any more, but a fault stays a fault until something says otherwise.
    status: worst(stale ? [status, 'unclear'] : [status]),
    headline: headlineOf(summary, cause) + (stale ? ' (stale: not checked for two intervals)' : ''),
    ...(cause !== undefined && { cause }),
    checkedAt: iso(checkedAt),
    stale,
    unseen,
    ...(credentials !== undefined && { credentials }),
  };
}

function causesOf(check: string, { checks }: ReportCatalogue): readonly CauseText[] {
  return checks.find(({ id }) => id === check)?.causes ?? [];
}

function headlineOf({ decisive }: SubjectSummary, cause: CauseReport | undefined): string {
  if (cause !== undefined) return cause.title;
  if (decisive?.reason !== undefined) return `Unclear: ${decisive.reason}`;
  return decisive === undefined ? 'Unclear' : 'All checks are healthy';
}

function reportCheck(state: CheckState, evidence: Evidence, context: Context, catalogue: ReportCatalogue): CheckReport {
  const check = catalogue.checks.find(({ id }) => id === state.check);
  const readings = evidence as unknown as Readonly<Record<string, Reading<unknown>>>;
  const needs = check?.needs ?? [];
  return {
    id: state.check,
    title: check?.title ?? state.check,
    status: statusOf(state.diagnosis),
    verdict: state.diagnosis.verdict,
    since: iso(state.since),
    ...(state.lastHealthyAt !== undefined && { lastHealthyAt: iso(state.lastHealthyAt) }),
    ...judgement(state.diagnosis, check?.causes ?? [], needs, evidence, context),
    evidence: Object.fromEntries(
      needs.flatMap((name) => {
        const reading = readings[name];
        return reading === undefined || isNotUsed(reading) ? [] : [[name, reading]];
      }),
    ),
  };
}

function isNotUsed(reading: Reading<unknown>): boolean {
  return reading.outcome === 'blind' && reading.reason === 'not-used';
}

type CauseText = ReportCatalogue['checks'][number]['causes'][number];

function judgement(
  diagnosis: Diagnosis,
  causes: readonly CauseText[],
  needs: readonly string[],
  evidence: Evidence,
  context: Context,
): Partial<CheckReport> {
  switch (diagnosis.verdict) {
    case 'healthy':
      return {};
    case 'blocked':
      return { blockedBy: diagnosis.by };
    case 'unclear':
      return { reason: reasonOf(diagnosis, evidence, needs) };
    case 'diagnosed':
      return {
        ...diagnosed(diagnosis.cause, diagnosis.alsoPossible, causes, context),
        ...wouldDecide(diagnosis.cause, evidence),
      };
  }
}

function diagnosed(
  cause: DiagnosedCause,
  alsoPossible: readonly DiagnosedCause[],
  causes: readonly CauseText[],
  context: Context,
): Partial<CheckReport> {
  const text = causes.find(({ id }) => id === cause.id);
  return {
    cause: reportCause(cause, causes),
    ...(text !== undefined && {
      why: whyText(text.why, cause, context),
      remediation: { steps: renderRemedy(text.remedy, cause.facts, context), sources: text.sources },
    }),
    ...(alsoPossible.length > 0 && { alsoPossible: alsoPossible.map((also) => reportCause(also, causes)) }),
  };
}

function wouldDecide({ confidence }: DiagnosedCause, evidence: Evidence): Pick<CheckReport, 'wouldDecide'> {
  if (confidence === 'confirmed') return {};
  const readings: readonly Reading<unknown>[] = Object.values(evidence);
  const sentences = new Set(
    readings.flatMap((one) => (one.outcome === 'blind' && !NEEDS_NOTHING.includes(one.reason) ? [one.detail] : [])),
  );
  return sentences.size === 0 ? {} : { wouldDecide: [...sentences] };
}

/** What a connection does not have, and what was left alone because nothing could come of it. */
const NEEDS_NOTHING: readonly BlindReason[] = ['not-used', 'not-attempted'];

function reportCause(
  { id, severity, confidence }: Pick<DiagnosedCause, 'id' | 'severity' | 'confidence'>,
  causes: readonly Pick<CauseText, 'id' | 'title'>[],
): CauseReport {
  return { id, title: causes.find((cause) => cause.id === id)?.title ?? id, severity, confidence };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
