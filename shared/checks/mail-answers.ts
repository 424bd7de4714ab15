import type { AppAuthorization, GraphMailAnswer, MailboxEvidence, MailFailure, MailSession } from '../core/evidence';
import { valueOf } from '../core/reading';

/** The login over IMAP or POP, whichever the helpdesk uses; undefined over Graph, and where none was tried. */
function mailSession({ imapSession, popSession }: MailboxEvidence): MailSession<string> | undefined {
  return valueOf<MailSession<string>>(imapSession) ?? valueOf<MailSession<string>>(popSession);
}

/** True when the mailbox was opened (EXAMINE, STAT, or Graph's inbox): proof of the token, the protocol and the access at once. */
export function mailboxOpened(evidence: MailboxEvidence): boolean {
  const session = mailSession(evidence);
  const opened = session?.failure === undefined && (stepOk(session, 'examine') || stepOk(session, 'stat'));
  return opened || valueOf(evidence.graphMail)?.opened === true;
}

/** True when the server accepted the token, whatever came after. */
export function tokenAccepted(evidence: MailboxEvidence): boolean {
  return stepOk(mailSession(evidence), 'authenticate') || valueOf(evidence.graphMail)?.opened === true;
}

/** True when Graph looked for the mailbox, which it does for an app that may read mail somewhere. */
export function graphLooked(evidence: MailboxEvidence): boolean {
  const answer = valueOf(evidence.graphMail);
  return answer?.opened === true || answer?.status === 404;
}

/** A policy of the organization or the mailbox keeps programs out; with RAOP it is an application access policy. */
export const KEPT_OUT_TEXT = /Access to OData is disabled|AppOnly AccessPolicy/i;

function stepOk(session: MailSession<string> | undefined, name: string): boolean {
  return session?.steps.some((step) => step.name === name && step.outcome === 'ok') === true;
}

/**
 * Roles that Exchange gave the app and that read mail (RBAC for Applications); undefined where that was not read. Any of them grants what
 * Mail.Read or Mail.ReadWrite does.
 */
export function mailRoles({ appAuthorization }: MailboxEvidence): AppAuthorization['roles'] | undefined {
  return valueOf(appAuthorization)?.roles.filter(({ permissions }) =>
    permissions.some((one) => /^Mail\.Read(?:Write)?$/i.test(one) || /^Exchange Full Access$/i.test(one)),
  );
}

/** Why the login over IMAP or POP failed. */
export function mailFailure(evidence: MailboxEvidence): MailFailure<string> | undefined {
  return mailSession(evidence)?.failure;
}

/** The failure where the server's words match. Words decide, not flags: imapflow's flags mislead on some answers. */
export function serverSaid(evidence: MailboxEvidence, words: RegExp): MailFailure<string> | undefined {
  const failure = mailFailure(evidence);
  return failure !== undefined && words.test(failure.text) ? failure : undefined;
}

/** Exchange's answer over IMAP when it accepts the token but will not open the mailbox; it names no cause. */
const NOT_CONNECTED_TEXT = /authenticated but not connected/i;
/** Exchange's one answer over POP, whatever the reason: microsoft365, section 3.8. */
const POP_REFUSED_TEXT = /^-ERR (?:\[AUTH\] )?(?:Authentication failure|Logon failure)/i;

/** What the server said when it would not open the mailbox and gave no reason: the protocol is off, or access is missing. */
export function refusedWithoutReason(evidence: MailboxEvidence): MailFailure<string> | undefined {
  const overPop = valueOf(evidence.popSession)?.failure;
  const failure = serverSaid(evidence, NOT_CONNECTED_TEXT);
  return failure ?? (overPop !== undefined && POP_REFUSED_TEXT.test(overPop.text) ? overPop : undefined);
}

/** True when the mailbox was refused in a way in which missing access shows; nothing is said of the reason. */
export function accessRefused(evidence: MailboxEvidence): boolean {
  const overGraph = graphRefusal(evidence);
  return (
    refusedWithoutReason(evidence) !== undefined ||
    (overGraph?.code === 'ErrorAccessDenied' && !KEPT_OUT_TEXT.test(overGraph.message)) ||
    // Whom a mailbox is not shared with does not get to see that it is there.
    overGraph?.code === 'ErrorItemNotFound'
  );
}

/** Graph's refusal; undefined where it opened the inbox or was not asked. */
export function graphRefusal(evidence: MailboxEvidence): Extract<GraphMailAnswer, { opened: false }> | undefined {
  const answer = valueOf(evidence.graphMail);
  return answer?.opened === false ? answer : undefined;
}
