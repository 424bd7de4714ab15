import type { Cause, Confidence } from './check';
import type { Severity } from './severity';
import type { CheckState } from './check-state';
import { lastDays } from './days';
import type { DiagnosedCause, Diagnosis } from './diagnose';
import type { Evidence } from './evidence';
import type { SubjectRecord } from './ports';
import type { BlindReason, Reading } from './reading';
import { fillText, renderRemedy, type RemedyStep } from './remedy';
import { STATUSES, type Status } from './status';
import {
  contextOf,
  subjectKey,
  subjectName,
  subjectsOf,
  type Context,
  type Integration,
  type Product,
  type Subject,
} from './subject';
import { MONITOR_ID, MONITOR_NAME, type WatchedTenant } from './watched-tenant';
import { whatWasSeen } from './what-was-seen';

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

export interface SubjectReport {
  readonly kind: Subject['kind'];
  /** The mailbox's address, the application's client id, or the tenant that Mailbox Watch itself is judged in. */
  readonly name: string;
  readonly status: Status;
  /** The one sentence to read: the worst cause, or that all is well, or what could not be seen. */
  readonly headline: string;
  /** Absent when it was never checked. */
  readonly checkedAt?: string;
  /** True when it was not checked for two intervals, or never: what is remembered may no longer hold. */
  readonly stale: boolean;
  /** The worst status of each of the last 90 days, the oldest first: c(ritical), w(arning), u(nclear), i(nfo), h(ealthy), - not looked at. */
  readonly days: string;
  readonly checks: readonly CheckReport[];
}

export interface IntegrationReport {
  readonly id: string;
  readonly name: string;
  readonly product: Product;
  readonly status: Status;
  /** Absent where the app stands in no directory that can be read (Outlook.com, Google). */
  readonly application?: SubjectReport;
  readonly mailboxes: readonly SubjectReport[];
}

export interface StatusReport {
  readonly status: Status;
  readonly generatedAt: string;
  /** Mailboxes and applications by status. */
  readonly counts: Readonly<Record<Status, number>>;
  readonly integrations: readonly IntegrationReport[];
  /** Mailbox Watch itself, in each of the tenants that it watches. It counts in the status: who cannot see vouches for nothing. */
  readonly monitor: readonly SubjectReport[];
}

/** What the report takes from the catalogue. */
export interface ReportCatalogue {
  readonly checks: readonly {
    readonly id: string;
    readonly title: string;
    readonly needs: readonly string[];
    readonly causes: readonly Pick<Cause<never>, 'id' | 'title' | 'why' | 'remedy' | 'sources'>[];
  }[];
}

export interface ReportInput {
  readonly integrations: readonly Integration[];
  /** The tenants in which Mailbox Watch itself is judged. */
  readonly tenants: readonly Pick<WatchedTenant, 'subject' | 'self'>[];
  readonly records: readonly SubjectRecord[];
  readonly catalogue: ReportCatalogue;
  readonly now: number;
  /** A subject checked before this moment (milliseconds since 1970) is stale. */
  readonly staleBefore: Readonly<Record<Subject['kind'], number>>;
}

/** The status of everything configured, from what is remembered and the time. Pure; never throws. */
export function buildReport(input: ReportInput): StatusReport {
  const records = new Map(input.records.map((record) => [subjectKey(record.subject), record]));
  const integrations = input.integrations.map((integration) => reportIntegration(integration, records, input));
  const monitor = input.tenants.map(({ subject, self }) =>
    reportSubject(contextOf(subject, self, input.now), records.get(subjectKey(subject)), input),
  );
  return {
    status: worst([...integrations, ...monitor].map(({ status }) => status)),
    generatedAt: iso(input.now),
    counts: countsIn(integrations),
    integrations,
    monitor,
  };
}

/** Mailboxes and applications by status. */
export function countsIn(integrations: readonly IntegrationReport[]): Record<Status, number> {
  const subjects = integrations.flatMap(watchedIn);
  return Object.fromEntries(
    STATUSES.map((status) => [status, subjects.filter((subject) => subject.status === status).length]),
  ) as Record<Status, number>;
}

