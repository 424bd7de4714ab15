import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { BlindReason } from '../../shared/core/reading';
import { FLOWS } from '../../shared/core/subject';
import { HOUR } from '../../shared/core/time';
import { selfSigned } from '../support/certificates';
import { startScriptedHttpsServer, type ScriptedAnswer } from '../support/scripted-https-server';
import { CORRELATION_ID, ENTRA_REFUSALS, entraAnswer, TRACE_ID } from './entra-refusals';
import { CONFIDENTIAL, issued, jwt, REFRESH_REFERENCE, SECRET_REFERENCE, tokenBench } from './token-bench';

const bench = tokenBench();
const [EXPIRED_SECRET] = ENTRA_REFUSALS;
if (EXPIRED_SECRET === undefined) throw new Error('no refusals to test with');

describe('a refusal', () => {
  const rows = FLOWS.flatMap((flow) => ENTRA_REFUSALS.map((refusal) => ({ flow, ...refusal })));

  it.each(rows)('AADSTS$aadsts, $flow flow', async ({ flow, ...refusal }) => {
    bench.answer = () => entraAnswer(refusal);
    const { reading, bearer } = await bench.probe()({ flow });
    const suberror = refusal.more?.['suberror'];
    expect(bearer).toBeUndefined();
    expect(reading).toEqual({
      outcome: 'seen',
      value: {
        issued: false,
        error: refusal.error,
        aadsts: [refusal.aadsts],
        description: `AADSTS${refusal.aadsts}: ${refusal.sentence}`,
        ...(suberror !== undefined && { suberror }),
        traceId: TRACE_ID,
        correlationId: CORRELATION_ID,
        ms: 0,
      },
    });
  });

  it('names the special number before the general one, and loses the trailer of older days', async () => {
    bench.answer = () => {
      const { status, body } = entraAnswer(EXPIRED_SECRET, '\r\n');
      return { status, body: { ...body, error_codes: [70002, 50012] } };
    };
    expect((await bench.probe()()).reading).toMatchObject({
      value: { aadsts: [50012, 70002], description: `AADSTS7000222: ${EXPIRED_SECRET.sentence}` },
    });
  });

  it('is a refusal without any number too', async () => {
    bench.answer = () => ({ status: 400, body: { error: 'invalid_grant' } });
    expect((await bench.probe()()).reading).toMatchObject({
      value: { issued: false, error: 'invalid_grant', aadsts: [] },
    });
  });

  it('comes from the search for the endpoint where that already says no', async () => {
    bench.discoveryAnswer = entraAnswer({ ...EXPIRED_SECRET, aadsts: 90002, error: 'invalid_tenant', status: 400 });
    for (const flow of FLOWS) {
      expect((await bench.probe()({ flow })).reading).toMatchObject({ value: { issued: false, aadsts: [90002] } });
    }
    expect(bench.asked).toEqual([]);
  });

  it('tells no secret that an endpoint sends back', async () => {
    bench.answer = (form) => ({
      status: 400,
      body: {
        error: 'invalid_request',
        error_description: `Got ${form['client_secret']} and ${form['refresh_token']}.`,
      },
    });
    expect((await bench.probe()({ flow: 'delegated' })).reading).toMatchObject({
      value: { description: 'Got <withheld> and <withheld>.' },
    });
  });
});

