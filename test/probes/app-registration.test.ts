import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { TokenCredential } from '@azure/identity';
import { blind, type BlindReason } from '../../shared/core/reading';
import type { Integration } from '../../shared/core/subject';
import { createAppRegistrationProbe } from '../../shared/probes/app-registration';
import { SignInError } from '../../shared/core/ports';
import { createAuthority, selfSigned } from '../support/certificates';
import { exampleIntegration } from '../support/contexts';
import {
  startScriptedHttpsServer,
  trust,
  type ScriptedAnswer,
  type ScriptedHttpsServer,
} from '../support/scripted-https-server';

const BEARER = 'eyJ-the-token-of-the-monitor';
const CLIENT_ID = '11111111-2222-4333-8444-555555555555';
const APPLICATION = {
  '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#applications(...)/$entity',
  id: '7c1d7f0e-1111-4222-8333-444455556666',
  displayName: 'Contoso helpdesk mail',
  passwordCredentials: [
    {
      customKeyIdentifier: null,
      displayName: 'jira 2026',
      endDateTime: '2027-05-20T09:30:00.1234567Z',
      hint: 'Q8x',
      keyId: '00000000-0000-4000-8000-000000000001',
      secretText: null,
      startDateTime: '2026-05-20T09:30:00Z',
    },
    {
      customKeyIdentifier: null,
      displayName: null,
      endDateTime: '2026-01-01T00:00:00Z',
      hint: null,
      keyId: '00000000-0000-4000-8000-000000000002',
      secretText: null,
      startDateTime: null,
    },
  ],
  keyCredentials: [
    {
      customKeyIdentifier: '52ED9B5038A47B9E2E2190715CC238359D4F8F73',
      displayName: 'CN=contoso',
      endDateTime: '2027-05-20T09:30:00Z',
      key: null,
      keyId: '00000000-0000-4000-8000-000000000003',
      startDateTime: '2026-05-20T09:30:00Z',
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
    },
  ],
};

function graphError(status: number, code: string, message: string) {
  const innerError = { date: '2026-11-25T12:00:00', 'request-id': 'r', 'client-request-id': 'c' };
  return { status, body: { error: { code, message, innerError } } };
}

const signedIn: TokenCredential = {
  getToken: async () => ({ token: BEARER, expiresOnTimestamp: Date.now() + 3_600_000 }),
};