/** The application, where there is one, and the mailboxes. */
export function watchedIn({
  application,
  mailboxes,
}: Pick<IntegrationReport, 'application' | 'mailboxes'>): SubjectReport[] {
  return application === undefined ? [...mailboxes] : [application, ...mailboxes];
}

/** Every subject of the report with what it belongs to, Mailbox Watch itself at the end. */
export function allSubjects({ integrations, monitor }: Pick<StatusReport, 'integrations' | 'monitor'>): {
  integration: Pick<IntegrationReport, 'id' | 'name'>;
  subject: SubjectReport;
}[] {
  const self = { id: MONITOR_ID, name: MONITOR_NAME };
  return [
    ...integrations.flatMap((integration) => watchedIn(integration).map((subject) => ({ integration, subject }))),
    ...monitor.map((subject) => ({ integration: self, subject })),
  ];
}

/** The worst of them; of nothing it is `unclear`, for nothing proves nothing. */
export function worst(statuses: readonly Status[]): Status {
  return STATUSES.find((status) => statuses.includes(status)) ?? 'unclear';
}

function reportIntegration(
  integration: Integration,
  records: ReadonlyMap<string, SubjectRecord>,
  input: ReportInput,
): IntegrationReport {
  const subjects = subjectsOf(integration).map((subject) =>
    reportSubject(contextOf(subject, integration, input.now), records.get(subjectKey(subject)), input),
  );
  const application = subjects.find(({ kind }) => kind === 'application');
  const mailboxes = subjects.filter(({ kind }) => kind === 'mailbox');
  const { id, name, product } = integration;
  const status = worst(subjects.map((subject) => subject.status));
  return { id, name, product, status, ...(application !== undefined && { application }), mailboxes };
}

function reportSubject(context: Context, record: SubjectRecord | undefined, input: ReportInput): SubjectReport {
  const { subject } = context;
  const name = subjectName(subject);
  if (record === undefined) {
    return {
      kind: subject.kind,
      name,
      status: 'unclear',
      headline: 'Not checked yet',
      stale: true,
      days: lastDays(undefined, context.now),
      checks: [],
    };
  }
  const checks = record.checks.map((state) => reportCheck(state, record.evidence, context, input.catalogue));
  const stale = record.checkedAt < input.staleBefore[subject.kind];
  const statuses = checks.map(({ status }) => status);
  return {
    kind: subject.kind,
    name,
    // What is old proves nothing any more, but a fault stays a fault until something says otherwise.
    status: worst(stale ? [...statuses, 'unclear'] : statuses),
    headline: headlineOf(checks, stale),
    checkedAt: iso(record.checkedAt),
    stale,
    days: lastDays(record.days, context.now),
    checks,
  };
}

function headlineOf(checks: readonly CheckReport[], stale: boolean): string {
  const worstStatus = worst(checks.map(({ status }) => status));
  const decisive = checks.find(({ status, verdict }) => status === worstStatus && verdict !== 'blocked');
  const suffix = stale ? ' (stale: not checked for two intervals)' : '';
  if (decisive?.cause !== undefined) return decisive.cause.title + suffix;
  if (decisive?.verdict === 'unclear') return `Unclear: ${decisive.reason ?? ''}${suffix}`;
  return (decisive === undefined ? 'Unclear' : 'All checks are healthy') + suffix;
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

/** A blocked check says nothing by itself: the check that blocks it carries the status. */
export function statusOf(diagnosis: Diagnosis): Status {
  switch (diagnosis.verdict) {
    case 'healthy':
      return 'healthy';
    case 'diagnosed':
      return diagnosis.cause.severity;
    case 'blocked':
    case 'unclear':
      return 'unclear';
  }
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
      return { reason: [...diagnosis.missing.map(({ detail }) => detail), ...whatWasSeen(evidence, needs)].join(' ') };
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
      why: fillText(text.why, cause.facts, context),
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

function reportCause({ id, severity, confidence }: DiagnosedCause, causes: readonly CauseText[]): CauseReport {
  return { id, title: causes.find((cause) => cause.id === id)?.title ?? id, severity, confidence };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
