import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { blind } from '../../shared/core/reading';
import { SignInError } from '../../shared/core/ports';
import { blindTo } from './directory-tenant';
import {
  ADDRESS,
  adminApi,
  BEARER,
  CAS_ROW,
  cmdletError,
  rows,
  startExchangeServer,
  type CmdletAnswer,
  type ExchangeServer,
  type Look,
} from './exchange-admin-server';

const NULS = '\0'.repeat(6000);
const WRONG_ROLE =
  "The role assigned to application 1111 isn't supported in this scenario. Please check online documentation for assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.";
const unauthorized = {
  error: {
    code: 'Unauthorized',
    message: 'The cmdlet Get-CASMailbox is not allowed.',
    innererror: { type: 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException' },
  },
};

let server: ExchangeServer;
beforeAll(async () => {
  server = await startExchangeServer();
});
beforeEach(() => {
  server.reset();
});
afterAll(() => server.close());

async function settings(look?: Look) {
  return (await adminApi(server, look).mailbox()).casMailbox;
}

describe.each<[string, (answer: CmdletAnswer) => void]>([
  ['of one cmdlet in a batch', (answer) => (server.cmdlets = { 'Get-CASMailbox': answer })],
  ['of the whole batch', (answer) => (server.batch = answer)],
])('a failure %s', (where, fail) => {
  it.each<[string, CmdletAnswer, unknown]>([
    ['without the app role', { status: 401, body: '' }, blindTo('denied', 'HTTP 401', 'Exchange.ManageAsApp')],
    [
      'that names the refused cmdlet',
      { status: 401, body: unauthorized },
      blindTo('denied', 'The cmdlet Get-CASMailbox is not allowed', 'Exchange.ManageAsApp', 'Global Reader'),
    ],
    ['of NUL bytes', { status: 403, body: NULS }, blindTo('denied', 'HTTP 403\\)', 'Global Reader', 'role group')],
    ['of a role of the wrong kind, in text', { status: 403, body: WRONG_ROLE }, blindTo('denied', 'own kinds')],
    [
      'of a role of the wrong kind, in an error',
      cmdletError(500, 'System.UnauthorizedAccessException', WRONG_ROLE),
      blindTo('denied', 'own kinds', 'Global Reader'),
    ],
    ['of throttling', { status: 429, headers: { 'Retry-After': '0' } }, blindTo('throttled', 'HTTP 429')],
    ['of the service', { status: 503, body: '<html>' }, blindTo('server-error', 'HTTP 503', 'azure.status')],
    [
      'with an error of no cmdlet',
      { status: 500, body: { error: { code: 'InternalServerError', message: 'Boom' } } },
      blindTo('server-error', 'HTTP 500: Boom'),
    ],
    ['of a proxy', { status: 302, headers: { Location: 'https://proxy' } }, blindTo('malformed', 'HTTP 302', 'proxy')],
    ['in a page', { status: 200, body: '<html>Sign in</html>' }, blindTo('malformed', 'HTTP 200', 'Get-CASMailbox')],
    ['in broken JSON', { status: 200, body: '{"value":[' }, blindTo('malformed', 'HTTP 200')],
    ['that echoes the token', { status: 401, body: echo() }, blindTo('denied', 'said \\(token\\)')],
  ])(`${where} %s is told`, async (_, answer, expected) => {
    fail(answer);
    expect(await settings()).toEqual(expected);
  });

  it('names the mailbox and where it was asked for', async () => {
    fail({ status: 403, body: NULS });
    expect(await settings()).toEqual(blindTo('denied', ADDRESS, server.origin));
  });
});

function echo() {
  return { error: { code: 'x', message: `You said ${BEARER}` } };
}

describe('a cmdlet that fails', () => {
  it.each([
    [
      cmdletError(400, 'Microsoft.Exchange.Management.CmdletAccessDeniedException', 'Some of the parameters specified'),
      blindTo('denied', 'Some of the parameters specified', 'Global Reader'),
    ],
    [
      cmdletError(
        400,
        'System.Management.Automation.AmbiguousParameterSetException',
        'Parameter set cannot be resolved',
      ),
      blindTo('malformed', 'HTTP 400: Parameter set cannot be resolved'),
    ],
    [
      { status: 400, body: { error: { message: 'M', details: [{ message: 'Ex6F|Some.Type|Only in the details' }] } } },
      blindTo('malformed', 'HTTP 400: Only in the details'),
    ],
    [{ status: 400, body: { error: { message: 'Invalid Operation' } } }, blindTo('malformed', 'Invalid Operation')],
    [{ status: 404, body: '' }, blindTo('malformed', 'HTTP 404', 'endpoints.exchange')],
  ])('is told in its own words', async (answer, expected) => {
    server.cmdlets = { 'Get-CASMailbox': answer };
    expect(await settings()).toEqual(expected);
  });

  it('costs its own reading only', async () => {
    server.cmdlets = { 'Get-MailboxPermission': { status: 403, body: NULS } };
    expect(await adminApi(server).mailbox()).toMatchObject({
      casMailbox: { outcome: 'seen' },
      mailboxPermissions: blindTo('denied', 'permissions on', 'Get-MailboxPermission'),
    });
  });

  it('is not run again where it failed by itself', async () => {
    server.cmdlets = { 'Get-CASMailbox': cmdletError(500, 'Some.Exception', 'It failed.') };
    expect(await settings()).toEqual(blindTo('malformed', 'HTTP 500: It failed.'));
    expect(server.requests).toHaveLength(1);
  });

  it('may be missing in an answered batch', async () => {
    server.forget = 'Get-CASMailbox';
    expect(await settings()).toEqual(blindTo('malformed', 'Get-CASMailbox'));
  });
});

describe('asking again', () => {
  const busy = { status: 429, headers: { 'Retry-After': '0' }, body: '' };

  it('repeats only what was throttled', async () => {
    server.cmdlets = { 'Get-CASMailbox': (before) => (before === 0 ? busy : rows([CAS_ROW])) };
    expect(await settings()).toMatchObject({ outcome: 'seen' });
    expect(server.asked.map(({ name }) => name)).toEqual([
      'Get-CASMailbox',
      'Get-Mailbox',
      'Get-MailboxPermission',
      'Get-CASMailbox',
    ]);
  });

  it.each([429, 500, 503])('ends after three attempts at HTTP %d', async (status) => {
    server.batch = { status, body: '' };
    await settings();
    expect(server.requests).toHaveLength(3);
  });

  it('waits as long as Exchange says', async () => {
    const soon = { ...busy, headers: { 'Retry-After': '1' } };
    server.cmdlets = { 'Get-CASMailbox': (before) => (before === 0 ? soon : rows([CAS_ROW])) };
    const startedAt = Date.now();
    expect(await settings()).toMatchObject({ outcome: 'seen' });
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
  });

  it('is not done where the time would not allow it', async () => {
    server.batch = { status: 429, headers: { 'Retry-After': '60' }, body: '' };
    expect(await settings()).toEqual(blindTo('throttled'));
    server.batch = { status: 503, body: '' };
    expect(await settings({ backOffMs: 60_000 })).toEqual(blindTo('server-error'));
    expect(server.requests).toHaveLength(2);
  });
});

describe('without an answer', () => {
  it('the time is up', async () => {
    server.answer = () => 'hang';
    expect(await settings({ deadlineMs: 50 })).toEqual(blindTo('timeout', ADDRESS, server.origin));
    await server.requests[0]?.ended;
  });

  it('the time is up while Mailbox Watch signs in', async () => {
    const credentialFor = () => ({ getToken: () => new Promise<never>(() => undefined) });
    expect(await settings({ deadlineMs: 20, credentialFor })).toEqual(blindTo('timeout'));
  });

  it('the connection ended', async () => {
    server.answer = () => 'break';
    expect(await settings()).toEqual(blindTo('unreachable', ADDRESS, 'firewall'));
  });

  it('nobody listens', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    listener.close();
    await once(listener, 'close');
    const exchange = { endpoint: `https://127.0.0.1:${port}`, resource: 'https://outlook.office365.com' };
    const reading = await adminApi(server, { integration: { exchange } }).mailbox();
    expect(reading.mailboxPermissions).toEqual(blindTo('unreachable', 'ECONNREFUSED'));
  });
});

