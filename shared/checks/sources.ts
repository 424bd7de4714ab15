/** Pages that several causes cite. */

/** Microsoft's page on OAuth for IMAP, POP and SMTP: scopes, consent, the service principal in Exchange. */
export const MSIMAP =
  'https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth';

/** What each AADSTS number means. */
export const AADSTS_PAGE = 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes';

/** Entra ID's sign-in log: who signed in, when, and why not. */
export const SIGN_IN_LOG_PAGE = 'https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-beta';

/** How to renew a client secret without an outage. */
export const RENEW_PAGE =
  'https://learn.microsoft.com/entra/identity/monitoring-health/recommendation-renew-expiring-application-credential';

/** Graph's passwordCredential, with its hint. */
export const PASSWORD_PAGE = 'https://learn.microsoft.com/graph/api/resources/passwordcredential';

/** Google's OAuth 2.0, with the reasons for which a refresh token ends. */
export const GOOGLE_OAUTH = 'https://developers.google.com/identity/protocols/oauth2';

/** Gmail's XOAUTH2, with its scope and its error challenge. */
export const GMAIL_XOAUTH2 = 'https://developers.google.com/workspace/gmail/imap/xoauth2-protocol';

/** Where Outlook.com keeps the switch for IMAP and POP, and its servers. */
export const OUTLOOK_COM_SETTINGS =
  'https://support.office.com/article/pop-and-imap-email-settings-for-outlook-8361e398-8af4-4e97-b147-6c6c4ac95353';

/** LiveAgent's article on "User is authenticated but not connected". */
export const LIVEAGENT_NOT_CONNECTED =
  'https://faq.liveagent.com/414721-How-to-Fix-User-is-Authenticated-but-Not-Connected-IMAP-OAuth2-Error-with-Microsoft-ExchangeOffice-365-in-LiveAgent';

/** The sign-in addresses of Microsoft's clouds. */
export const CLOUDS_PAGE = 'https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud';

/** Graph's mail folders, with the permissions that open them. */
export const GRAPH_MAIL_FOLDERS = 'https://learn.microsoft.com/graph/api/mailfolder-get';

/** Certificates that apps sign in with. */
export const CERTIFICATE_PAGE = 'https://learn.microsoft.com/entra/identity-platform/certificate-credentials';

/** Trust in tokens of other issuers. */
export const FEDERATED_PAGE = 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation';
