import { Client, GraphError, PageIterator, type PageCollection } from '@microsoft/microsoft-graph-client';
import type { Application } from '@microsoft/microsoft-graph-types';
import type { DemoTenant } from '../../local/demo-tenant/demo-tenant';
import { toApplication } from '../../local/demo-tenant/graph/application';
import { createTokenSigner } from '../../local/demo-tenant/login/tokens';
import { appIn } from '../../local/demo-tenant/world';
import { DAY, HOUR } from '../../shared/core/time';
import { startTenant, type StartedTenant } from './started-tenant';
import { askForToken, formOf } from './token-requests';

const JSM_APP = 'a0000000-0000-4000-8000-000000000001';
const NOBODY = 'ffffffff-0000-4000-8000-000000000000';

let tenant: StartedTenant;
let demo: DemoTenant;
let clock = Date.now();

beforeAll(async () => {
  tenant = await startTenant({ now: () => clock });
  demo = tenant.demo;
});

afterAll(() => tenant.end());

/** Mailbox Watch's own token, for this scope. */
async function monitorToken(scope = `${demo.endpoints.graph}/.default`): Promise<string> {
  const { clientId, credentialFile, secretFiles } = demo.world.monitor;
  const client_secret = secretFiles.get(credentialFile) ?? '';
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret, scope };
  return String((await askForToken(demo, form)).body['access_token']);
}

/** Microsoft's own client, as it comes. */
function graphClient(token: string): Client {
  return Client.init({
    baseUrl: demo.endpoints.graph,
    customHosts: new Set(['localhost']),
    authProvider: (done) => {
      done(null, token);
    },
  });
}

async function read(path: string, token: string): Promise<unknown> {
  return graphClient(token).api(path).get();
}

describe('an application', () => {
  it('shows its credentials: hints, ids and dates, never a secret', async () => {
    const application = (await read(`/applications(appId='${JSM_APP}')`, await monitorToken())) as Application;
    const { secrets } = appIn(demo.world, JSM_APP);
    expect(application).toMatchObject({
      '@odata.context': `${demo.endpoints.graph}/v1.0/$metadata#applications/$entity`,
      id: 'b0000000-0000-4000-8000-000000000001',
      appId: JSM_APP,
      displayName: 'Contoso Jira Service Management',
      keyCredentials: [],
      passwordCredentials: secrets.map(({ keyId, value }) => ({ keyId, hint: value.slice(0, 3), secretText: null })),
    });
    const daysLeft = application.passwordCredentials?.map(({ endDateTime }) =>
      Math.round((Date.parse(endDateTime ?? '') - clock) / DAY),
    );
    expect(daysLeft).toEqual([300, 20]);
    for (const { value } of secrets) expect(JSON.stringify(application)).not.toContain(value);
  });

  it('has the properties that $select names', async () => {
    const selected = await read(`/applications(appId='${JSM_APP}')?$select=id,displayName`, await monitorToken());
    expect(selected).toEqual({
      '@odata.context': `${demo.endpoints.graph}/v1.0/$metadata#applications(id,displayName)/$entity`,
      id: 'b0000000-0000-4000-8000-000000000001',
      displayName: 'Contoso Jira Service Management',
    });
  });

  it('shows a certificate without its key', () => {
    const certificate = {
      keyId: NOBODY,
      displayName: 'CN=helpdesk',
      thumbprint: '9F8C1E',
      certificate: '',
      startsAt: Date.UTC(2026, 0, 1),
      endsAt: Date.UTC(2027, 0, 1),
    };
    const app = { ...appIn(demo.world, JSM_APP), certificates: [certificate] };
    expect(toApplication(app, demo.world.tenant).keyCredentials).toEqual([
      {
        customKeyIdentifier: '9F8C1E',
        displayName: 'CN=helpdesk',
        endDateTime: '2027-01-01T00:00:00Z',
        key: null,
        keyId: NOBODY,
        startDateTime: '2026-01-01T00:00:00Z',
        type: 'AsymmetricX509Cert',
        usage: 'Verify',
      },
    ]);
  });

  it.each([
    ['secret-expired:jira-projects', 'a0000000-0000-4000-8000-000000000002', -3],
    ['secret-ends-soon:liveagent-sales', 'a0000000-0000-4000-8000-000000000004', 6],
  ])('shows %s, and the new secret beside it when it is repaired', async (fault, appId, days) => {
    const token = await monitorToken();
    const daysLeft = async () => {
      const { passwordCredentials } = (await read(`/applications(appId='${appId}')`, token)) as Application;
      return passwordCredentials?.map(({ endDateTime }) => Math.round((Date.parse(endDateTime ?? '') - clock) / DAY));
    };
    expect(await daysLeft()).toEqual([days]);
    await demo.repair(fault);
    expect(await daysLeft()).toEqual([365, days]);
    await demo.breakAgain(fault);
    expect(await daysLeft()).toEqual([days]);
  });
});

