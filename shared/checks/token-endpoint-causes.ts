import type { Cause } from '../core/check';
import type { MailboxEvidence } from '../core/evidence';
import { tokenRefused } from './example-evidence';
import { refusedWith } from './refused-by-entra';
import { AUTHORISE_AGAIN, SEE_IT_HEALTHY } from './remedy-steps';
import { AADSTS_PAGE, CLOUDS_PAGE } from './sources';

/** What Entra ID's token endpoint refuses beyond credential, consent and account. */

/** Said of the configuration by one check, and by Entra ID in another. */
export const WRONG_CLOUD = {
  id: 'wrong-cloud',
  title: 'The connection mixes two Microsoft clouds',
  severity: 'critical',
  why: "Microsoft's clouds are apart: a tenant, its sign-in address, its scopes and its mail server all belong to one of them. A token of one cloud opens nothing in another.",
  opensAfter: 1,
} as const;

const wrongCloud: Cause<MailboxEvidence> = {
  ...WRONG_CLOUD,
  match: refusedWith(90038, 900382, 900432),
  remedy: [
    {
      part: 'check',
      say: 'Ask where the tenant lives. tenant_region_sub_scope in the answer is DODCON for GCC High and DOD for DoD; in GCC it is GCC.',
      run: { shell: 'shell', command: 'curl {loginAuthority}/{tenant}/v2.0/.well-known/openid-configuration' },
    },
    {
      say: "Set cloud in the configuration of Mailbox Watch to that of the tenant, and use that cloud's addresses in {product}: authorisation and token endpoint, scopes, mail server.",
    },
    ...AUTHORISE_AGAIN,
    SEE_IT_HEALTHY,
  ],
  sources: [CLOUDS_PAGE, AADSTS_PAGE],
  examples: [
    {
      says: 'Entra ID says that the tenant belongs to a national cloud.',
      evidence: {
        accessToken: tokenRefused(
          'invalid_request',
          900432,
          "Confidential Client isn't supported in Cross Cloud request.",
        ),
      },
    },
  ],
};

const exchangeNotInTenant: Cause<MailboxEvidence> = {
  id: 'resource-not-in-tenant',
  title: 'The tenant does not know the service that the token is asked for',
  severity: 'critical',
  why: 'The scopes name a service, and the tenant has no service principal of it, or has it disabled: the scope is misspelt or of another cloud, or nobody in the tenant has a licence with Exchange Online.',
  opensAfter: 1,
  match: refusedWith(500011, 500014, 650052),
  remedy: [
    { part: 'check', say: 'Compare the scopes ({scopes}) letter by letter with those of the cloud of {tenant}.' },
    {
      part: 'check',
      say: 'See whether the tenant has Exchange Online, and whether it is enabled.',
      role: 'Global Reader',
      run: {
        shell: 'az',
        command:
          "az ad sp show --id 00000002-0000-0ff1-ce00-000000000000 --query '{name:displayName, enabled:accountEnabled}'",
      },
    },
    SEE_IT_HEALTHY,
  ],
  sources: [AADSTS_PAGE],
  examples: [
    {
      says: 'The resource principal is not in the tenant.',
      evidence: {
        accessToken: tokenRefused('invalid_resource', 500011, 'The resource principal was not found in the tenant.'),
      },
    },
  ],
};

const userNotAssigned: Cause<MailboxEvidence> = {
  id: 'user-not-assigned',
  title: 'The delegate is not assigned to the app',
  severity: 'critical',
  why: 'The enterprise application lets in only users who are assigned to it, and the account that authorised this connection is not.',
  opensAfter: 1,
  match: refusedWith(50105),
  remedy: [
    {
      part: 'check',
      say: 'See whether an assignment is required.',
      role: 'Global Reader',
      run: {
        shell: 'az',
        command:
          "az ad sp show --id {clientId} --query '{name:displayName, assignmentRequired:appRoleAssignmentRequired}'",
      },
    },
    {
      say: 'Assign the account to the app. Entra admin center ({entraAdminCenter}): Enterprise applications > (the app) > Users and groups > Add user/group: {delegate}.',
      role: 'Cloud Application Administrator',
      only: { flow: ['delegated'] },
    },
    {
      say: 'Or let everybody of the tenant in: Properties > Assignment required: No.',
      role: 'Cloud Application Administrator, or an owner of the app',
      run: { shell: 'az', command: 'az ad sp update --id {clientId} --set appRoleAssignmentRequired=false' },
    },
    SEE_IT_HEALTHY,
  ],
  sources: [
    AADSTS_PAGE,
    'https://learn.microsoft.com/entra/identity/enterprise-apps/assign-user-or-group-access-portal',
  ],
  examples: [
    {
      says: 'Entra ID says that the user has no role in the app.',
      evidence: {
        accessToken: tokenRefused(
          'invalid_grant',
          50105,
          'The signed in user is not assigned to a role for the application.',
        ),
      },
    },
  ],
};

