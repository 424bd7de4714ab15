import { APPLICATION_CHECKS, MAILBOX_CHECKS } from '../checks';
import type { AlertEvent, OpenAlert } from '../core/alerting';
import type { SubjectRecord } from '../core/ports';

/** Causes that are one fault, seen at the application and at its mailboxes; a cause that both can have needs no line. */
const SAME_FAULT: readonly (readonly string[])[] = [
  ['imap-permission-not-granted', 'imap-permission-not-in-token', 'consent-missing'],
  ['pop-permission-not-granted', 'pop-permission-not-in-token', 'consent-missing'],
  ['graph-mail-permission-not-granted', 'graph-mail-permission-not-in-token', 'consent-missing'],
  ['no-client-secret', 'client-secret-wrong'],
  ['enterprise-application-missing', 'app-registration-missing'],
  ['no-federated-credential', 'federated-credential-does-not-match'],
];

const OF_MAILBOXES = causesOf(MAILBOX_CHECKS);
/** By the cause of an application, what its mailboxes fail of meanwhile. */
const SYMPTOMS = new Map(
  [...causesOf(APPLICATION_CHECKS)].map((id) => [
    id,
    new Set([id, ...SAME_FAULT.filter(([root]) => root === id).flat()].filter((one) => OF_MAILBOXES.has(one))),
  ]),
);
const ALL_SYMPTOMS = new Set([...SYMPTOMS.values()].flatMap((symptoms) => [...symptoms]));

function causesOf(checks: readonly { readonly causes: readonly { readonly id: string }[] }[]): ReadonlySet<string> {
  return new Set(checks.flatMap(({ causes }) => causes.map(({ id }) => id)));
}

/** What the mailboxes of an application fail of while it has this cause; empty where they do not. */
export function symptomsOf(cause: string): ReadonlySet<string> {
  return SYMPTOMS.get(cause) ?? new Set();
}

/** What mailboxes need not tell of, because people were told of it for their application, whose open alerts these are. */
export function toldFor(open: readonly Pick<OpenAlert, 'cause' | 'untold'>[]): ReadonlySet<string> {
  return new Set(open.filter(({ untold }) => untold === undefined).flatMap(({ cause }) => [...symptomsOf(cause)]));
}

/**
 * Whether the application is worth a look now, not within the hour: a mailbox begins or ceases to fail of what may be the application's
 * fault. Looked at in the same run, both are told of by one notice.
 */
export function pointsAtApplication(
  application: SubjectRecord | undefined,
  mailboxes: readonly SubjectRecord[],
  events: readonly AlertEvent[],
): boolean {
  const open = application?.checks.filter(({ alert }) => symptomsOf(alert.open?.cause ?? '').size > 0) ?? [];
  if (open.length === 0) return events.some(({ kind, cause }) => kind !== 'resolved' && ALL_SYMPTOMS.has(cause));
  const turnedHealthy = ({ checks, checkedAt }: SubjectRecord) =>
    checks.some(({ diagnosis, since }) => diagnosis.verdict === 'healthy' && since === checkedAt);
  return open.some(({ alert }) => alert.recoveries > 0) || mailboxes.some(turnedHealthy);
}
