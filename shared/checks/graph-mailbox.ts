import type { Cause, Check, Match } from '../core/check';
import type { MailboxEvidence } from '../core/evidence';
import { seen } from '../core/reading';
import { ACCESS_TOKEN } from './access-token';
import { EXAMPLE_NOW, GRAPH_APP_TOKEN, GRAPH_USER_TOKEN, graphRefused, tokenIssued } from './example-evidence';
import { FULL_ACCESS } from './full-access';
import { graphRefusal, KEPT_OUT_TEXT, mailboxOpened, mailRoles } from './mail-answers';
import { AUTHORISE_AGAIN, LET_APP_READ_THIS_MAILBOX, SEE_IT_HEALTHY, WAIT_FOR_EXCHANGE } from './remedy-steps';
import { GRAPH_MAIL_FOLDERS } from './sources';
import { TENANT_AND_CLOUD } from './tenant-and-cloud';
import { TOKEN_CLAIMS, tokenPermits } from './token-claims';

/** Graph names a reason: its code, and for some the words. */
function refusedAs(codes: readonly string[], confidence: Match['confidence']) {
  return (evidence: MailboxEvidence): Match | undefined => {
    const refusal = graphRefusal(evidence);
    if (refusal === undefined || !codes.includes(refusal.code)) return undefined;
    return { confidence, facts: { graphSays: `${refusal.code}: ${refusal.message}` } };
  };
}

const GRAPH_APP = { protocol: 'graph', flow: 'application' } as const;

const notEnabled: Cause<MailboxEvidence> = {
  id: 'mailbox-not-in-exchange-online',
  title: 'The mailbox is not one of Exchange Online that Graph can open',
  severity: 'critical',
  why: 'The account has no Exchange Online licence, its mailbox is inactive or deleted, or it stands on an Exchange server of your own. Microsoft Graph opens mailboxes of Exchange Online only.',
  opensAfter: 1,
  match: refusedAs(['MailboxNotEnabledForRESTAPI', 'MailboxNotSupportedForRESTAPI'], 'confirmed'),
  remedy: [
    {
      part: 'check',
      say: 'See what the mailbox is. MailUser means that it stands on a server of your own.',
      role: 'Global Reader',
      run: {
        shell: 'exchange-powershell',
        command:
          'Get-Recipient -Identity {mailbox} | Format-List RecipientTypeDetails, SKUAssigned, WhenSoftDeleted, ExternalEmailAddress',
      },
    },
    {
      say: 'Give the account a licence with Exchange Online, and wait until its mailbox is there. A shared mailbox needs none below 50 GB. Microsoft 365 admin center ({adminCenter}): Users > Active users > (the user) > Licenses and apps.',
      role: 'License Administrator',
    },
    { say: 'If the mailbox stands on a server of your own, migrate it, or read it from there over IMAP.' },
    SEE_IT_HEALTHY,
  ],
  sources: [
    'https://github.com/microsoftgraph/msgraph-sdk-javascript/issues/1756',
    'https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/6519',
  ],
  examples: [
    {
      says: 'The account has no licence.',
      evidence: {
        accessToken: GRAPH_APP_TOKEN,
        graphMail: graphRefused(
          404,
          'MailboxNotEnabledForRESTAPI',
          'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
        ),
      },
      context: GRAPH_APP,
    },
  ],
};

const missing: Cause<MailboxEvidence> = {
  id: 'graph-mailbox-missing',
  title: 'There is no mailbox of this address',
  severity: 'critical',
  why: 'Microsoft Graph knows nobody of this address in the tenant: it is misspelt, was renamed or deleted, or belongs to another tenant.',
  opensAfter: 2,
  match: refusedAs(['ErrorInvalidUser', 'Request_ResourceNotFound', 'ResourceNotFound'], 'confirmed'),
  remedy: [
    {
      part: 'check',
      say: 'Look for the address.',
      role: 'Global Reader',
      run: {
        shell: 'exchange-powershell',
        command:
          'Get-Recipient -Identity {mailbox} | Format-List PrimarySmtpAddress, RecipientTypeDetails, EmailAddresses',
      },
    },
    { say: 'Correct it in {product} and in the configuration of Mailbox Watch, or restore the mailbox.' },
    SEE_IT_HEALTHY,
  ],
  sources: [GRAPH_MAIL_FOLDERS, 'https://github.com/microsoftgraph/microsoft-graph-explorer-v4/issues/3293'],
  examples: [
    {
      says: 'The address is misspelt.',
      evidence: {
        accessToken: GRAPH_APP_TOKEN,
        graphMail: graphRefused(404, 'ErrorInvalidUser', "The requested user 'suport@contoso.com' is invalid."),
      },
      context: GRAPH_APP,
    },
  ],
};