const publicClient: Cause<MailboxEvidence> = {
  id: 'public-client-with-secret',
  title: 'The app registration is a public client, and the helpdesk sends a secret',
  severity: 'critical',
  why: "The redirect address of the helpdesk stands under 'Mobile and desktop applications' or 'Single-page application'. Entra ID takes no client secret with authorisations from there.",
  opensAfter: 1,
  match: refusedWith(700025, 90023),
  remedy: [
    {
      part: 'check',
      say: 'See on which platform the redirect address stands: publicClient and spa are the wrong ones.',
      role: 'Global Reader',
      run: {
        shell: 'az',
        command:
          "az ad app show --id {clientId} --query '{web:web.redirectUris, spa:spa.redirectUris, publicClient:publicClient.redirectUris}'",
      },
    },
    {
      say: 'Move the redirect address to the platform Web. Azure portal ({azurePortal}): App registrations > (the app) > Authentication > Add a platform > Web; remove it from the other platform.',
      role: 'Cloud Application Administrator, or an owner of the app',
    },
    ...AUTHORISE_AGAIN,
    SEE_IT_HEALTHY,
  ],
  sources: [AADSTS_PAGE, 'https://learn.microsoft.com/entra/identity-platform/msal-client-applications'],
  examples: [
    {
      says: 'Entra ID says that the client is public.',
      evidence: {
        accessToken: tokenRefused(
          'invalid_client',
          700025,
          "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
        ),
      },
    },
  ],
};

const requestLoop: Cause<MailboxEvidence> = {
  id: 'too-many-token-requests',
  title: 'Entra ID refuses the app because it asks for tokens in a loop',
  severity: 'warning',
  why: 'Something asked for the same token again and again in a short time, and Entra ID refuses the app for some minutes. Mailbox Watch asks about once an hour and keeps the token.',
  opensAfter: 3,
  match: refusedWith(50196, 90055),
  remedy: [
    {
      part: 'check',
      say: 'Look in {product} for an account that is read every few seconds, or that fails and tries again at once.',
    },
    {
      part: 'check',
      say: 'See who asks. Entra admin center ({entraAdminCenter}): Monitoring > Sign-in logs > filter by application {clientId}.',
      role: 'Global Reader',
    },
    SEE_IT_HEALTHY,
  ],
  sources: [AADSTS_PAGE, 'https://github.com/pluginsGLPI/oauthimap/issues/155'],
  examples: [
    {
      says: 'Entra ID has detected a loop.',
      evidence: {
        accessToken: tokenRefused(
          'invalid_grant',
          50196,
          'The server terminated an operation because it encountered a client request loop.',
        ),
      },
    },
  ],
};

const entraTrouble: Cause<MailboxEvidence> = {
  id: 'entra-unavailable',
  title: 'Entra ID has trouble of its own',
  severity: 'warning',
  why: 'Entra ID answers that it cannot serve the request now. This is on Microsoft’s side and mostly passes within minutes.',
  opensAfter: 3,
  match: refusedWith(90033, 90006, 90012, 90024, 50033),
  remedy: [
    { say: 'Wait for the next runs. Entra ID said: {entraSays}' },
    { part: 'check', say: 'If it lasts, look for an incident: https://azure.status.microsoft' },
    SEE_IT_HEALTHY,
  ],
  sources: [AADSTS_PAGE, 'https://azure.status.microsoft'],
  examples: [
    {
      says: 'A retryable error.',
      evidence: {
        accessToken: tokenRefused(
          'temporarily_unavailable',
          90033,
          'A transient error has occurred. Please try again.',
        ),
      },
    },
  ],
};

export const TOKEN_ENDPOINT_CAUSES: readonly Cause<MailboxEvidence>[] = [
  wrongCloud,
  exchangeNotInTenant,
  userNotAssigned,
  publicClient,
  requestLoop,
  entraTrouble,
];