describe('a token', () => {
  it('of the application is asked for with the secret and the scopes as configured, right or wrong', async () => {
    bench.answer = () => issued(CONFIDENTIAL.opaqueToken);
    const scopes = ['https://outlook.office365.com/.default', 'https://Graph.microsoft.com/Mail.Read'];
    await bench.probe()({ scopes });
    expect(bench.asked).toMatchObject([
      { grant_type: 'client_credentials', client_secret: CONFIDENTIAL.clientSecret, scope: scopes.join(' ') },
    ]);
  });

  it('of a delegate is asked for with the refresh token, and with the scopes as configured', async () => {
    bench.answer = () => issued(CONFIDENTIAL.opaqueToken);
    await bench.probe()({
      flow: 'delegated',
      scopes: ['https://graph.microsoft.com/IMAP.AccessAsUser.All', 'offline_access'],
    });
    expect(bench.asked).toMatchObject([
      {
        grant_type: 'refresh_token',
        refresh_token: CONFIDENTIAL.refreshToken,
        client_secret: CONFIDENTIAL.clientSecret,
        scope: 'https://graph.microsoft.com/IMAP.AccessAsUser.All offline_access openid profile',
      },
    ]);
  });

  it.each([
    {
      version: '1.0 of an application',
      payload: {
        aud: 'https://outlook.office365.com',
        tid: 'a1b2c3d4-0000-4000-8000-000000000001',
        appid: '11111111-2222-4333-8444-555555555555',
        roles: ['IMAP.AccessAsApp'],
        oid: 'service-principal',
        exp: 1_800_000_000,
        idtyp: 'app',
      },
      claims: {
        aud: 'https://outlook.office365.com',
        tid: 'a1b2c3d4-0000-4000-8000-000000000001',
        appid: '11111111-2222-4333-8444-555555555555',
        roles: ['IMAP.AccessAsApp'],
        oid: 'service-principal',
        exp: 1_800_000_000_000,
      },
    },
    {
      version: '1.0 of a user',
      payload: {
        aud: 'https://outlook.office.com',
        scp: 'IMAP.AccessAsUser.All  SMTP.Send',
        upn: 'Svc-Jira@Contoso.com',
      },
      claims: {
        aud: 'https://outlook.office.com',
        scp: ['IMAP.AccessAsUser.All', 'SMTP.Send'],
        user: 'svc-jira@contoso.com',
      },
    },
    {
      version: '1.0 of a guest',
      payload: { unique_name: 'live.com#Guest@fabrikam.com' },
      claims: { user: 'live.com#guest@fabrikam.com' },
    },
    {
      version: '2.0',
      payload: { azp: 'an-app', preferred_username: 'svc-jira@contoso.com' },
      claims: { appid: 'an-app', user: 'svc-jira@contoso.com' },
    },
  ])('of version $version shows its claims', async ({ payload, claims }) => {
    const token = jwt(payload);
    bench.answer = () => issued(token);
    const { reading, bearer } = await bench.probe()();
    expect(bearer).toBe(token);
    expect(reading).toMatchObject({ outcome: 'seen', value: { issued: true, ms: 0 } });
    expect(reading).toHaveProperty('value.claims', claims);
  });

  it.each([
    ['is opaque', CONFIDENTIAL.opaqueToken],
    ['is encrypted', 'header.key.iv.ciphertext.tag'],
    ['only looks like a JWT', 'one.two.three'],
    ['has a claim of another type', jwt({ aud: 7 })],
  ])('that %s is as good, without claims', async (_, token) => {
    bench.answer = () => issued(token);
    const { reading, bearer } = await bench.probe()();
    expect(bearer).toBe(token);
    expect(reading).toMatchObject({ outcome: 'seen', value: { issued: true } });
    expect(reading).not.toHaveProperty('value.claims');
  });

  it.each(FLOWS)('tells when it ends and what it took, %s flow', async (flow) => {
    bench.answer = () => {
      bench.now += 250;
      return issued(CONFIDENTIAL.opaqueToken);
    };
    const startedAt = Date.now();
    const { reading } = await bench.probe()({ flow });
    if (reading.outcome !== 'seen' || !reading.value.issued) throw new Error('no token');
    expect(reading.value.ms).toBe(250);
    expect(Math.abs(reading.value.expiresAt - startedAt - HOUR)).toBeLessThan(10_000);
  });
});