it('lists every application, over pages that lead to each other', async () => {
  const client = graphClient(await monitorToken());
  const first = (await client.api('/applications').top(4).select('appId').get()) as PageCollection;
  expect(first.value).toHaveLength(4);
  const appIds: unknown[] = [];
  await new PageIterator(client, first, ({ appId }: Application) => appIds.push(appId) > 0).iterate();
  expect(appIds).toEqual(demo.world.tenant.apps.map(({ appId }) => appId));
});

describe('a request that is refused', () => {
  type Refused = readonly [why: string, status: number, code: string, message: RegExp, ask: () => Promise<unknown>];
  const ONE = `/applications(appId='${JSM_APP}')`;
  const TOKEN = 'InvalidAuthenticationToken';

  const REFUSED: readonly Refused[] = [
    ['the token is none', 401, TOKEN, /^Access token validation failure\.$/, () => read(ONE, 'abc')],
    ['the token is signed by somebody else', 401, TOKEN, /^Access token validation failure\.$/, signedByAnother],
    ['the token is for Exchange', 401, TOKEN, /Invalid audience\.$/, withTokenForExchange],
    ['the token has ended', 401, TOKEN, /^Lifetime validation failed, the token is expired\.$/, withExpiredToken],
    [
      'the app lacks the permission',
      403,
      'Authorization_RequestDenied',
      /^Insufficient privileges to complete the operation\.$/,
      withHelpdeskToken,
    ],
    [
      'there is no such application',
      404,
      'Request_ResourceNotFound',
      new RegExp(
        `^Resource '${NOBODY}' does not exist or one of its queried reference-property objects are not present`,
      ),
      async () => read(`/applications(appId='${NOBODY}')`, await monitorToken()),
    ],
    [
      '$select names a property that does not exist',
      400,
      'BadRequest',
      /Could not find a property named 'secret' on type 'microsoft\.graph\.application'\.$/,
      async () => read(`${ONE}?$select=id,secret`, await monitorToken()),
    ],
    ['nothing is there', 400, 'BadRequest', /segment 'teams'/, async () => read('/teams', await monitorToken())],
  ];

  async function signedByAnother(): Promise<unknown> {
    const signer = await createTokenSigner();
    const payload = (await monitorToken()).split('.')[1] ?? '';
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    return read(ONE, await signer.sign(claims, clock, 300));
  }

  async function withTokenForExchange(): Promise<unknown> {
    return read(ONE, await monitorToken('https://outlook.office365.com/.default'));
  }

  async function withExpiredToken(): Promise<unknown> {
    const token = await monitorToken();
    clock += HOUR;
    return read(ONE, token);
  }

  async function withHelpdeskToken(): Promise<unknown> {
    const form = { ...formOf(demo, 'liveagent-sales'), scope: 'https://graph.microsoft.com/.default' };
    return read(ONE, String((await askForToken(demo, form)).body['access_token']));
  }

  it.each(REFUSED)('because %s', async (_, statusCode, code, message, ask) => {
    const error: unknown = await ask().catch((thrown: unknown) => thrown);
    if (!(error instanceof GraphError)) throw new Error('Graph did not refuse');
    expect(error).toMatchObject({ statusCode, code });
    expect(error.message).toMatch(message);
  });

  it('because there is no token has the envelope that Graph documents', async () => {
    const url = `${demo.endpoints.graph}/v1.0/applications`;
    const response = await fetch(url, { headers: { 'client-request-id': NOBODY } });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      error: {
        code: 'InvalidAuthenticationToken',
        message: 'Access token is empty.',
        innerError: {
          date: new Date(clock).toISOString().slice(0, 19),
          'request-id': response.headers.get('request-id'),
          'client-request-id': NOBODY,
        },
      },
    });
  });
});
