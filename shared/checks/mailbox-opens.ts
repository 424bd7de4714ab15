import type { Cause, Check, Match } from '../core/check';
import type { MailboxEvidence } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import type { Context } from '../core/subject';
import { HOUR } from '../core/time';
import { ACCESS_TOKEN } from './access-token';
import { TENANT_AND_CLOUD } from './tenant-and-cloud';
import {
  APPLICATION_TOKEN,
  DELEGATED_TOKEN,
  EXAMPLE_NOW,
  imapFailed,
  LOGIN_REFUSED,
  NOT_CONNECTED,
  POP_REFUSED,
  POP_TOKEN,
  tokenIssued,
} from './example-evidence';
import { listed, protocolFlag, tokenUser } from './exchange-facts';
import { FULL_ACCESS } from './full-access';
import { mailFailure, mailboxOpened, refusedWithoutReason, serverSaid } from './mail-answers';
import {
  AUTHORISE_AGAIN,
  CHECK_FULL_ACCESS,
  CHECK_PROTOCOL_ENABLED,
  ENABLE_PROTOCOL,
  GRANT_FULL_ACCESS,
  REGISTER_SERVICE_PRINCIPAL,
  SEE_IT_HEALTHY,
  WAIT_FOR_EXCHANGE,
} from './remedy-steps';
import { PROTOCOL_ENABLED } from './protocol-enabled';
import { SERVICE_PRINCIPAL } from './service-principal';
import { TOKEN_CLAIMS } from './token-claims';
import { MSIMAP } from './sources';

