import { userIn } from '../../local/demo-tenant/world';
import { seen, valueOf } from '../../shared/core/reading';
import { createDirectoryProbe } from '../../shared/probes/directory';
import { createGroupExpander } from '../../shared/probes/directory/group-members';
import { blindTo } from '../probes/directory-tenant';
import { startContosoBench, type ContosoBench } from './contoso-bench';

const READ_AT = Date.UTC(2026, 10, 25, 12);
const HEALTHY = seen({ healthy: true, status: 'serviceOperational', issues: [], readAt: READ_AT });

let bench: ContosoBench;
beforeAll(async () => {
  bench = await startContosoBench();
});
afterAll(() => bench.close());

/** As in a process that has just started: nothing is remembered, no token is old. */
function look(integrationId: string) {
  const probe = createDirectoryProbe({ credentialFor: bench.credentialFor, now: () => READ_AT });
  return probe(bench.integration(integrationId));
}

/** Does the work while Mailbox Watch's own app lacks a permission on Graph. */
async function without<T>(role: string, work: () => Promise<T>): Promise<T> {
  const { appRoles } = bench.monitorApp;
  const before = appRoles.graph;
  appRoles.graph = before.filter((one) => one !== role);
  try {
    return await work();
  } finally {
    appRoles.graph = before;
  }
}

function expand(group: string) {
  return createGroupExpander({ credentialFor: bench.credentialFor })(bench.integration('jsm-service-desk'), group);
}

describe('the directory of Contoso, as the probe sees it', () => {
  it('shows a helpdesk in the delegated flow whole, in one batch and one look at the log', async () => {
    const before = bench.demo.counters();
    const { appRegistration, helpdeskSignIns, ...reading } = await look('jsm-service-desk');
    // The mailbox legal@ was authorised by the wrong user.
    expect(Object.keys(valueOf(helpdeskSignIns)?.newest ?? {}).toSorted()).toEqual([
      'anna.admin@contoso.com',
      'svc-jira@contoso.com',
    ]);
    expect(appRegistration).toMatchObject({
      value: {
        displayName: 'Contoso Jira Service Management',
        passwords: [{ hint: expect.any(String) as string }, {}],
        owners: seen(['anna.admin@contoso.com']),
        federatedCredentials: seen([]),
        credentialPolicy: seen({ secretsForbidden: false }),
      },
    });
    expect(reading).toEqual({
      enterpriseApplication: seen({
        found: true,
        objectId: 'e0000000-0000-4000-8000-000000000001',
        displayName: 'Contoso Jira Service Management',
        enabled: true,
        assignmentRequired: false,
        exchangeRoles: seen([]),
        graphRoles: seen([]),
        consents: seen([{ resource: 'exchange', scopes: ['IMAP.AccessAsUser.All'] }]),
        passwords: [],
        keys: [],
        readAt: READ_AT,
      }),
      delegateAccounts: {
        'svc-jira@contoso.com': seen({
          found: true,
          id: 'd0000000-0000-4000-8000-000000000001',
          enabled: true,
          hasExchangePlan: true,
          readAt: READ_AT,
        }),
      },
      serviceHealth: HEALTHY,
    });
    const after = bench.demo.counters();
    expect(after.graphRequests - before.graphRequests).toBe(2);
    expect(after.graphBatches - before.graphBatches).toBe(1);
  });

  it('shows a helpdesk in the application flow', async () => {
    expect(await look('liveagent-sales')).toMatchObject({
      enterpriseApplication: {
        value: {
          objectId: 'e0000000-0000-4000-8000-000000000004',
          exchangeRoles: seen(['IMAP.AccessAsApp']),
          consents: seen([]),
        },
      },
      delegateAccounts: {},
    });
  });

  it.each([
    ['no-admin-consent:liveagent-events', { exchangeRoles: [] }, { exchangeRoles: ['IMAP.AccessAsApp'] }],
    [
      'consent-withdrawn:liveagent-academy',
      { consents: [] },
      { consents: [{ resource: 'exchange', scopes: ['IMAP.AccessAsUser.All'] }] },
    ],
    ['enterprise-application-disabled:liveagent-sales', { enabled: false }, { enabled: true }],
  ])('%s shows, and shows no more once repaired', async (fault, broken, repaired) => {
    const integrationId = fault.split(':')[1] ?? '';
    const { demo } = bench;
    const facts = (of: object) =>
      Object.fromEntries(Object.entries(of).map(([name, value]) => [name, Array.isArray(value) ? seen(value) : value]));
    await demo.breakAgain(fault);
    expect(await look(integrationId)).toMatchObject({ enterpriseApplication: { value: facts(broken) } });
    await demo.repair(fault);
    expect(await look(integrationId)).toMatchObject({ enterpriseApplication: { value: facts(repaired) } });
  });

  it('shows a delegate who is disabled, has no licence, or is gone', async () => {
    const { demo } = bench;
    const svcJira = userIn(demo.world, 'svc-jira@contoso.com');
    await demo.breakAgain('delegate-disabled:svc-jira@contoso.com');
    svcJira.exchangePlan = 'Suspended';
    expect((await look('jira-marketing')).delegateAccounts).toMatchObject({
      'svc-jira@contoso.com': { value: { enabled: false, hasExchangePlan: false } },
    });
    await demo.repair('delegate-disabled:svc-jira@contoso.com');
    svcJira.exchangePlan = 'Enabled';
    const mailboxes = [{ address: 'support@contoso.com', delegate: 'svc-gone@contoso.com' }];
    const probe = createDirectoryProbe({ credentialFor: bench.credentialFor, now: () => READ_AT });
    const { delegateAccounts } = await probe({ ...bench.integration('jira-marketing'), mailboxes });
    expect(delegateAccounts).toEqual({ 'svc-gone@contoso.com': seen({ found: false, readAt: READ_AT }) });
  });

  it('shows an incident of Exchange Online as long as it lasts', async () => {
    await bench.demo.breakAgain('incident');
    expect((await look('liveagent-sales')).serviceHealth).toMatchObject({
      value: { healthy: false, status: 'serviceDegradation', issues: [{ id: 'EX1234567' }] },
    });
    await bench.demo.repair('incident');
    expect((await look('liveagent-sales')).serviceHealth).toEqual(HEALTHY);
  });

  it('shows an app that is not there', async () => {
    const probe = createDirectoryProbe({ credentialFor: bench.credentialFor, now: () => READ_AT });
    const clientId = '11111111-2222-4333-8444-555555555555';
    const { enterpriseApplication } = await probe({ ...bench.integration('liveagent-sales'), clientId });
    expect(enterpriseApplication).toEqual(seen({ found: false, readAt: READ_AT }));
  });
});

