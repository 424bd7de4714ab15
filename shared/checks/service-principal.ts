import type { Check } from '../core/check';
import type { EnterpriseApplication, ExchangeServicePrincipal, MailboxEvidence } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import { ACCESS_TOKEN } from './access-token';
import { TENANT_AND_CLOUD } from './tenant-and-cloud';
import { ageOf } from './evidence-age';
import { APPLICATION_TOKEN, ENTERPRISE_APPLICATION, EXAMPLE_NOW, LOGIN_REFUSED } from './example-evidence';
import { tokenAccepted } from './mail-answers';
import { GRANT_FULL_ACCESS, REGISTER_SERVICE_PRINCIPAL, WAIT_FOR_EXCHANGE } from './remedy-steps';
import { TOKEN_CLAIMS } from './token-claims';
import { MSIMAP } from './sources';

export const SERVICE_PRINCIPAL = 'service-principal';

const NEW_SERVICE_PRINCIPAL = 'https://learn.microsoft.com/powershell/module/exchangepowershell/new-serviceprincipal';

function inExchange(evidence: MailboxEvidence): ExchangeServicePrincipal | undefined {
  return valueOf(evidence.exchangeServicePrincipal);
}

function inEntra(evidence: MailboxEvidence): Extract<EnterpriseApplication, { found: true }> | undefined {
  const application = valueOf(evidence.enterpriseApplication);
  return application?.found === true ? application : undefined;
}

function sameObject(evidence: MailboxEvidence): boolean | undefined {
  const [exchange, entra] = [inExchange(evidence), inEntra(evidence)];
  if (exchange?.registered !== true || entra === undefined) return undefined;
  return exchange.objectId.toLowerCase() === entra.objectId.toLowerCase();
}

/** Only in the application flow does Exchange need to know the app; a delegated token is the user's. */
export const servicePrincipal: Check<MailboxEvidence> = {
  id: SERVICE_PRINCIPAL,
  title: "Exchange knows the app's service principal by the right object id",
  needs: ['imapSession', 'popSession', 'exchangeServicePrincipal', 'enterpriseApplication'],
  only: { flow: ['application'], provider: ['microsoft365'], protocol: ['imap', 'pop'] },
  after: [ACCESS_TOKEN, TENANT_AND_CLOUD, TOKEN_CLAIMS],
  healthy: (evidence) => tokenAccepted(evidence) || sameObject(evidence) === true,
  causes: [
    {
      id: 'service-principal-wrong-object-id',
      title: 'Exchange has the wrong object id for the service principal',
      severity: 'critical',
      why: 'The app was entered in Exchange with an object id that is not that of its enterprise application; mostly it is that of the app registration, which the portal shows first. The cmdlet does not notice, and Exchange then refuses every login.',
      opensAfter: 1,
      match: (evidence, context) => {
        const [exchange, entra] = [inExchange(evidence), inEntra(evidence)];
        if (sameObject(evidence) !== false || exchange?.registered !== true || entra === undefined) return undefined;
        const facts = { wrongObjectId: exchange.objectId, objectId: entra.objectId };
        return { confidence: ageOf(exchange, context).confidence, facts };
      },
      remedy: [
        { part: 'check', say: 'Exchange has {wrongObjectId}; the enterprise application is {objectId}.' },
        {
          say: 'Remove the wrong entry.',
          role: 'Exchange Administrator',
          run: { shell: 'exchange-powershell', command: 'Remove-ServicePrincipal -Identity {wrongObjectId}' },
        },
        {
          say: 'Enter the app with the object id of its enterprise application.',
          role: 'Exchange Administrator with the role Role Management',
          run: {
            shell: 'exchange-powershell',
            command: 'New-ServicePrincipal -AppId {clientId} -ObjectId {objectId} -DisplayName {integration}',
          },
        },
        ...GRANT_FULL_ACCESS,
        WAIT_FOR_EXCHANGE,
      ],
      sources: [MSIMAP, NEW_SERVICE_PRINCIPAL],
      examples: [
        {
          says: 'The object id of the app registration was entered.',
          evidence: {
            accessToken: APPLICATION_TOKEN,
            imapSession: LOGIN_REFUSED,
            enterpriseApplication: ENTERPRISE_APPLICATION,
            exchangeServicePrincipal: seen({
              registered: true,
              objectId: '7c1d7f0e-1111-4222-8333-444455556666',
              names: ['contoso helpdesk mail'],
              readAt: EXAMPLE_NOW,
              source: 'admin-api',
            }),
          },
          context: { flow: 'application' },
        },
      ],
    },
    {
      id: 'service-principal-not-registered',
      title: 'The service principal is not registered in Exchange',
      severity: 'critical',
      why: 'In the application flow Exchange keeps its own list of service principals, beside Entra ID. The app is not on it, so no mailbox permission can be given to it and every login is refused.',
      opensAfter: 1,
      match: (evidence, context) => {
        const exchange = inExchange(evidence);
        if (exchange?.registered !== false) return undefined;
        return { confidence: ageOf(exchange, context).confidence };
      },
      remedy: [
        {
          part: 'check',
          say: 'See whether Exchange knows the app: an error here says that it does not.',
          role: 'Global Reader',
          run: {
            shell: 'exchange-powershell',
            command: 'Get-ServicePrincipal -Identity {clientId} | Format-List DisplayName, AppId, ObjectId',
          },
        },
        REGISTER_SERVICE_PRINCIPAL,
        ...GRANT_FULL_ACCESS,
        WAIT_FOR_EXCHANGE,
      ],
      sources: [MSIMAP, NEW_SERVICE_PRINCIPAL],
      examples: [
        {
          says: 'Exchange lists no service principal for the app.',
          evidence: {
            accessToken: APPLICATION_TOKEN,
            imapSession: LOGIN_REFUSED,
            enterpriseApplication: ENTERPRISE_APPLICATION,
            exchangeServicePrincipal: seen({ registered: false, readAt: EXAMPLE_NOW, source: 'admin-api' }),
          },
          context: { flow: 'application' },
        },
      ],
    },
  ],
};
