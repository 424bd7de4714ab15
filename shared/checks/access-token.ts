import type { Cause, Check } from '../core/check';
import type { MailboxEvidence } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import {
  APP_REGISTRATION_MISSING,
  CLIENT_SECRET_EXPIRED,
  CLIENT_SECRET_WRONG,
  disabledBy,
  ENTERPRISE_APPLICATION_DISABLED,
  SECRET_ID_CONFIGURED,
} from './application-causes';
import { CLIENT_ASSERTION_CAUSES } from './client-assertion-causes';
import { ageOf } from './evidence-age';
import { EXAMPLE_NOW, tokenRefused } from './example-evidence';
import { refusedWith } from './refused-by-entra';
import { AUTHORISE_AGAIN, SEE_IT_HEALTHY } from './remedy-steps';
import { AADSTS_PAGE, MSIMAP } from './sources';
import { TOKEN_ENDPOINT_CAUSES } from './token-endpoint-causes';

/** Every check of a mailbox that cannot be judged without a token waits for these. */
export const ACCESS_TOKEN = 'access-token';

function notIssued(evidence: MailboxEvidence): boolean {
  return valueOf(evidence.accessToken)?.issued === false;
}

const secretIdConfigured: Cause<MailboxEvidence> = {
  ...SECRET_ID_CONFIGURED,
  match: (evidence) =>
    valueOf(evidence.configuredSecret)?.looksLikeSecretId === true ? refusedWith(7000215)(evidence) : undefined,
  examples: [
    {
      says: 'Entra ID refuses the secret, and the configured secret is a GUID.',
      evidence: {
        configuredSecret: seen({ hint: '3f2', looksLikeSecretId: true }),
        accessToken: tokenRefused('invalid_client', 7000215, 'Invalid client secret provided.'),
      },
    },
  ],
};

const clientSecretWrong: Cause<MailboxEvidence> = {
  ...CLIENT_SECRET_WRONG,
  match: (evidence, { integration }) => {
    const isOther = valueOf(evidence.configuredSecret)?.looksLikeSecretId === true;
    // 50012 is an old number for both.
    const numbers = integration.credential.kind === 'client-secret' ? [7000215, 50012] : [7000215];
    return isOther ? undefined : refusedWith(...numbers)(evidence);
  },
  examples: [
    {
      says: 'Entra ID refuses the secret, which has the form of a secret value.',
      evidence: {
        configuredSecret: seen({ hint: 'Q~8', looksLikeSecretId: false }),
        accessToken: tokenRefused('invalid_client', 7000215, 'Invalid client secret provided.'),
      },
    },
  ],
};

const clientSecretExpired: Cause<MailboxEvidence> = {
  ...CLIENT_SECRET_EXPIRED,
  match: refusedWith(7000222),
  examples: [
    {
      says: 'Entra ID says that the secret has expired.',
      evidence: {
        accessToken: tokenRefused('invalid_client', 7000222, 'The provided client secret keys for app are expired.'),
      },
    },
  ],
};

const appRegistrationMissing: Cause<MailboxEvidence> = {
  ...APP_REGISTRATION_MISSING,
  match: refusedWith(700016, 70001),
  examples: [
    {
      says: 'Entra ID does not find the client id in the tenant.',
      evidence: {
        accessToken: tokenRefused('unauthorized_client', 700016, 'Application was not found in the directory.'),
      },
    },
  ],
};

const applicationDisabled: Cause<MailboxEvidence> = {
  ...ENTERPRISE_APPLICATION_DISABLED,
  match: (evidence, context) => {
    const refused = refusedWith(7000112)(evidence);
    const application = valueOf(evidence.enterpriseApplication);
    const off = application?.found === true && !application.enabled;
    if (refused === undefined && !(off && notIssued(evidence))) return undefined;
    const by = application?.found === true ? application.disabledByMicrosoft : undefined;
    const confidence = refused?.confidence ?? (off ? ageOf(application, context).confidence : 'inferred');
    return { confidence, facts: { disabledBy: disabledBy(by) } };
  },
  examples: [
    {
      says: 'Entra ID says that the application is disabled.',
      evidence: { accessToken: tokenRefused('unauthorized_client', 7000112, 'Application is disabled.') },
    },
  ],
};

