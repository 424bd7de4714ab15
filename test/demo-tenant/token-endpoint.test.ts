import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { DemoTenant } from '../../local/demo-tenant/demo-tenant';
import { userIn } from '../../local/demo-tenant/world';
import { DAY, HOUR } from '../../shared/core/time';
import { startTenant, type StartedTenant } from './started-tenant';
import { askForToken, formOf } from './token-requests';

const JSM_APP = 'a0000000-0000-4000-8000-000000000001';
const TENANT_ID = 'c0470500-0000-4000-8000-000000000001';
const NOBODY = 'ffffffff-0000-4000-8000-000000000000';

let tenant: StartedTenant;
let demo: DemoTenant;
let clock = Date.now();

beforeAll(async () => {
  tenant = await startTenant({ now: () => clock });
  demo = tenant.demo;
});

afterAll(() => tenant.end());

describe('a token that is granted', () => {
  it('for an application is a v1.0 token of its service principal, without a refresh token', async () => {
    const { status, headers, body } = await askForToken(demo, formOf(demo, 'liveagent-sales'));
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store, no-cache');
    expect(headers.get('x-ms-request-id')).toMatch(/^[\da-f-]{36}$/);
    const { access_token: token, ...rest } = body;
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 310, ext_expires_in: 310 });
    expect(decodeProtectedHeader(String(token))).toMatchObject({ typ: 'JWT', alg: 'RS256' });
    const seconds = Math.floor(clock / 1000);
    expect(decodeJwt(String(token))).toEqual({
      aud: 'https://outlook.office365.com',
      iss: `https://sts.windows.net/${TENANT_ID}/`,
      iat: seconds,
      nbf: seconds,
      exp: seconds + 310,
      app_displayname: 'Contoso LiveAgent Sales',
      appid: 'a0000000-0000-4000-8000-000000000004',
      appidacr: '1',
      idtyp: 'app',
      oid: 'e0000000-0000-4000-8000-000000000004',
      roles: ['IMAP.AccessAsApp'],
      sub: 'e0000000-0000-4000-8000-000000000004',
      tid: TENANT_ID,
      uti: expect.any(String) as string,
      ver: '1.0',
    });
  });

  it('for an application without consent has no roles', async () => {
    const { status, body } = await askForToken(demo, formOf(demo, 'liveagent-events'));
    expect(status).toBe(200);
    expect(decodeJwt(String(body['access_token']))).not.toHaveProperty('roles');
  });

  it('for a user names the user, and comes with the next refresh token; the one before stays good', async () => {
    const form = formOf(demo, 'jsm-service-desk');
    const { body } = await askForToken(demo, form);
    expect(body).toMatchObject({ scope: 'https://outlook.office.com/IMAP.AccessAsUser.All', expires_in: 310 });
    expect(decodeJwt(String(body['access_token']))).toMatchObject({
      aud: 'https://outlook.office.com',
      appid: JSM_APP,
      idtyp: 'user',
      scp: 'IMAP.AccessAsUser.All',
      upn: 'svc-jira@contoso.com',
      unique_name: 'svc-jira@contoso.com',
      oid: 'd0000000-0000-4000-8000-000000000001',
    });
    expect(body).not.toHaveProperty('id_token');
    const next = String(body['refresh_token']);
    expect(next).not.toBe(form['refresh_token']);
    for (const refresh_token of [next, form['refresh_token'] ?? '']) {
      expect((await askForToken(demo, { ...form, refresh_token })).status).toBe(200);
    }
  });

  it.each([
    ['with openid comes with an id token', 'openid offline_access', ['id_token', 'refresh_token']],
    ['without offline_access comes without a refresh token', '', []],
  ])('%s', async (_, more, expected) => {
    const scope = `https://outlook.office.com/IMAP.AccessAsUser.All ${more}`;
    const { body } = await askForToken(demo, { ...formOf(demo, 'jsm-service-desk'), scope });
    expect(['id_token', 'refresh_token'].filter((name) => name in body)).toEqual(expected);
  });

  it('may be asked for with the client in a header', async () => {
    const { client_id = '', client_secret = '', ...form } = formOf(demo, 'liveagent-sales');
    const basic = Buffer.from(`${client_id}:${encodeURIComponent(client_secret)}`).toString('base64');
    const { status } = await askForToken(demo, form, { headers: { authorization: `Basic ${basic}` } });
    expect(status).toBe(200);
  });

  it.each([TENANT_ID, 'contoso.com', 'Contoso.OnMicrosoft.com'])('may be asked for at %s', async (name) => {
    expect((await askForToken(demo, formOf(demo, 'liveagent-sales'), { tenant: name })).status).toBe(200);
  });

  it('verifies with the published key, which discovery leads to', async () => {
    const { endpoints } = demo;
    const discovery = await fetch(`${endpoints.login}/contoso.com/v2.0/.well-known/openid-configuration`);
    const { jwks_uri, issuer } = (await discovery.json()) as Record<string, string>;
    expect(issuer).toBe(`${endpoints.login}/${TENANT_ID}/v2.0`);
    const { keys } = (await (await fetch(jwks_uri ?? '')).json()) as { keys: { kid: string; d?: string }[] };
    const { body } = await askForToken(demo, formOf(demo, 'liveagent-sales'));
    expect(keys.map(({ kid }) => kid)).toEqual([decodeProtectedHeader(String(body['access_token'])).kid]);
    // The private part.
    expect(keys[0]).not.toHaveProperty('d');
  });
});

