import type { Check } from '../core/check';
import type { ApplicationEvidence, FederatedCredential } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import { APP_REGISTRATION_MISSING } from './application-causes';
import { appWith } from './example-evidence';
import { ADD_FEDERATED_CREDENTIAL, SEE_IT_HEALTHY } from './remedy-steps';
import { FEDERATED_PAGE } from './sources';

const FEDERATED = { credential: { kind: 'federated', reference: 'file:token' } } as const;

function registered(evidence: ApplicationEvidence): readonly FederatedCredential[] | undefined {
  const app = valueOf(evidence.appRegistration);
  return app?.found === true ? valueOf(app.federatedCredentials) : undefined;
}

export const federatedCredential: Check<ApplicationEvidence> = {
  id: 'federated-credential',
  title: 'The app registration trusts another issuer by a federated credential',
  needs: ['appRegistration'],
  only: { credential: ['federated'] },
  after: [],
  healthy: (evidence) => (registered(evidence)?.length ?? 0) > 0,
  causes: [
    {
      ...APP_REGISTRATION_MISSING,
      match: (evidence) =>
        valueOf(evidence.appRegistration)?.found === false ? { confidence: 'confirmed' } : undefined,
      examples: [
        {
          says: 'Graph finds no application with this client id.',
          evidence: { appRegistration: seen({ found: false }) },
          context: FEDERATED,
        },
      ],
    },
    {
      id: 'no-federated-credential',
      title: 'The app registration has no federated credential',
      severity: 'critical',
      why: 'The helpdesk signs in with the token of another issuer (workload identity federation), and the app registration trusts none.',
      opensAfter: 1,
      match: (evidence) => (registered(evidence)?.length === 0 ? { confidence: 'confirmed' } : undefined),
      remedy: [...ADD_FEDERATED_CREDENTIAL, SEE_IT_HEALTHY],
      sources: [FEDERATED_PAGE],
      examples: [{ says: 'Graph lists none.', evidence: { appRegistration: appWith() }, context: FEDERATED }],
    },
  ],
};
