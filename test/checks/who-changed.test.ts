import { EXAMPLE_NOW, NOT_CONNECTED, DELEGATED_TOKEN } from '../../shared/checks/example-evidence';
import { MAILBOX_CHECKS } from '../../shared/checks';
import { diagnoseAll } from '../../shared/core/diagnose';
import type { MailboxChange, MailboxEvidence } from '../../shared/core/evidence';
import { seen } from '../../shared/core/reading';
import { HOUR } from '../../shared/core/time';
import { exampleContext } from '../support/contexts';
import { NO_MAILBOX_EVIDENCE } from '../support/no-evidence';

const READ = { readAt: EXAMPLE_NOW, source: 'admin-api' } as const;
const OFF = seen({ found: true, imapEnabled: false, popEnabled: true, ...READ } as const);
const ON = seen({ found: true, imapEnabled: true, popEnabled: true, ...READ } as const);
const NOBODY = seen({ allowed: [], denied: [], ...READ });

function change(hoursAgo: number, operation: string, parameters: Record<string, string>): MailboxChange {
  return { at: EXAMPLE_NOW - hoursAgo * HOUR, operation, by: 'anna@contoso.com', parameters };
}

function told(check: string, evidence: Partial<MailboxEvidence>, ...changes: MailboxChange[]) {
  const mailboxChanges = seen({ changes, searchedFrom: 0, readAt: EXAMPLE_NOW });
  const all = {
    ...NO_MAILBOX_EVIDENCE,
    accessToken: DELEGATED_TOKEN,
    imapSession: NOT_CONNECTED,
    ...evidence,
    mailboxChanges,
  };
  const diagnosis = diagnoseAll(MAILBOX_CHECKS, all, exampleContext()).get(check);
  return diagnosis?.verdict === 'diagnosed' ? diagnosis.cause.history : 'no diagnosis';
}

const set = (hoursAgo: number, value: string) => change(hoursAgo, 'Set-CASMailbox', { ImapEnabled: value });

it.each<[string, MailboxChange[], string | undefined]>([
  [
    'who switched it off',
    [set(3, 'False')],
    'The audit log says: anna@contoso.com switched IMAP off (2026-11-25 09:00 UTC).',
  ],
  ['nothing where nothing was found', [], undefined],
  ['nothing where it was switched on since', [set(3, 'False'), set(1, 'True')], undefined],
  ['nothing of another switch', [change(3, 'Set-CASMailbox', { PopEnabled: 'False' })], undefined],
  [
    'the newest, in whatever order',
    [set(9, 'True'), set(2, 'False'), set(20, 'False')],
    'The audit log says: anna@contoso.com switched IMAP off (2026-11-25 10:00 UTC).',
  ],
])('a switch that is off tells %s', (_, changes, expected) => {
  expect(told('imap-enabled', { casMailbox: OFF }, ...changes)).toBe(expected);
});

const access = (hoursAgo: number, operation: string) =>
  change(hoursAgo, operation, { User: 'svc-jira', AccessRights: 'FullAccess' });

it.each<[string, MailboxChange[], string | undefined]>([
  [
    'who took it',
    [access(3, 'Remove-MailboxPermission')],
    'The audit log says: anna@contoso.com took Full Access from svc-jira (2026-11-25 09:00 UTC).',
  ],
  [
    'nothing where some was given since',
    [access(3, 'Remove-MailboxPermission'), access(1, 'Add-MailboxPermission')],
    undefined,
  ],
  [
    'nothing of other rights',
    [change(3, 'Remove-MailboxPermission', { User: 'x', AccessRights: 'ReadPermission' })],
    undefined,
  ],
])('Full Access that is missing tells %s', (_, changes, expected) => {
  expect(told('full-access', { casMailbox: ON, mailboxPermissions: NOBODY }, ...changes)).toBe(expected);
});