const outsideScope: Cause<MailboxEvidence> = {
  id: 'mailbox-outside-app-scope',
  title: 'The app may not open this mailbox',
  severity: 'critical',
  why: 'The app has the permission to read mail, and Exchange still refuses this mailbox: an application access policy, or the scope of its role assignment (RBAC for Applications), leaves the mailbox out.',
  opensAfter: 1,
  match: (evidence, context) => {
    if (context.integration.flow !== 'application') return undefined;
    const isNamed = /RAOP|AppOnly AccessPolicy/i.test(graphRefusal(evidence)?.message ?? '');
    if (!isNamed && saysKeptOut(evidence)) return undefined;
    const roles = mailRoles(evidence) ?? [];
    // Grants add up: where the token permits it, the scope of a role keeps nobody out.
    const isOutside = !tokenPermits(evidence, context) && roles.length > 0 && roles.every(({ inScope }) => !inScope);
    return refusedAs(['ErrorAccessDenied'], isNamed || isOutside ? 'confirmed' : 'inferred')(evidence);
  },
  remedy: [
    {
      part: 'check',
      say: 'Ask Exchange whether a policy keeps the app out. AccessCheckResult: Denied means yes.',
      role: 'Global Reader',
      run: {
        shell: 'exchange-powershell',
        command: 'Test-ApplicationAccessPolicy -Identity {mailbox} -AppId {clientId}',
      },
    },
    {
      say: 'If one does, add the mailbox to the group of the policy. Read first who set it, and why.',
      role: 'Exchange Administrator',
      run: {
        shell: 'exchange-powershell',
        command:
          'Get-ApplicationAccessPolicy | Where-Object AppId -eq {clientId} | Format-List ScopeName, AccessRight, Description',
      },
    },
    ...LET_APP_READ_THIS_MAILBOX,
    { part: 'verify', say: 'Wait: a change takes up to two hours.' },
  ],
  sources: [
    'https://learn.microsoft.com/exchange/permissions-exo/application-rbac',
    'https://learn.microsoft.com/powershell/module/exchangepowershell/test-applicationaccesspolicy',
  ],
  examples: [
    {
      says: 'The app role is there, and access is denied.',
      evidence: {
        accessToken: GRAPH_APP_TOKEN,
        graphMail: graphRefused(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.'),
      },
      context: GRAPH_APP,
    },
    {
      says: 'Exchange gave the app a role for other mailboxes.',
      evidence: {
        accessToken: tokenIssued({ aud: 'https://graph.microsoft.com', roles: [] }),
        graphMail: graphRefused(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.'),
        appAuthorization: seen({
          roles: [{ role: 'Application Mail.Read', permissions: ['Mail.Read'], inScope: false }],
          readAt: EXAMPLE_NOW,
          source: 'admin-api',
        }),
      },
      context: GRAPH_APP,
    },
    {
      says: 'Graph names the application access policy.',
      evidence: {
        accessToken: GRAPH_APP_TOKEN,
        graphMail: graphRefused(
          403,
          'ErrorAccessDenied',
          'Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.',
        ),
      },
      context: GRAPH_APP,
    },
  ],
};

function saysKeptOut(evidence: MailboxEvidence): boolean {
  return KEPT_OUT_TEXT.test(graphRefusal(evidence)?.message ?? '');
}

const programsKeptOut: Cause<MailboxEvidence> = {
  id: 'graph-mail-blocked-by-policy',
  title: 'Exchange lets no programs in over Microsoft Graph',
  severity: 'critical',
  why: 'Exchange Web Services and Microsoft Graph share one switch and one list of allowed programs, for the organization and for each mailbox. One of them keeps the helpdesk out. The same words come for a while after an application access policy was changed.',
  opensAfter: 2,
  match: (evidence) =>
    saysKeptOut(evidence) ? refusedAs(['ErrorAccessDenied', 'ExtensionError'], 'confirmed')(evidence) : undefined,
  remedy: [
    {
      part: 'check',
      say: 'Read the switch and the lists of the organization.',
      role: 'Global Reader',
      run: {
        shell: 'exchange-powershell',
        command:
          'Get-OrganizationConfig | Format-List EwsEnabled, EwsApplicationAccessPolicy, EwsAllowList, EwsBlockList',
      },
    },
    {
      part: 'check',
      say: 'Read those of the mailbox.',
      role: 'Global Reader',
      run: {
        shell: 'exchange-powershell',
        command:
          'Get-CASMailbox -Identity {mailbox} | Format-List EwsEnabled, EwsApplicationAccessPolicy, EwsAllowList, EwsBlockList',
      },
    },
    {
      say: 'Add the User-Agent of {product} to the list that keeps it out, or take it from EwsBlockList. Read first who set it, and why.',
      role: 'Exchange Administrator',
    },
    { part: 'verify', say: 'Wait: a change takes up to two hours.' },
  ],
  sources: [
    'https://github.com/microsoft/MHA/issues/49',
    'https://github.com/OfficeDev/office-js-docs-pr/issues/2808',
    'https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/exchange-web-services/control-access-to-ews-in-exchange',
  ],
  examples: [
    {
      says: 'The delegate has every right, and a list of allowed programs leaves the helpdesk out.',
      evidence: {
        accessToken: GRAPH_USER_TOKEN,
        graphMail: graphRefused(403, 'ErrorAccessDenied', 'Access to OData is disabled.'),
      },
      context: { protocol: 'graph', flow: 'delegated' },
    },
  ],
};

const graphThrottled: Cause<MailboxEvidence> = {
  id: 'graph-throttled',
  title: 'Microsoft Graph throttles this mailbox',
  severity: 'warning',
  why: 'Something reads this mailbox over Microsoft Graph more often than Exchange allows: 10,000 requests in ten minutes, and four at once, for one app and one mailbox. The helpdesk is refused as well while that lasts.',
  opensAfter: 3,
  match: (evidence) => {
    const refusal = graphRefusal(evidence);
    if (refusal?.status !== 429) return undefined;
    const wait = refusal.backoffMs === undefined ? 'a while' : `${Math.ceil(refusal.backoffMs / 1000)} seconds`;
    return { confidence: 'confirmed', facts: { wait } };
  },
  remedy: [
    { part: 'check', say: 'Graph asks to wait {wait}. Mailbox Watch does, and tries no sooner.' },
    { say: 'In {product}, let the mailbox be read less often: once a minute is the most that is sensible.' },
    {
      part: 'check',
      say: 'Look for other programs that read {mailbox} with the same app, and stop those that are not needed.',
    },
    SEE_IT_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/graph/throttling-limits'],
  examples: [
    {
      says: 'Too many requests.',
      evidence: {
        accessToken: GRAPH_APP_TOKEN,
        graphMail: graphRefused(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.'),
      },
      context: GRAPH_APP,
    },
  ],
};

const graphUnavailable: Cause<MailboxEvidence> = {
  id: 'graph-unavailable',
  title: 'Microsoft Graph is out of order',
  severity: 'critical',
  why: "Graph answers that it cannot serve the request now. This is on Microsoft's side and mostly passes by itself.",
  opensAfter: 3,
  match: (evidence) => {
    const refusal = graphRefusal(evidence);
    if (refusal === undefined || refusal.status < 500) return undefined;
    return { confidence: 'confirmed', facts: { graphSays: `${refusal.code}: ${refusal.message}` } };
  },
  remedy: [
    { say: 'Wait for the next runs. Graph said: {graphSays}' },
    {
      part: 'check',
      say: 'If it lasts, look for an incident. Microsoft 365 admin center ({adminCenter}): Health > Service health > Exchange Online.',
      role: 'Global Reader',
    },
    SEE_IT_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/graph/errors'],
  examples: [
    {
      says: 'Graph cannot reach the mailbox store.',
      evidence: {
        accessToken: GRAPH_APP_TOKEN,
        graphMail: graphRefused(
          503,
          'ErrorServerBusy',
          'The server cannot service this request right now. Try again later.',
        ),
      },
      context: GRAPH_APP,
    },
  ],
};

const refusedDespiteAccess: Cause<MailboxEvidence> = {
  id: 'graph-refused-despite-full-access',
  title: 'Microsoft Graph refuses the mailbox although Full Access is there',
  severity: 'critical',
  why: 'Exchange lists Full Access for the delegate, and Microsoft Graph hides the mailbox all the same. A change of the last hours may not have arrived there, or the mailbox was never opened since it was made.',
  opensAfter: 3,
  match: (evidence, { integration }) =>
    integration.flow === 'delegated' && !saysKeptOut(evidence)
      ? refusedAs(['ErrorAccessDenied', 'ErrorItemNotFound'], 'possible')(evidence)
      : undefined,
  remedy: [
    {
      part: 'check',
      say: 'Open {mailbox} as {delegate} in Outlook on the web. If that fails too, the fault is not in Graph.',
    },
    WAIT_FOR_EXCHANGE,
    {
      say: 'If it stays, let the app read the mailbox for itself: the application permission Mail.Read, limited to this mailbox by RBAC for Applications.',
    },
  ],
  sources: [
    'https://learn.microsoft.com/graph/outlook-share-messages-folders',
    'https://github.com/microsoftgraph/msgraph-sdk-powershell/issues/622',
    'https://github.com/O365/python-o365/issues/170',
  ],
  examples: [
    {
      says: 'The delegate has the scope and Full Access, and the folder is not found.',
      evidence: {
        accessToken: GRAPH_USER_TOKEN,
        graphMail: graphRefused(404, 'ErrorItemNotFound', 'Default folder Inbox not found.'),
        mailboxPermissions: seen({
          allowed: [{ name: 'svc-jira@contoso.com' }],
          denied: [],
          readAt: EXAMPLE_NOW,
          source: 'admin-api',
        }),
      },
      context: { protocol: 'graph', flow: 'delegated' },
    },
  ],
};

const inboxNotFound: Cause<MailboxEvidence> = {
  id: 'graph-inbox-not-found',
  title: 'Default folder Inbox not found: the address is no mailbox, or not one yet',
  severity: 'critical',
  why: 'Graph found the address, and no inbox behind it: it is the address of a group or a contact, or the mailbox was just made and nobody has opened it.',
  opensAfter: 2,
  match: (evidence, { integration }) =>
    integration.flow === 'application' ? refusedAs(['ErrorItemNotFound'], 'inferred')(evidence) : undefined,
  remedy: [
    {
      part: 'check',
      say: 'See what the address is. The helpdesk needs a UserMailbox or a SharedMailbox.',
      role: 'Global Reader',
      run: {
        shell: 'exchange-powershell',
        command: 'Get-Recipient -Identity {mailbox} | Format-List RecipientTypeDetails, WhenCreated',
      },
    },
    { say: 'Of a new mailbox, open it once in Outlook on the web, and wait an hour.' },
    { say: 'Of a group, use the shared mailbox that belongs to it, or make one.' },
    SEE_IT_HEALTHY,
  ],
  sources: [
    'https://github.com/microsoftgraph/msgraph-sdk-powershell/issues/622',
    'https://github.com/O365/python-o365/issues/170',
  ],
  examples: [
    {
      says: 'The address is that of a group.',
      evidence: {
        accessToken: GRAPH_APP_TOKEN,
        graphMail: graphRefused(404, 'ErrorItemNotFound', 'Default folder Inbox not found.'),
      },
      context: GRAPH_APP,
    },
  ],
};

const tokenRefused: Cause<MailboxEvidence> = {
  id: 'graph-token-refused',
  title: 'Microsoft Graph refuses the token',
  severity: 'critical',
  why: 'Graph does not take the token at all: it was revoked before its end, is for another service or cloud, or a policy judges every request anew.',
  opensAfter: 2,
  match: refusedAs(['InvalidAuthenticationToken', 'UnknownError', 'Unauthorized'], 'inferred'),
  remedy: [
    { part: 'check', say: 'Microsoft Graph said: {graphSays}' },
    { part: 'check', say: 'See that the scopes ({scopes}) and the addresses belong to the cloud of the tenant.' },
    ...AUTHORISE_AGAIN,
    SEE_IT_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/graph/errors'],
  examples: [
    {
      says: 'The token is no good.',
      evidence: {
        accessToken: GRAPH_APP_TOKEN,
        graphMail: graphRefused(401, 'InvalidAuthenticationToken', 'Access token validation failure.'),
      },
      context: GRAPH_APP,
    },
  ],
};

export const graphMailbox: Check<MailboxEvidence> = {
  id: 'graph-mailbox-opens',
  title: 'The mailbox opens over Microsoft Graph',
  needs: ['accessToken', 'graphMail', 'appAuthorization'],
  only: { provider: ['microsoft365', 'outlook.com'], protocol: ['graph'] },
  after: [ACCESS_TOKEN, TENANT_AND_CLOUD, TOKEN_CLAIMS, FULL_ACCESS],
  healthy: mailboxOpened,
  causes: [
    graphThrottled,
    graphUnavailable,
    notEnabled,
    missing,
    outsideScope,
    programsKeptOut,
    refusedDespiteAccess,
    inboxNotFound,
    tokenRefused,
  ],
};
