import { evidenceTree } from '../core/evidence-tree';
import type { CheckReport, SubjectReport } from '../core/report';
import { EvidenceList } from './evidence';
import { Moment, StatusMark } from './marks';
import { Remedy } from './remedy';
import { decisiveCheck, type Group, type Item } from './view';

export interface GroupProps {
  readonly group: Group;
  /** The whole of its first subject. */
  readonly details: SubjectReport | undefined;
  readonly root: string;
  readonly now: number;
  /** Shows the remedy at once. */
  readonly open: boolean;
}

/** Names of a group before the rest is only counted. */
const NAMES_SHOWN = 12;

/** Address of a subject's own page. */
export function subjectPath(
  root: string,
  {
    integration,
    subject,
  }: { readonly integration: Pick<Item['integration'], 'id'>; readonly subject: Pick<Item['subject'], 'name'> },
): string {
  return `${root}/status/${encodeURIComponent(integration.id)}/${encodeURIComponent(subject.name)}`;
}

const CONFIDENCE: Readonly<Record<string, string>> = {
  confirmed: 'confirmed: a source states it',
  inferred: 'inferred: little else is left',
  possible: 'possible: one of several',
};

/** One fault that needs attention: where, what, since when, how sure, what to do, what was seen. */
export function GroupCard({ group: { first, others }, details, root, now, open }: GroupProps) {
  const { integration, subject } = first;
  const check = details && decisiveCheck(details);
  return (
    <article class={`card ${subject.status}`}>
      <header>
        <h3>
          <a href={subjectPath(root, first)}>{titleOf(first)}</a>
        </h3>
        <span class="soft">{integration.name}</span>
        <StatusMark status={subject.status} />
      </header>
      {check === undefined ? <p>{subject.headline}</p> : <Verdict check={check} root={root} now={now} />}
      {others.length === 0 ? null : (
        <p class="also">
          The same at {others.length} more:{' '}
          {others.slice(0, NAMES_SHOWN).map((item, i) => (
            <>
              {i === 0 ? '' : ', '}
              <a href={subjectPath(root, item)}>{titleOf(item)}</a>
            </>
          ))}
          {others.length > NAMES_SHOWN ? ` and ${others.length - NAMES_SHOWN} more` : ''}
        </p>
      )}
      {check?.remediation === undefined ? null : (
        <details open={open}>
          <summary>What to do</summary>
          <Remedy {...check.remediation} />
        </details>
      )}
      {details === undefined ? null : <Evidence subject={details} now={now} />}
    </article>
  );
}

/** The name that people know: the mailbox's address, or what the app is called. */
export function titleOf({ subject }: Item): string {
  switch (subject.kind) {
    case 'mailbox':
      return subject.name;
    case 'application':
      return `App registration ${subject.name}`;
    case 'monitor':
      return `Mailbox Watch in ${subject.name}`;
  }
}

/** What a check came to, in words. */
export function Verdict({ check, root, now }: { check: CheckReport; root: string; now: number }) {
  const { cause, why, since, lastHealthyAt, alsoPossible = [], wouldDecide = [], reason } = check;
  return (
    <>
      <p>
        {cause === undefined ? (
          reason
        ) : (
          <>
            <strong>{cause.title}.</strong> {why}
          </>
        )}
      </p>
      <dl class="facts">
        <dt>Since</dt>
        <dd>
          <Moment at={since} now={now} />
          {lastHealthyAt === undefined ? ', never seen healthy' : ', last healthy '}
          {lastHealthyAt === undefined ? null : <Moment at={lastHealthyAt} now={now} />}
        </dd>
        {cause === undefined ? null : (
          <>
            <dt>How sure</dt>
            <dd>{CONFIDENCE[cause.confidence]}</dd>
            <dt>Cause</dt>
            <dd>
              <a href={`${root}/remediations/${encodeURIComponent(cause.id)}`}>{cause.id}</a>
            </dd>
          </>
        )}
        {alsoPossible.length === 0 ? null : (
          <>
            <dt>Also possible</dt>
            <dd>{alsoPossible.map(({ title }) => title).join('; ')}</dd>
          </>
        )}
        {wouldDecide.length === 0 ? null : (
          <>
            <dt>What would decide</dt>
            <dd>{wouldDecide.join(' ')}</dd>
          </>
        )}
      </dl>
    </>
  );
}

/** Everything seen of a subject, step by step. */
function Evidence({ subject, now }: { subject: SubjectReport; now: number }) {
  const nodes = evidenceTree(readingsOf(subject));
  if (nodes.length === 0) return null;
  return (
    <details>
      <summary>What was seen</summary>
      <EvidenceList nodes={nodes} now={now} />
    </details>
  );
}

/** The evidence of all its checks, each once. */
export function readingsOf({ checks }: SubjectReport): Parameters<typeof evidenceTree>[0] {
  return Object.assign({}, ...checks.map(({ evidence }) => evidence)) as Parameters<typeof evidenceTree>[0];
}
