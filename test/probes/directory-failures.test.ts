import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { blind } from '../../shared/core/reading';
import { createDirectoryProbe } from '../../shared/probes/directory';
import { SignInError } from '../../shared/core/ports';
import { exampleIntegration } from '../support/contexts';
import {
  BEARER,
  blindTo,
  denied,
  grant,
  graphError,
  issue,
  lookAt,
  notFound,
  PATHS,
  READ_AT,
  startDirectoryServer,
  user,
  type DirectoryServer,
  type Look,
  type Part,
} from './directory-tenant';

const SVC = 'svc-jira@contoso.com';
const seenAnything: unknown = expect.objectContaining({ outcome: 'seen' });

describe('the directory that cannot all be read', () => {
  let graph: DirectoryServer;
  const look = (how?: Look) => lookAt(graph, how);

  beforeAll(async () => {
    graph = await startDirectoryServer();
  });
  beforeEach(() => {
    graph.reset();
  });
  afterAll(() => graph.close());

  const answers: Record<string, [keyof typeof PATHS, Part, reason: string, ...words: string[]]> = {
    'the application denied': ['application', denied, 'denied', 'Application.Read.All', 'Authorization_RequestDenied'],
    'the roles denied': ['roles', denied, 'denied', 'Application.Read.All', 'app roles granted'],
    'the consents denied': ['consents', denied, 'denied', 'Directory.Read.All', 'consented'],
    'the delegate denied': ['delegate', denied, 'denied', 'User.Read.All', SVC],
    'the health denied': ['health', graphError(403, 'Forbidden'), 'denied', 'ServiceHealth.Read.All'],
    'a token refused': ['health', graphError(401, 'InvalidAuthenticationToken'), 'denied', 'HTTP 401', 'same cloud'],
    'a failed dependency': ['roles', graphError(424, 'FailedDependency'), 'malformed', 'HTTP 424'],
    'a server error': ['delegate', { status: 500 }, 'server-error', 'HTTP 500', SVC],
    'a gateway timeout in HTML': ['consents', { status: 504, body: '<h1>' }, 'server-error', 'HTTP 504'],
    'another 404': ['delegate', { status: 404, body: 'nginx' }, 'malformed', 'HTTP 404'],
    'roles that are not there': ['roles', notFound, 'malformed', 'app roles granted'],
    'health that is not there': ['health', notFound, 'malformed', 'Exchange Online'],
    'an answer left out': ['consents', 'forget', 'malformed', 'not the one'],
    'throttling without a time to wait': ['roles', graphError(429, 'TooManyRequests'), 'throttled', 'HTTP 429'],
    'no body': ['application', { status: 200 }, 'malformed', 'the whole'],
    'an application half described': ['application', { status: 200, body: { id: 'x' } }, 'malformed', 'accountEnabled'],
    'no list of roles': ['roles', { status: 200, body: {} }, 'malformed', 'value'],
    'a grant for one unnamed user': [
      'consents',
      { status: 200, body: { value: [grant({ consentType: 'Principal' })] } },
      'malformed',
      'value.0.principalId',
    ],
    'a grant of an unknown kind': [
      'consents',
      { status: 200, body: { value: [grant({ consentType: 'Everybody' })] } },
      'malformed',
      'value.0.consentType',
    ],
    'an account without its state': ['delegate', user([], { accountEnabled: null }), 'malformed', 'accountEnabled'],
    'health without issues': ['health', { status: 200, body: { status: 'x' } }, 'malformed', 'issues'],
    'an issue without a start': [
      'health',
      { status: 200, body: { status: 'x', issues: [issue('EX1', 'soon')] } },
      'malformed',
      'startDateTime',
    ],
  };

  it.each(Object.entries(answers))('is blind to %s, and to nothing else', async (_what, [path, part, ...blindness]) => {
    graph.parts = { [PATHS[path]]: part };
    const { application, roles, consents, account, health } = await look();
    const readings = {
      application,
      ...(path !== 'application' && { roles, consents }),
      delegate: account,
      health,
    };
    for (const [name, reading] of Object.entries(readings)) {
      expect([name, reading]).toEqual([name, name === path ? blindTo(...blindness) : seenAnything]);
    }
    expect(graph.requests).toHaveLength(1);
  });

  it('is blind to grants whose resource cannot be told', async () => {
    graph.parts = { [PATHS.exchange]: denied };
    const { roles, graphRoles, consents } = await look();
    expect(roles).toEqual(blindTo('denied', 'Office 365 Exchange Online', 'Application.Read.All'));
    expect(consents).toEqual(roles);
    expect(graphRoles).toMatchObject({ outcome: 'seen' });
  });

  describe('throttled in a part', () => {
    const busy = (wait: string, status = 429) => ({ ...graphError(status, 'Busy'), headers: { 'retry-after': wait } });

    it.each([429, 503])('asks for what got HTTP %d once more, after the wait', async (status) => {
      graph.parts = {
        [PATHS.roles]: (before) => (before === 0 ? busy('0.1', status) : { status: 200, body: { value: [] } }),
        [PATHS.delegate]: (before) => (before === 0 ? busy('0', status) : user([])),
      };
      const startedAt = performance.now();
      const { roles, account } = await look();
      expect(performance.now() - startedAt).toBeGreaterThan(95);
      expect(roles).toEqual({ outcome: 'seen', value: [] });
      expect(account).toMatchObject({ value: { hasExchangePlan: false } });
      expect(graph.batches[1]?.map((url) => url.split('?')[0]).sort()).toEqual([PATHS.roles, PATHS.delegate]);
    });

    it('is throttled when it is throttled again', async () => {
      graph.parts = { [PATHS.roles]: busy('0') };
      expect((await look()).roles).toEqual(blindTo('throttled', 'app roles'));
      expect(graph.batches).toHaveLength(2);
    });

    it('waits no longer than the deadline', async () => {
      graph.parts = { [PATHS.roles]: busy('60') };
      expect((await look()).roles).toEqual(blindTo('throttled'));
      expect(graph.batches).toHaveLength(1);
    });
  });

  describe('in pages', () => {
    const page = '/v1.0/next';

    it('is read to the last page', async () => {
      const first = { value: [grant({})], '@odata.nextLink': `${graph.origin}${page}?$skiptoken=a%3D%3D&x=1` };
      graph.parts = { [PATHS.consents]: { status: 200, body: first } };
      graph.pages = {
        [page]: ({ searchParams }) =>
          searchParams.get('$skiptoken') === 'a=='
            ? { body: { value: [grant({ scope: 'a' })], '@odata.nextLink': `${graph.origin}${page}?$skiptoken=b` } }
            : { body: { value: [grant({ scope: 'b' })] } },
      };
      expect((await look()).consents).toMatchObject({
        value: [{ scopes: ['IMAP.AccessAsUser.All'] }, { scopes: ['a'] }, { scopes: ['b'] }],
      });
      expect(graph.requests.slice(1)).toMatchObject([
        { path: `${page}?$skiptoken=a%3D%3D&x=1`, headers: { authorization: `Bearer ${BEARER}` } },
        { path: `${page}?$skiptoken=b` },
      ]);
    });

    it('shows the issues of a later page too', async () => {
      const body = { status: 'x', issues: [], 'issues@odata.nextLink': `${graph.origin}${page}` };
      graph.parts = { [PATHS.health]: { status: 200, body } };
      graph.pages = { [page]: { body: { value: [issue('EX9', '2026-11-01T00:00:00Z')] } } };
      expect((await look()).health).toMatchObject({ value: { issues: [{ id: 'EX9' }] } });
    });

    const next = () => ({ status: 200, body: { value: [], '@odata.nextLink': `${graph.origin}${page}` } });

    it('is blind to all of it when a page is denied', async () => {
      graph.parts = { [PATHS.roles]: next() };
      graph.pages = { [page]: denied };
      expect((await look()).roles).toEqual(blindTo('denied', 'Application.Read.All'));
    });

    it('is given up when it does not end', async () => {
      graph.parts = { [PATHS.roles]: next() };
      graph.pages = { [page]: next() };
      expect((await look()).roles).toEqual(blindTo('malformed', 'more'));
      expect(graph.requests).toHaveLength(100);
    });

    it('does not carry the token to another host', async () => {
      const elsewhere = { value: [], '@odata.nextLink': `${graph.origin}.contoso.example/v1.0/next` };
      graph.parts = { [PATHS.roles]: { status: 200, body: elsewhere } };
      expect((await look()).roles).toEqual(blindTo('malformed', 'another host'));
      expect(graph.requests).toHaveLength(1);
    });

    it('costs only its own reading when it hangs', async () => {
      graph.parts = { [PATHS.roles]: next() };
      graph.pages = { [page]: 'hang' };
      const { roles, consents, account } = await look({ deadlineMs: 500 });
      expect(roles).toEqual(blindTo('timeout', 'app roles'));
      expect(consents).toMatchObject({ outcome: 'seen' });
      expect(account).toMatchObject({ outcome: 'seen' });
    });
  });

  describe('as a whole', () => {
    async function all(how?: Look) {
      const { application, account, health } = await look(how);
      return [application, account, health];
    }
    const three = (reading: unknown) => [reading, reading, reading];

    it.each([
      ['a batch refused', graphError(401, 'InvalidAuthenticationToken'), 'denied', 'HTTP 401'],
      ['a bad batch', graphError(400, 'BadRequest'), 'malformed', 'HTTP 400'],
      ['HTML with 502', { status: 502, body: '<h1>Bad Gateway</h1>' }, 'server-error', 'HTTP 502'],
      ['HTML with 200', { body: '<html>Sign in to the proxy</html>' }, 'malformed', 'HTTP 200'],
      ['JSON cut short', { body: '{"responses": [{"id"' }, 'malformed', 'HTTP 200'],
      ['no responses', { body: { value: [] } }, 'malformed', 'not the one'],
      ['no response that is one', { body: { responses: [{ id: 1 }, 'x', null] } }, 'malformed', 'not the one'],
      ['throttling', { ...graphError(429, 'Busy'), headers: { 'Retry-After': '60' } }, 'throttled', 'HTTP 429'],
    ])('is blind to %s', async (_what, said, reason, words) => {
      graph.answer = () => said;
      expect(await all()).toEqual(three(blindTo(reason, words)));
      expect(graph.requests).toHaveLength(1);
    });

    it('is a timeout when Graph hangs', async () => {
      graph.answer = () => 'hang';
      expect(await all({ deadlineMs: 100 })).toEqual(three(blindTo('timeout')));
    });

    it('is a timeout when the sign-in hangs', async () => {
      const credential = { getToken: () => new Promise<never>(() => undefined) };
      expect(await all({ credential, deadlineMs: 100 })).toEqual(three(blindTo('timeout')));
    });

    it('is unreachable where nobody listens', async () => {
      const placeholder = createServer().listen(0, '127.0.0.1');
      await once(placeholder, 'listening');
      const { port } = placeholder.address() as AddressInfo;
      placeholder.close();
      await once(placeholder, 'close');
      const reading = await all({ integration: { graphEndpoint: `https://127.0.0.1:${port}` } });
      expect(reading).toEqual(three(blindTo('unreachable', 'ECONNREFUSED')));
    });

    it('is not read where Mailbox Watch has nothing to sign in with', async () => {
      const read = createDirectoryProbe({ credentialFor: () => undefined, now: () => READ_AT });
      const reading = await read(exampleIntegration({ graphEndpoint: graph.origin }));
      const nothing = blindTo('not-configured', 'monitor.signIn');
      expect(reading).toEqual({
        appRegistration: nothing,
        enterpriseApplication: nothing,
        delegateAccounts: { [SVC]: nothing },
        serviceHealth: nothing,
        helpdeskSignIns: expect.objectContaining({ reason: 'not-used' }) as unknown,
      });
      expect(graph.requests).toEqual([]);
    });

    it('is blind in the words of a sign-in that failed', async () => {
      const refused = blind('denied', 'Mailbox Watch itself cannot sign in.');
      const credential = { getToken: () => Promise.reject(new SignInError(refused)) };
      expect(await all({ credential })).toEqual(three(refused));
    });

    it('is blind to an unknown fault, whose words are not told', async () => {
      const credential = { getToken: () => Promise.reject(new RangeError(`do not tell ${BEARER}`)) };
      expect(await all({ credential })).toEqual(three(blindTo('crashed', 'RangeError')));
    });
  });
});