describe('no word from the endpoint', () => {
  const rows: readonly { what: string; said: ScriptedAnswer; reason: BlindReason; detail: string }[] = [
    {
      what: 'HTML with 502',
      said: { status: 502, body: '<h1>Bad Gateway</h1>' },
      reason: 'server-error',
      detail: 'HTTP 502',
    },
    {
      what: 'JSON with 500',
      said: { status: 500, body: { error: 'oops' } },
      reason: 'server-error',
      detail: 'HTTP 500',
    },
    {
      what: 'HTML with 200',
      said: { body: '<html>Sign in to the proxy</html>' },
      reason: 'malformed',
      detail: 'HTTP 200',
    },
    { what: 'JSON cut short', said: { body: '{"access_token": "EwB' }, reason: 'malformed', detail: 'HTTP 200' },
    { what: 'null', said: { body: null }, reason: 'malformed', detail: 'HTTP 200' },
    { what: 'no token', said: { body: { token_type: 'Bearer' } }, reason: 'malformed', detail: 'HTTP 200' },
    { what: 'HTML with 403', said: { status: 403, body: 'no' }, reason: 'malformed', detail: 'HTTP 403' },
    { what: '429', said: { status: 429 }, reason: 'throttled', detail: 'HTTP 429' },
    {
      what: 'AADSTS90055',
      said: entraAnswer({ aadsts: 90055, status: 400, error: 'invalid_request', sentence: 'Too many requests.' }),
      reason: 'throttled',
      detail: 'HTTP 400',
    },
    {
      what: 'a redirect to elsewhere',
      said: { status: 307, headers: { Location: 'https://127.0.0.1:1/' } },
      reason: 'malformed',
      detail: 'HTTP 307',
    },
  ];

  it.each(FLOWS.flatMap((flow) => rows.map((row) => ({ flow, ...row }))))(
    '$what is $reason, $flow flow',
    async ({ flow, said, reason, detail }) => {
      bench.answer = () => said;
      const { reading, bearer } = await bench.probe()({ flow });
      expect(bearer).toBeUndefined();
      expect(reading).toMatchObject({ outcome: 'blind', reason });
      expect(reading).toHaveProperty('detail', expect.stringContaining(detail));
      expect(reading).toHaveProperty('detail', expect.stringContaining('11111111-2222-4333-8444-555555555555'));
      expect(bench.asked).toHaveLength(1);
    },
  );

  it.each(FLOWS)('an endpoint that hangs is a timeout, also in the search for it, %s flow', async (flow) => {
    bench.answer = () => 'hang';
    const timeOut = {
      outcome: 'blind',
      reason: 'timeout',
      detail: expect.stringContaining('no answer in 0.15 s') as string,
    };
    expect((await bench.probe({ deadlineMs: 150 })({ flow })).reading).toMatchObject(timeOut);
    bench.discoveryAnswer = 'hang';
    expect((await bench.probe({ deadlineMs: 150 })({ flow })).reading).toMatchObject(timeOut);
    expect(bench.asked).toHaveLength(1);
  });

  it.each(FLOWS)(
    'a connection that breaks is unreachable, also when the search before it went well, %s flow',
    async (flow) => {
      bench.answer = () => 'break';
      const { reading } = await bench.probe()({ flow });
      expect(reading).toMatchObject({ outcome: 'blind', reason: 'unreachable' });
      expect(reading).toHaveProperty('detail', expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/));
      expect(bench.asked).toHaveLength(1);
    },
  );

  it.each(FLOWS)('a port where nobody listens is unreachable, %s flow', async (flow) => {
    const placeholder = createServer().listen(0, '127.0.0.1');
    await once(placeholder, 'listening');
    const { port } = placeholder.address() as AddressInfo;
    placeholder.close();
    await once(placeholder, 'close');
    const { reading } = await bench.probe()({ flow, loginAuthority: `https://127.0.0.1:${port}` });
    expect(reading).toMatchObject({ outcome: 'blind', reason: 'unreachable' });
    expect(reading).toHaveProperty('detail', expect.stringContaining('ECONNREFUSED'));
  });

  it.each(FLOWS)('a certificate that nobody vouches for is unreachable, %s flow', async (flow) => {
    const stranger = await startScriptedHttpsServer(await selfSigned());
    try {
      const { reading } = await bench.probe()({ flow, loginAuthority: stranger.origin });
      expect(reading).toMatchObject({ outcome: 'blind', reason: 'unreachable' });
      expect(reading).toHaveProperty('detail', expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'));
      expect(stranger.requests).toEqual([]);
    } finally {
      await stranger.close();
    }
  });
});

describe('nothing to ask with', () => {
  it.each([
    ['the client secret', 'application' as const, SECRET_REFERENCE],
    ['the refresh token', 'delegated' as const, REFRESH_REFERENCE],
  ])('%s is not there', async (_, flow, reference) => {
    bench.secrets.values.delete(reference);
    const { reading } = await bench.probe()({ flow });
    expect(reading).toEqual({ outcome: 'blind', reason: 'not-configured', detail: `${reference} is not set. Set it.` });
    expect(bench.asked).toEqual([]);
  });

  it('the mailbox names no refresh token', async () => {
    const { reading } = await bench.probe()({ flow: 'delegated' }, { address: 'support@contoso.com' });
    expect(reading).toMatchObject({ outcome: 'blind', reason: 'not-configured' });
  });

  it('the store of secrets has a fault', async () => {
    Object.assign(bench.secrets, {
      read: async () => {
        throw new RangeError(`do not tell ${CONFIDENTIAL.clientSecret}`);
      },
    });
    expect((await bench.probe()()).reading).toMatchObject({
      outcome: 'blind',
      reason: 'crashed',
      detail: expect.stringContaining('RangeError') as string,
    });
  });
});
