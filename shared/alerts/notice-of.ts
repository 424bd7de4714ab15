import { createHash } from 'node:crypto';
import { CATALOGUE } from '../checks';
import type { AlertEvent, AlertPolicy } from '../core/alerting';
import { BLIND_CAUSE, BLIND_TITLE } from '../core/blindness';
import type { CheckState } from '../core/check-state';
import type { Notice } from '../core/notice';
import { renderRemedy, whyText } from '../core/remedy';
import { subjectKey, subjectName, type Context, type Integration } from '../core/subject';
import { INCIDENT } from '../checks/mailbox-opens';
import { valueOf } from '../core/reading';
import type { Evidence } from '../core/evidence';
import { symptomsOf } from './root-cause';

/** What an administrator has to know of a fault that comes and goes. */
const FLAPPING =
  'It has come and gone several times of late: from now on it is over only when it has been well for a while.';

const KINDS = { mailbox: 'mailbox', application: 'app registration', monitor: 'tenant' } as const;

export interface NoticeOptions {
  /** The monitor's own address, without a slash at the end, where it is known. */
  readonly root: string | undefined;
  readonly policy: Pick<AlertPolicy, 'remindEvery'>;
}

/** What is to be told of an event. */
export function noticeOf(
  event: AlertEvent,
  state: CheckState,
  context: Context,
  evidence: Evidence,
  { root, policy }: NoticeOptions,
): Notice {
  const { subject, integration, now } = context;
  const check = CATALOGUE.find(({ id }) => id === state.check);
  const cause = check?.causes.find(({ id }) => id === event.cause);
  const diagnosed = state.diagnosis.verdict === 'diagnosed' ? state.diagnosis.cause : undefined;
  const known = diagnosed?.id === event.cause ? diagnosed : undefined;
  const facts = known?.facts ?? {};
  const name = clean(subjectName(subject));
  const blindness = event.cause === BLIND_CAUSE.id ? whyBlind(state) : undefined;
  const title = cause?.title ?? (blindness === undefined ? event.cause : BLIND_TITLE);
  const alertKey = `${subjectKey(subject)}/${state.check}/${event.key}`;
  const reminded = policy.remindEvery[event.severity];
  const isOver = event.kind === 'resolved';
  return {
    id: hashOf(`${alertKey} ${event.kind} ${now} ${known?.noticeStep ?? ''}`),
    alertKey,
    kind: event.kind,
    severity: event.severity,
    headline: `${title}: ${name}`,
    integration: {
      id: integration.id,
      name: clean(integration.name),
      ...(integration.owner !== undefined && { owner: integration.owner }),
    },
    subject: { kind: KINDS[subject.kind], name },
    check: { id: state.check, title: check?.title ?? state.check },
    cause: { id: event.cause, title },
    confidence: known?.confidence ?? (blindness === undefined ? 'possible' : 'confirmed'),
    why: clean(
      [
        blindness?.join(' ') ?? whyText(cause?.why ?? '', known ?? { facts }, context),
        event.flapping === true ? FLAPPING : '',
        subject.kind === 'application' && symptomsOf(event.cause).size > 0 && !isOver
          ? silentMailboxes(integration)
          : '',
      ]
        .filter((sentence) => sentence !== '')
        .join(' '),
    ),
    at: now,
    openedAt: event.openedAt,
    ...(isOver && { resolvedAt: now }),
    ...incidentIn(evidence, event.cause),
    steps:
      isOver || cause === undefined
        ? (blindness ?? []).map((say) => ({ part: 'check', say: clean(say), commands: [] }))
        : renderRemedy(cause.remedy, facts, context).map(({ part, say, commands }) => ({
            part,
            say: clean(say),
            commands: commands.map(({ shell, text }) => ({ shell, text: clean(text) })),
          })),
    ...(root !== undefined && {
      link: `${root}/api/status/${encodeURIComponent(integration.id)}/${encodeURIComponent(name)}?format=html`,
    }),
    // On an expiry ladder the next step is the next notice; a day is the least.
    ...(!isOver && reminded !== undefined && { nextNoticeAt: now + reminded }),
  };
}

/** An incident may be why, or may make a fault worse: whoever repairs has to know of it. */
function incidentIn(evidence: Evidence, cause: string): Pick<Notice, 'incident'> {
  const health = 'serviceHealth' in evidence ? valueOf(evidence.serviceHealth) : undefined;
  if (health === undefined || health.healthy || cause === INCIDENT) return {};
  const [issue] = health.issues;
  return { incident: clean(issue === undefined ? health.status : `${issue.id}: ${issue.title}`) };
}

const NAMES_SHOWN = 10;

/** One root cause is one notice: what an administrator has to know of an application whose mailboxes stay silent. */
function silentMailboxes({ mailboxes }: Integration): string {
  const names = mailboxes.slice(0, NAMES_SHOWN).map(({ address }) => address);
  const more = mailboxes.length > names.length ? ` and ${mailboxes.length - names.length} more` : '';
  return `All its mailboxes fail of this and are not told of one by one: ${names.join(', ')}${more}.`;
}

/** What could not be seen, and what would let it be seen; each once. */
function whyBlind({ diagnosis }: CheckState): string[] {
  return diagnosis.verdict === 'unclear' ? [...new Set(diagnosis.missing.map(({ detail }) => detail))] : [];
}

/** A notice with which an administrator tries a channel. */
export function testNotice(now: number, root: string | undefined): Notice {
  return {
    id: hashOf(`test ${now}`),
    alertKey: `mailbox-watch/test/${now}`,
    kind: 'test',
    severity: 'info',
    headline: 'This is a test: the channel works',
    integration: { id: 'mailbox-watch', name: 'Mailbox Watch' },
    subject: { kind: 'tenant', name: 'none' },
    check: { id: 'test', title: 'A test notice arrives' },
    cause: { id: 'test', title: 'Somebody tries this channel' },
    confidence: 'confirmed',
    why: 'Nothing is wrong. Somebody wanted to see a notice arrive here.',
    at: now,
    openedAt: now,
    steps: [{ part: 'verify', say: 'Nothing needs to be done.', commands: [] }],
    ...(root !== undefined && { link: `${root}/api/status?format=html` }),
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** One line without control characters and direction marks: names come from servers and tenants. */
function clean(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 2000);
}