describe("without one of the monitor's permissions, only what it opens is hidden", () => {
  const HIDDEN: Readonly<Record<string, readonly string[]>> = {
    'Application.Read.All': ['application'],
    'Directory.Read.All': ['consents'],
    'User.Read.All': ['delegate'],
    'ServiceHealth.Read.All': ['health'],
  };

  it.each(Object.entries(HIDDEN))('%s', async (role, hidden) => {
    const { enterpriseApplication, delegateAccounts, serviceHealth } = await without(role, () =>
      look('jsm-service-desk'),
    );
    const application = enterpriseApplication.outcome === 'seen' ? enterpriseApplication.value : undefined;
    const readings = {
      application: enterpriseApplication,
      ...(application?.found === true && { consents: application.consents }),
      delegate: delegateAccounts['svc-jira@contoso.com'],
      health: serviceHealth,
    };
    const denied = Object.entries(readings).filter(([, reading]) => reading?.outcome === 'blind');
    expect(denied.map(([name]) => name)).toEqual(hidden);
    expect(denied[0]?.[1]).toEqual(blindTo('denied', 'HTTP 403', 'Authorization_RequestDenied', role));
  });
});

describe('groups of Contoso', () => {
  it.each(['Helpdesk agents', 'helpdesk-agents@contoso.com'])('%s has its members', async (name) => {
    expect(await expand(name)).toEqual(seen(['svc-jira@contoso.com']));
  });

  it('are not there for names of Exchange alone', async () => {
    expect(await expand('Discovery Management')).toEqual(blindTo('malformed', 'no group named Discovery Management'));
  });

  it.each([
    ['GroupMember.Read.All', blindTo('denied', 'HTTP 403', 'GroupMember.Read.All')],
    ['User.Read.All', blindTo('denied', 'names of all members')],
  ])('are not expanded without %s', async (role, expected) => {
    expect(await without(role, () => expand('Helpdesk agents'))).toEqual(expected);
  });
});
