import * as z from 'zod';
import type { CasMailbox } from '../../core/evidence';
import { blind, seen, valueOf, type Reading } from '../../core/reading';
import type { AdminSession } from './admin-session';
import { saysNotFound, type Answer } from './answer';
import { malformed, reading, type Question } from './failure';
import { fullAccessNames, type FullAccessNames } from './permission-rows';
import { rowsOf } from './rows';

const addresses = { PrimarySmtpAddress: z.string().nullish(), EmailAddresses: z.array(z.string()).nullish() };
const Addressed = z.object(addresses);
// Nothing has a default: a switch that is not told is not off, and not on.
const Settings = z.object({ ...addresses, ImapEnabled: z.boolean(), PopEnabled: z.boolean() });
const Known = z.object({
  ...addresses,
  RecipientTypeDetails: z.string(),
  Name: z.string().nullish(),
  Guid: z.string().nullish(),
  ExternalDirectoryObjectId: z.string().nullish(),
});
const Permission = z.object({
  Identity: z.string().nullish(),
  User: z.string(),
  AccessRights: z.array(z.string()),
  Deny: z.boolean(),
  IsInherited: z.boolean(),
});

type Settings = Pick<Extract<CasMailbox, { found: true }>, 'found' | 'imapEnabled' | 'popEnabled'> | { found: false };

/** What Get-CASMailbox says of the mailbox. */
export function settingsOf(answer: Answer, address: string, session: AdminSession): Reading<Settings> {
  if (saysNotFound(answer)) return seen({ found: false });
  const question: Question = { what: `the settings of ${address}`, cmdlet: 'Get-CASMailbox' };
  const row = rowAbout(answer, Settings, address, question, session);
  if (row.outcome === 'blind') return row;
  return seen({ found: true, imapEnabled: row.value.ImapEnabled, popEnabled: row.value.PopEnabled });
}

/** The kind of mailbox and its other names as Get-Mailbox tells them; nothing where it does not. */
export function identityOf(
  answer: Answer,
  address: string,
  session: AdminSession,
): Pick<Extract<CasMailbox, { found: true }>, 'type' | 'names'> {
  const question: Question = { what: `the type of ${address}`, cmdlet: 'Get-Mailbox' };
  const row = valueOf(rowAbout(answer, Known, address, question, session));
  if (row === undefined) return {};
  const { RecipientTypeDetails: type, Name, Guid, ExternalDirectoryObjectId } = row;
  return { type, names: [Name, Guid, ExternalDirectoryObjectId].flatMap((name) => name?.toLowerCase() ?? []) };
}

/** Who has Full Access, as Get-MailboxPermission lists it. */
export function permissionsOf(answer: Answer, address: string, session: AdminSession): Reading<FullAccessNames> {
  const question: Question = { what: `the permissions on ${address}`, cmdlet: 'Get-MailboxPermission' };
  if (saysNotFound(answer)) {
    return blind('not-attempted', `Exchange has no mailbox ${address}, so nobody can have Full Access on it.`);
  }
  const list = rowsOf(answer, Permission, question, session);
  if (list.outcome === 'blind') return list;
  const { rows, complete } = list.value;
  const asked = reading(question, session.endpoint);
  if (!complete) return malformed(`${asked} gave a part of the list only: whoever is not on it may have access.`);
  const mailboxes = new Set(rows.map(({ Identity }) => Identity));
  // Every mailbox has a row for its owner (NT AUTHORITY\SELF).
  if (mailboxes.size !== 1) {
    return malformed(`${asked} gave the rows of ${mailboxes.size} mailboxes, and not of this one.`);
  }
  return seen(fullAccessNames(rows));
}

/** Asked for somebody unknown, Exchange may answer with everybody: only a row with the address counts. */
function rowAbout<T extends z.output<typeof Addressed>>(
  answer: Answer,
  shape: z.ZodType<T>,
  address: string,
  question: Question,
  session: AdminSession,
): Reading<T> {
  const all = rowsOf(answer, Addressed.loose(), question, session);
  if (all.outcome === 'blind') return all;
  const about = all.value.rows.filter((row) => hasAddress(row, address));
  const row = rowsOf({ ...answer, body: { value: about } }, shape, question, session);
  if (row.outcome === 'blind') return row;
  const [found] = row.value.rows;
  if (found !== undefined) return seen(found);
  return malformed(
    `${reading(question, session.endpoint)} gave ${all.value.rows.length} other mailboxes, none with this address: write it as Exchange has it.`,
  );
}

function hasAddress({ PrimarySmtpAddress, EmailAddresses }: z.output<typeof Addressed>, address: string): boolean {
  const wanted = address.toLowerCase();
  return (
    PrimarySmtpAddress?.toLowerCase() === wanted ||
    (EmailAddresses ?? []).some((one) => one.toLowerCase() === `smtp:${wanted}`)
  );
}
