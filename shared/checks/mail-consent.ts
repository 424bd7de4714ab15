import type { Cause, Check } from '../core/check';
import type { ApplicationEvidence, EnterpriseApplication } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import type { Context, Protocol } from '../core/subject';
import { ENTERPRISE_APPLICATION_CHECK } from './enterprise-application';
import { ENTERPRISE_APPLICATION } from './example-evidence';
import { mailPermission, RESOURCE_NAMES } from './mail-permission';
import { GRANT_MAIL_PERMISSION, SEE_IT_HEALTHY } from './remedy-steps';
import { GRAPH_MAIL_FOLDERS, MSIMAP } from './sources';

type Found = Extract<EnterpriseApplication, { found: true }>;

function applicationOf(evidence: ApplicationEvidence): Found | undefined {
  const application = valueOf(evidence.enterpriseApplication);
  return application?.found === true ? application : undefined;
}

/**
 * Whether mail may be read; undefined where the grants could not be read. A delegated scope for IMAP or POP counts on Exchange Online
 * and on Microsoft Graph alike (microsoft365: consent may sit on two resource principals), an app role on Exchange Online only.
 */
function granted(evidence: ApplicationEvidence, context: Context): boolean | undefined {
  const application = applicationOf(evidence);
  if (application === undefined) return undefined;
  const { resource, accepted } = mailPermission(context);
  if (context.integration.flow === 'application') {
    return valueOf(application.exchangeRoles)?.some((role) => accepted.includes(role));
  }
  return valueOf(application.consents)?.some(
    (consent) =>
      (resource === 'exchange' || consent.resource === 'graph') &&
      consent.scopes.some((scope) => accepted.includes(scope)),
  );
}

const WITHOUT_ROLES = seen({ ...ENTERPRISE_APPLICATION.value, exchangeRoles: seen([]), graphRoles: seen([]) });
const MAY_SEND_ONLY = seen({
  ...ENTERPRISE_APPLICATION.value,
  consents: seen([{ resource: 'exchange' as const, scopes: ['SMTP.Send'] }]),
});

interface Told {
  readonly title: string;
  readonly sources: Cause<ApplicationEvidence>['sources'];
}

function noAppRole(protocol: Protocol): Cause<ApplicationEvidence>['examples'][number] {
  return {
    says: 'No app role on the service.',
    evidence: { enterpriseApplication: WITHOUT_ROLES },
    context: { flow: 'application', protocol },
  };
}

function notGranted(protocol: Protocol, id: string, told: Told): Cause<ApplicationEvidence> {
  return {
    id,
    ...told,
    severity: 'critical',
    why: 'Entra ID lists no consent to the permission for this app. In the application flow tokens are issued all the same, without the permission, and the mailbox does not open with them; in the delegated flow the next token is refused.',
    opensAfter: 1,
    match: (evidence, context) => {
      if (context.integration.protocol !== protocol || granted(evidence, context) !== false) return undefined;
      const { accepted, resource } = mailPermission(context);
      return { confidence: 'confirmed', facts: { permission: accepted[0], resource: RESOURCE_NAMES[resource] } };
    },
    remedy: [
      { part: 'check', say: 'The app needs {permission}.' },
      { ...GRANT_MAIL_PERMISSION, only: { flow: ['application'] } },
      {
        say: 'Add the delegated permission {permission} to the app registration and grant it, or let {delegate} consent at the next authorisation.',
        role: 'Cloud Application Administrator',
        run: { shell: 'az', command: 'az ad app permission admin-consent --id {clientId}' },
        only: { flow: ['delegated'] },
      },
      SEE_IT_HEALTHY,
    ],
    examples: [
      {
        says: 'The consent holds for sending mail only.',
        evidence: { enterpriseApplication: MAY_SEND_ONLY },
        context: { flow: 'delegated', protocol },
      },
      ...(protocol === 'graph' ? [] : [noAppRole(protocol)]),
    ],
  };
}

const CONSENT_PAGE = 'https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent';

export const mailConsent: Check<ApplicationEvidence> = {
  id: 'mail-consent',
  title: 'The permission to read mail is granted to the app',
  needs: ['enterpriseApplication'],
  // An app on Graph may hold its permission in Exchange (RBAC for Applications), which Entra ID does not list: there the mailboxes tell.
  only: [{ protocol: ['imap', 'pop'] }, { protocol: ['graph'], flow: ['delegated'] }],
  after: [ENTERPRISE_APPLICATION_CHECK],
  healthy: (evidence, context) => granted(evidence, context) === true,
  causes: [
    notGranted('imap', 'imap-permission-not-granted', {
      title: 'The IMAP permission is not granted to the app',
      sources: [MSIMAP, CONSENT_PAGE],
    }),
    notGranted('pop', 'pop-permission-not-granted', {
      title: 'The POP permission is not granted to the app',
      sources: [MSIMAP, CONSENT_PAGE],
    }),
    notGranted('graph', 'graph-mail-permission-not-granted', {
      title: 'The permission to read mail over Microsoft Graph is not granted to the app',
      sources: [GRAPH_MAIL_FOLDERS, CONSENT_PAGE],
    }),
  ],
};
