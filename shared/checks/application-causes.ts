import type { Cause } from '../core/check';
import {
  ENTER_CERTIFICATE,
  ENTER_SECRET_IN_HELPDESK,
  ENTER_SECRET_IN_MONITOR,
  MAKE_NEW_CERTIFICATE,
  MAKE_NEW_SECRET,
  SEE_CERTIFICATES,
  SEE_IT_HEALTHY,
  SEE_SECRETS,
} from './remedy-steps';
import { AADSTS_PAGE, CERTIFICATE_PAGE, PASSWORD_PAGE, RENEW_PAGE } from './sources';

/**
 * The part of a cause that does not depend on how it is seen: what is wrong with an application is told by the token endpoint to
 * every mailbox, and by Graph to the application. One text serves both checks.
 */
type CauseText = Omit<Cause<never>, 'match' | 'examples'>;

export const CLIENT_SECRET_EXPIRED = {
  id: 'client-secret-expired',
  title: 'The client secret has expired',
  severity: 'critical',
  why: 'Entra ID refuses a client secret from the moment of its end date. The helpdesk gets no access token, so it can open none of the mailboxes of this app registration.',
  opensAfter: 1,
  remedy: [SEE_SECRETS, MAKE_NEW_SECRET, ...ENTER_SECRET_IN_HELPDESK, ENTER_SECRET_IN_MONITOR, SEE_IT_HEALTHY],
  sources: ['https://aka.ms/NewClientSecret', RENEW_PAGE, AADSTS_PAGE],
} as const satisfies CauseText;

export const SECRET_ID_CONFIGURED = {
  id: 'client-secret-id-configured',
  title: "The secret's ID was entered instead of its value",
  severity: 'critical',
  why: 'The Azure portal shows two columns for a client secret: Value and Secret ID. The configured secret has the form of a Secret ID, which Entra ID never accepts. The value is shown only once, when the secret is made.',
  opensAfter: 1,
  remedy: [
    { part: 'check', say: 'If nobody kept the value of the existing secret, it cannot be read again. Make a new one.' },
    MAKE_NEW_SECRET,
    ...ENTER_SECRET_IN_HELPDESK,
    ENTER_SECRET_IN_MONITOR,
    SEE_IT_HEALTHY,
  ],
  sources: [
    AADSTS_PAGE,
    'https://support.atlassian.com/jira/kb/detailed-steps-to-configure-oauth-20-integration-with-microsoft-azure/',
  ],
} as const satisfies CauseText;

export const CLIENT_SECRET_WRONG = {
  id: 'client-secret-wrong',
  title: 'The client secret is not one of this app registration',
  severity: 'critical',
  why: 'Entra ID compares the secret with those registered on the app registration, and none is it: it was mistyped, cut off, belongs to another app, or was removed.',
  opensAfter: 1,
  remedy: [SEE_SECRETS, MAKE_NEW_SECRET, ...ENTER_SECRET_IN_HELPDESK, ENTER_SECRET_IN_MONITOR, SEE_IT_HEALTHY],
  sources: [AADSTS_PAGE, PASSWORD_PAGE],
} as const satisfies CauseText;

export const CERTIFICATE_EXPIRED = {
  id: 'certificate-expired',
  title: 'The certificate has expired',
  severity: 'critical',
  why: 'Entra ID refuses a certificate from the moment of its end date. The helpdesk gets no access token, so it can open none of the mailboxes of this app registration.',
  opensAfter: 1,
  remedy: [SEE_CERTIFICATES, ...MAKE_NEW_CERTIFICATE, ...ENTER_CERTIFICATE, SEE_IT_HEALTHY],
  sources: [CERTIFICATE_PAGE, RENEW_PAGE, AADSTS_PAGE],
} as const satisfies CauseText;

export const CERTIFICATE_NOT_REGISTERED = {
  id: 'certificate-not-registered',
  title: 'The certificate is not one of this app registration',
  severity: 'critical',
  why: 'Entra ID looks for the certificate by its thumbprint among those of the app registration, and it is not there: it was replaced on one side only, or was removed.',
  opensAfter: 1,
  remedy: [
    SEE_CERTIFICATES,
    {
      part: 'check',
      say: 'See which one is in use: its thumbprint.',
      run: { shell: 'shell', command: 'openssl x509 -noout -fingerprint -sha1 -enddate -in helpdesk.crt' },
    },
    { say: 'Register the one in use, or use one that is registered.' },
    ...MAKE_NEW_CERTIFICATE,
    ...ENTER_CERTIFICATE,
    SEE_IT_HEALTHY,
  ],
  sources: [CERTIFICATE_PAGE, AADSTS_PAGE],
} as const satisfies CauseText;

export const APP_REGISTRATION_MISSING = {
  id: 'app-registration-missing',
  title: 'The app registration is not in this tenant',
  severity: 'critical',
  why: 'No application with this client id exists in the tenant: it was deleted, never consented here, or the client id or the tenant is wrong.',
  opensAfter: 1,
  remedy: [
    {
      part: 'check',
      say: 'Look for the app in the tenant.',
      role: 'Global Reader',
      run: {
        shell: 'az',
        command: 'az ad app list --all --query "[].{name:displayName, clientId:appId}" --output table',
      },
    },
    {
      say: 'If it was deleted in the last 30 days, restore it. Azure portal ({azurePortal}): App registrations > Deleted applications.',
      role: 'Cloud Application Administrator, or an owner of the app',
    },
    {
      say: 'If it exists under another client id or in another tenant, correct both in {product} and in the configuration of Mailbox Watch (now: client id {clientId}, tenant {tenant}).',
    },
    SEE_IT_HEALTHY,
  ],
  sources: [
    'https://learn.microsoft.com/troubleshoot/azure/active-directory/error-code-aadsts70001-app-not-found-in-directory',
    AADSTS_PAGE,
  ],
} as const satisfies CauseText;

export const ENTERPRISE_APPLICATION_DISABLED = {
  id: 'enterprise-application-disabled',
  title: 'The enterprise application is disabled',
  severity: 'critical',
  why: 'Sign-in is switched off on the enterprise application (service principal) of this app, by an administrator or by Microsoft. No token is issued for it.',
  opensAfter: 1,
  remedy: [
    {
      part: 'check',
      say: 'It was disabled by {disabledBy}. Find out why. Entra admin center ({entraAdminCenter}): Enterprise applications > (the app) > Audit logs.',
      role: 'Global Reader',
    },
    {
      say: 'If it was a mistake, enable it again.',
      role: 'Cloud Application Administrator',
      run: { shell: 'az', command: 'az ad sp update --id {clientId} --set accountEnabled=true' },
    },
    SEE_IT_HEALTHY,
  ],
  sources: [AADSTS_PAGE, 'https://learn.microsoft.com/entra/identity/enterprise-apps/disable-user-sign-in-portal'],
} as const satisfies CauseText;

export function disabledBy(microsoftStatus: string | undefined): string {
  return microsoftStatus === undefined ? 'an administrator' : `Microsoft (${microsoftStatus})`;
}
