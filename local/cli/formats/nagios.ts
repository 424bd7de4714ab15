import { credentialRows } from '../../../shared/core/credential-rows';
import { allSubjects, type Status, type StatusReport } from '../../../shared/core/report';
import { DAY } from '../../../shared/core/time';
import { exitCodeOf } from '../outcome';

const WORDS = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'];
const COUNTED: readonly Status[] = ['critical', 'warning', 'unclear', 'info', 'healthy'];

/**
 * The report for a plug-in of Nagios, Icinga or Checkmk: one line with the worst of it and the counts as performance data, then a line for
 * each mailbox and application that is not in order. Source: https://www.monitoring-plugins.org/doc/guidelines.html
 */
export function nagiosText(report: StatusReport): string {
  const subjects = allSubjects(report);
  const faulty = subjects
    .filter(({ subject }) => exitCodeOf(subject.status) !== 0)
    .toSorted((a, b) => COUNTED.indexOf(a.subject.status) - COUNTED.indexOf(b.subject.status));
  const [first] = faulty;
  const others = faulty.length > 1 ? ` (and ${faulty.length - 1} more)` : '';
  const said =
    first === undefined
      ? `${subjects.length} mailboxes and applications are in order`
      : `${first.subject.name}: ${first.subject.headline}${others}`;
  const lines = faulty.map(
    ({ integration, subject }) =>
      `${WORDS[exitCodeOf(subject.status)] ?? ''}: ${integration.id}/${subject.name}: ${subject.headline}`,
  );
  const head = `MAILBOXES ${WORDS[exitCodeOf(report.status)] ?? ''} - ${plain(said)} | ${performance(report, subjects.length).join(' ')}`;
  return [head, ...lines.map(plain)].join('\n');
}

/** `label=value;warn;crit;min;max`; days may be negative after the end. */
function performance(report: StatusReport, total: number): string[] {
  const counts = COUNTED.map((status) => `${status}=${report.counts[status]};;;0;${total}`);
  const now = Date.parse(report.generatedAt);
  const rows = credentialRows(report.integrations);
  const ends = Map.groupBy(rows, ({ integrationId }) => integrationId);
  const days = [...ends].map(([id, own]) => {
    const soonest = Math.min(...own.map(({ endsAt }) => endsAt));
    return `'${label(id)} secret days'=${Math.floor((soonest - now) / DAY)};30:;7:`;
  });
  return [...counts, ...days];
}

/** A bar begins the performance data, wherever it stands. */
function plain(text: string): string {
  return text.replaceAll('|', '/').replaceAll(/\s+/g, ' ');
}

function label(text: string): string {
  return text.replaceAll(/['=]/g, '_');
}
