import { appIn } from '../../local/demo-tenant/world';
import { seen } from '../../shared/core/reading';
import { createExchangeAdminApi } from '../../shared/probes/exchange-settings/admin-api';
import { createGroupExpander } from '../../shared/probes/directory/group-members';
import { blindTo } from '../probes/directory-tenant';
import { startContosoBench, type ContosoBench } from './contoso-bench';

const READ_AT = Date.UTC(2026, 10, 25, 12);
const read = { readAt: READ_AT, source: 'admin-api' };
const SCOPE = 'https://outlook.office365.com/.default';

let bench: ContosoBench;
beforeAll(async () => {
  bench = await startContosoBench();
});
afterEach(() => {
  const { exchange } = bench.demo.world.tenant;
  exchange.adminRetryAfter = undefined;
  bench.monitorApp.directoryRoles = ['Global Reader'];
  bench.monitorApp.appRoles.exchange = ['Exchange.ManageAsApp'];
});
afterAll(() => bench.close());

/** The adapter as in a process that has just started. */
function adapter() {
  const { credentialFor } = bench;
  const expandGroup = createGroupExpander({ credentialFor });
  return createExchangeAdminApi({ credentialFor, expandGroup, now: () => READ_AT, backOffMs: 1, deadlineMs: 5_000 });
}

function mailbox(address: string, integrationId = 'jsm-service-desk') {
  return adapter().mailbox(bench.integration(integrationId), address);
}

describe("Contoso's mailboxes, as the adapter sees them", () => {
  it('shows the switches, the kind and who has Full Access, in one request', async () => {
    const before = bench.demo.counters().exchangeRequests;
    const id = expect.stringMatching(/^[\da-f-]{36}$/) as unknown;
    expect(await mailbox('support@contoso.com')).toEqual({
      casMailbox: seen({
        found: true,
        imapEnabled: true,
        popEnabled: true,
        type: 'SharedMailbox',
        names: ['support', id, id],
        ...read,
      }),
      mailboxPermissions: seen({
        allowed: [{ name: 'discovery management' }, { name: 'svc-jira@contoso.com' }],
        denied: [],
        ...read,
      }),
    });
    expect(bench.demo.counters().exchangeRequests - before).toBe(1);
  });

  it('shows Full Access through a group, with its members', async () => {
    expect((await mailbox('it@contoso.com')).mailboxPermissions).toMatchObject({
      value: {
        allowed: [{ name: 'discovery management' }, { name: 'helpdesk agents', members: ['svc-jira@contoso.com'] }],
      },
    });
  });

  it('does not know an address that is none', async () => {
    expect(await mailbox('nobody@contoso.com')).toEqual({
      casMailbox: seen({ found: false, ...read }),
      mailboxPermissions: blindTo('not-attempted', 'nobody@contoso.com'),
    });
  });

  it('shows IMAP off, and on again', async () => {
    for (const [action, imapEnabled] of [
      ['repair', true],
      ['breakAgain', false],
    ] as const) {
      await bench.demo[action]('imap-off:hr@contoso.com');
      expect((await mailbox('hr@contoso.com')).casMailbox).toMatchObject({ value: { imapEnabled } });
    }
  });

  it.each([
    ['no-full-access:facilities@contoso.com', 'jsm-service-desk', 'svc-jira@contoso.com'],
    ['no-full-access:returns@contoso.com', 'liveagent-sales', 'contoso liveagent sales'],
  ])('%s shows, and the row comes back', async (fault, integrationId, holder) => {
    const address = fault.split(':')[1] ?? '';
    const others = { name: 'discovery management' };
    for (const [action, allowed] of [
      ['repair', [others, { name: holder }]],
      ['breakAgain', [others]],
    ] as const) {
      await bench.demo[action](fault);
      expect((await mailbox(address, integrationId)).mailboxPermissions).toMatchObject({ value: { allowed } });
    }
  });
});

describe('an app that reads over Microsoft Graph for itself', () => {
  const survey = () => mailbox('survey@contoso.com', 'survey-desk');

  it('has no role in Exchange while Exchange does not know it, nor while none is given', async () => {
    const before = bench.demo.counters().exchangeRequests;
    expect(await survey()).toMatchObject({
      casMailbox: { value: { found: true } },
      mailboxPermissions: { reason: 'not-used' },
      appAuthorization: seen({ roles: [], ...read }),
    });
    expect(bench.demo.counters().exchangeRequests - before).toBe(1);
  });

  it('has a role, and the mailbox is in its scope or outside', async () => {
    const { exchange } = bench.demo.world.tenant;
    const { appId, servicePrincipalId, displayName } = appIn(
      bench.demo.world,
      bench.integration('survey-desk').clientId,
    );
    const before = exchange.servicePrincipals;
    exchange.servicePrincipals = [...before, { appId, objectId: servicePrincipalId, displayName }];
    expect((await survey()).appAuthorization).toEqual(seen({ roles: [], ...read }));
    exchange.appRoles.push({ appId, role: 'Application Mail.Read', mailboxes: ['news@contoso.com'] });
    exchange.appRoles.push({ appId, role: 'Application Mail.Send', mailboxes: ['survey@contoso.com'] });
    expect((await survey()).appAuthorization).toMatchObject({
      value: {
        roles: [
          { role: 'Application Mail.Read', permissions: ['Mail.Read'], inScope: false },
          { role: 'Application Mail.Send', permissions: ['Mail.Send'], inScope: true },
        ],
      },
    });
    exchange.servicePrincipals = before;
    exchange.appRoles.length = 0;
  });
});

