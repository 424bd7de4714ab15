import type { TokenCredential } from '@azure/identity';
import type { Availability } from '../core/channel-settings';
import type { Channel, Notice, SendResult } from '../core/notice';
import type { SubjectRecord } from '../core/ports';
import { statusOf, worst } from '../core/status';
import { subjectName } from '../core/subject';
import type { AvailabilityResult, Sent, Telemetry } from '../telemetry/application-insights';
import { textOf } from './text';

export interface ApplicationInsightsOptions {
  readonly id: string;
  /** May reject. */
  readonly connectionString: () => Promise<string>;
  readonly availability: Availability;
  /** For components without local authentication; undefined where the key of the connection string is enough. */
  readonly credential: () => TokenCredential | undefined;
}

/** A channel to Application Insights, which takes the result of each look as well. */
export interface ApplicationInsights extends Channel {
  /** Availability results of these looks. Undefined where they arrived, else what happened and what to do. Never rejects. */
  readonly report: (records: readonly SubjectRecord[]) => Promise<string | undefined>;
}

/** The name of the events, to be queried by. */
const EVENT = 'MailboxWatchNotice';

export function createApplicationInsightsChannel({
  id,
  connectionString,
  availability,
  credential,
}: ApplicationInsightsOptions): ApplicationInsights {
  let telemetry: Promise<Telemetry> | undefined;
  const open = async (): Promise<Telemetry> => {
    // Large, and a file of its own: loaded where it is used.
    const [{ createTelemetry }, text] = await Promise.all([
      import('../telemetry/application-insights'),
      connectionString(),
    ]);
    return createTelemetry(text, credential());
  };
  const opened = () => {
    telemetry ??= open().catch((error: unknown) => {
      telemetry = undefined;
      throw error;
    });
    return telemetry;
  };
  return {
    id,
    async send(notices) {
      const to = await opened();
      for (const notice of notices) to.event(EVENT, propertiesOf(notice));
      return resultOf(await to.flush());
    },
    async report(records) {
      const results = records.flatMap((record) => RESULTS[availability](record));
      if (results.length === 0) return undefined;
      try {
        const to = await opened();
        for (const result of results) to.availability(result);
        const result = resultOf(await to.flush());
        return result.sent ? undefined : result.detail;
      } catch (error) {
        return `Availability results could not be sent to Application Insights (${error instanceof Error ? error.name : typeof error}). See connectionString of the channel ${id}.`;
      }
    },
  };
}

function propertiesOf(notice: Notice): Record<string, string> {
  const { kind, severity, integration, subject, check, cause, confidence, alertKey } = notice;
  const { title, steps } = textOf(notice);
  return {
    id: notice.id,
    alertKey,
    kind,
    severity,
    title,
    integration: integration.id,
    subject: subject.name,
    check: check.id,
    cause: cause.id,
    confidence,
    openedAt: new Date(notice.openedAt).toISOString(),
    why: notice.why,
    remedy: steps.flatMap(({ say, commands }) => [say, ...commands]).join('\n'),
    ...(notice.link !== undefined && { link: notice.link }),
    ...(integration.owner !== undefined && { owner: integration.owner }),
  };
}

const RESULTS: Readonly<Record<Availability, (record: SubjectRecord) => readonly AvailabilityResult[]>> = {
  'each-check': ofChecks,
  'each-look': (record) => [ofLook(record)],
  none: () => [],
};

function ofChecks({ subject, checks, tookMs }: SubjectRecord): AvailabilityResult[] {
  // What waits for another check was not tried: that one tells.
  return checks
    .filter(({ diagnosis }) => diagnosis.verdict !== 'blocked')
    .map(({ check, diagnosis }) => {
      const status = statusOf(diagnosis);
      const cause = diagnosis.verdict === 'diagnosed' ? `: ${diagnosis.cause.id}` : '';
      return {
        name: `${subject.integrationId}/${subjectName(subject)}/${check}`,
        success: isAvailable(status),
        durationMs: tookMs,
        message: `${status}${cause}`,
      };
    });
}

/** What was not seen is not available. */
function isAvailable(status: ReturnType<typeof statusOf>): boolean {
  return status !== 'critical' && status !== 'unclear';
}

function ofLook({ subject, checks, tookMs }: SubjectRecord): AvailabilityResult {
  const status = worst(checks.map(({ diagnosis }) => statusOf(diagnosis)));
  const causes = checks.flatMap(({ diagnosis }) => (diagnosis.verdict === 'diagnosed' ? [diagnosis.cause.id] : []));
  return {
    name: `${subject.integrationId}/${subjectName(subject)}`,
    success: isAvailable(status),
    durationMs: tookMs,
    message: causes.length === 0 ? status : `${status}: ${causes.join(', ')}`,
  };
}

function resultOf(result: Sent): SendResult {
  if (result.sent) return result;
  const { status, code } = result;
  const isRefused = status === 400 || status === 401 || status === 403 || status === 404;
  const why = status === undefined ? (code ?? 'no answer') : `HTTP ${status}`;
  const advice =
    status === 401 || status === 403
      ? 'The component wants Entra authentication: set the app setting APPLICATIONINSIGHTS_AUTHENTICATION_STRING=Authorization=AAD, and give Mailbox Watch the role Monitoring Metrics Publisher.'
      : 'See the connection string: Application Insights > Overview.';
  return {
    sent: false,
    retry: isRefused ? 'never' : 'later',
    detail: `Application Insights did not take it (${why}). ${advice}`,
  };
}
