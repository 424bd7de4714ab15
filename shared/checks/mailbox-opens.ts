import type { Cause, Check, Match } from '../core/check';
import type { MailboxEvidence } from '../core/evidence';
import { ACCESS_TOKEN } from './access-token';
import { APPLICATION_TOKEN, DELEGATED_TOKEN, imapFailed, LOGIN_REFUSED, NOT_CONNECTED } from './example-evidence';
import { FULL_ACCESS, listed } from './full-access';
import { imapFailure, inboxOpened, NOT_CONNECTED_TEXT, serverSaid } from './imap-answers';
import { IMAP_ENABLED, imapFlag } from './imap-enabled';
import {
  AUTHORISE_AGAIN,
  CHECK_FULL_ACCESS,
  CHECK_IMAP_ENABLED,
  ENABLE_IMAP,
  GRANT_FULL_ACCESS,
  WAIT_FOR_EXCHANGE,
} from './remedy-steps';
import { TOKEN_CLAIMS } from './token-claims';

const MSIMAP =
  'https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth';

/** Backs off in whole seconds, rounded up: "93 seconds". */
function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} seconds`;
}

const throttled: Cause<MailboxEvidence> = {
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
    { say: 'Exchange asks to wait {backoff}. Mailbox Watch keeps to its own interval and tries no sooner.' },
    { say: 'In {product}, let the mailbox be read less often: once a minute is the most that is sensible.' },
    { say: 'Look for other programs that read {mailbox} over IMAP, and stop those that are not needed.' },
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

const refused: Cause<MailboxEvidence> = {
  id: 'mailbox-refused',
  title: 'Refused: IMAP is off or access is missing',
  severity: 'critical',
  why: 'The server accepted the token and then refused the mailbox. The same words mean that IMAP is switched off on the mailbox, or that whoever signs in has no Full Access on it; the wire does not tell which. More rarely the mailbox has no licence, a change is still spreading, or Microsoft has a fault.',
  opensAfter: 2,
  match: (evidence, context) => {
    const failure = serverSaid(evidence, NOT_CONNECTED_TEXT);
    if (failure === undefined) return undefined;
    // Where Exchange itself says that both are in order, these two are not the cause.
    const bothInOrder = imapFlag(evidence) === true && listed(evidence, context) === 'granted';
    return bothInOrder ? undefined : { confidence: 'inferred', facts: { serverSays: failure.text } };
  },
  remedy: [CHECK_IMAP_ENABLED, ENABLE_IMAP, CHECK_FULL_ACCESS, ...GRANT_FULL_ACCESS, WAIT_FOR_EXCHANGE],
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
  ],
};

function loginRefused(evidence: MailboxEvidence, confidence: Match['confidence']): Match | undefined {
  const failure = imapFailure(evidence);
  if (failure?.step !== 'authenticate' || failure.kind !== 'no') return undefined;
  return { confidence, facts: { serverSays: failure.text } };
}

const servicePrincipalUnknown: Cause<MailboxEvidence> = {
  id: 'service-principal-not-in-exchange',
  title: 'Exchange does not know the service principal',
  severity: 'critical',
  why: 'In the application flow Exchange keeps its own list of service principals. The app is not on it, or it was entered with the object id of the app registration instead of that of the enterprise application; the cmdlet does not notice.',
  opensAfter: 2,
  match: (evidence, { integration }) =>
    integration.flow === 'application' ? loginRefused(evidence, 'inferred') : undefined,
  remedy: [
    {
      say: 'Read the object id of the enterprise application.',
      run: { shell: 'az', command: 'az ad sp show --id {clientId} --query id --output tsv' },
    },
    {
      say: 'Compare it with what Exchange has. They must be equal.',
      run: {
        shell: 'exchange-powershell',
        command: 'Get-ServicePrincipal -Identity {clientId} | Format-List DisplayName, AppId, ObjectId',
      },
    },
    {
      say: 'If it is missing or differs, enter it anew with the enterprise application’s object id (Exchange administrator with the role Role Management). Remove the wrong entry first, where there is one.',
      run: {
        shell: 'exchange-powershell',
        command:
          'Remove-ServicePrincipal -Identity {clientId}\nNew-ServicePrincipal -AppId {clientId} -ObjectId (az ad sp show --id {clientId} --query id --output tsv) -DisplayName {integration}',
      },
    },
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
      say: 'See whether the mailbox exists under this address.',
      run: {
        shell: 'exchange-powershell',
        command: 'Get-Mailbox -Identity {mailbox} | Format-List PrimarySmtpAddress, RecipientTypeDetails',
      },
    },
    CHECK_IMAP_ENABLED,
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

const unreachable: Cause<MailboxEvidence> = {
  id: 'imap-server-unreachable',
  title: 'The mail server cannot be reached',
  severity: 'critical',
  why: 'No connection to the mail server came about from where Mailbox Watch runs: the name does not resolve, or a firewall, proxy or outage is in the way. The helpdesk may sit in another network and see something else.',
  opensAfter: 3,
  match: (evidence) => {
    const failure = imapFailure(evidence);
    if (failure === undefined) return undefined;
    const noConnection =
      failure.step === 'dns' || failure.step === 'tcp' || (failure.step === 'tls' && failure.kind !== 'tls');
    return noConnection ? { confidence: 'inferred', facts: { step: failure.step, error: failure.text } } : undefined;
  },
  remedy: [
    {
      say: 'Try the connection from the network of {product}. It stopped here at {step}: {error}',
      run: { shell: 'shell', command: 'openssl s_client -connect {imapHost}:{imapPort} -quiet' },
    },
    {
      say: 'Allow outgoing TCP to {imapHost}, port {imapPort}, in the firewall; let no proxy break the TLS connection open.',
    },
    {
      say: 'Look whether Microsoft reports an incident. Microsoft 365 admin center: Health > Service health > Exchange Online.',
    },
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

const certificateNotTrusted: Cause<MailboxEvidence> = {
  id: 'tls-certificate-not-trusted',
  title: "The mail server's certificate is not trusted",
  severity: 'critical',
  why: 'The TLS handshake failed because the certificate does not lead to a trusted authority, is out of date, or is for another host. With Microsoft this nearly always means that a proxy or firewall opens the connection.',
  opensAfter: 3,
  match: (evidence) => {
    const failure = imapFailure(evidence);
    if (failure?.step !== 'tls' || failure.kind !== 'tls') return undefined;
    // OpenSSL's own errors are about the protocol: no certificate was judged.
    if (/^(ERR_SSL_|EPROTO)/.test(failure.code ?? '')) return undefined;
    return { confidence: 'confirmed', facts: { error: failure.text } };
  },
  remedy: [
    {
      say: 'See who issued the certificate. What was seen: {error}',
      run: { shell: 'shell', command: 'openssl s_client -connect {imapHost}:{imapPort} -showcerts' },
    },
    { say: 'Exempt {imapHost} from TLS inspection in the proxy or firewall.' },
    {
      say: 'If the inspection must stay, let {product} and Mailbox Watch trust its certificate authority. Mailbox Watch: set NODE_EXTRA_CA_CERTS to its PEM file.',
    },
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

const exchangeUnavailable: Cause<MailboxEvidence> = {
  id: 'exchange-unavailable',
  title: 'Exchange says that it is unavailable',
  severity: 'critical',
  why: "The mail server cannot reach the mailbox's own server. This is on Microsoft's side and mostly passes by itself.",
  opensAfter: 3,
  match: (evidence) => {
    const failure = serverSaid(evidence, /server unavailable/i) ?? unavailableCode(evidence);
    return failure === undefined ? undefined : { confidence: 'confirmed', facts: { serverSays: failure.text } };
  },
  remedy: [
    { say: 'Wait for the next runs. The server said: {serverSays}' },
    {
      say: 'If it lasts, look for an incident. Microsoft 365 admin center: Health > Service health > Exchange Online.',
    },
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

function unavailableCode(evidence: MailboxEvidence) {
  const failure = imapFailure(evidence);
  return failure?.code === 'UNAVAILABLE' ? failure : undefined;
}

export const mailboxOpens: Check<MailboxEvidence> = {
  id: 'mailbox-opens',
  title: 'The mailbox opens over IMAP',
  needs: ['accessToken', 'imapSession'],
  after: [ACCESS_TOKEN, TOKEN_CLAIMS, IMAP_ENABLED, FULL_ACCESS],
  healthy: inboxOpened,
  causes: [
    throttled,
    exchangeUnavailable,
    refused,
    servicePrincipalUnknown,
    loginRefusedUnexplained,
    certificateNotTrusted,
    unreachable,
  ],
};
