import { blind, seen } from '../../shared/core/reading';
import { regionalUrl } from '../../shared/probes/exchange-settings/allowed-cmdlets';
import { blindTo } from './directory-tenant';
import {
  ADDRESS,
  GUID,
  adminApi,
  API,
  BEARER,
  CAS_ROW,
  CLIENT_ID,
  notFound,
  permission,
  READ_AT,
  rows,
  signedIn,
  startExchangeServer,
  TENANT_ID,
  type ExchangeServer,
} from './exchange-admin-server';

let server: ExchangeServer;
beforeAll(async () => {
  server = await startExchangeServer();
});
beforeEach(() => {
  server.reset();
});
afterAll(() => server.close());

const read = { readAt: READ_AT, source: 'admin-api' };

describe('a mailbox in Exchange', () => {
  it('is read in one batch of three cmdlets, with the address of the tenant that the token names', async () => {
    const getToken = jest.spyOn(signedIn, 'getToken');
    await adminApi(server).mailbox();
    expect(getToken).toHaveBeenCalledWith('https://outlook.office365.com/.default');
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: `${API}/$batch`,
        headers: {
          authorization: `Bearer ${BEARER}`,
          'content-type': 'application/json',
          accept: 'application/json',
          'x-responseformat': 'json',
          prefer: 'odata.maxpagesize=1000',
          'client-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
          'x-anchormailbox': `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${TENANT_ID}`,
        },
      },
    ]);
    const invoke = `${server.origin}${API}/InvokeCommand`;
    const addresses = 'PrimarySmtpAddress,EmailAddresses';
    expect(server.asked).toEqual([
      {
        name: 'Get-CASMailbox',
        parameters: { Identity: ADDRESS },
        url: `${invoke}?$select=ImapEnabled,PopEnabled,${addresses}`,
      },
      {
        name: 'Get-Mailbox',
        parameters: { Identity: ADDRESS },
        url: `${invoke}?$select=RecipientTypeDetails,Name,Guid,ExternalDirectoryObjectId,${addresses}`,
      },
      {
        name: 'Get-MailboxPermission',
        parameters: { Identity: ADDRESS, ResultSize: 'Unlimited' },
        url: `${invoke}?$select=Identity,User,AccessRights,Deny,IsInherited`,
      },
    ]);
    jest.restoreAllMocks();
  });

  it('shows its switches, its kind and who has Full Access', async () => {
    expect(await adminApi(server).mailbox()).toEqual({
      casMailbox: seen({
        found: true,
        imapEnabled: true,
        popEnabled: false,
        type: 'SharedMailbox',
        names: ['support', GUID.toLowerCase()],
        ...read,
      }),
      mailboxPermissions: seen({ allowed: [{ name: 'svc-jira@contoso.com' }], denied: [], ...read }),
    });
  });

  it('is known by each of its addresses', async () => {
    const { casMailbox } = await adminApi(server).mailbox('HELP@contoso.com');
    expect(casMailbox).toEqual(seen({ found: true, imapEnabled: true, popEnabled: false, ...read }));
  });

  it('has no kind where Get-Mailbox may not be run, and all the rest', async () => {
    server.cmdlets = { 'Get-Mailbox': { status: 403, body: '\0\0' } };
    expect(await adminApi(server).mailbox()).toMatchObject({
      casMailbox: seen({ found: true, imapEnabled: true, popEnabled: false, ...read }),
      mailboxPermissions: { outcome: 'seen' },
    });
  });

  it('is not found where Exchange says so', async () => {
    server.cmdlets = { 'Get-CASMailbox': notFound, 'Get-Mailbox': notFound, 'Get-MailboxPermission': notFound };
    expect(await adminApi(server).mailbox()).toEqual({
      casMailbox: seen({ found: false, ...read }),
      mailboxPermissions: blindTo('not-attempted', ADDRESS),
    });
  });

  it('is not mistaken for others, which Exchange lists where it does not know the one', async () => {
    const other = { ...CAS_ROW, PrimarySmtpAddress: 'sales@contoso.com', EmailAddresses: [] };
    const another = { ...CAS_ROW, PrimarySmtpAddress: 'hr@contoso.com', EmailAddresses: null, ImapEnabled: null };
    server.cmdlets = {
      'Get-CASMailbox': rows([other, another]),
      'Get-MailboxPermission': rows([permission('a@contoso.com'), permission('b@contoso.com', { Identity: 'hr' })]),
    };
    expect(await adminApi(server).mailbox()).toEqual({
      casMailbox: blindTo('malformed', ADDRESS, '2 other mailboxes'),
      mailboxPermissions: blindTo('malformed', ADDRESS, '2 mailboxes'),
    });
  });

  it('is found among others', async () => {
    const other = { ...CAS_ROW, PrimarySmtpAddress: 'sales@contoso.com', EmailAddresses: [], ImapEnabled: null };
    server.cmdlets = { 'Get-CASMailbox': rows([other, { ...CAS_ROW, ImapEnabled: false }]) };
    expect((await adminApi(server).mailbox()).casMailbox).toMatchObject({ value: { imapEnabled: false } });
  });

  it.each([
    ['ImapEnabled', { ...CAS_ROW, ImapEnabled: undefined }],
    ['ImapEnabled', { ...CAS_ROW, ImapEnabled: 'True' }],
    ['PopEnabled', { ...CAS_ROW, PopEnabled: null }],
  ])('has no switch by default: %s', async (name, row) => {
    server.cmdlets = { 'Get-CASMailbox': rows([row]) };
    expect((await adminApi(server).mailbox()).casMailbox).toEqual(blindTo('malformed', name, 'Get-CASMailbox'));
  });

  it.each([
    ['User', permission('x', { User: null })],
    ['AccessRights', permission('x', { AccessRights: 'FullAccess' })],
    ['Deny', permission('x', { Deny: undefined })],
    ['IsInherited', permission('x', { IsInherited: undefined })],
  ])('has no permissions that lack %s', async (name, row) => {
    server.cmdlets = { 'Get-MailboxPermission': rows([permission('a@contoso.com'), row]) };
    expect((await adminApi(server).mailbox()).mailboxPermissions).toEqual(blindTo('malformed', name));
  });

  it('has permissions that nobody is missing from: neither a part of the list nor an empty one', async () => {
    const more = { '@odata.nextLink': 'https://outlook.office365.com/more' };
    server.cmdlets = { 'Get-MailboxPermission': rows([permission('a@contoso.com')], more) };
    expect((await adminApi(server).mailbox()).mailboxPermissions).toEqual(blindTo('malformed', 'part of the list'));
    server.cmdlets = { 'Get-MailboxPermission': rows([]) };
    expect((await adminApi(server).mailbox()).mailboxPermissions).toEqual(blindTo('malformed', '0 mailboxes'));
  });

  it('shows the members of groups, but does not take the service principal for one', async () => {
    server.cmdlets = {
      'Get-MailboxPermission': rows([
        permission('Contoso Helpdesk'),
        permission('Discovery Management'),
        permission('Helpdesk Agents'),
        permission('Contractors', { Deny: true }),
      ]),
    };
    const expandGroup = jest.fn(async (_: unknown, group: string) =>
      group === 'Helpdesk Agents' ? seen(['anna@contoso.com']) : blind('denied', 'not told'),
    );
    const api = adminApi(server, { expandGroup });
    await api.servicePrincipal();
    expect((await api.mailbox()).mailboxPermissions).toMatchObject({
      value: {
        allowed: [
          { name: 'contoso helpdesk' },
          { name: 'discovery management' },
          { name: 'helpdesk agents', members: ['anna@contoso.com'] },
        ],
        denied: [{ name: 'contractors' }],
      },
    });
    expect(expandGroup.mock.calls.map(([, group]) => group)).toEqual([
      'Contractors',
      'Discovery Management',
      'Helpdesk Agents',
    ]);
  });
});

