import type { Check } from '../core/check';
import type { MailboxEvidence, MailboxPermissions } from '../core/evidence';
import { seen, type Seen } from '../core/reading';
import { ACCESS_TOKEN } from './access-token';
import { TENANT_AND_CLOUD } from './tenant-and-cloud';
import {
  APPLICATION_TOKEN,
  DELEGATED_TOKEN,
  EXAMPLE_NOW,
  EXCHANGE_SERVICE_PRINCIPAL,
  GRAPH_USER_TOKEN,
  graphRefused,
  NOT_CONNECTED,
  tokenIssued,
} from './example-evidence';
import { fromList, holderThatDenies, listed, protocolFlag, tokenUser } from './exchange-facts';
import { accessRefused, mailboxOpened } from './mail-answers';
import {
  AUTHORISE_AGAIN,
  CHECK_FULL_ACCESS,
  GRANT_FULL_ACCESS,
  SEE_IT_HEALTHY,
  WAIT_FOR_EXCHANGE,
} from './remedy-steps';
import { TOKEN_CLAIMS } from './token-claims';
import { whoChanged } from './who-changed';

export const FULL_ACCESS = 'full-access';

/** Who may read the mailbox was changed last by taking Full Access from somebody; the log may name the holder in any form. */
function whoTookAccess(evidence: MailboxEvidence) {
  return whoChanged(
    evidence,
    ({ parameters: { User = 'somebody' } }) => `took Full Access from ${User}`,
    ({ parameters: { AccessRights = '' } }) => /FullAccess/i.test(AccessRights),
    ({ operation }) => operation === 'Remove-MailboxPermission',
  );
}

const OTHERS_ONLY: Seen<MailboxPermissions> = seen({
  allowed: [{ name: 'rob@contoso.com' }],
  denied: [],
  readAt: EXAMPLE_NOW,
  source: 'admin-api',
});

