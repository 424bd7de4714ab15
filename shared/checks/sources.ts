/** Pages that several causes cite. */

/** Microsoft's page on OAuth for IMAP, POP and SMTP: scopes, consent, the service principal in Exchange. */
export const MSIMAP =
  'https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth';

/** What each AADSTS number means. */
export const AADSTS_PAGE = 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes';

/** How to renew a client secret without an outage. */
export const RENEW_PAGE =
  'https://learn.microsoft.com/entra/identity/monitoring-health/recommendation-renew-expiring-application-credential';

/** Graph's passwordCredential, with its hint. */
export const PASSWORD_PAGE = 'https://learn.microsoft.com/graph/api/resources/passwordcredential';
