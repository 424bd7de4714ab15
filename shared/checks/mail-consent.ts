import type { Check } from '../core/check';
import type { ApplicationEvidence, EnterpriseApplication } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import type { Context } from '../core/subject';
import { ENTERPRISE_APPLICATION_CHECK } from './enterprise-application';
import { ENTERPRISE_APPLICATION } from './example-evidence';
import { GRANT_IMAP_AS_APP, SEE_IT_HEALTHY } from './remedy-steps';
import { IMAP_PERMISSION } from './token-claims';
import { MSIMAP } from './sources';

type Found = Extract<EnterpriseApplication, { found: true }>;

function applicationOf(evidence: ApplicationEvidence): Found | undefined {
  const application = valueOf(evidence.enterpriseApplication);
  return application?.found === true ? application : undefined;
}

/**
 * Whether IMAP is granted to the app; undefined where the grants could not be read. The delegated scope counts on Exchange Online and
 * on Microsoft Graph alike, the app role on Exchange Online only (microsoft365: consent may sit on two resource principals).
 */
function granted(evidence: ApplicationEvidence, { integration: { flow } }: Context): boolean | undefined {
  const application = applicationOf(evidence);
  if (application === undefined) return undefined;
  if (flow === 'application') return valueOf(application.exchangeRoles)?.includes(IMAP_PERMISSION.application);
  return valueOf(application.consents)?.some(({ scopes }) => scopes.includes(IMAP_PERMISSION.delegated));
}

export const mailConsent: Check<ApplicationEvidence> = {
  id: 'mail-consent',
  title: 'The permission to read mail over IMAP is granted to the app',
  needs: ['enterpriseApplication'],
  after: [ENTERPRISE_APPLICATION_CHECK],
  healthy: (evidence, context) => granted(evidence, context) === true,
  causes: [
    {
      id: 'imap-permission-not-granted',
      title: 'The IMAP permission is not granted to the app',
      severity: 'critical',
      why: 'Entra ID lists no consent to the IMAP permission for this app. In the application flow tokens are issued all the same, without the permission, and the mail server refuses them; in the delegated flow the next token is refused.',
      opensAfter: 1,
      match: (evidence, context) => {
        const { flow } = context.integration;
        if (granted(evidence, context) !== false) return undefined;
        return { confidence: 'confirmed', facts: { permission: IMAP_PERMISSION[flow] } };
      },
      remedy: [
        { say: 'The app needs {permission}.' },
        { ...GRANT_IMAP_AS_APP, only: { flow: ['application'] } },
        {
          say: 'Add the delegated permission IMAP.AccessAsUser.All to the app registration and grant it (Cloud Application Administrator), or let {delegate} consent at the next authorisation.',
          run: { shell: 'az', command: 'az ad app permission admin-consent --id {clientId}' },
          only: { flow: ['delegated'] },
        },
        SEE_IT_HEALTHY,
      ],
      sources: [MSIMAP, 'https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent'],
      examples: [
        {
          says: 'No app role on Office 365 Exchange Online.',
          evidence: { enterpriseApplication: seen({ ...ENTERPRISE_APPLICATION.value, exchangeRoles: seen([]) }) },
          context: { flow: 'application' },
        },
        {
          says: 'The consent holds for sending mail only.',
          evidence: {
            enterpriseApplication: seen({
              ...ENTERPRISE_APPLICATION.value,
              consents: seen([{ resource: 'exchange' as const, scopes: ['SMTP.Send'] }]),
            }),
          },
          context: { flow: 'delegated' },
        },
      ],
    },
  ],
};
