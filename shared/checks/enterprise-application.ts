import type { Cause, Check } from '../core/check';
import type { ApplicationEvidence, EnterpriseApplication } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import { disabledBy, ENTERPRISE_APPLICATION_DISABLED } from './application-causes';
import { ENTERPRISE_APPLICATION, EXAMPLE_NOW } from './example-evidence';
import { SEE_IT_HEALTHY } from './remedy-steps';

export const ENTERPRISE_APPLICATION_CHECK = 'enterprise-application';

function applicationOf(evidence: ApplicationEvidence): EnterpriseApplication | undefined {
  return valueOf(evidence.enterpriseApplication);
}

const missing: Cause<ApplicationEvidence> = {
  id: 'enterprise-application-missing',
  title: 'The app has no enterprise application in this tenant',
  severity: 'critical',
  why: 'An app registration becomes usable in a tenant through its enterprise application (service principal), which is made at the first consent. Without one no token is issued, and Exchange has nothing to refer to.',
  opensAfter: 1,
  match: (evidence) => (applicationOf(evidence)?.found === false ? { confidence: 'confirmed' } : undefined),
  remedy: [
    {
      part: 'check',
      say: 'See whether the tenant has it: an error here says that it has not.',
      role: 'Global Reader',
      run: { shell: 'az', command: 'az ad sp show --id {clientId} --query displayName' },
    },
    {
      say: 'Make the enterprise application, then grant its permissions.',
      role: 'Cloud Application Administrator',
      run: { shell: 'az', command: 'az ad sp create --id {clientId}' },
    },
    SEE_IT_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals'],
  examples: [
    {
      says: 'Graph finds no service principal with this client id.',
      evidence: { enterpriseApplication: seen({ found: false, readAt: EXAMPLE_NOW }) },
    },
  ],
};

const disabled: Cause<ApplicationEvidence> = {
  ...ENTERPRISE_APPLICATION_DISABLED,
  match: (evidence) => {
    const application = applicationOf(evidence);
    if (application?.found !== true || application.enabled) return undefined;
    return { confidence: 'confirmed', facts: { disabledBy: disabledBy(application.disabledByMicrosoft) } };
  },
  examples: [
    {
      says: 'Graph says that sign-in is switched off.',
      evidence: { enterpriseApplication: seen({ ...ENTERPRISE_APPLICATION.value, enabled: false }) },
    },
  ],
};

export const enterpriseApplication: Check<ApplicationEvidence> = {
  id: ENTERPRISE_APPLICATION_CHECK,
  title: 'The enterprise application exists and may sign in',
  needs: ['enterpriseApplication'],
  after: [],
  healthy: (evidence) => {
    const application = applicationOf(evidence);
    return application?.found === true && application.enabled;
  },
  causes: [missing, disabled],
};
