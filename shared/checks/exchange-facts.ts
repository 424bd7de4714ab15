import type { Match } from '../core/check';
import type { MailboxEvidence, PermissionHolder } from '../core/evidence';
import { valueOf } from '../core/reading';
import type { Context } from '../core/subject';
import { ageOf } from './evidence-age';

/** On every mailbox by default, and a role group that Graph does not know: it hides nobody's delegate. */
const DISCOVERY_MANAGEMENT = 'discovery management';

/** Whether Exchange says that the connection's protocol is on; undefined where it was not seen, and for Graph, which has no switch. */
export function protocolFlag(evidence: MailboxEvidence, { integration: { protocol } }: Context): boolean | undefined {
  const settings = valueOf(evidence.casMailbox);
  if (settings?.found !== true || protocol === 'graph') return undefined;
  return protocol === 'imap' ? settings.imapEnabled : settings.popEnabled;
}

/**
 * The names under which Exchange may list whoever opens the mailbox: the user that the token names, else the configured delegate; in
 * the application flow every name of the service principal. Empty when nobody is known.
 */
function principalNames(evidence: MailboxEvidence, { delegate, integration }: Context): readonly string[] {
  if (integration.flow === 'application') {
    const principal = valueOf(evidence.exchangeServicePrincipal);
    return principal?.registered === true ? principal.names : [];
  }
  const user = tokenUser(evidence) ?? delegate;
  return user === undefined ? [] : [user];
}

export function tokenUser(evidence: MailboxEvidence): string | undefined {
  const answer = valueOf(evidence.accessToken);
  return answer?.issued === true ? answer.claims?.user : undefined;
}

function mailboxOf({ subject }: Context): string | undefined {
  return subject.kind === 'mailbox' ? subject.mailbox : undefined;
}

/**
 * What Exchange's list says of whoever opens the mailbox: `granted`, `denied`, `absent`; `unknown` when the list was not seen, nobody is known to
 * look for, or a group on it could not be expanded.
 */
export function listed(evidence: MailboxEvidence, context: Context): 'granted' | 'denied' | 'absent' | 'unknown' {
  const permissions = valueOf(evidence.mailboxPermissions);
  const names = principalNames(evidence, context);
  if (permissions === undefined || names.length === 0) return 'unknown';
  const holds = (holder: PermissionHolder) => isOrHolds(holder, names);
  if (permissions.denied.some(holds)) return 'denied';
  const ownsIt = names.some((name) => name === mailboxOf(context));
  // The owner of a mailbox needs no row.
  if (ownsIt || permissions.allowed.some(holds)) return 'granted';
  const mayHide = ({ name, members }: PermissionHolder) =>
    members === undefined && !name.includes('@') && name !== DISCOVERY_MANAGEMENT;
  return [...permissions.allowed, ...permissions.denied].some(mayHide) ? 'unknown' : 'absent';
}

export function holderThatDenies(evidence: MailboxEvidence, context: Context): string | undefined {
  const names = principalNames(evidence, context);
  return valueOf(evidence.mailboxPermissions)?.denied.find((holder) => isOrHolds(holder, names))?.name;
}

function isOrHolds({ name, members = [] }: PermissionHolder, names: readonly string[]): boolean {
  return names.includes(name) || names.some((one) => members.includes(one));
}

/** The confidence of what the list tells, which falls with its age. */
export function fromList(evidence: MailboxEvidence, context: Context): Match {
  const permissions = valueOf(evidence.mailboxPermissions);
  return { confidence: permissions === undefined ? 'possible' : ageOf(permissions, context).confidence };
}
