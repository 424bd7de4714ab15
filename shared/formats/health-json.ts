import { allSubjects, type CheckReport, type Status, type StatusReport, type SubjectReport } from '../core/report';

/** The words of the health check draft: https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-06 */
export type HealthStatus = 'pass' | 'warn' | 'fail';

interface HealthCheck {
  readonly componentId: string;
  readonly componentType: string;
  readonly status: HealthStatus;
  readonly time?: string;
  readonly output?: string;
  readonly since: string;
  readonly errorCode?: string;
}

export interface HealthDocument {
  readonly status: HealthStatus;
  readonly description: string;
  readonly output?: string;
  readonly checks: Readonly<Record<string, readonly HealthCheck[]>>;
}

/** What cannot be seen is never `pass`. */
const WORDS: Readonly<Record<Status, HealthStatus>> = {
  critical: 'fail',
  warning: 'warn',
  unclear: 'warn',
  info: 'pass',
  healthy: 'pass',
};

/** The status as `application/health+json`. A check's key is `integration/mailbox:check`, its value always a list. Pure. */
export function healthDocument(report: StatusReport): HealthDocument {
  const { status, counts } = report;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const bad = Object.entries(counts)
    .filter(([name, count]) => count > 0 && name !== 'healthy' && name !== 'info')
    .map(([name, count]) => `${count} ${name}`);
  return {
    status: WORDS[status],
    description: 'Whether the helpdesks can read their mailboxes',
    ...(bad.length > 0 && { output: `${bad.join(', ')} of ${total}` }),
    checks: Object.fromEntries(
      allSubjects(report).flatMap(({ integration: { id }, subject }) =>
        subject.checks.map((check) => [`${id}/${subject.name}:${check.id}`, [healthCheck(check, subject)]]),
      ),
    ),
  };
}

function healthCheck({ status, since, cause, reason }: CheckReport, subject: SubjectReport): HealthCheck {
  const output = cause?.title ?? reason;
  return {
    componentId: subject.name,
    componentType: subject.kind,
    status: subject.stale && WORDS[status] === 'pass' ? 'warn' : WORDS[status],
    ...(subject.checkedAt !== undefined && { time: subject.checkedAt }),
    ...(output !== undefined && status !== 'healthy' && { output }),
    since,
    ...(cause !== undefined && { errorCode: cause.id }),
  };
}