describe("Exchange's list of service principals", () => {
  it('shows the wrong object id, and the right one', async () => {
    const integration = bench.integration('liveagent-partner');
    const { objectId, servicePrincipalId } = appIn(bench.demo.world, integration.clientId);
    const look = () => adapter().servicePrincipal(integration);
    expect(await look()).toMatchObject({ value: { registered: true, objectId } });
    await bench.demo.repair('wrong-object-id:liveagent-partner');
    expect(await look()).toMatchObject({ value: { objectId: servicePrincipalId } });
    expect(await look()).toMatchObject({
      value: { names: expect.arrayContaining(['contoso liveagent partner']) as unknown },
    });
    await bench.demo.breakAgain('wrong-object-id:liveagent-partner');
  });

  it('does not have an app of the delegated flow: all others come instead', async () => {
    expect(await adapter().servicePrincipal(bench.integration('jira-projects'))).toEqual(
      seen({ registered: false, ...read }),
    );
  });
});

describe("Mailbox Watch's own permissions in Exchange", () => {
  it('are tested by the cmdlets that it may run', async () => {
    expect(await adapter().allowedCmdlets(bench.integration('jsm-service-desk'))).toEqual(
      seen([
        'Get-CASMailbox',
        'Get-Mailbox',
        'Get-MailboxPermission',
        'Get-ServicePrincipal',
        'Test-ServicePrincipalAuthorization',
      ]),
    );
  });

  it('lack Exchange.ManageAsApp: 401', async () => {
    bench.monitorApp.appRoles.exchange = [];
    expect((await mailbox('support@contoso.com')).casMailbox).toEqual(blindTo('denied', 'HTTP 401', 'ManageAsApp'));
  });

  it.each([[[]], [['Security Reader']]])('have the directory roles %j: 403', async (roles) => {
    bench.monitorApp.directoryRoles = roles;
    expect((await mailbox('support@contoso.com')).casMailbox).toEqual(blindTo('denied', 'HTTP 403', 'Global Reader'));
  });

  it('do not help where Exchange is throttled for longer than there is time', async () => {
    bench.demo.world.tenant.exchange.adminRetryAfter = 60;
    expect((await mailbox('support@contoso.com')).casMailbox).toEqual(blindTo('throttled', 'HTTP 429'));
  });
});

describe('on the wire', () => {
  const post = async (path: string, body: unknown, scope = SCOPE) => {
    const { demo, bearerFor } = bench;
    const response = await fetch(`${demo.endpoints.exchange}/adminapi/${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await bearerFor(scope)}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  };
  const invoke = (name: string, parameters: unknown, select = '') =>
    post(`beta/${bench.demo.world.tenant.id}/InvokeCommand${select}`, {
      CmdletInput: { CmdletName: name, Parameters: parameters },
    });
  const json = ({ text }: { text: string }) => JSON.parse(text) as Record<string, unknown>;

  it('comma-joins rights, and gives types beside the values', async () => {
    const permissions = await invoke('Get-MailboxPermission', { Identity: 'support' });
    expect(json(permissions)).toMatchObject({
      'adminapi.warnings@odata.type': '#Collection(String)',
      '@adminapi.warnings': [],
      value: [
        {
          User: 'NT AUTHORITY\\SELF',
          'AccessRights@odata.type': '#Collection(String)',
          AccessRights: ['FullAccess, ReadPermission'],
          UserSid: 'S-1-5-10',
        },
        { User: 'Discovery Management' },
        { User: 'svc-jira@contoso.com', PrimarySmtpAddress: '' },
      ],
    });
    const settings = await invoke('Get-CASMailbox', { Identity: 'hr@contoso.com' }, '?$select=ImapEnabled,Guid');
    expect(json(settings)['value']).toEqual([
      {
        ImapEnabled: false,
        Guid: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as unknown,
        'Guid@data.type': 'System.Guid',
        'Guid@odata.type': '#Guid',
      },
    ]);
  });

  it('has an envelope for what is not there, and for what is not understood', async () => {
    const notFound = await invoke('Get-Mailbox', { Identity: 'x' });
    expect(notFound.status).toBe(404);
    expect(json(notFound)).toMatchObject({
      error: {
        code: 'NotFound',
        details: [
          { message: expect.stringMatching(/^Ex6F9304\|[\w.]+ManagementObjectNotFoundException\|/) as unknown },
        ],
        innererror: {
          internalexception: { message: expect.stringContaining("object 'x' couldn't be found") as unknown },
        },
      },
    });
    expect((await invoke('Get-Mailbox', null)).status).toBe(400);
    expect((await invoke('Get-Mailbox', { Nonsense: true })).status).toBe(400);
    expect((await invoke('Get-MailboxPermission', {})).status).toBe(400);
    expect((await post(`beta/${bench.demo.world.tenant.id}/$batch`, { requests: [] })).status).toBe(400);
  });

  it('refuses with NULs what may not be run', async () => {
    const { status, text } = await invoke('Set-CASMailbox', { Identity: 'hr', ImapEnabled: true });
    expect(status).toBe(403);
    expect(text).toMatch(/^\0{4096}$/);
  });

  it('is for its own tokens and addresses', async () => {
    const { id } = bench.demo.world.tenant;
    expect((await post(`v1.0/${id}/InvokeCommand`, {})).status).toBe(405);
    expect((await post('beta/fabrikam.com/InvokeCommand', {})).status).toBe(404);
    const elsewhere = await post(`beta/${id}/InvokeCommand`, {}, 'https://outlook.office.com/.default');
    expect(elsewhere.status).toBe(401);
    expect(json(elsewhere)).toMatchObject({ error: { code: 'Unauthorized' } });
    bench.monitorApp.appRoles.exchange = [];
    expect((await invoke('Get-CASMailbox', {})).text).toContain('Get-CASMailbox');
  });
});
