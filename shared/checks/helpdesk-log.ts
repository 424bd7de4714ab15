import type { Cause, Check, Confidence, NonEmpty, Step } from '../core/check';
import type { HelpdeskEvidence } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import { AUTHORISE_AGAIN, CHECK_FULL_ACCESS, CHECK_NOW, CHECK_PROTOCOL_ENABLED } from './remedy-steps';
import { AADSTS_PAGE, MSIMAP } from './sources';

/** https://confluence.atlassian.com/jirakb/... */
const ATLASSIAN_CHECKS =
  'https://confluence.atlassian.com/jirakb/jira-mail-handlers-or-service-management-mail-handlers-cannot-be-configured-using-oauth-2-0-the-authorization-or-connection-test-fails-1095250181.html';
const IMAPSYNC_FAQ = 'https://imapsync.lamiral.info/FAQ.d/FAQ.Office365.txt';
const TLS_PAGE = 'https://learn.microsoft.com/purview/tls-1-2-in-office-365';
const BASIC_AUTH_PAGE =
  'https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online';
const REPLY_URL_PAGE = 'https://learn.microsoft.com/entra/identity-platform/reply-url';

interface LogCause extends Pick<Cause<HelpdeskEvidence>, 'id' | 'title' | 'why' | 'remedy' | 'sources' | 'severity'> {
  /** Words of a log that tell of it. */
  readonly signs: RegExp;
  readonly confidence: Confidence;
  /** Lines as they were seen. */
  readonly lines: NonEmpty<string>;
}

function told({ lines, ...cause }: LogCause): Cause<HelpdeskEvidence> & Pick<LogCause, 'signs' | 'confidence'> {
  const { signs, confidence } = cause;
  const [first, ...others] = lines;
  const example = (line: string) => ({
    says: `The log says: ${line}`,
    evidence: { helpdeskLog: seen({ text: line }) },
  });
  return {
    ...cause,
    remedy: [...cause.remedy, TRY_AGAIN],
    opensAfter: 1,
    match: ({ helpdeskLog }) => (signs.test(valueOf(helpdeskLog)?.text ?? '') ? { confidence } : undefined),
    examples: [example(first), ...others.map(example)],
  };
}

const TRY_AGAIN: Step = { part: 'verify', say: 'Let the helpdesk fetch mail again: the line does not come back.' };
const LOOK_LIVE: Step = {
  part: 'check',
  say: 'Let Mailbox Watch look at the mailbox: it names the cause that this line does not.',
  run: CHECK_NOW,
};

