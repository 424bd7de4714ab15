import type { ScriptedAnswer } from '../../support/scripted-https-server';
import { CONFIDENTIAL, issued, MAILBOX, REFRESH_REFERENCE, tokenBench } from '../token-bench';

const bench = tokenBench();
const GOOGLE = {
  provider: 'google',
  flow: 'delegated',
  tenant: 'google',
  clientId: '1234-abcd.apps.googleusercontent.com',
  scopes: ['https://mail.google.com/'],
} as const;

/** As Google's endpoint says no: no codes, no ids. */
function refused(status: number, error: string, error_description: string): ScriptedAnswer {
  return { status, body: { error, error_description } };
}

describe('a token of Google', () => {
  it('is asked for with the refresh token at Google’s own endpoint, once an hour', async () => {
    bench.answer = () => issued(CONFIDENTIAL.opaqueToken);
    const ask = bench.probe();
    const { reading, bearer } = await ask(GOOGLE);
    expect(bearer).toBe(CONFIDENTIAL.opaqueToken);
    expect(reading).toMatchObject({ outcome: 'seen', value: { issued: true } });
    expect(reading).not.toHaveProperty('value.claims');
    expect(bench.asked).toEqual([
      {
        grant_type: 'refresh_token',
        client_id: GOOGLE.clientId,
        client_secret: CONFIDENTIAL.clientSecret,
        refresh_token: CONFIDENTIAL.refreshToken,
      },
    ]);
    await ask(GOOGLE);
    expect(bench.asked).toHaveLength(1);
    bench.now += 3_600_000;
    await ask(GOOGLE);
    expect(bench.asked).toHaveLength(2);
  });

  it('keeps the refresh token that an answer brings', async () => {
    bench.answer = () => issued(CONFIDENTIAL.opaqueToken, { refresh_token: CONFIDENTIAL.rotatedToken });
    await bench.probe()(GOOGLE);
    expect(bench.secrets.values.get(REFRESH_REFERENCE)).toBe(CONFIDENTIAL.rotatedToken);
  });

  it.each([
    [400, 'invalid_grant', 'Token has been expired or revoked.'],
    [401, 'invalid_client', 'The provided client secret is invalid.'],
    [401, 'deleted_client', 'The OAuth client was deleted.'],
    [401, 'unauthorized_client', 'Unauthorized'],
    [400, 'admin_policy_enforced', 'Access to this app is restricted.'],
  ])('is refused with %i %s', async (status, error, description) => {
    bench.answer = () => refused(status, error, description);
    const { reading, bearer } = await bench.probe()(GOOGLE);
    expect(bearer).toBeUndefined();
    expect(reading).toMatchObject({ outcome: 'seen', value: { issued: false, error, aadsts: [], description } });
  });

  it.each([
    ['429', { status: 429, body: { error: 'rate_limit_exceeded' } }, 'throttled'],
    ['503', { status: 503, body: 'Service Unavailable' }, 'server-error'],
    ['HTML', { status: 200, body: '<h1>Welcome to the hotel</h1>' }, 'malformed'],
    ['a yes without a token', { body: { token_type: 'Bearer' } }, 'malformed'],
    ['a broken connection', 'break' as const, 'unreachable'],
  ])('%s proves nothing', async (_, said, reason) => {
    bench.answer = () => said;
    const { reading } = await bench.probe()(GOOGLE);
    expect(reading).toMatchObject({ outcome: 'blind', reason });
  });

  it('is not asked for without what Google wants', async () => {
    const { reading } = await bench.probe()({ ...GOOGLE, flow: 'application' }, { address: MAILBOX.address });
    expect(reading).toMatchObject({ outcome: 'blind', reason: 'not-configured' });
    expect(bench.asked).toEqual([]);
  });
});