const consentMissing: Cause<MailboxEvidence> = {
  id: 'consent-missing',
  title: 'Consent to the mail permission is missing',
  severity: 'critical',
  why: 'Neither the delegate nor an administrator has consented that this app reads mail on their behalf, or the consent was withdrawn.',
  opensAfter: 1,
  match: refusedWith(65001, 65004, 90094, 90095, 650056),
  remedy: [
    {
      part: 'check',
      say: 'See what it was granted for everybody.',
      role: 'Global Reader',
      run: { shell: 'az', command: 'az ad app permission list-grants --id {clientId} --show-resource-name' },
    },
    {
      say: 'Grant consent for the permissions of the app. Azure portal ({azurePortal}): App registrations > (the app) > API permissions > Grant admin consent.',
      role: 'Cloud Application Administrator',
      run: { shell: 'az', command: 'az ad app permission admin-consent --id {clientId}' },
    },
    ...AUTHORISE_AGAIN,
    SEE_IT_HEALTHY,
  ],
  sources: [AADSTS_PAGE, 'https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent'],
  examples: [
    {
      says: 'Entra ID says that nobody has consented.',
      evidence: {
        accessToken: tokenRefused(
          'invalid_grant',
          65001,
          'The user or administrator has not consented.',
          'consent_required',
        ),
      },
    },
  ],
};

const scopeInvalid: Cause<MailboxEvidence> = {
  id: 'scope-invalid',
  title: 'The scope that the helpdesk asks for is not valid',
  severity: 'critical',
  why: 'Entra ID does not know the scope, or it does not fit the flow, the protocol or the cloud. Right for this connection is: {wantedScopes}',
  opensAfter: 1,
  match: refusedWith(1002012, 70011, 28002, 28003, 650053, 650057, 700022, 900144),
  remedy: [
    { part: 'check', say: 'The scopes are now: {scopes}' },
    { say: 'Set the scopes in {product} to: {wantedScopes}' },
    { say: 'Enter the same scopes for {integration} in the configuration of Mailbox Watch.' },
    ...AUTHORISE_AGAIN,
    SEE_IT_HEALTHY,
  ],
  sources: [
    MSIMAP,
    'https://support.atlassian.com/jira/kb/resolve-oauth-2-0-scope-issues-for-jira-mail-handlers-in-data-center',
  ],
  examples: [
    {
      says: 'A delegated scope was asked for in the application flow.',
      evidence: { accessToken: tokenRefused('invalid_scope', 1002012, 'The provided value for scope is not valid.') },
      context: { flow: 'application' },
    },
  ],
};

