import type { Match } from '../core/check';
import type { MailboxChange, MailboxEvidence } from '../core/evidence';
import { valueOf } from '../core/reading';
import { momentText } from '../core/time';

/** Whether a change of a mailbox switched IMAP or POP, and which way; undefined where it did not. */
export function switchedTo(parameter: 'ImapEnabled' | 'PopEnabled', { operation, parameters }: MailboxChange) {
  return operation === 'Set-CASMailbox' ? parameters[parameter]?.toLowerCase() : undefined;
}

/**
 * Who brought it about, as a match has it; nothing where the audit log does not tell. The newest change that `isAbout` it counts, if it
 * `did` it: what was undone since explains nothing. Pure.
 */
export function whoChanged(
  { mailboxChanges }: MailboxEvidence,
  what: (change: MailboxChange) => string,
  isAbout: (change: MailboxChange) => boolean,
  did: (change: MailboxChange) => boolean,
): Pick<Match, 'history'> {
  const newest = valueOf(mailboxChanges)
    ?.changes.toSorted((a, b) => b.at - a.at)
    .find(isAbout);
  if (newest === undefined || !did(newest)) return {};
  return { history: `The audit log says: ${newest.by} ${what(newest)} (${momentText(newest.at)}).` };
}