describe('the app registration', () => {
  const authority = createAuthority();
  let graph: ScriptedHttpsServer;
  let distrust: () => void;
  const told: unknown[] = [];

  async function look(options: { credential?: TokenCredential; deadlineMs?: number; graphEndpoint?: string } = {}) {
    const { credential = signedIn, graphEndpoint = graph.origin, ...rest } = options;
    const reading = await createAppRegistrationProbe({ credentialFor: () => credential, ...rest })(
      exampleIntegration({ graphEndpoint }),
    );
    told.push(reading);
    return reading;
  }

  beforeAll(async () => {
    const ca = await authority;
    distrust = trust(ca.certificate);
    graph = await startScriptedHttpsServer(await ca.issue());
  });

  beforeEach(() => {
    graph.requests.length = 0;
    graph.answer = () => ({ body: APPLICATION });
    for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      jest.spyOn(console, level).mockImplementation((...args: unknown[]) => void told.push(args));
    }
  });

  afterEach(() => {
    jest.restoreAllMocks();
    expect(JSON.stringify(told.splice(0))).not.toContain(BEARER);
  });

  afterAll(async () => {
    distrust();
    await graph.close();
  });

  it('is read with one request for what is needed, as its endpoint’s own client', async () => {
    const getToken = jest.spyOn(signedIn, 'getToken');
    await look();
    expect(getToken).toHaveBeenCalledWith(`${graph.origin}/.default`);
    expect(graph.requests).toMatchObject([
      {
        method: 'GET',
        path: `/v1.0/applications(appId='${CLIENT_ID}')?$select=id,displayName,passwordCredentials,keyCredentials`,
        headers: { authorization: `Bearer ${BEARER}` },
      },
    ]);
  });

  it('shows every secret and certificate', async () => {
    expect(await look()).toEqual({
      outcome: 'seen',
      value: {
        found: true,
        objectId: '7c1d7f0e-1111-4222-8333-444455556666',
        displayName: 'Contoso helpdesk mail',
        passwords: [
          {
            keyId: '00000000-0000-4000-8000-000000000001',
            displayName: 'jira 2026',
            hint: 'Q8x',
            startsAt: Date.UTC(2026, 4, 20, 9, 30),
            endsAt: Date.UTC(2027, 4, 20, 9, 30, 0, 123),
          },
          { keyId: '00000000-0000-4000-8000-000000000002', endsAt: Date.UTC(2026, 0, 1) },
        ],
        keys: [
          {
            keyId: '00000000-0000-4000-8000-000000000003',
            displayName: 'CN=contoso',
            thumbprint: '52ED9B5038A47B9E2E2190715CC238359D4F8F73',
            startsAt: Date.UTC(2026, 4, 20, 9, 30),
            endsAt: Date.UTC(2027, 4, 20, 9, 30),
          },
        ],
        owners: { outcome: 'blind', reason: 'not-attempted', detail: 'The owners were not read.' },
        federatedCredentials: {
          outcome: 'blind',
          reason: 'not-attempted',
          detail: 'The federated credentials were not read.',
        },
        credentialPolicy: {
          outcome: 'blind',
          reason: 'not-attempted',
          detail: 'The app management policy was not read.',
        },
      },
    });
  });

  it('is not found where Graph does not know it', async () => {
    graph.answer = () => graphError(404, 'Request_ResourceNotFound', `Resource '${CLIENT_ID}' does not exist.`);
    expect(await look()).toEqual({ outcome: 'seen', value: { found: false } });
  });

  const [first, second] = APPLICATION.passwordCredentials;
  const rows: readonly { what: string; said: ScriptedAnswer; reason: BlindReason; detail: string }[] = [
    {
      what: 'no rights',
      said: graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
      reason: 'denied',
      detail: 'Application.Read.All',
    },
    {
      what: 'a token refused',
      said: graphError(401, 'InvalidAuthenticationToken', 'x'),
      reason: 'denied',
      detail: 'HTTP 401',
    },
    {
      what: 'HTML with 502',
      said: { status: 502, body: '<h1>Bad Gateway</h1>' },
      reason: 'server-error',
      detail: 'HTTP 502',
    },
    {
      what: 'JSON with 500',
      said: graphError(500, 'InternalServerError', 'x'),
      reason: 'server-error',
      detail: 'HTTP 500',
    },
    { what: 'HTML with 403', said: { status: 403, body: 'Blocked' }, reason: 'malformed', detail: 'HTTP 403' },
    {
      what: 'an application with 500',
      said: { status: 500, body: APPLICATION },
      reason: 'server-error',
      detail: 'HTTP 500',
    },
    { what: 'a broken connection', said: 'break', reason: 'unreachable', detail: 'UND_ERR_SOCKET' },
    { what: '404 of something else', said: { status: 404, body: 'nginx' }, reason: 'malformed', detail: 'HTTP 404' },
    {
      what: 'HTML with 200',
      said: { body: '<html>Sign in to the proxy</html>' },
      reason: 'malformed',
      detail: 'HTTP 200',
    },
    { what: 'JSON cut short', said: { body: '{"id": "7c1d' }, reason: 'malformed', detail: 'HTTP 200' },
    { what: 'no content', said: { status: 204 }, reason: 'malformed', detail: 'HTTP 204' },
    {
      what: 'a collection',
      said: { body: { value: [APPLICATION] } },
      reason: 'malformed',
      detail: '(see id)',
    },
    {
      what: 'no list of certificates',
      said: { body: { ...APPLICATION, keyCredentials: undefined } },
      reason: 'malformed',
      detail: 'keyCredentials',
    },
    {
      what: 'a secret without an end',
      said: { body: { ...APPLICATION, passwordCredentials: [first, { ...second, endDateTime: null }] } },
      reason: 'malformed',
      detail: 'passwordCredentials.1.endDateTime',
    },
    {
      what: 'a secret that ends at no time',
      said: { body: { ...APPLICATION, passwordCredentials: [{ ...first, endDateTime: 'never' }] } },
      reason: 'malformed',
      detail: 'passwordCredentials.0.endDateTime',
    },
  ];

  it.each(rows)('is blind ($reason) to $what', async ({ said, reason, detail }) => {
    graph.answer = () => said;
    const reading = await look();
    expect(reading).toMatchObject({ outcome: 'blind', reason });
    expect(reading).toHaveProperty('detail', expect.stringContaining(detail));
    expect(reading).toHaveProperty('detail', expect.stringContaining(CLIENT_ID));
    expect(graph.requests).toHaveLength(1);
  });

  it.each([429, 503])('is seen after a wait that HTTP %d asks for', async (status) => {
    graph.answer = () =>
      graph.requests.length === 1
        ? { ...graphError(status, 'Busy', 'Later.'), status, headers: { 'Retry-After': '0' } }
        : { body: APPLICATION };
    expect(await look()).toMatchObject({ outcome: 'seen', value: { found: true } });
    expect(graph.requests).toHaveLength(2);
  });

  it('is given up when Graph throttles on', async () => {
    graph.answer = () => ({
      ...graphError(429, 'TooManyRequests', 'Later.'),
      headers: { 'Retry-After': '0' },
      status: 429,
    });
    expect(await look()).toMatchObject({ outcome: 'blind', reason: 'throttled' });
    expect(graph.requests).toHaveLength(4);
  });

  it('is not waited for longer than the deadline', async () => {
    graph.answer = () => ({ status: 429, headers: { 'Retry-After': '60' }, body: {} });
    const startedAt = Date.now();
    expect(await look()).toMatchObject({ outcome: 'blind', reason: 'throttled' });
    expect(Date.now() - startedAt).toBeLessThan(2000);
    expect(graph.requests).toHaveLength(1);
  });

  it('is a timeout when Graph hangs, and leaves no connection', async () => {
    graph.answer = () => 'hang';
    const reading = await look({ deadlineMs: 100 });
    expect(reading).toMatchObject({ outcome: 'blind', reason: 'timeout' });
    expect(reading).toHaveProperty('detail', expect.stringContaining('longer than 0.1 s'));
    await graph.requests[0]?.ended;
  });

  it('is a timeout when the sign-in hangs', async () => {
    const credential = { getToken: () => new Promise<never>(() => undefined) };
    expect(await look({ credential, deadlineMs: 100 })).toMatchObject({ outcome: 'blind', reason: 'timeout' });
  });

  it('is unreachable where nobody listens', async () => {
    const placeholder = createServer().listen(0, '127.0.0.1');
    await once(placeholder, 'listening');
    const { port } = placeholder.address() as AddressInfo;
    placeholder.close();
    await once(placeholder, 'close');
    const reading = await look({ graphEndpoint: `https://127.0.0.1:${port}` });
    expect(reading).toMatchObject({ outcome: 'blind', reason: 'unreachable' });
    expect(reading).toHaveProperty('detail', expect.stringContaining('ECONNREFUSED'));
  });

  it('is unreachable behind a certificate that nobody vouches for, which gets no token', async () => {
    const stranger = await startScriptedHttpsServer(await selfSigned());
    try {
      const reading = await look({ graphEndpoint: stranger.origin });
      expect(reading).toMatchObject({ outcome: 'blind', reason: 'unreachable' });
      expect(reading).toHaveProperty('detail', expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'));
      expect(stranger.requests).toEqual([]);
    } finally {
      await stranger.close();
    }
  });

  it('is not read where Mailbox Watch has nothing to sign in with', async () => {
    const probe = createAppRegistrationProbe({ credentialFor: () => undefined });
    expect(await probe(exampleIntegration({ graphEndpoint: graph.origin }))).toMatchObject({
      outcome: 'blind',
      reason: 'not-configured',
      detail: expect.stringContaining('monitor.signIn') as string,
    });
    expect(graph.requests).toEqual([]);
  });

  it('is blind in the words of a sign-in that failed', async () => {
    const refused = blind('denied', 'Mailbox Watch itself cannot sign in.');
    expect(await look({ credential: { getToken: () => Promise.reject(new SignInError(refused)) } })).toEqual(refused);
    expect(graph.requests).toEqual([]);
  });

  it('is blind to an unknown fault, whose words are not told', async () => {
    const credential = { getToken: () => Promise.reject(new RangeError(`do not tell ${BEARER}`)) };
    const reading = await look({ credential });
    expect(reading).toMatchObject({ outcome: 'blind', reason: 'crashed' });
    expect(reading).toHaveProperty('detail', expect.stringContaining('RangeError'));
  });

  it('asks for one credential a tenant', async () => {
    const credentialFor = jest.fn<TokenCredential, [Integration]>(() => signedIn);
    const probe = createAppRegistrationProbe({ credentialFor });
    const integrations = ['contoso', 'contoso', 'fabrikam'].map((tenant, index) =>
      exampleIntegration({ id: `i${index}`, tenant, graphEndpoint: graph.origin }),
    );
    await Promise.all(integrations.map(probe));
    expect(credentialFor.mock.calls.map(([{ tenant }]) => tenant)).toEqual(['contoso', 'fabrikam']);
  });
});