/** What goes wrong within the helpdesk itself: seen in its log alone, never by looking at the mailbox. */
const CAUSES: NonEmpty<ReturnType<typeof told>> = [
  told({
    id: 'helpdesk-distrusts-certificate',
    title: 'The helpdesk does not trust the certificate that it is shown',
    severity: 'critical',
    why: 'Java keeps its own list of authorities. It lacks that of a proxy or firewall which inspects TLS, or the list is years old and lacks the authority that Microsoft uses now.',
    signs: /PKIX path building failed|unable to find valid certification path|SunCertPathBuilderException/i,
    confidence: 'confirmed',
    lines: [
      'javax.net.ssl.SSLHandshakeException: sun.security.validator.ValidatorException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target',
    ],
    remedy: [
      {
        part: 'check',
        say: "See on the helpdesk's server who has signed the certificate. An authority of your own means that TLS is inspected.",
        run: { shell: 'shell', command: 'openssl s_client -connect {mailHost}:{mailPort} -showcerts </dev/null' },
      },
      {
        say: 'Except {mailHost} and {loginAuthority} from inspection. Or, where that is not wanted, import the authority into the Java of the helpdesk: keytool -importcert -cacerts -alias inspection -file authority.pem.',
      },
      { say: 'If a public authority has signed it, update the Java of the helpdesk: its list is too old.' },
      { say: 'Restart the helpdesk: Java reads the list at its start.' },
    ],
    sources: [
      'https://confluence.atlassian.com/kb/unable-to-connect-to-ssl-services-due-to-pkix-path-building-failed-error-779355358.html',
    ],
  }),
  told({
    id: 'helpdesk-tls-too-old',
    title: 'The helpdesk speaks a TLS that Microsoft no longer takes',
    severity: 'critical',
    why: 'Microsoft 365 takes TLS 1.2 and newer. A helpdesk on an old Java or PHP, or one set to TLS 1.0 or 1.1, is refused before anything else.',
    signs:
      /handshake_failure|protocol_version|No appropriate protocol|protocol is disabled or cipher suites are inappropriate|unsupported protocol|wrong version number|TLSV1_ALERT/i,
    confidence: 'inferred',
    lines: [
      'javax.net.ssl.SSLHandshakeException: No appropriate protocol (protocol is disabled or cipher suites are inappropriate)',
      'javax.net.ssl.SSLException: Received fatal alert: protocol_version',
    ],
    remedy: [
      {
        part: 'check',
        say: "See from the helpdesk's server that TLS 1.2 works.",
        run: { shell: 'shell', command: 'openssl s_client -connect {mailHost}:{mailPort} -tls1_2 </dev/null' },
      },
      {
        say: 'In the helpdesk, set the mail protocols to TLS 1.2: with Java the property mail.imaps.ssl.protocols=TLSv1.2. Update a Java older than 8u261.',
      },
      {
        part: 'check',
        say: 'See that the port is the one for TLS from the start ({mailPort}), not the one for STARTTLS.',
      },
    ],
    sources: [TLS_PAGE],
  }),
  told({
    id: 'helpdesk-clock-wrong',
    title: "The helpdesk's clock is wrong",
    severity: 'critical',
    why: 'Certificates and tokens hold for a time. A server whose clock is off takes valid ones for not yet or no longer valid.',
    signs:
      /CertificateNotYetValidException|certificate is not yet valid|NotBefore:|token (?:is )?not yet valid|clock skew/i,
    confidence: 'inferred',
    lines: ['java.security.cert.CertificateNotYetValidException: NotBefore: Wed Nov 25 12:00:00 UTC 2026'],
    remedy: [
      {
        part: 'check',
        say: "See the time of the helpdesk's server, and whether network time runs.",
        run: { shell: 'shell', command: 'timedatectl status' },
      },
      {
        say: 'Set it by network time, and restart the helpdesk.',
        run: { shell: 'shell', command: 'timedatectl set-ntp true' },
      },
    ],
    sources: ['https://learn.microsoft.com/entra/identity-platform/access-tokens'],
  }),
  told({
    id: 'redirect-uri-mismatch',
    title: 'The redirect URI of the helpdesk is not registered',
    severity: 'critical',
    why: 'After the sign-in Entra ID sends the user back to addresses of the app registration only. The one that the helpdesk names is not among them, to the letter.',
    signs: /AADSTS50011\b/,
    confidence: 'confirmed',
    lines: [
      "AADSTS50011: The redirect URI 'https://jira.contoso.com/plugins/servlet/oauth2/callback' specified in the request does not match the redirect URIs configured for the application",
    ],
    remedy: [
      {
        part: 'check',
        say: 'See which are registered.',
        role: 'Global Reader',
        run: { shell: 'az', command: 'az ad app show --id {clientId} --query web.redirectUris' },
      },
      {
        say: 'Add the one of the message, to the letter: https or http, host name, path, slash at the end. App registrations > (the app) > Authentication > Web > Redirect URIs.',
        role: 'Cloud Application Administrator, or an owner of the app',
      },
      { say: 'If the host name in it is wrong, correct the base URL of {product} instead.' },
      { say: 'Authorise again in the helpdesk.' },
    ],
    sources: [AADSTS_PAGE, REPLY_URL_PAGE],
  }),
  told({
    id: 'single-tenant-app-through-common',
    title: 'The app belongs to one tenant, and the helpdesk asks at /common',
    severity: 'critical',
    why: 'An app registration for one tenant can be used at the addresses of that tenant only. /common is for apps of several tenants.',
    signs: /AADSTS(?:50194|9001023)\b/,
    confidence: 'confirmed',
    lines: [
      "AADSTS50194: Application 'x' is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps.",
    ],
    remedy: [
      { part: 'check', say: 'See which addresses the helpdesk uses: those with /common are the wrong ones.' },
      {
        say: 'In the helpdesk, put the tenant into both addresses instead of common: {loginAuthority}/{tenant}/oauth2/v2.0/authorize and {loginAuthority}/{tenant}/oauth2/v2.0/token.',
      },
      { say: 'Do not make the app registration multi-tenant for this: then anybody’s tenant could consent to it.' },
      { say: 'Authorise again in the helpdesk.' },
    ],
    sources: [AADSTS_PAGE],
  }),
  told({
    id: 'no-client-secret-sent',
    title: 'The helpdesk sends no client secret',
    severity: 'critical',
    why: 'The redirect URI is registered for a web app, whose requests need the secret; the helpdesk sent none. Either its field is empty, or the helpdesk means to be a public client.',
    signs: /AADSTS7000218\b/,
    confidence: 'confirmed',
    lines: [
      "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ],
    remedy: [
      { part: 'check', say: 'See whether the client secret field of the helpdesk is empty.' },
      { say: 'In the helpdesk, enter the client secret of the app registration: its Value, not its Secret ID.' },
      {
        say: 'If the helpdesk has no field for one, register its redirect URI as a public client: App registrations > (the app) > Authentication > Add a platform > Mobile and desktop applications, and allow public client flows.',
        role: 'Cloud Application Administrator, or an owner of the app',
      },
      { say: 'Authorise again in the helpdesk.' },
    ],
    sources: [AADSTS_PAGE, 'https://github.com/jstedfast/MailKit/issues/989'],
  }),
  told({
    id: 'account-of-other-kind',
    title: 'The account is of a kind that this address does not take',
    severity: 'critical',
    why: 'Somebody signed in with a personal account at the address of an organization, or the other way round. Entra ID tells the two apart by the domain.',
    signs: /AADSTS500208\b/,
    confidence: 'confirmed',
    lines: ['AADSTS500208: The domain is not a valid login domain for the account type.'],
    remedy: [
      {
        part: 'check',
        say: 'See whose account was used. A mailbox of Microsoft 365 needs {loginAuthority}/{tenant}; one of Outlook.com needs {loginAuthority}/consumers.',
      },
      { say: 'Correct both addresses in the helpdesk, and authorise again with an account of that kind.' },
    ],
    sources: [AADSTS_PAGE],
  }),
  told({
    id: 'authorization-code-redeemed',
    title: 'The helpdesk redeemed an authorisation code twice',
    severity: 'warning',
    why: 'A code of the sign-in is good once. A page that was loaded again, or two nodes of a cluster, redeemed it a second time.',
    signs: /AADSTS54005\b/,
    confidence: 'confirmed',
    lines: [
      'AADSTS54005: OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    ],
    remedy: [
      { part: 'check', say: 'See whether the connection works all the same: the first redemption counted.' },
      { say: 'If not, authorise again in the helpdesk, in one window, without loading the page again.' },
    ],
    sources: [AADSTS_PAGE],
  }),
  told({
    id: 'helpdesk-sends-password',
    title: 'The helpdesk signs in with a password, and it is wrong',
    severity: 'critical',
    why: 'The helpdesk sends a user name and a password to Entra ID instead of letting the user authorise it. Entra ID says that the password is wrong or missing. This way also ends with multifactor authentication.',
    signs: /AADSTS(?:50126|50056)\b/,
    confidence: 'confirmed',
    lines: ['AADSTS50126: Error validating credentials due to invalid username or password.'],
    remedy: [
      {
        part: 'check',
        say: 'See how the connection signs in: with a password, the helpdesk shows a password field and no authorisation.',
      },
      { say: 'Connect the helpdesk by OAuth 2.0 with an authorisation (authorization code), not with a password.' },
      {
        say: 'Until then, see that the password works at https://outlook.office.com in a private window, and enter it in the helpdesk.',
      },
    ],
    sources: [AADSTS_PAGE],
  }),
  told({
    id: 'multifactor-registration-needed',
    title: 'The delegate has to register for multifactor authentication',
    severity: 'critical',
    why: 'A policy asks for a second factor that the account does not have yet, or asks for it now. A helpdesk cannot answer that: a person has to, once.',
    signs: /AADSTS(?:50079|50072|50074)\b/,
    confidence: 'confirmed',
    lines: [
      'AADSTS50079: Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication',
    ],
    remedy: [
      {
        part: 'check',
        say: 'See which methods {delegate} has registered. Entra admin center ({entraAdminCenter}): Users > {delegate} > Authentication methods.',
        role: 'Global Reader',
        only: { flow: ['delegated'] },
      },
      {
        say: 'Sign in once as {delegate} at https://aka.ms/mfasetup in a private window, and register.',
        only: { flow: ['delegated'] },
      },
      ...AUTHORISE_AGAIN,
      {
        say: 'If it comes back, exempt the account from the policy for this app, or let the app act for itself (application flow).',
        role: 'Conditional Access Administrator',
      },
    ],
    sources: [AADSTS_PAGE],
  }),
  told({
    id: 'declared-permission-invalid',
    title: 'The app registration declares a permission that does not exist',
    severity: 'critical',
    why: 'With the scope .default Entra ID asks for everything that the app registration declares. One id in it is of no permission of that service. One report only: disputed.',
    signs: /AADSTS65006\b/,
    confidence: 'possible',
    lines: ['AADSTS65006: the entitlement of the resource is invalid'],
    remedy: [
      {
        part: 'check',
        say: 'See what it declares.',
        role: 'Global Reader',
        run: { shell: 'az', command: 'az ad app permission list --id {clientId}' },
      },
      {
        say: 'Remove every permission from the app registration, add the ones for mail again from the list (APIs my organization uses > Office 365 Exchange Online), and grant admin consent.',
      },
      { say: 'Authorise again in the helpdesk.' },
    ],
    sources: ['https://github.com/kellylford/QuickMail/issues/511'],
  }),
  told({
    id: 'token-request-malformed',
    title: 'The token request of the helpdesk is malformed',
    severity: 'critical',
    why: 'Entra ID could not read the request. Reported where a code or token had been cut or encoded twice; the cause was never narrowed down: disputed.',
    signs: /AADSTS9002313\b/,
    confidence: 'possible',
    lines: ['AADSTS9002313: Invalid request. Request is malformed or invalid.'],
    remedy: [
      { part: 'check', say: 'See in the message which parameter it complains of.' },
      {
        say: 'In the helpdesk, enter client ID, secret and both addresses anew, without blanks or line ends that were pasted along.',
      },
      { say: 'Authorise again in the helpdesk.' },
      { say: 'Where it stays, report it to the maker of the helpdesk with the trace ID of the message.' },
    ],
    sources: ['https://github.com/UvA-FNWI/M365-IMAP/issues/2'],
  }),
  told({
    id: 'helpdesk-not-authorised',
    title: 'Nobody has authorised the connection in the helpdesk yet',
    severity: 'critical',
    why: 'The connection is set up, but no user has signed in for it: the helpdesk has no token to ask with, or none that it can renew.',
    signs:
      /OAuth token not defined for connection|OAuth Authori[sz]ation required|does not provide a refresh token|Required parameter not passed: "refresh_token"/i,
    confidence: 'confirmed',
    lines: [
      'OAuth token not defined for connection. OAuth Authorisation required.',
      'Access token does not provide a refresh token, please verify application configuration',
    ],
    remedy: [
      ...AUTHORISE_AGAIN,
      {
        part: 'check',
        say: 'See that the scope offline_access is among those of the helpdesk: without it there is no refresh token. With Google, consent again, so that one is issued.',
      },
    ],
    sources: [ATLASSIAN_CHECKS, 'https://github.com/glpi-project/glpi/issues/20330'],
  }),
  told({
    id: 'token-expired-in-session',
    title: 'A token ended while the connection was open',
    severity: 'info',
    why: 'A token lasts about an hour. Exchange closes a connection that is open for longer with these words. A helpdesk that gets a new token and connects again loses nothing.',
    signs: /Session invalidated - AccessTokenExpired/i,
    confidence: 'confirmed',
    lines: ['* BYE Session invalidated - AccessTokenExpired'],
    remedy: [
      { say: 'Nothing needs to be repaired where mail keeps coming.' },
      {
        say: 'Where it stops after an hour each time, the helpdesk does not renew its token: update it, or let it connect anew for each fetch.',
      },
      LOOK_LIVE,
    ],
    sources: ['https://github.com/iroco-co/aioimaplib/issues/83', 'https://github.com/joeyates/imap-backup/issues/198'],
  }),
  told({
    id: 'basic-authentication-retired',
    title: 'The helpdesk signs in with user name and password',
    severity: 'critical',
    why: 'Exchange Online and Outlook.com no longer take passwords over IMAP and POP (basic authentication). Whatever is entered, the answer is no.',
    signs: /Basic authentication is disabled|BasicAuthBlocked|NO LOGIN failed|\bLOGIN failed\b/i,
    confidence: 'inferred',
    lines: ['a1 NO Basic authentication is disabled.', 'A1 NO LOGIN failed.'],
    remedy: [
      {
        part: 'check',
        say: 'See how the mail account of the helpdesk signs in: Basic, Plain or Password is what Microsoft has switched off.',
      },
      {
        say: 'Connect the mailbox by OAuth 2.0: make an app registration and choose Microsoft with OAuth 2.0 in {product}.',
      },
      {
        say: 'With an account of Outlook.com also see Settings > Mail > Forwarding and IMAP: IMAP is off there until somebody switches it on.',
      },
    ],
    sources: [BASIC_AUTH_PAGE, 'https://github.com/jstedfast/MailKit/issues/1332'],
  }),
  told({
    id: 'pop-token-sent-in-one-line',
    title: 'The helpdesk sends XOAUTH2 over POP in one line',
    severity: 'critical',
    why: 'Over POP Microsoft wants AUTH XOAUTH2 first and the token in a second line. A client that sends both at once is refused, while the same token works over IMAP.',
    signs: /Auth for user \S+ failed!/i,
    confidence: 'possible',
    lines: ['Auth for user support@contoso.com/outlook.office365.com failed!'],
    remedy: [
      { part: 'check', say: 'See in the log of the helpdesk whether AUTH XOAUTH2 and the token stand in one line.' },
      { say: 'Use IMAP instead of POP in the helpdesk.' },
      {
        say: 'Or update the helpdesk: with Jakarta Mail the property mail.pop3s.auth.xoauth2.two.line.authentication.format=true makes it two lines.',
      },
    ],
    sources: [MSIMAP, 'https://github.com/znuny/Znuny/issues/259', 'https://github.com/jakartaee/mail-api/issues/461'],
  }),
  told({
    id: 'helpdesk-cannot-reach-token-endpoint',
    title: 'The helpdesk gets no answer from the token endpoint',
    severity: 'critical',
    why: 'No HTTP answer came at all: a firewall, gateway or proxy between the helpdesk and Entra ID, or its name resolution.',
    signs: /Failed to refresh XOAUTH2 access_token[^\r\n]{0,80}\(code: 0\)/i,
    confidence: 'confirmed',
    lines: ["Failed to refresh XOAUTH2 access_token of provider 'microsoft365': Request failed! (code: 0)"],
    remedy: [
      {
        part: 'check',
        say: "See from the helpdesk's server whether the token endpoint answers.",
        run: {
          shell: 'shell',
          command:
            'curl -sS -o /dev/null -w "%{http_code}\\n" {loginAuthority}/common/v2.0/.well-known/openid-configuration',
        },
      },
      {
        say: 'Open the way to {loginAuthority} on port 443 in firewall and proxy. Ask what was changed there when it stopped.',
      },
    ],
    sources: ['https://github.com/zammad/zammad/issues/5492'],
  }),
  told({
    id: 'several-clients-on-one-mailbox',
    title: 'Too many connections are open to the mailbox',
    severity: 'warning',
    why: 'Exchange limits the connections of a mailbox. Several programs on it, or one that opens them too often, are then refused now and again. For IMAP this rests on few reports: disputed.',
    signs: /too many (?:concurrent|simultaneous) connections|cannot open mailbox/i,
    confidence: 'possible',
    lines: ['too many concurrent connections opened. cannot open mailbox'],
    remedy: [
      { part: 'check', say: 'See what else reads {mailbox}: other helpdesks, a second node, phones, a migration.' },
      { say: 'Let one program read it, one connection at a time, and no more often than once a minute.' },
      LOOK_LIVE,
    ],
    sources: [
      'https://github.com/OfficeDev/ews-managed-api/issues/256',
      'https://github.com/mscdex/node-imap/issues/523',
    ],
  }),
  told({
    id: 'client-access-rules-advice-is-stale',
    title: 'Advice to change Client Access Rules is out of date',
    severity: 'info',
    why: 'Exchange Online removed Client Access Rules in September 2025. Pages that name them as the cause of “authenticated but not connected” tell of something that no longer exists there.',
    signs: /ClientAccessRule|Client Access Rules?/i,
    confidence: 'confirmed',
    lines: ['Client Access Rules: add an IMAP4 rule with New-ClientAccessRule'],
    remedy: [
      { say: 'Do not look for Client Access Rules: there are none in Exchange Online.' },
      ...CHECK_PROTOCOL_ENABLED,
      CHECK_FULL_ACCESS,
      LOOK_LIVE,
    ],
    sources: [
      'https://confluence.atlassian.com/jirakb/imap-fails-with-a3-bad-user-is-authenticated-but-not-connected-error-in-jira-server-integrated-with-office365-665420269.html',
    ],
  }),
  told({
    id: 'shared-mailbox-login-is-stale',
    title: 'A login of the form user\\shared is out of date',
    severity: 'info',
    why: 'With passwords one could log in as user@contoso.com\\shared. With OAuth 2.0 the user name is the address of the shared mailbox, and the token is that of the delegate.',
    signs: /@[\w.-]{1,200}\\(?![tnr][\s\w]?)[a-z][\w.-]{2,60}/i,
    confidence: 'confirmed',
    lines: ['LOGIN svc-jira@contoso.com\\support'],
    remedy: [
      {
        say: 'In the helpdesk, enter the address of the shared mailbox as the user name: {mailbox}, without a backslash.',
      },
      CHECK_FULL_ACCESS,
      ...AUTHORISE_AGAIN,
    ],
    sources: [MSIMAP],
  }),
  told({
    id: 'client-credentials-advice-is-stale',
    title: 'Advice that IMAP needs a user is out of date',
    severity: 'info',
    why: 'Until 2022 an app could not read mail over IMAP by itself. Now it can: with IMAP.AccessAsApp, its service principal in Exchange, and Full Access.',
    signs: /client credentials? (?:grant |flow )?(?:is|are|does|do) not (?:supported|work)/i,
    confidence: 'confirmed',
    lines: ['the client credentials flow is not supported for IMAP'],
    remedy: [
      {
        say: 'Use the application flow where nobody shall have to authorise: grant IMAP.AccessAsApp, register the service principal, and give it Full Access.',
      },
      LOOK_LIVE,
    ],
    sources: [MSIMAP, 'https://github.com/MicrosoftDocs/office-developer-exchange-docs/issues/100'],
  }),
  told({
    id: 'exchange-role-not-supported',
    title: 'The app has Exchange.ManageAsApp, but no role that Exchange supports',
    severity: 'critical',
    why: 'To run cmdlets an app needs the permission and a role: one of Entra ID that Exchange supports, or one of Exchange itself.',
    signs: /role assigned to application[^\r\n]{0,200}isn.t supported in this scenario/i,
    confidence: 'confirmed',
    lines: [
      "The role assigned to application x isn't supported in this scenario. Please check online documentation for assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.",
    ],
    remedy: [
      {
        say: 'Assign the role Global Reader to the enterprise application: Entra admin center ({entraAdminCenter}): Roles & admins. Or make it an Exchange role: mailbox-watch setup prints the script.',
        role: 'Privileged Role Administrator',
      },
      { say: 'Wait: a role takes up to an hour, a managed identity’s token up to 24 hours.' },
      LOOK_LIVE,
    ],
    sources: ['https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2'],
  }),
  told({
    id: 'directory-permission-missing',
    title: 'The app may not read the directory',
    severity: 'critical',
    why: 'Microsoft Graph tells of app registrations to those who hold a permission for it.',
    signs: /Authorization_RequestDenied|Insufficient privileges to complete the operation/i,
    confidence: 'confirmed',
    lines: ['[Authorization_RequestDenied] : Insufficient privileges to complete the operation.'],
    remedy: [
      {
        say: 'Grant the app that asks the application permission Application.Read.All on Microsoft Graph, with admin consent. mailbox-watch doctor says which permissions Mailbox Watch lacks.',
      },
      { say: 'Wait: a token that was issued before holds the old permissions for up to an hour.' },
      LOOK_LIVE,
    ],
    sources: [
      'https://learn.microsoft.com/graph/permissions-reference',
      'https://github.com/Cj-Scott/Get-AppRegistrationExpiration/issues/29',
    ],
  }),
  told({
    id: 'new-service-principal-refused',
    title: 'Exchange refuses to register the service principal',
    severity: 'warning',
    why: 'New-ServicePrincipal needs the Exchange role Role Management, which not every administrator has.',
    signs: /New-ServicePrincipal[^\r\n]{0,120}(?:not recognized|denied|error|refused|permission)/i,
    confidence: 'possible',
    lines: ['New-ServicePrincipal : error: access is denied'],
    remedy: [
      {
        part: 'check',
        say: 'See who has the role.',
        role: 'Global Reader',
        run: {
          shell: 'exchange-powershell',
          command:
            "Get-ManagementRoleAssignment -Role 'Role Management' -GetEffectiveUsers | Format-Table EffectiveUserName",
        },
      },
      {
        say: 'Run the command as one of them, or as a member of Organization Management. If it is not recognised, connect with Connect-ExchangeOnline first.',
      },
      LOOK_LIVE,
    ],
    sources: [
      MSIMAP,
      'https://www.michev.info/blog/post/4027/more-on-service-principal-permissions-in-exchange-online',
    ],
  }),
  told({
    id: 'smtp-sign-in-refused',
    title: 'Sending is refused, not reading',
    severity: 'warning',
    why: 'The line is one of SMTP: the helpdesk may not send. It says nothing about whether it can read the mailbox.',
    signs: /\b535 5\.7\.(?:3|139)\b/,
    confidence: 'confirmed',
    lines: [
      '535 5.7.3 Authentication unsuccessful [HOST.prod.outlook.com]',
      '535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully.',
    ],
    remedy: [
      {
        part: 'check',
        say: 'See whether authenticated SMTP is allowed on the mailbox that sends.',
        role: 'Global Reader',
        run: {
          shell: 'exchange-powershell',
          command: 'Get-CASMailbox -Identity {mailbox} | Format-List SmtpClientAuthenticationDisabled',
        },
      },
      {
        say: 'Allow it, and use OAuth 2.0 with the scope SMTP.Send: passwords are no longer taken.',
        role: 'Exchange Administrator',
        run: {
          shell: 'exchange-powershell',
          command: 'Set-CASMailbox -Identity {mailbox} -SmtpClientAuthenticationDisabled $false',
        },
      },
      { say: 'Let the helpdesk send a test mail.' },
    ],
    sources: [MSIMAP, 'https://github.com/louislam/uptime-kuma/issues/1713'],
  }),
  told({
    id: 'reason-is-in-the-line-before',
    title: 'The connection was closed; the reason stands in the line before',
    severity: 'info',
    why: 'After a refusal Exchange closes the connection. Many helpdesks show that last line only, and it names no cause.',
    signs: /BYE Connection (?:is )?closed\.? \d+|Connection is closed\. \d+/i,
    confidence: 'confirmed',
    lines: ['* BYE Connection closed. 14', 'AuthenticationFailedException: Protocol error. Connection is closed. 10'],
    remedy: [
      {
        part: 'check',
        say: 'Look for the line before it in the log of the helpdesk, and explain that. With Jira: Administration > System > Logging and profiling, set com.atlassian.mail to DEBUG for one fetch.',
      },
      LOOK_LIVE,
      ...CHECK_PROTOCOL_ENABLED,
      CHECK_FULL_ACCESS,
    ],
    sources: ['https://github.com/jstedfast/MailKit/issues/849', ATLASSIAN_CHECKS],
  }),
  told({
    id: 'helpdesk-names-no-reason',
    title: 'The helpdesk tells that it failed, and not why',
    severity: 'warning',
    why: 'These are the words of the helpdesk, not of the server. Atlassian lists them as signs of the same causes: scopes, IMAP switched off, the wrong user, missing Full Access, or the network. The folder is seldom what is wrong.',
    signs:
      /couldn.t open the folder|no IMAP folders found|Could not get mailbox folder|cannot login, user or password wrong|SocketTimeoutException: Read timed out/i,
    confidence: 'possible',
    lines: [
      "JIRA couldn't open the folder 'inbox' at outlook.office365.com. Check and make sure the folder name is correct and try again.",
      'ConnectionException: * BYE Jakarta Mail Exception: java.net.SocketTimeoutException: Read timed out',
    ],
    remedy: [
      LOOK_LIVE,
      { part: 'check', say: 'See the scopes that the helpdesk asks for. Right are: {scopes}' },
      ...CHECK_PROTOCOL_ENABLED,
      CHECK_FULL_ACCESS,
      ...AUTHORISE_AGAIN,
    ],
    sources: [ATLASSIAN_CHECKS, 'https://github.com/freescout-help-desk/freescout/issues/2264'],
  }),
  told({
    id: 'imap-user-name-wrong',
    title: 'The user name of the mailbox is wrong in the helpdesk',
    severity: 'warning',
    why: 'Logins go to the mailbox that the user name names. An update of a helpdesk was seen to change how it has to be written.',
    signs: /connection setup failed: Authentication failed/i,
    confidence: 'possible',
    lines: ['connection setup failed: Authentication failed'],
    remedy: [
      {
        say: 'In the helpdesk, see the user name: it is the address of the mailbox, {mailbox}. FreeScout 1.8.198 wanted the address, a colon and the application ID.',
      },
      LOOK_LIVE,
    ],
    sources: ['https://github.com/freescout-help-desk/freescout/issues/5101', IMAPSYNC_FAQ],
  }),
];

/** What to look for in a text, the first that fits. */
export const HELPDESK_SIGNS: readonly Pick<LogCause, 'id' | 'signs' | 'confidence' | 'severity'>[] = CAUSES;

export const helpdeskLog: Check<HelpdeskEvidence> = {
  id: 'helpdesk-log',
  title: "The helpdesk's own log tells of no fault of its own",
  needs: ['helpdeskLog'],
  after: [],
  // A log that says nothing proves nothing.
  healthy: () => false,
  causes: CAUSES,
};