export const fullAccess: Check<MailboxEvidence> = {
  id: FULL_ACCESS,
  title: 'The delegate or service principal has Full Access on the mailbox',
  needs: [
    'imapSession',
    'popSession',
    'graphMail',
    'mailboxPermissions',
    'casMailbox',
    'mailboxChanges',
    'exchangeServicePrincipal',
  ],
  only: [
    { provider: ['microsoft365'], protocol: ['imap', 'pop'] },
    // An app role on Graph opens mailboxes without Full Access.
    { provider: ['microsoft365'], protocol: ['graph'], flow: ['delegated'] },
  ],
  after: [ACCESS_TOKEN, TENANT_AND_CLOUD, TOKEN_CLAIMS],
  healthy: (evidence, context) => mailboxOpened(evidence) || listed(evidence, context) === 'granted',
  causes: [
    {
      id: 'wrong-authorising-user',
      title: 'The connection was authorised by the wrong user',
      severity: 'critical',
      why: 'Whoever was signed in to Microsoft when Authorize was pressed became the delegate of this connection. The token belongs to that user, and the mailbox does not open for them.',
      opensAfter: 2,
      match: (evidence, context) => {
        const user = tokenUser(evidence);
        if (user === undefined || context.delegate === undefined || user === context.delegate) return undefined;
        if (listed(evidence, context) === 'absent')
          return { ...fromList(evidence, context), facts: { tokenUser: user } };
        return accessRefused(evidence) ? { confidence: 'inferred', facts: { tokenUser: user } } : undefined;
      },
      remedy: [
        { part: 'check', say: 'The token belongs to {tokenUser}. The configured delegate is {delegate}.' },
        ...AUTHORISE_AGAIN,
        { say: 'Use a private browser window, so that Microsoft does not sign you in as {tokenUser} again.' },
        CHECK_FULL_ACCESS,
        { say: 'Give Mailbox Watch a refresh token of {delegate} too; its present one belongs to {tokenUser}.' },
        SEE_IT_HEALTHY,
      ],
      sources: [
        'https://confluence.atlassian.com/jirakb/imap-fails-with-a3-bad-user-is-authenticated-but-not-connected-error-in-jira-server-integrated-with-office365-665420269.html',
        'https://support.atlassian.com/jira/kb/fixing-imap-and-user-error-with-oauth-2-0-and-jira-data-center/',
      ],
      examples: [
        {
          says: 'The token names another user than the configured delegate, and the mailbox is refused.',
          evidence: {
            accessToken: tokenIssued({
              aud: 'https://outlook.office.com',
              scp: ['IMAP.AccessAsUser.All'],
              user: 'anna.admin@contoso.com',
            }),
            imapSession: NOT_CONNECTED,
          },
          context: { flow: 'delegated' },
        },
      ],
    },
    {
      id: 'full-access-missing',
      title: 'Full Access on the mailbox is missing',
      severity: 'critical',
      why: 'The delegate may sign in, but Exchange lists no Full Access for them on this mailbox. The server accepts the token and then refuses every mailbox command.',
      opensAfter: 1,
      match: (evidence, context) => {
        const history = whoTookAccess(evidence);
        if (listed(evidence, context) === 'absent') return { ...fromList(evidence, context), ...history };
        // The protocol is on (Graph has no switch), nothing says that access is there, and the mailbox is refused: little else is left.
        const isOn = protocolFlag(evidence, context) ?? context.integration.protocol === 'graph';
        const leftOver = isOn && listed(evidence, context) === 'unknown';
        return leftOver && accessRefused(evidence) ? { confidence: 'inferred', ...history } : undefined;
      },
      remedy: [CHECK_FULL_ACCESS, ...GRANT_FULL_ACCESS, WAIT_FOR_EXCHANGE],
      sources: [
        'https://learn.microsoft.com/powershell/module/exchangepowershell/add-mailboxpermission',
        'https://support.atlassian.com/jira/kb/fixing-imap-and-user-error-with-oauth-2-0-and-jira-data-center/',
      ],
      examples: [
        {
          says: 'Exchange lists others, but not the delegate.',
          evidence: {
            accessToken: DELEGATED_TOKEN,
            imapSession: NOT_CONNECTED,
            mailboxPermissions: OTHERS_ONLY,
          },
          context: { flow: 'delegated' },
        },
        {
          says: 'Exchange lists others, but not the service principal under any of its names.',
          evidence: {
            accessToken: APPLICATION_TOKEN,
            imapSession: NOT_CONNECTED,
            exchangeServicePrincipal: EXCHANGE_SERVICE_PRINCIPAL,
            mailboxPermissions: OTHERS_ONLY,
          },
          context: { flow: 'application' },
        },
        {
          says: 'Graph hides the mailbox from a delegate with the right scope.',
          evidence: {
            accessToken: GRAPH_USER_TOKEN,
            graphMail: graphRefused(404, 'ErrorItemNotFound', 'Default folder Inbox not found.'),
          },
          context: { flow: 'delegated', protocol: 'graph' },
        },
      ],
    },
    {
      id: 'full-access-denied',
      title: 'Full Access on the mailbox is denied',
      severity: 'critical',
      why: 'Exchange has a row that denies the delegate, or a group of theirs, Full Access on this mailbox. A denying row wins over every row that grants.',
      opensAfter: 1,
      match: (evidence, context) => {
        const holder = holderThatDenies(evidence, context);
        return holder === undefined ? undefined : { ...fromList(evidence, context), facts: { holder } };
      },
      remedy: [
        CHECK_FULL_ACCESS,
        {
          say: 'Remove the row whose column Deny says True. If it names a group, ask first what it is for.',
          role: 'Exchange Administrator',
          run: {
            shell: 'exchange-powershell',
            command: 'Remove-MailboxPermission -Identity {mailbox} -User {holder} -AccessRights FullAccess -Deny',
          },
        },
        ...GRANT_FULL_ACCESS,
        WAIT_FOR_EXCHANGE,
      ],
      sources: ['https://learn.microsoft.com/powershell/module/exchangepowershell/get-mailboxpermission'],
      examples: [
        {
          says: 'A row for the delegate grants, and a row for a group of theirs denies.',
          evidence: {
            accessToken: DELEGATED_TOKEN,
            imapSession: NOT_CONNECTED,
            mailboxPermissions: seen({
              allowed: [{ name: 'svc-jira@contoso.com' }],
              denied: [{ name: 'contractors', members: ['svc-jira@contoso.com'] }],
              readAt: EXAMPLE_NOW,
              source: 'admin-api',
            }),
          },
          context: { flow: 'delegated' },
        },
      ],
    },
  ],
};
