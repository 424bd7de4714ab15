import { EXAMPLE_NOW } from '../../shared/checks/example-evidence';
import type { Context, Flow, Integration, Subject } from '../../shared/core/subject';

export function exampleIntegration(changes: Partial<Integration> = {}): Integration {
  const flow: Flow = changes.flow ?? 'delegated';
  return {
    id: 'service-desk',
    name: 'Contoso service desk',
    product: 'jsm',
    provider: 'microsoft365',
    tenant: 'contoso.onmicrosoft.com',
    cloud: 'worldwide',
    clientId: '11111111-2222-4333-8444-555555555555',
    flow,
    protocol: 'imap',
    scopes:
      flow === 'delegated'
        ? ['https://outlook.office.com/IMAP.AccessAsUser.All', 'offline_access']
        : ['https://outlook.office365.com/.default'],
    credential: { kind: 'client-secret', reference: 'env:JIRA_CLIENT_SECRET' },
    loginAuthority: 'https://login.microsoftonline.com',
    graphEndpoint: 'https://graph.microsoft.com',
    exchange: { endpoint: 'https://outlook.office365.com', resource: 'https://outlook.office365.com' },
    mailServer: { host: 'outlook.office365.com', port: 993 },
    expiryNoticeDays: [60, 30, 14, 7, 3, 1, 0],
    optionalEvidence: [],
    mailboxes: [
      flow === 'delegated'
        ? {
            address: 'support@contoso.com',
            delegate: 'svc-jira@contoso.com',
            refreshTokenReference: 'env:JIRA_REFRESH_TOKEN',
          }
        : { address: 'support@contoso.com' },
    ],
    ...changes,
  };
}

export function exampleContext(
  kind: Subject['kind'] = 'mailbox',
  changes: Partial<Integration> = {},
  now = EXAMPLE_NOW,
): Context {
  const integration = exampleIntegration(changes);
  const [mailbox] = integration.mailboxes;
  const subject: Subject =
    kind === 'mailbox'
      ? { kind, integrationId: integration.id, mailbox: mailbox?.address ?? '' }
      : kind === 'application'
        ? { kind, integrationId: integration.id, clientId: integration.clientId }
        : { kind, integrationId: integration.id, tenant: integration.tenant };
  return { subject, integration, delegate: mailbox?.delegate, now };
}