describe('without $batch', () => {
  it.each([400, 404, 405])('cmdlets go one by one from HTTP %d on', async (status) => {
    server.batch = { status, body: { error: { code: 'BadRequest', message: 'No' } } };
    const api = adminApi(server);
    const first = await api.mailbox();
    expect(first).toMatchObject({ casMailbox: { outcome: 'seen' }, mailboxPermissions: { outcome: 'seen' } });
    expect(server.requests).toHaveLength(4);
    expect(await api.mailbox()).toEqual(first);
    expect(server.requests).toHaveLength(7);
    expect(server.requests.at(-1)).toMatchObject({ method: 'POST', headers: { 'x-responseformat': 'json' } });
  });
});

describe('a service principal in Exchange', () => {
  it('is read with one request, and shows its object id and every name', async () => {
    expect(await adminApi(server).servicePrincipal()).toEqual(
      seen({
        registered: true,
        objectId: 'E0000000-0000-4000-8000-000000000001',
        names: ['contoso helpdesk', 'helpdesk_1', 'e0000000-0000-4000-8000-000000000001', 's-1-5-21-1-2-3'],
        ...read,
      }),
    );
    expect(server.requests.map(({ path }) => path)).toEqual([`${API}/InvokeCommand`]);
    expect(server.asked).toMatchObject([{ name: 'Get-ServicePrincipal', parameters: { Identity: CLIENT_ID } }]);
  });

  const other = { AppId: 'ffffffff-2222-4333-8444-555555555555', ObjectId: 'f' };
  it.each([
    ['Exchange says so', notFound],
    ['it is not among all others', rows([other])],
    ['there is none at all', rows([])],
  ])('is not registered where %s', async (_, answer) => {
    server.cmdlets = { 'Get-ServicePrincipal': answer };
    expect(await adminApi(server).servicePrincipal()).toEqual(seen({ registered: false, ...read }));
  });

  it('may be in the rest of a list that was not read', async () => {
    server.cmdlets = { 'Get-ServicePrincipal': rows([other], { '@odata.nextLink': 'https://more' }) };
    expect(await adminApi(server).servicePrincipal()).toEqual(blindTo('malformed', 'part of the list'));
  });

  it('has an object id', async () => {
    server.cmdlets = { 'Get-ServicePrincipal': rows([{ AppId: CLIENT_ID, ObjectId: null }]) };
    expect(await adminApi(server).servicePrincipal()).toEqual(blindTo('malformed', 'ObjectId'));
  });
});