describe('without a token', () => {
  it('nothing is tried, and the setting is named', async () => {
    const api = adminApi(server, { credentialFor: () => undefined });
    const expected = blindTo('not-configured', 'monitor.signIn', 'exchangeEvidence');
    expect(await api.mailbox()).toEqual({ casMailbox: expected, mailboxPermissions: expected });
    expect(await api.servicePrincipal()).toEqual(expected);
    expect(await api.allowedCmdlets()).toEqual(expected);
    expect(server.requests).toEqual([]);
  });

  it('the refusal of Entra ID is passed on', async () => {
    const refused = blind('denied', 'Mailbox Watch itself cannot sign in.');
    const credentialFor = () => ({ getToken: () => Promise.reject(new SignInError(refused)) });
    expect(await settings({ credentialFor })).toEqual(refused);
  });

  it('Exchange is asked with the tenant of the configuration, and refuses', async () => {
    server.answer = () => ({ status: 401, body: '' });
    const credentialFor = () => ({ getToken: async () => null });
    expect(await settings({ credentialFor })).toEqual(blindTo('denied'));
    expect(server.requests[0]?.path).toBe('/adminapi/beta/contoso.onmicrosoft.com/$batch');
  });

  it('a fault of ours is told as one', async () => {
    const credentialFor = () => ({ getToken: () => Promise.reject(new TypeError(BEARER)) });
    expect(await settings({ credentialFor })).toEqual(blindTo('crashed', 'TypeError'));
  });
});
