import type { TokenCredential } from '@azure/identity';
import type { Integration } from '../../shared/core/subject';
import { createDirectoryProbe } from '../../shared/probes/directory';
import { exampleIntegration } from '../support/contexts';
import {
  BEARER,
  CONTOSO_APP,
  DELEGATE_ID,
  lookAt,
  notFound,
  PATHS,
  PRINCIPAL_ID,
  READ_AT,
  signedIn,
  startDirectoryServer,
  user,
  type DirectoryServer,
  type Look,
} from './directory-tenant';

const SVC = 'svc-jira@contoso.com';

describe('the directory', () => {
  let graph: DirectoryServer;
  const look = (how?: Look) => lookAt(graph, how);

  beforeAll(async () => {
    graph = await startDirectoryServer();
  });
  beforeEach(() => {
    graph.reset();
  });
  afterAll(() => graph.close());

  it('is read with one batch of requests', async () => {
    const getToken = jest.spyOn(signedIn, 'getToken');
    await look();
    expect(getToken.mock.calls).toEqual([[`${graph.origin}/.default`]]);
    getToken.mockRestore();
    expect(graph.requests).toMatchObject([
      { method: 'POST', path: '/v1.0/$batch', headers: { authorization: `Bearer ${BEARER}` } },
    ]);
    expect(graph.batches.flat().sort()).toEqual(
      [
        `${CONTOSO_APP}?$select=id,displayName,createdDateTime,isDisabled,passwordCredentials,keyCredentials`,
        `${CONTOSO_APP}/owners?$select=displayName,userPrincipalName`,
        `${CONTOSO_APP}/federatedIdentityCredentials`,
        `${CONTOSO_APP}/appManagementPolicies`,
        '/policies/defaultAppManagementPolicy',
        `${PATHS.health}?$expand=issues`,
        `${PATHS.exchange}?$select=id`,
        `${PATHS.graph}?$select=id`,
        PATHS.roles,
        PATHS.consents,
        `${PATHS.application}?$select=id,displayName,accountEnabled,disabledByMicrosoftStatus,appRoleAssignmentRequired,passwordCredentials,keyCredentials`,
        `${PATHS.delegate}?$select=id,userPrincipalName,accountEnabled,assignedPlans`,
      ].sort(),
    );
  });

  it('shows the enterprise application with its app roles and consents, the delegate and the service health', async () => {
    const { application, accounts, health } = await look();
    expect(application).toEqual({
      outcome: 'seen',
      value: {
        found: true,
        objectId: PRINCIPAL_ID,
        displayName: 'Contoso helpdesk mail',
        enabled: true,
        assignmentRequired: false,
        exchangeRoles: { outcome: 'seen', value: ['IMAP.AccessAsApp', '99999999-0000-4000-8000-000000000000'] },
        graphRoles: { outcome: 'seen', value: ['Mail.Read'] },
        consents: {
          outcome: 'seen',
          value: [
            { resource: 'exchange', scopes: ['IMAP.AccessAsUser.All'], userId: DELEGATE_ID },
            { resource: 'exchange', scopes: [] },
            { resource: 'graph', scopes: ['offline_access', 'IMAP.AccessAsUser.All'] },
          ],
        },
        passwords: [
          { keyId: '00000000-0000-4000-8000-000000000004', hint: 'aB3', endsAt: Date.UTC(2027, 4, 20, 9, 30) },
        ],
        keys: [
          {
            keyId: '00000000-0000-4000-8000-000000000005',
            thumbprint: '52ED9B5038A47A9E2E21290715CC23859D4F8F73',
            endsAt: Date.UTC(2027, 4, 20, 9, 30),
          },
        ],
        readAt: READ_AT,
      },
    });
    expect(accounts).toEqual({
      [SVC]: {
        outcome: 'seen',
        value: { found: true, id: DELEGATE_ID, enabled: true, hasExchangePlan: true, readAt: READ_AT },
      },
    });
    expect(health).toEqual({
      outcome: 'seen',
      value: {
        healthy: false,
        status: 'ServiceDegradation',
        issues: [
          { id: 'EX3', title: 'About EX3', startedAt: Date.UTC(2026, 10, 24, 10, 0, 0, 123) },
          { id: 'EX1', title: 'About EX1', startedAt: Date.UTC(2026, 10, 23, 10) },
        ],
        readAt: READ_AT,
      },
    });
  });

  describe('what is not there', () => {
    it('is an application that the tenant does not have', async () => {
      graph.parts = { [PATHS.application]: notFound, [PATHS.roles]: notFound, [PATHS.consents]: notFound };
      expect((await look()).application).toEqual({ outcome: 'seen', value: { found: false, readAt: READ_AT } });
    });

    it('is a delegate whom the tenant does not have', async () => {
      graph.parts = { [PATHS.delegate]: notFound };
      expect((await look()).account).toEqual({ outcome: 'seen', value: { found: false, readAt: READ_AT } });
    });

    it('is a grant on a resource that the tenant does not have', async () => {
      graph.parts = { [PATHS.exchange]: notFound };
      const { roles, consents } = await look();
      expect(roles).toEqual({ outcome: 'seen', value: [] });
      expect(consents).toMatchObject({ outcome: 'seen', value: [{ resource: 'graph' }] });
    });

    it('is nobody to ask for in the application flow', async () => {
      expect((await look({ integration: { flow: 'application' } })).accounts).toEqual({});
      expect(graph.batches.flat()).toHaveLength(11);
    });
  });

  describe('disabled', () => {
    async function disabledAs(disabledByMicrosoftStatus: string | null) {
      const body = {
        id: 'x',
        accountEnabled: false,
        appRoleAssignmentRequired: true,
        disabledByMicrosoftStatus,
        passwordCredentials: [],
        keyCredentials: [],
      };
      graph.parts = { [PATHS.application]: { status: 200, body } };
      return (await look()).application;
    }

    it.each([null, 'NotDisabled'])('by the tenant alone where disabledByMicrosoftStatus is %s', async (status) => {
      const application = await disabledAs(status);
      expect(application).toMatchObject({ value: { enabled: false, assignmentRequired: true, displayName: '' } });
      expect(application).not.toHaveProperty('value.disabledByMicrosoft');
    });

    it('by Microsoft, in its own word', async () => {
      const word = 'DisabledDueToViolationOfServicesAgreement';
      expect(await disabledAs(word)).toMatchObject({ value: { disabledByMicrosoft: word } });
    });
  });

  it.each([
    ['exchange', 'Enabled', 'e', true],
    ['Exchange', 'Warning', 'e', true],
    ['exchange', 'Suspended', 'e', false],
    ['exchange', 'Deleted', 'e', false],
    ['exchange', null, 'e', false],
    ['SharePoint', 'Enabled', 's', false],
    // Comes with Power BI and others, and gives no mailbox.
    ['exchange', 'Enabled', '113feb6c-3fe4-4440-bddc-54d774bf0318', false],
  ])('takes the plan %s, %s, %s for an Exchange plan: %s', async (service, capabilityStatus, servicePlanId, has) => {
    graph.parts = { [PATHS.delegate]: user([{ service, capabilityStatus, servicePlanId }]) };
    expect((await look()).account).toMatchObject({ value: { hasExchangePlan: has } });
  });

  it.each([
    ['serviceOperational', true],
    ['ServiceRestored', true],
    ['postIncidentReviewPublished', true],
    ['falsePositive', true],
    ['resolved', true],
    ['investigating', false],
    ['serviceInterruption', false],
    ['extendedRecovery', false],
    ['unknownFutureValue', false],
    ['aWordOfNextYear', false],
  ])('shows the status %s: healthy %s', async (status, healthy) => {
    graph.parts = { [PATHS.health]: { status: 200, body: { status, issues: [] } } };
    expect((await look()).health).toEqual({
      outcome: 'seen',
      value: { healthy, status, issues: [], readAt: READ_AT },
    });
  });

  it('asks for each delegate once, 20 questions a batch', async () => {
    const delegates = Array.from({ length: 35 }, (_, i) => `o'svc#${i % 34}@contoso.com`);
    const mailboxes = delegates.map((delegate, i) => ({ address: `m${i}@contoso.com`, delegate }));
    const { accounts } = await look({ integration: { mailboxes } });
    expect(graph.batches.map((batch) => batch.length)).toEqual([20, 20, 5]);
    expect(graph.batches.flat()).toContainEqual(expect.stringMatching(/^\/users\/o'svc%2333%40contoso\.com\?/));
    expect(Object.keys(accounts)).toEqual(delegates.slice(0, 34));
    expect(new Set(Object.values(accounts).map(({ outcome }) => outcome))).toEqual(new Set(['seen']));
  });

  it('remembers the resources of a tenant, and asks for one credential', async () => {
    const credentialFor = jest.fn<TokenCredential, [Integration]>(() => signedIn);
    const read = createDirectoryProbe({ credentialFor, now: () => READ_AT });
    const contoso = exampleIntegration({ graphEndpoint: graph.origin });
    const first = await read(contoso);
    expect(await read({ ...contoso, id: 'another' })).toEqual(first);
    await read({ ...contoso, tenant: 'fabrikam.onmicrosoft.com' });
    expect(graph.batches.map((batch) => batch.length)).toEqual([12, 10, 12]);
    expect(credentialFor.mock.calls.map(([{ tenant }]) => tenant)).toEqual([
      'contoso.onmicrosoft.com',
      'fabrikam.onmicrosoft.com',
    ]);
  });
});
