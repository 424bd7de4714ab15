import { CATALOGUE } from '../checks';
import type { Severity } from '../core/severity';
import type { ChannelSettings } from '../core/channel-settings';
import type { ChannelHealth, OutboxEntry } from '../core/notice';
import { BLIND_CAUSE, BLIND_TITLE } from '../core/blindness';
import type { Muted, Silence } from '../core/muting';
import type { SubjectSummary } from '../core/summary';
import { subjectKey, subjectName, type Subject } from '../core/subject';
import { mutesAt, type MuteSettings } from './muted';
import { toldFor } from './root-cause';

/** Moments are ISO 8601 texts in UTC. */
export interface AlertsReport {
  readonly generatedAt: string;
  /** Worst and oldest first. */
  readonly open: readonly OpenAlertReport[];
  readonly channels: readonly ChannelReport[];
  /** The first to end first. */
  readonly silences: readonly SilenceReport[];
}

export interface SilenceReport extends Pick<Silence, 'id' | 'match' | 'reason' | 'author'> {
  readonly until: string;
}

export interface OpenAlertReport {
  readonly integration: string;
  readonly subject: { readonly kind: Subject['kind']; readonly name: string };
  readonly check: string;
  readonly cause: { readonly id: string; readonly title: string };
  readonly severity: Severity;
  readonly openedAt: string;
  readonly lastNoticeAt: string;
  /** Why nobody is told of it now. */
  readonly muted?: Omit<Muted, 'until'> & { readonly until?: string };
  /** True where it was never told of, because it was muted when it began. */
  readonly untold: boolean;
  /** Ids of the channels that do not have its latest notice yet. */
  readonly onItsWayTo: readonly string[];
}

export interface ChannelReport {
  readonly id: string;
  readonly kind: ChannelSettings['kind'];
  /** `untried` until the first notice. */
  readonly status: 'ok' | 'failing' | 'untried';
  readonly lastSentAt?: string;
  readonly failure?: { readonly at: string; readonly detail: string };
  /** Notices that wait for it. */
  readonly waiting: number;
}

export interface AlertsInput {
  readonly summaries: readonly SubjectSummary[];
  readonly outbox: readonly OutboxEntry[];
  readonly silences: readonly Silence[];
  readonly alerting: MuteSettings;
  readonly channels: readonly {
    readonly id: string;
    readonly kind: ChannelSettings['kind'];
    readonly health: ChannelHealth | undefined;
  }[];
  readonly now: number;
}

const TITLES = new Map(CATALOGUE.flatMap(({ causes }) => causes.map(({ id, title }) => [id, title])));
const RANK: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/** Pure; never throws. */
export function alertsReport({ summaries, outbox, channels, silences, alerting, now }: AlertsInput): AlertsReport {
  const applications = summaries.filter(({ subject }) => subject.kind === 'application');
  const told = new Map(applications.map(({ subject, alerts }) => [subject.integrationId, toldFor(alerts)]));
  const mutedBy = mutesAt(alerting, silences, now, (id) => told.get(id) ?? new Set());
  return {
    generatedAt: iso(now),
    open: summaries
      .flatMap((summary) => openIn(summary, outbox, mutedBy))
      .toSorted((a, b) => RANK[a.severity] - RANK[b.severity] || a.openedAt.localeCompare(b.openedAt)),
    channels: channels.map(({ id, kind, health }) => ({
      id,
      kind,
      status: health === undefined ? 'untried' : health.failure === undefined ? 'ok' : 'failing',
      ...(health?.lastSentAt !== undefined && { lastSentAt: iso(health.lastSentAt) }),
      ...(health?.failure !== undefined && {
        failure: { at: iso(health.failure.at), detail: health.failure.detail },
      }),
      waiting: outbox.filter(({ pending }) => id in pending).length,
    })),
    silences: silences.map(({ id, match, until, reason, author }) => ({
      id,
      match,
      until: iso(until),
      reason,
      author,
    })),
  };
}

function openIn(
  { subject, alerts }: SubjectSummary,
  outbox: readonly OutboxEntry[],
  mutedBy: ReturnType<typeof mutesAt>,
): OpenAlertReport[] {
  return alerts.map(({ check, key, cause, severity, openedAt, lastNoticeAt, untold }) => {
    const muted = mutedBy({ subject, cause });
    const alertKey = `${subjectKey(subject)}/${check}/${key}`;
    const waiting = outbox.filter(({ notice }) => notice.alertKey === alertKey);
    return {
      integration: subject.integrationId,
      subject: { kind: subject.kind, name: subjectName(subject) },
      check,
      cause: { id: cause, title: TITLES.get(cause) ?? (cause === BLIND_CAUSE.id ? BLIND_TITLE : cause) },
      severity,
      openedAt: iso(openedAt),
      lastNoticeAt: iso(lastNoticeAt),
      ...(muted !== undefined && { muted: mutedReport(muted) }),
      untold: untold !== undefined,
      onItsWayTo: [...new Set(waiting.flatMap(({ pending }) => Object.keys(pending)))],
    };
  });
}

function mutedReport({ until, ...muted }: Muted): NonNullable<OpenAlertReport['muted']> {
  return { ...muted, ...(until !== undefined && { until: iso(until) }) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
