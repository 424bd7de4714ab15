import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMonitorCredential } from '../../shared/probes/monitor-credential';
import { memorySecrets } from '../support/memory-secrets';
import { CONFIDENTIAL, issued, SECRET_REFERENCE, tokenBench } from './token-bench';

const CLIENT_ID = '99999999-2222-4333-8444-555555555555';
const GRAPH_SCOPE = 'https://graph.microsoft.com/.default';
const ELSEWHERE = { loginAuthority: 'https://127.0.0.1:1', tenant: 'contoso.onmicrosoft.com' };

it('is none where the monitor has no sign-in', () => {
  expect(createMonitorCredential({ kind: 'none' }, ELSEWHERE, memorySecrets({}))).toBeUndefined();
});

describe('a sign-in with a client secret', () => {
  const bench = tokenBench();
  const credential = () =>
    createMonitorCredential(
      { kind: 'client-secret', clientId: CLIENT_ID, clientSecretReference: SECRET_REFERENCE },
      { loginAuthority: bench.origin(), tenant: 'contoso.onmicrosoft.com' },
      bench.secrets,
    );

  it('reads the secret when a token is first needed, and asks once for many', async () => {
    bench.answer = () => issued(CONFIDENTIAL.opaqueToken);
    const read = jest.spyOn(bench.secrets, 'read');
    const signIn = credential();
    expect(read).not.toHaveBeenCalled();
    expect(await signIn?.getToken(GRAPH_SCOPE)).toMatchObject({ token: CONFIDENTIAL.opaqueToken });
    await signIn?.getToken(GRAPH_SCOPE);
    expect(bench.asked).toMatchObject([
      { client_id: CLIENT_ID, client_secret: CONFIDENTIAL.clientSecret, scope: GRAPH_SCOPE },
    ]);
  });

  it('says who was refused, and where to correct it', async () => {
    bench.answer = () => ({
      status: 401,
      body: { error: 'invalid_client', error_description: 'AADSTS7000222: Expired.', error_codes: [7000222] },
    });
    await expect(credential()?.getToken(GRAPH_SCOPE)).rejects.toMatchObject({
      name: 'SignInError',
      reading: {
        reason: 'denied',
        detail: `Mailbox Watch itself cannot sign in to contoso.onmicrosoft.com as app ${CLIENT_ID}: AADSTS7000222: Expired. Correct monitor.signIn in the configuration, or the secret at ${SECRET_REFERENCE}.`,
      },
    });
  });

  it('says when the secret is not there', async () => {
    bench.secrets.values.clear();
    await expect(credential()?.getToken(GRAPH_SCOPE)).rejects.toMatchObject({ reading: { reason: 'not-configured' } });
  });
});

describe('a sign-in with the managed identity', () => {
  const asked: (string | undefined)[] = [];
  let identity: Server;
  let status = 200;

  beforeAll(async () => {
    // What App Service, and Functions with it, offers the app in its environment.
    identity = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status, { 'Content-Type': 'application/json' });
      const inAnHour = Math.floor(Date.now() / 1000) + 3600;
      const token = {
        access_token: CONFIDENTIAL.opaqueToken,
        expires_on: inAnHour,
        resource: 'r',
        token_type: 'Bearer',
      };
      response.end(JSON.stringify(status === 200 ? token : { statusCode: status, message: 'No such identity' }));
    }).listen(0, '127.0.0.1');
    await once(identity, 'listening');
    const { port } = identity.address() as AddressInfo;
    jest.replaceProperty(process, 'env', {
      ...process.env,
      IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`,
      IDENTITY_HEADER: 'header',
    });
  });

  afterAll(async () => {
    jest.restoreAllMocks();
    identity.close();
    identity.closeAllConnections();
    await once(identity, 'close');
  });

  it('gets its token from the platform', async () => {
    const credential = createMonitorCredential(
      { kind: 'managed-identity', clientId: CLIENT_ID },
      ELSEWHERE,
      memorySecrets({}),
    );
    expect(await credential?.getToken(GRAPH_SCOPE)).toMatchObject({ token: CONFIDENTIAL.opaqueToken });
    expect(asked).toEqual([expect.stringContaining('resource=https%3A%2F%2Fgraph.microsoft.com')]);
    expect(asked[0]).toContain(`client_id=${CLIENT_ID}`);
  });

  it('says where it is switched on', async () => {
    status = 400;
    const credential = createMonitorCredential({ kind: 'managed-identity' }, ELSEWHERE, memorySecrets({}));
    await expect(credential?.getToken('https://other.example/.default')).rejects.toMatchObject({
      name: 'SignInError',
      reading: { reason: 'denied', detail: expect.stringContaining('Function app > Settings > Identity') as string },
    });
  });
});