const grantEnded: Cause<MailboxEvidence> = {
  id: 'authorisation-ended',
  title: "The delegate's authorisation has ended",
  severity: 'critical',
  why: 'The refresh token of this connection is no longer good: the password was reset, sessions were revoked, a policy asks for a new sign-in, or it was not used for 90 days.',
  opensAfter: 1,
  match: refusedWith(
    50173,
    700082,
    700084,
    70008,
    70000,
    70043,
    50132,
    50133,
    50076,
    50078,
    50079,
    50072,
    50074,
    50158,
  ),
  remedy: [
    { part: 'check', say: 'Entra ID said: {entraSays}' },
    ...AUTHORISE_AGAIN,
    {
      say: 'Give Mailbox Watch a fresh refresh token of {delegate} in the same way; the old one is dead too.',
      only: { flow: ['delegated'] },
    },
    {
      say: 'If that names a policy, exempt the account from it, or move the connection to the application flow.',
      role: 'Conditional Access Administrator',
    },
    SEE_IT_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/entra/identity-platform/refresh-tokens', AADSTS_PAGE],
  examples: [
    {
      says: 'The password was reset after the authorisation.',
      evidence: {
        accessToken: tokenRefused(
          'invalid_grant',
          50173,
          'The provided grant has expired due to it being revoked.',
          'bad_token',
        ),
      },
    },
    {
      says: 'Nothing used the authorisation for 90 days.',
      evidence: {
        accessToken: tokenRefused('invalid_grant', 700082, 'The refresh token has expired due to inactivity.'),
      },
    },
  ],
};

const delegateAccountUnusable: Cause<MailboxEvidence> = {
  id: 'delegate-account-unusable',
  title: "The delegate's account is disabled, locked or gone",
  severity: 'critical',
  why: 'Entra ID does not sign in the account that authorised this connection: it is disabled, locked, deleted, or its password has expired.',
  opensAfter: 1,
  match: (evidence, context) => {
    const account = valueOf(evidence.delegateAccount);
    const unusable = account !== undefined && !(account.found && account.enabled) && notIssued(evidence);
    return (
      refusedWith(50057, 50034, 50053, 50055, 50144)(evidence) ??
      (unusable ? { confidence: ageOf(account, context).confidence } : undefined)
    );
  },
  remedy: [
    {
      part: 'check',
      say: 'Look at the account.',
      role: 'Global Reader',
      run: {
        shell: 'az',
        command: "az ad user show --id {delegate} --query '{name:userPrincipalName, enabled:accountEnabled}'",
      },
      only: { flow: ['delegated'] },
    },
    {
      say: 'Enable the account again, or authorise with another account that has Full Access on {mailbox}.',
      role: 'User Administrator',
    },
    ...AUTHORISE_AGAIN,
    SEE_IT_HEALTHY,
  ],
  sources: [AADSTS_PAGE],
  examples: [
    {
      says: 'The account was disabled.',
      evidence: { accessToken: tokenRefused('invalid_grant', 50057, 'The user account is disabled.') },
    },
    {
      says: 'Entra ID says that the grant was revoked, and the directory that the account is gone.',
      evidence: {
        accessToken: tokenRefused('invalid_grant', 50173, 'The provided grant has expired due to it being revoked.'),
        delegateAccount: seen({ found: false, readAt: EXAMPLE_NOW }),
      },
    },
  ],
};

const conditionalAccess: Cause<MailboxEvidence> = {
  id: 'blocked-by-conditional-access',
  title: 'Conditional Access blocks the token',
  severity: 'critical',
  why: 'A Conditional Access policy or the security defaults of the tenant do not allow this sign-in. OAuth over IMAP is judged when the token is issued, not at the mail server.',
  opensAfter: 1,
  match: refusedWith(53003, 53000, 53001, 53002, 53004, 53011, 50097, 50131, 530032, 530034, 530035),
  remedy: [
    {
      part: 'check',
      say: 'Read in the sign-in log which policy blocked it. Entra admin center ({entraAdminCenter}): Monitoring > Sign-in logs > filter by application {clientId} > Conditional Access.',
      role: 'Global Reader',
    },
    {
      say: 'Exclude the account or the app from that policy, or limit the policy to other apps. Mind that Mailbox Watch may sign in from another address than {product}: the policy may hit only one of them.',
      role: 'Conditional Access Administrator',
    },
    SEE_IT_HEALTHY,
  ],
  sources: [
    'https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-conditional-access',
    AADSTS_PAGE,
  ],
  examples: [
    {
      says: 'A policy does not allow issuance.',
      evidence: {
        accessToken: tokenRefused(
          'invalid_grant',
          53003,
          'Access has been blocked by Conditional Access policies.',
          'message_only',
        ),
      },
    },
  ],
};

const tenantNotFound: Cause<MailboxEvidence> = {
  id: 'tenant-not-found',
  title: 'The tenant does not exist in this cloud',
  severity: 'critical',
  why: 'The token endpoint of this cloud does not know the tenant: its name is wrong, or it lives in another Microsoft cloud.',
  opensAfter: 1,
  match: refusedWith(90002, 50059, 50128),
  remedy: [
    {
      part: 'check',
      say: 'Ask where the tenant lives. tenant_region_sub_scope in the answer is DODCON or DOD for the US government clouds.',
      run: { shell: 'shell', command: 'curl {loginAuthority}/{tenant}/v2.0/.well-known/openid-configuration' },
    },
    { say: 'Correct the tenant (now: {tenant}) or the cloud, in {product} and in the configuration of Mailbox Watch.' },
    SEE_IT_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud', AADSTS_PAGE],
  examples: [
    {
      says: 'The tenant is not known.',
      evidence: { accessToken: tokenRefused('invalid_request', 90002, "Tenant 'contosso.com' not found.") },
    },
  ],
};

export const accessToken: Check<MailboxEvidence> = {
  id: ACCESS_TOKEN,
  title: 'Entra ID issues an access token',
  needs: ['accessToken'],
  only: { provider: ['microsoft365', 'outlook.com'] },
  after: [],
  healthy: (evidence) => valueOf(evidence.accessToken)?.issued === true,
  causes: [
    secretIdConfigured,
    clientSecretExpired,
    clientSecretWrong,
    appRegistrationMissing,
    applicationDisabled,
    consentMissing,
    scopeInvalid,
    conditionalAccess,
    delegateAccountUnusable,
    grantEnded,
    tenantNotFound,
    ...CLIENT_ASSERTION_CAUSES,
    ...TOKEN_ENDPOINT_CAUSES,
  ],
};
