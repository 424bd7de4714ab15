import type { HistoryEntry } from '../core/ports';
import type { CheckReport, SubjectReport } from '../core/report';
import { Document } from './document';
import { DayBar } from './day-bar';
import { Moment, StatusMark } from './marks';
import { Remedy } from './remedy';
import { EvidencePanels } from './evidence-panels';
import { titleOf, Verdict } from './subject';
import { decisiveCheck, type Item } from './view';

/** A subject with all its checks. */
export interface WholeItem extends Item {
  readonly subject: SubjectReport;
}

export interface SubjectPageProps {
  readonly item: WholeItem;
  /** Newest first. */
  readonly history: readonly HistoryEntry[];
  readonly root: string;
  readonly now: number;
}

/** All that is known of one mailbox or application. */
export function SubjectPage({ item, history, root, now }: SubjectPageProps) {
  const { integration, subject } = item;
  const decisive = decisiveCheck(subject);
  return (
    <Document title={titleOf(item)} root={root}>
      <p>
        <a href={`${root}/status`}>Status</a> ›{' '}
        <a href={`${root}/status?integration=${encodeURIComponent(integration.id)}`}>{integration.name}</a>
      </p>
      <section class={`verdict ${subject.status}`} aria-label="Verdict">
        <StatusMark status={subject.status} />
        <h1>{titleOf(item)}</h1>
        {decisive === undefined ? <p>{subject.headline}</p> : <Verdict check={decisive} root={root} now={now} />}
        <p class="small">
          {subject.checkedAt === undefined ? 'Never checked.' : 'Checked '}
          {subject.checkedAt === undefined ? null : <Moment at={subject.checkedAt} now={now} />}
          {subject.stale ? '. It was not checked for two intervals: what is shown may no longer hold.' : ''}
        </p>
      </section>
      {decisive?.remediation === undefined ? null : (
        <section aria-label="What to do">
          <h2>What to do</h2>
          <Remedy {...decisive.remediation} />
        </section>
      )}
      <h2>Last 90 days</h2>
      <DayBar days={subject.days} now={now} />
      <EvidencePanels subject={subject} now={now} />
      <h2>Checks</h2>
      <div class="scroll">
        <table class="stack">
          <thead>
            <tr>
              <th scope="col">Check</th>
              <th scope="col">Status</th>
              <th scope="col">What</th>
              <th scope="col">Since</th>
            </tr>
          </thead>
          <tbody>
            {subject.checks.map((check) => (
              <tr>
                <td data-label="Check">{check.title}</td>
                <td data-label="Status">
                  <StatusMark status={check.status} />
                </td>
                <td data-label="What">{saidOf(check, subject.checks)}</td>
                <td data-label="Since" class="num">
                  <Moment at={check.since} now={now} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <History entries={history} titles={new Map(subject.checks.map(({ id, title }) => [id, title]))} now={now} />
    </Document>
  );
}

function saidOf({ cause, blockedBy, reason }: CheckReport, checks: readonly CheckReport[]): string {
  if (cause !== undefined) return cause.title;
  if (blockedBy !== undefined)
    return `Not judged before this holds: ${checks.find(({ id }) => id === blockedBy)?.title ?? blockedBy}`;
  return reason ?? 'In order';
}

/** By verdict, how a change is marked. */
const CHANGE_MARKS: Readonly<Record<string, string>> = { healthy: 'well', diagnosed: 'ill' };

function History({
  entries,
  titles,
  now,
}: {
  entries: readonly HistoryEntry[];
  titles: ReadonlyMap<string, string>;
  now: number;
}) {
  if (entries.length === 0) return null;
  return (
    <section aria-label="History">
      <h2>History</h2>
      <ul class="changes">
        {entries.map(({ at, check, verdict, cause, events }, i) => {
          const before = entries.slice(i + 1).find((older) => older.check === check);
          const was = before?.cause ?? before?.verdict;
          const is = cause ?? verdict;
          return (
            <li class={CHANGE_MARKS[verdict]}>
              <Moment at={at} now={now} /> · {titles.get(check) ?? check}:{' '}
              {was === undefined || was === is ? null : <>{was} → </>}
              <strong>{is}</strong>
              {events.length === 0 ? null : (
                <span class="soft"> (alert {events.map(({ kind }) => kind).join(', ')})</span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
