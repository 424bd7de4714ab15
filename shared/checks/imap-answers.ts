import type { ImapFailure, MailboxEvidence } from '../core/evidence';
import { valueOf } from '../core/reading';

/** True when INBOX was opened with EXAMINE: proof of the token, of IMAP and of the access at once. */
export function inboxOpened(evidence: MailboxEvidence): boolean {
  const session = valueOf(evidence.imapSession);
  return session !== undefined && session.failure === undefined && stepOk(evidence, 'examine');
}

/** True when the server accepted the token, whatever came after. */
export function tokenAccepted(evidence: MailboxEvidence): boolean {
  return stepOk(evidence, 'authenticate');
}

function stepOk(evidence: MailboxEvidence, name: string): boolean {
  return valueOf(evidence.imapSession)?.steps.some((s) => s.name === name && s.outcome === 'ok') === true;
}

export function imapFailure(evidence: MailboxEvidence): ImapFailure | undefined {
  return valueOf(evidence.imapSession)?.failure;
}

/** The failure where the server's words match. Words decide, not flags: imapflow's flags mislead on some answers. */
export function serverSaid(evidence: MailboxEvidence, words: RegExp): ImapFailure | undefined {
  const failure = imapFailure(evidence);
  return failure !== undefined && words.test(failure.text) ? failure : undefined;
}

/** Exchange's answer when it accepts the token but will not open the mailbox; it names no cause. */
export const NOT_CONNECTED_TEXT = /authenticated but not connected/i;