/** Backs off in whole seconds, rounded up: "93 seconds". */
function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} seconds`;
}

export const throttled: Cause<MailboxEvidence> = {
  id: 'imap-throttled',
  title: 'Exchange throttles this mailbox',
  severity: 'warning',
  why: 'Something opens this mailbox more often than Exchange allows, and the server asks every client to wait. The helpdesk is refused as well while that lasts.',
  opensAfter: 3,
  match: (evidence) => {
    const failure = serverSaid(evidence, /request is throttled|suggested backoff time/i);
    if (failure === undefined) return undefined;
    const backoff = failure.backoffMs === undefined ? 'a while' : seconds(failure.backoffMs);
    return { confidence: 'confirmed', facts: { backoff } };
  },
  remedy: [
    {
      part: 'check',
      say: 'Exchange asks to wait {backoff}. Mailbox Watch keeps to its own interval and tries no sooner.',
    },
    { say: 'In {product}, let the mailbox be read less often: once a minute is the most that is sensible.' },
    { part: 'check', say: 'Look for other programs that read {mailbox}, and stop those that are not needed.' },
    SEE_IT_HEALTHY,
  ],
  sources: ['https://github.com/imapsync/imapsync/issues/198', 'https://imapsync.lamiral.info/FAQ.d/FAQ.Office365.txt'],
  examples: [
    {
      says: 'The server names the time to wait.',
      evidence: {
        accessToken: DELEGATED_TOKEN,
        imapSession: imapFailed({
          step: 'authenticate',
          kind: 'bad',
          text: 'BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds',
          backoffMs: 92415,
        }),
      },
    },
  ],
};

const withoutLicence: Cause<MailboxEvidence> = {
  id: 'mailbox-without-licence',
  title: 'The mailbox has no licence any more',
  severity: 'critical',
  why: "The account signs in to its own mailbox, and no Exchange plan is assigned to it. Without one Exchange closes a user's mailbox at once and deletes it after 30 days. A shared mailbox needs none below 50 GB.",
  opensAfter: 2,
  match: (evidence, { subject }) => {
    const account = valueOf(evidence.delegateAccount);
    const mailbox = valueOf(evidence.casMailbox);
    const isOwn = subject.kind === 'mailbox' && tokenUser(evidence) === subject.mailbox;
    const isShared = mailbox?.found === true && mailbox.type === 'SharedMailbox';
    if (!isOwn || isShared || refusedWithoutReason(evidence) === undefined) return undefined;
    return account?.found === true && account.enabled && !account.hasExchangePlan
      ? { confidence: 'inferred' }
      : undefined;
  },
  remedy: [
    {
      part: 'check',
      say: 'See which plans the account has. One named EXCHANGE has to be among them.',
      role: 'Global Reader',
      run: {
        shell: 'graph-powershell',
        command:
          'Connect-MgGraph -Environment {graphEnvironment} -TenantId {tenant} -Scopes User.Read.All\n(Get-MgUserLicenseDetail -UserId {mailbox}).ServicePlans | Where-Object ServicePlanName -match EXCHANGE',
      },
    },
    {
      say: 'Give the account a licence with Exchange Online within 30 days: its mail is still there until then. Microsoft 365 admin center ({adminCenter}): Users > Active users > {mailbox} > Licenses and apps.',
      role: 'License Administrator',
    },
    {
      say: 'Or, while it has a licence again, make it a shared mailbox, and let {product} open it as another user who has Full Access on it.',
      role: 'Exchange Administrator',
      run: { shell: 'exchange-powershell', command: 'Set-Mailbox -Identity {mailbox} -Type Shared' },
    },
    WAIT_FOR_EXCHANGE,
  ],
  sources: [
    'https://learn.microsoft.com/microsoft-365/admin/manage/remove-licenses-from-users',
    'https://learn.microsoft.com/microsoft-365/admin/email/about-shared-mailboxes',
    'https://faq.liveagent.com/414721-How-to-Fix-User-is-Authenticated-but-Not-Connected-IMAP-OAuth2-Error-with-Microsoft-ExchangeOffice-365-in-LiveAgent',
  ],
  examples: [
    {
      says: 'The user of the mailbox signs in, and has lost the licence.',
      evidence: {
        accessToken: tokenIssued({
          aud: 'https://outlook.office.com',
          scp: ['IMAP.AccessAsUser.All'],
          user: 'support@contoso.com',
        }),
        imapSession: NOT_CONNECTED,
        casMailbox: seen({
          found: true,
          imapEnabled: true,
          popEnabled: true,
          type: 'UserMailbox',
          readAt: EXAMPLE_NOW,
          source: 'admin-api',
        }),
        mailboxPermissions: seen({ allowed: [], denied: [], readAt: EXAMPLE_NOW, source: 'admin-api' }),
        delegateAccount: seen({
          found: true,
          id: '99999999-aaaa-4bbb-8ccc-dddddddddddd',
          enabled: true,
          hasExchangePlan: false,
          readAt: EXAMPLE_NOW,
        }),
      },
      context: { flow: 'delegated' },
    },
  ],
};

/** Exchange itself says that the protocol is on and that the one who signs in has Full Access, and the mailbox is refused all the same. */
function refusedDespiteSettings(evidence: MailboxEvidence, context: Context): boolean {
  return (
    refusedWithoutReason(evidence) !== undefined &&
    protocolFlag(evidence, context) === true &&
    listed(evidence, context) === 'granted'
  );
}

const IN_ORDER_EVIDENCE: Partial<MailboxEvidence> = {
  accessToken: DELEGATED_TOKEN,
  imapSession: NOT_CONNECTED,
  casMailbox: seen({ found: true, imapEnabled: true, popEnabled: true, readAt: EXAMPLE_NOW, source: 'admin-api' }),
  mailboxPermissions: seen({
    allowed: [{ name: 'svc-jira@contoso.com' }],
    denied: [],
    readAt: EXAMPLE_NOW,
    source: 'admin-api',
  }),
};

/** Microsoft itself says that it is its fault. */
export const INCIDENT = 'microsoft-incident';

const incident: Cause<MailboxEvidence> = {
  id: INCIDENT,
  title: 'Microsoft reports an incident of Exchange Online',
  severity: 'critical',
  why: 'The mailbox does not open, and Microsoft itself reports that Exchange Online is not well. Whether this mailbox is hit by it cannot be proven from here, but nothing else explains it.',
  opensAfter: 3,
  match: (evidence, context) => {
    const health = valueOf(evidence.serviceHealth);
    if (health === undefined || health.healthy || mailFailure(evidence) === undefined) return undefined;
    // A mailbox that is refused for a reason of its own needs that one repaired, incident or not.
    const unexplained =
      refusedDespiteSettings(evidence, context) || isUnavailable(evidence) || connectionLost(evidence);
    const issue = health.issues[0];
    const facts = { incident: issue === undefined ? health.status : `${issue.id}: ${issue.title}` };
    return unexplained ? { confidence: 'inferred', facts } : undefined;
  },
  remedy: [
    {
      part: 'check',
      say: 'Microsoft says: {incident}. Read what it hits. Microsoft 365 admin center ({adminCenter}): Health > Service health > Exchange Online.',
      role: 'Global Reader',
    },
    {
      part: 'verify',
      say: 'Change nothing on the mailbox meanwhile. This check turns healthy by itself when it is over.',
    },
  ],
  sources: ['https://learn.microsoft.com/graph/api/resources/service-communications-api-overview'],
  examples: [
    {
      says: 'All settings are in order, the mailbox is refused, and Microsoft reports a degradation.',
      evidence: {
        ...IN_ORDER_EVIDENCE,
        serviceHealth: seen({
          healthy: false,
          status: 'serviceDegradation',
          issues: [{ id: 'EX1234567', title: 'Some users cannot open mailboxes over IMAP', startedAt: EXAMPLE_NOW }],
          readAt: EXAMPLE_NOW,
        }),
      },
      context: { flow: 'delegated' },
    },
  ],
};

const changeSpreading: Cause<MailboxEvidence> = {
  id: 'change-still-spreading',
  title: 'The settings are right, but the change has not reached the mail servers yet',
  severity: 'warning',
  why: 'Exchange already lists the switch and the permission as they should be, and the mail servers still act on the old ones. A change takes up to an hour, in rare cases two.',
  opensAfter: 3,
  match: (evidence, context) =>
    refusedDespiteSettings(evidence, context) && settledFor(context) < SPREADING_TIME
      ? { confidence: 'inferred' }
      : undefined,
  remedy: [CHECK_FULL_ACCESS, { say: 'Grant nothing twice; that starts the waiting again.' }, WAIT_FOR_EXCHANGE],
  sources: [MSIMAP, 'https://learn.microsoft.com/powershell/module/exchangepowershell/add-mailboxpermission'],
  examples: [
    { says: 'Full Access was granted minutes ago.', evidence: IN_ORDER_EVIDENCE, context: { flow: 'delegated' } },
  ],
};

const refusedDespiteRightSettings: Cause<MailboxEvidence> = {
  id: 'refused-despite-right-settings',
  title: 'The mailbox is refused although its settings are right',
  severity: 'critical',
  why: 'Exchange says that the protocol is on and that the one who signs in has Full Access, and has said so for hours. What remains: the mailbox or the delegate has no licence, too many clients use the mailbox at once, or Microsoft has a fault that it does not report.',
  opensAfter: 3,
  match: (evidence, context) =>
    refusedDespiteSettings(evidence, context) && settledFor(context) >= SPREADING_TIME
      ? { confidence: 'possible' }
      : undefined,
  remedy: [
    {
      part: 'check',
      say: 'See whether the mailbox is licensed and active.',
      role: 'Global Reader',
      run: {
        shell: 'exchange-powershell',
        command: 'Get-Mailbox -Identity {mailbox} | Format-List RecipientTypeDetails, SKUAssigned, IsMailboxEnabled',
      },
    },
    {
      part: 'check',
      say: 'Open the mailbox in Outlook on the web. If that fails too, the fault is not in {protocol}.',
    },
    { part: 'check', say: 'Look for other programs that read {mailbox}, and stop those that are not needed.' },
    { say: 'If all of that is in order, open a case with Microsoft, with the time of the refusal.' },
    SEE_IT_HEALTHY,
  ],
  sources: [
    'https://faq.liveagent.com/414721-How-to-Fix-User-is-Authenticated-but-Not-Connected-IMAP-OAuth2-Error-with-Microsoft-ExchangeOffice-365-in-LiveAgent',
    'https://github.com/mscdex/node-imap/issues/523',
  ],
  examples: [
    {
      says: 'The settings have been right since yesterday.',
      evidence: IN_ORDER_EVIDENCE,
      context: { flow: 'delegated', settledHours: 24 },
    },
  ],
};

/** Milliseconds for which Exchange has listed both as right; 0 where nothing earlier is remembered. */
function settledFor({ now, integration: { protocol }, healthySince = {} }: Context): number {
  const enabled = protocol === 'graph' ? FULL_ACCESS : PROTOCOL_ENABLED[protocol];
  return now - Math.max(healthySince[enabled] ?? now, healthySince[FULL_ACCESS] ?? now);
}

/** Two hours: one operator measured 90 minutes, Microsoft names an hour. */
const SPREADING_TIME = 2 * HOUR;

const refused: Cause<MailboxEvidence> = {
  id: 'mailbox-refused',
  title: 'Refused: IMAP or POP is off, or access is missing',
  severity: 'critical',
  why: 'The token is right and the mailbox is refused. The same words mean that the protocol is switched off on the mailbox, or that whoever signs in has no Full Access on it; the wire does not tell which. More rarely the mailbox has no licence, a change is still spreading, or Microsoft has a fault.',
  opensAfter: 2,
  match: (evidence, context) => {
    const failure = refusedWithoutReason(evidence);
    if (failure === undefined) return undefined;
    // Where Exchange itself says that both are in order, these two are not the cause.
    return refusedDespiteSettings(evidence, context)
      ? undefined
      : { confidence: 'inferred', facts: { serverSays: failure.text } };
  },
  remedy: [...CHECK_PROTOCOL_ENABLED, ...ENABLE_PROTOCOL, CHECK_FULL_ACCESS, ...GRANT_FULL_ACCESS, WAIT_FOR_EXCHANGE],
  sources: [
    'https://github.com/DanijelkMSFT/ThisandThat/blob/main/Get-IMAPAccessToken.ps1',
    'https://faq.liveagent.com/414721-How-to-Fix-User-is-Authenticated-but-Not-Connected-IMAP-OAuth2-Error-with-Microsoft-ExchangeOffice-365-in-LiveAgent',
    'https://support.atlassian.com/jira/kb/fixing-imap-and-user-error-with-oauth-2-0-and-jira-data-center/',
  ],
  examples: [
    {
      says: 'The login is accepted, the mailbox is not.',
      evidence: { accessToken: DELEGATED_TOKEN, imapSession: NOT_CONNECTED },
      context: { flow: 'delegated' },
    },
    {
      says: 'The same in the application flow.',
      evidence: { accessToken: APPLICATION_TOKEN, imapSession: NOT_CONNECTED },
      context: { flow: 'application' },
    },
    {
      says: 'POP has one refusal for everything.',
      evidence: { accessToken: POP_TOKEN, popSession: POP_REFUSED },
      context: { flow: 'delegated', protocol: 'pop' },
    },
  ],
};

function loginRefused(evidence: MailboxEvidence, confidence: Match['confidence']): Match | undefined {
  const failure = mailFailure(evidence);
  if (failure?.step !== 'authenticate' || failure.kind !== 'no') return undefined;
  return { confidence, facts: { serverSays: failure.text } };
}

const servicePrincipalSuspected: Cause<MailboxEvidence> = {
  id: 'service-principal-refused',
  title: 'Exchange refuses the service principal',
  severity: 'critical',
  why: 'The token is right, and Exchange still refuses the login of the app. Nearly always Exchange does not know the service principal, or knows it by the object id of the app registration instead of that of the enterprise application. Exchange keeps its own list, and its cmdlet does not notice a wrong id.',
  opensAfter: 2,
  match: (evidence, { integration }) =>
    integration.flow === 'application' ? loginRefused(evidence, 'inferred') : undefined,
  remedy: [
    {
      part: 'check',
      say: 'Read the object id of the enterprise application.',
      role: 'Global Reader',
      run: { shell: 'az', command: 'az ad sp show --id {clientId} --query id --output tsv' },
    },
    {
      part: 'check',
      say: 'Compare it with what Exchange has. They must be equal.',
      role: 'Global Reader',
      run: {
        shell: 'exchange-powershell',
        command: 'Get-ServicePrincipal -Identity {clientId} | Format-List DisplayName, AppId, ObjectId',
      },
    },
    {
      say: 'If Exchange has another one, remove that entry.',
      role: 'Exchange Administrator',
      run: { shell: 'exchange-powershell', command: 'Remove-ServicePrincipal -Identity {clientId}' },
    },
    REGISTER_SERVICE_PRINCIPAL,
    ...GRANT_FULL_ACCESS,
    WAIT_FOR_EXCHANGE,
  ],
  sources: [
    MSIMAP,
    'https://learn.microsoft.com/powershell/module/exchangepowershell/new-serviceprincipal',
    'https://www.michev.info/blog/post/4027/more-on-service-principal-permissions-in-exchange-online',
  ],
  examples: [
    {
      says: 'The token is right for Exchange and carries the role, and the login is refused.',
      evidence: { accessToken: APPLICATION_TOKEN, imapSession: LOGIN_REFUSED },
      context: { flow: 'application' },
    },
  ],
};

const loginRefusedUnexplained: Cause<MailboxEvidence> = {
  id: 'login-refused',
  title: 'Exchange refuses the login without a reason',
  severity: 'critical',
  why: 'The token looks right, and Exchange still answers NO to it. Known reasons: the mailbox address is misspelt or has moved, the delegate has no right on it, or a change is still spreading.',
  opensAfter: 2,
  match: (evidence, { integration }) =>
    integration.flow === 'delegated' ? loginRefused(evidence, 'possible') : undefined,
  remedy: [
    {
      part: 'check',
      say: 'See whether the mailbox exists under this address.',
      role: 'Global Reader',
      run: {
        shell: 'exchange-powershell',
        command: 'Get-Mailbox -Identity {mailbox} | Format-List PrimarySmtpAddress, RecipientTypeDetails',
      },
    },
    ...CHECK_PROTOCOL_ENABLED,
    CHECK_FULL_ACCESS,
    ...GRANT_FULL_ACCESS,
    ...AUTHORISE_AGAIN,
    WAIT_FOR_EXCHANGE,
  ],
  sources: [
    MSIMAP,
    'https://support.atlassian.com/jira/kb/imap-setup-fails-with-authenticate-failed-error-in-logs-in-jira-server-when-using-oauth/',
  ],
  examples: [
    {
      says: 'A delegated token that looks right is refused.',
      evidence: { accessToken: DELEGATED_TOKEN, imapSession: LOGIN_REFUSED },
      context: { flow: 'delegated' },
    },
  ],
};

export const unreachable: Cause<MailboxEvidence> = {
  id: 'imap-server-unreachable',
  title: 'The mail server cannot be reached',
  severity: 'critical',
  why: 'No connection to the mail server came about from where Mailbox Watch runs: the name does not resolve, or a firewall, proxy or outage is in the way. The helpdesk may sit in another network and see something else.',
  opensAfter: 3,
  match: (evidence) => {
    const failure = mailFailure(evidence);
    if (failure === undefined) return undefined;
    const noConnection =
      failure.step === 'dns' || failure.step === 'tcp' || (failure.step === 'tls' && failure.kind !== 'tls');
    return noConnection ? { confidence: 'inferred', facts: { step: failure.step, error: failure.text } } : undefined;
  },
  remedy: [
    {
      part: 'check',
      say: 'Try the connection from the network of {product}. It stopped here at {step}: {error}',
      run: { shell: 'shell', command: 'openssl s_client -connect {mailHost}:{mailPort} -quiet' },
    },
    {
      say: 'Allow outgoing TCP to {mailHost}, port {mailPort}, in the firewall; let no proxy break the TLS connection open.',
    },
    {
      part: 'check',
      say: 'Look whether Microsoft reports an incident. Microsoft 365 admin center ({adminCenter}): Health > Service health > Exchange Online.',
      role: 'Global Reader',
      only: { provider: ['microsoft365'] },
    },
    SEE_IT_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges'],
  examples: [
    {
      says: 'Nothing answers.',
      evidence: {
        accessToken: DELEGATED_TOKEN,
        imapSession: imapFailed({ step: 'tcp', kind: 'socket', code: 'ECONNREFUSED', text: 'connect ECONNREFUSED' }),
      },
      context: { flow: 'delegated' },
    },
    {
      says: 'The name does not resolve.',
      evidence: {
        accessToken: APPLICATION_TOKEN,
        imapSession: imapFailed({ step: 'dns', kind: 'socket', code: 'ENOTFOUND', text: 'getaddrinfo ENOTFOUND' }),
      },
      context: { flow: 'application' },
    },
  ],
};

export const certificateNotTrusted: Cause<MailboxEvidence> = {
  id: 'tls-certificate-not-trusted',
  title: "The mail server's certificate is not trusted",
  severity: 'critical',
  why: 'The TLS handshake failed because the certificate does not lead to a trusted authority, is out of date, or is for another host. With Microsoft this nearly always means that a proxy or firewall opens the connection.',
  opensAfter: 3,
  match: (evidence) => {
    const failure = mailFailure(evidence);
    if (failure?.step !== 'tls' || failure.kind !== 'tls') return undefined;
    // OpenSSL's own errors are about the protocol: no certificate was judged.
    if (/^(ERR_SSL_|EPROTO)/.test(failure.code ?? '')) return undefined;
    return { confidence: 'confirmed', facts: { error: failure.text } };
  },
  remedy: [
    {
      part: 'check',
      say: 'See who issued the certificate. What was seen: {error}',
      run: { shell: 'shell', command: 'openssl s_client -connect {mailHost}:{mailPort} -showcerts' },
    },
    { say: 'Exempt {mailHost} from TLS inspection in the proxy or firewall.' },
    {
      say: 'If the inspection must stay, let {product} and Mailbox Watch trust its certificate authority. Mailbox Watch: set NODE_EXTRA_CA_CERTS to its PEM file.',
    },
    SEE_IT_HEALTHY,
  ],
  sources: [
    'https://nodejs.org/api/cli.html#node_extra_ca_certsfile',
    'https://support.atlassian.com/jira/kb/detailed-steps-to-configure-oauth-20-integration-with-microsoft-azure/',
  ],
  examples: [
    {
      says: 'A self-signed certificate is in the way.',
      evidence: {
        accessToken: DELEGATED_TOKEN,
        imapSession: imapFailed({
          step: 'tls',
          kind: 'tls',
          code: 'SELF_SIGNED_CERT_IN_CHAIN',
          text: 'self-signed certificate in certificate chain',
        }),
      },
    },
  ],
};

export const exchangeUnavailable: Cause<MailboxEvidence> = {
  id: 'exchange-unavailable',
  title: 'Exchange says that it is unavailable',
  severity: 'critical',
  why: "The mail server cannot reach the mailbox's own server. This is on Microsoft's side and mostly passes by itself.",
  opensAfter: 3,
  match: (evidence) => {
    const failure = mailFailure(evidence);
    if (failure === undefined || !isUnavailable(evidence)) return undefined;
    return { confidence: 'confirmed', facts: { serverSays: failure.text } };
  },
  remedy: [
    { say: 'Wait for the next runs. The server said: {serverSays}' },
    {
      part: 'check',
      say: 'If it lasts, look for an incident. Microsoft 365 admin center ({adminCenter}): Health > Service health > Exchange Online.',
      role: 'Global Reader',
    },
    SEE_IT_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/microsoft-365/enterprise/view-service-health'],
  examples: [
    {
      says: 'Exchange gives up after the login.',
      evidence: {
        accessToken: DELEGATED_TOKEN,
        imapSession: imapFailed({ step: 'examine', kind: 'no', text: 'NO Server Unavailable. 15' }),
      },
    },
  ],
};

function isUnavailable(evidence: MailboxEvidence): boolean {
  // SYS/TEMP is POP's word for it: RFC 3206.
  return (
    serverSaid(evidence, /server unavailable|\[SYS\/TEMP\]/i) !== undefined ||
    mailFailure(evidence)?.code === 'UNAVAILABLE'
  );
}

/** The connection stood and was lost, or nothing came over it in time. */
function connectionLost(evidence: MailboxEvidence): boolean {
  const failure = mailFailure(evidence);
  const stood = failure !== undefined && !['dns', 'tcp', 'tls'].includes(failure.step);
  return stood && ['closed', 'socket', 'deadline', 'bye'].includes(failure.kind);
}

export const mailboxOpens: Check<MailboxEvidence> = {
  id: 'mailbox-opens',
  title: 'The mailbox opens over IMAP or POP',
  needs: ['accessToken', 'imapSession', 'popSession'],
  only: { provider: ['microsoft365'], protocol: ['imap', 'pop'] },
  after: [
    ACCESS_TOKEN,
    TENANT_AND_CLOUD,
    TOKEN_CLAIMS,
    SERVICE_PRINCIPAL,
    PROTOCOL_ENABLED.imap,
    PROTOCOL_ENABLED.pop,
    FULL_ACCESS,
  ],
  healthy: mailboxOpened,
  causes: [
    throttled,
    incident,
    exchangeUnavailable,
    withoutLicence,
    changeSpreading,
    refusedDespiteRightSettings,
    refused,
    servicePrincipalSuspected,
    loginRefusedUnexplained,
    certificateNotTrusted,
    unreachable,
  ],
};
