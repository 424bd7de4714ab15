import type { Check } from '../core/check';
import type { MailboxEvidence, PermissionHolder } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import type { Context } from '../core/subject';
import { ACCESS_TOKEN } from './access-token';
import { EXAMPLE_NOW, NOT_CONNECTED, tokenIssued } from './example-evidence';
import { inboxOpened, NOT_CONNECTED_TEXT, serverSaid } from './imap-answers';
import { AUTHORISE_AGAIN, CHECK_FULL_ACCESS, GRANT_FULL_ACCESS, WAIT_FOR_EXCHANGE } from './remedy-steps';
import { TOKEN_CLAIMS } from './token-claims';

export const FULL_ACCESS = 'full-access';

/** Who opens the mailbox: the user that the token names, else the configured delegate. Undefined in the application flow. */
function delegateOf(evidence: MailboxEvidence, { delegate }: Context): string | undefined {
  return tokenUser(evidence) ?? delegate;
}

function tokenUser(evidence: MailboxEvidence): string | undefined {
  const answer = valueOf(evidence.accessToken);
  return answer?.issued === true ? answer.claims?.user : undefined;
}

function mailboxOf({ subject }: Context): string | undefined {
  return subject.kind === 'mailbox' ? subject.mailbox : undefined;
}

/**
 * What Exchange's list says of the delegate: `granted`, `denied`, `absent`; `unknown` when the list was not seen, nobody is known to
 * look for, or a group on it could not be expanded.
 */
export function listed(evidence: MailboxEvidence, context: Context): 'granted' | 'denied' | 'absent' | 'unknown' {
  const permissions = valueOf(evidence.mailboxPermissions);
  const delegate = delegateOf(evidence, context);
  if (permissions === undefined || delegate === undefined) return 'unknown';
  const holds = ({ name, members = [] }: PermissionHolder) => name === delegate || members.includes(delegate);
  if (permissions.denied.some(holds)) return 'denied';
  // The owner of a mailbox needs no row.
  if (delegate === mailboxOf(context) || permissions.allowed.some(holds)) return 'granted';
  const mayHide = ({ name, members }: PermissionHolder) => members === undefined && !name.includes('@');
  return [...permissions.allowed, ...permissions.denied].some(mayHide) ? 'unknown' : 'absent';
}

export const fullAccess: Check<MailboxEvidence> = {
  id: FULL_ACCESS,
  title: 'The delegate or service principal has Full Access on the mailbox',
  needs: ['imapSession', 'mailboxPermissions'],
  after: [ACCESS_TOKEN, TOKEN_CLAIMS],
  healthy: (evidence, context) => inboxOpened(evidence) || listed(evidence, context) === 'granted',
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
        if (listed(evidence, context) === 'absent') return { confidence: 'confirmed', facts: { tokenUser: user } };
        const refused = serverSaid(evidence, NOT_CONNECTED_TEXT) !== undefined;
        return refused ? { confidence: 'inferred', facts: { tokenUser: user } } : undefined;
      },
      remedy: [
        { say: 'The token belongs to {tokenUser}. The configured delegate is {delegate}.' },
        ...AUTHORISE_AGAIN,
        { say: 'Use a private browser window, so that Microsoft does not sign you in as {tokenUser} again.' },
        CHECK_FULL_ACCESS,
        { say: 'Give Mailbox Watch a refresh token of {delegate} too; its present one belongs to {tokenUser}.' },
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
      match: (evidence, context) => (listed(evidence, context) === 'absent' ? { confidence: 'confirmed' } : undefined),
      remedy: [CHECK_FULL_ACCESS, ...GRANT_FULL_ACCESS, WAIT_FOR_EXCHANGE],
      sources: [
        'https://learn.microsoft.com/powershell/module/exchangepowershell/add-mailboxpermission',
        'https://support.atlassian.com/jira/kb/fixing-imap-and-user-error-with-oauth-2-0-and-jira-data-center/',
      ],
      examples: [
        {
          says: 'Exchange lists others, but not the delegate.',
          evidence: {
            accessToken: tokenIssued({
              aud: 'https://outlook.office.com',
              scp: ['IMAP.AccessAsUser.All'],
              user: 'svc-jira@contoso.com',
            }),
            imapSession: NOT_CONNECTED,
            mailboxPermissions: seen({
              allowed: [{ name: 'rob@contoso.com' }],
              denied: [],
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