describe('the cmdlets that Mailbox Watch may run', () => {
  it('are asked for as the PowerShell module does', async () => {
    server.answer = () => ({
      body: {
        value: [{ exportedCmdlets: 'Get-Mailbox,Get-CASMailbox,' }, { exportedCmdlets: 'Get-MailboxPermission' }],
      },
    });
    expect(await adminApi(server).allowedCmdlets()).toEqual(
      seen(['Get-Mailbox', 'Get-CASMailbox', 'Get-MailboxPermission']),
    );
    expect(server.requests).toMatchObject([
      { method: 'GET', path: `/adminapi/v1.0/${TENANT_ID}/EXOModuleFile`, headers: { commandname: '*' } },
    ]);
  });

  it('are not told without a role', async () => {
    server.answer = () => ({ status: 403, body: '\0'.repeat(4000) });
    expect(await adminApi(server).allowedCmdlets()).toEqual(blindTo('denied', 'EXOModuleFile', 'Global Reader'));
  });

  it('are not asked for at another host than Exchange', async () => {
    server.answer = () => ({ status: 302, headers: { Location: 'https://127.0.0.1:9/elsewhere' } });
    expect(await adminApi(server).allowedCmdlets()).toEqual(blindTo('malformed', 'HTTP 302'));
    expect(server.requests).toHaveLength(1);
  });

  const endpoint = 'https://outlook.office365.com';
  it.each([
    ['https://eur01.outlook.office365.com:446/AdminApi/x?a=1', 'https://eur01.outlook.office365.com/AdminApi/x?a=1'],
    ['https://evil-outlook.office365.com/x', undefined],
    ['https://outlook.office365.com.evil.example/x', undefined],
    ['http://eur01.outlook.office365.com/x', undefined],
    ['/relative', undefined],
    [null, undefined],
  ])('are asked for in the region only where that is Exchange: %s', (location, url) => {
    expect(regionalUrl(location, endpoint)).toBe(url);
  });
});