describe('a token that is refused', () => {
  const SALES = 'liveagent-sales';
  const JSM = 'jsm-service-desk';
  const EXCHANGE = 'https://outlook.office365.com/.default';

  interface Refusal {
    readonly says: RegExp;
    readonly code: number;
    readonly status: number;
    readonly error: string;
    readonly suberror?: string;
    readonly of: string;
    /** To the form; a parameter that is undefined is left out. */
    readonly changes?: Readonly<Record<string, string | undefined>>;
    readonly tenant?: string;
  }

  const REFUSALS: readonly Refusal[] = [
    {
      code: 90002,
      status: 400,
      error: 'invalid_request',
      says: /^Tenant 'fabrikam\.com' not found\./,
      of: SALES,
      tenant: 'fabrikam.com',
    },
    {
      code: 900144,
      status: 400,
      error: 'invalid_request',
      says: /parameter: 'grant_type'\.$/,
      of: SALES,
      changes: { grant_type: undefined },
    },
    {
      code: 900144,
      status: 400,
      error: 'invalid_request',
      says: /parameter: 'client_id'\.$/,
      of: SALES,
      changes: { client_id: undefined },
    },
    {
      code: 900144,
      status: 400,
      error: 'invalid_request',
      says: /^The request body must contain the following parameter: 'scope'\.$/,
      of: JSM,
      changes: { scope: undefined },
    },
    {
      code: 900144,
      status: 400,
      error: 'invalid_request',
      says: /parameter: 'refresh_token'\.$/,
      of: JSM,
      changes: { refresh_token: undefined },
    },
    {
      code: 70003,
      status: 400,
      error: 'unsupported_grant_type',
      says: /unsupported grant type 'password'/,
      of: SALES,
      changes: { grant_type: 'password' },
    },
    {
      code: 700016,
      status: 400,
      error: 'unauthorized_client',
      says: new RegExp(`^Application with identifier '${NOBODY}' was not found in the directory 'Contoso'\\.`),
      of: SALES,
      changes: { client_id: NOBODY },
    },
    {
      code: 7000218,
      status: 401,
      error: 'invalid_client',
      says: /^The request body must contain the following parameter: 'client_assertion' or 'client_secret'\.$/,
      of: SALES,
      changes: { client_secret: undefined },
    },
    {
      code: 7000215,
      status: 401,
      error: 'invalid_client',
      says: /^Invalid client secret provided\. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app 'a0000000-0000-4000-8000-000000000005'\.$/,
      of: 'liveagent-service',
    },
    {
      code: 7000222,
      status: 401,
      error: 'invalid_client',
      says: /^The provided client secret keys for app 'a0000000-0000-4000-8000-000000000002' are expired\. Visit the Azure portal to create new keys for your app: https:\/\/aka\.ms\/NewClientSecret, or consider using certificate credentials for added security: https:\/\/aka\.ms\/certCreds\.$/,
      of: 'jira-projects',
    },
    {
      code: 1002012,
      status: 400,
      error: 'invalid_scope',
      says: /^The provided value for scope https:\/\/outlook\.office\.com\/IMAP\.AccessAsUser\.All is not valid\. Client credential flows must have a scope value with \/\.default suffixed/,
      of: SALES,
      changes: { scope: 'https://outlook.office.com/IMAP.AccessAsUser.All' },
    },
    {
      code: 1002012,
      status: 400,
      error: 'invalid_scope',
      says: /is not valid/,
      of: SALES,
      changes: { scope: `${EXCHANGE} https://graph.microsoft.com/.default` },
    },
    {
      code: 500011,
      status: 400,
      error: 'invalid_resource',
      says: /^The resource principal named https:\/\/outlook\.office365\.us was not found in the tenant named Contoso\./,
      of: SALES,
      changes: { scope: 'https://outlook.office365.us/.default' },
    },
    {
      code: 70011,
      status: 400,
      error: 'invalid_scope',
      says: /The scope https:\/\/outlook\.office\.com\/Imap\.Everything is not valid\.$/,
      of: JSM,
      changes: { scope: 'https://outlook.office.com/Imap.Everything' },
    },
    {
      code: 70011,
      status: 400,
      error: 'invalid_scope',
      says: /is not valid\.$/,
      of: JSM,
      changes: { scope: 'https://outlook.office.com/SMTP.Send https://graph.microsoft.com/User.Read' },
    },
    {
      code: 28003,
      status: 400,
      error: 'invalid_request',
      says: /scope can't be empty/,
      of: JSM,
      changes: { scope: 'offline_access' },
    },
    {
      code: 65001,
      status: 400,
      error: 'invalid_grant',
      suberror: 'consent_required',
      says: /^The user or administrator has not consented to use the application with ID 'a0000000-0000-4000-8000-000000000007' named 'Contoso LiveAgent Legacy'\. Send an interactive authorization request for this user and resource\.$/,
      of: 'liveagent-academy',
    },
    {
      code: 65001,
      status: 400,
      error: 'invalid_grant',
      suberror: 'consent_required',
      says: /has not consented/,
      of: JSM,
      changes: { scope: 'https://graph.microsoft.com/User.Read' },
    },
    {
      code: 70000,
      status: 400,
      error: 'invalid_grant',
      says: /^Provided grant is invalid or malformed\.$/,
      of: JSM,
      changes: { refresh_token: '1.AUunknown' },
    },
  ];

  it.each(REFUSALS)('with AADSTS$code: $says', async ({ of, changes, tenant: name, ...expected }) => {
    const form = Object.entries({ ...formOf(demo, of), ...changes }).filter(([, value]) => value !== undefined);
    const asked = Object.fromEntries(form) as Record<string, string>;
    const { status, headers, body } = await askForToken(demo, asked, name === undefined ? {} : { tenant: name });
    expect({ status, ...body }).toMatchObject({
      status: expected.status,
      error: expected.error,
      error_codes: [expected.code],
    });
    expect(body['suberror']).toBe(expected.suberror);
    const [, says = '', traceId, correlationId, timestamp] =
      /^AADSTS\d+: (.+) Trace ID: (\S+) Correlation ID: (\S+) Timestamp: (\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ)$/.exec(
        String(body['error_description']),
      ) ?? [];
    expect(says).toMatch(expected.says);
    expect(body).toMatchObject({ trace_id: traceId, correlation_id: correlationId, timestamp });
    expect(headers.get('x-ms-request-id')).toBe(traceId);
    expect(headers.get('cache-control')).toBe('no-store, no-cache');
    for (const secret of demo.secretsInUse()) expect(JSON.stringify(body)).not.toContain(secret);
  });

  it('keeps the names and their order as captured in 2026-09', async () => {
    const { body } = await askForToken(demo, formOf(demo, 'jira-projects'));
    expect(Object.keys(body)).toEqual([
      'error',
      'error_description',
      'error_codes',
      'timestamp',
      'trace_id',
      'correlation_id',
      'error_uri',
    ]);
    expect(body['error_uri']).toBe('https://login.microsoftonline.com/error?code=7000222');
  });

  it("takes the client's correlation id", async () => {
    const headers = { 'client-request-id': NOBODY };
    const { body } = await askForToken(demo, formOf(demo, 'jira-projects'), { headers });
    expect(body['correlation_id']).toBe(NOBODY);
  });

  it("when the refresh token is another app's", async () => {
    const { refresh_token = '' } = formOf(demo, 'jira-marketing');
    const { body } = await askForToken(demo, { ...formOf(demo, JSM), refresh_token });
    expect(body['error_codes']).toEqual([70000]);
  });

  it('when the user is disabled, and no longer when enabled again', async () => {
    const user = userIn(demo.world, 'svc-jira@contoso.com');
    user.accountEnabled = false;
    const disabled = await askForToken(demo, formOf(demo, JSM));
    user.accountEnabled = true;
    expect(disabled).toMatchObject({ status: 400, body: { error: 'invalid_grant', error_codes: [50057] } });
    expect((await askForToken(demo, formOf(demo, JSM))).status).toBe(200);
  });

  it('when the grant was revoked: AADSTS50173 with both times', async () => {
    const user = userIn(demo.world, 'svc-jira@contoso.com');
    const issued = new Date(clock).toISOString();
    user.tokensValidFrom = clock + HOUR;
    const { body } = await askForToken(demo, formOf(demo, JSM));
    user.tokensValidFrom = 0;
    expect(body).toMatchObject({ error: 'invalid_grant', suberror: 'bad_token', error_codes: [50173] });
    const validFrom = new Date(clock + HOUR).toISOString();
    expect(body['error_description']).toContain(`The grant was issued on '${issued}' and the TokensValidFrom date`);
    expect(body['error_description']).toContain(`for this user is '${validFrom}'.`);
  });

  it('when the refresh token was not used for 90 days, and not a moment earlier', async () => {
    const form = formOf(demo, JSM);
    const start = clock;
    clock = start + 90 * DAY - 1;
    expect((await askForToken(demo, form)).status).toBe(200);
    clock = start + 90 * DAY;
    const { body } = await askForToken(demo, form);
    clock = start;
    expect(body['error_codes']).toEqual([700082]);
  });
});
