import { setImmediate } from 'node:timers/promises';
import { SecretUnavailableError } from '../../shared/core/ports';
import { FLOWS } from '../../shared/core/subject';
import { MINUTE } from '../../shared/core/time';
import { CONFIDENTIAL, issued, MAILBOX, REFRESH_REFERENCE, SECRET_REFERENCE, tokenBench } from './token-bench';

const bench = tokenBench();
const times = <T>(count: number, look: () => Promise<T>) => Promise.all(Array.from({ length: count }, look));

describe('a token that was issued', () => {
  beforeEach(() => {
    // MSAL counts the life of a token from the real time.
    bench.answer = () => {
      bench.now += 250;
      return issued(`EwB-token-${bench.asked.length}`, { expires_in: 3599 + (bench.now - Date.now()) / 1000 });
    };
  });

  it.each(FLOWS)('serves twenty callers at once and all later ones, %s flow', async (flow) => {
    const look = bench.probe();
    const bearers = (await times(20, () => look({ flow }))).map(({ bearer }) => bearer);
    expect(new Set(bearers)).toEqual(new Set(['EwB-token-1']));
    bench.now += 50 * MINUTE;
    const later = await look({ flow });
    expect(later).toMatchObject({ bearer: 'EwB-token-1', reading: { value: { issued: true, ms: 0 } } });
    expect(bench.asked).toHaveLength(1);
  });

  it('is asked for anew when less than five minutes of it are left', async () => {
    const look = bench.probe();
    await look();
    bench.now += 56 * MINUTE;
    expect((await look()).bearer).toBe('EwB-token-2');
    expect((await look()).bearer).toBe('EwB-token-2');
    expect(bench.asked).toHaveLength(2);
  });

  it('is not used with another secret', async () => {
    const look = bench.probe();
    await look();
    bench.secrets.values.set(SECRET_REFERENCE, CONFIDENTIAL.newClientSecret);
    expect((await look()).bearer).toBe('EwB-token-2');
    expect(bench.asked[1]).toMatchObject({ client_secret: CONFIDENTIAL.newClientSecret });
  });

  it.each([
    ['tenant', { tenant: 'fabrikam.onmicrosoft.com' }],
    ['app', { clientId: '99999999-2222-4333-8444-555555555555' }],
    ['scope', { scopes: ['https://graph.microsoft.com/.default'] }],
    ['flow', { flow: 'delegated' as const }],
  ])('is not used for another %s', async (_, other) => {
    const look = bench.probe();
    await look();
    expect((await look(other)).bearer).toBe('EwB-token-2');
    expect((await look()).bearer).toBe('EwB-token-1');
  });

  it('is the delegate’s own', async () => {
    bench.secrets.values.set('file:secrets/another', '0.AXkA-another-delegate');
    const look = bench.probe();
    await look({ flow: 'delegated' });
    expect(
      (await look({ flow: 'delegated' }, { ...MAILBOX, refreshTokenReference: 'file:secrets/another' })).bearer,
    ).toBe('EwB-token-2');
    expect((await look({ flow: 'delegated' }, { ...MAILBOX, address: 'billing@contoso.com' })).bearer).toBe(
      'EwB-token-1',
    );
  });
});

describe('a request that gave no token', () => {
  const refused = { status: 401, body: { error: 'invalid_client', error_codes: [7000222] } };

  it('is one request for forty mailboxes, and another a minute later', async () => {
    bench.answer = () => refused;
    const look = bench.probe();
    await times(20, () => look());
    await times(20, () => look());
    expect(bench.asked).toHaveLength(1);
    bench.now += MINUTE;
    expect((await look()).reading).toMatchObject({ value: { issued: false, aadsts: [7000222] } });
    expect(bench.asked).toHaveLength(2);
  });

  it('does not keep a corrected secret waiting', async () => {
    bench.answer = ({ client_secret }) =>
      client_secret === CONFIDENTIAL.clientSecret ? refused : issued(CONFIDENTIAL.opaqueToken);
    const look = bench.probe();
    await look();
    bench.secrets.values.set(SECRET_REFERENCE, CONFIDENTIAL.newClientSecret);
    expect((await look()).reading).toMatchObject({ value: { issued: true } });
  });

  it.each([
    ['seconds', () => '120'],
    ['a date', () => new Date(bench.now + 120_000).toUTCString()],
  ])('waits as long as Retry-After says in %s', async (_, retryAfter) => {
    bench.answer = () => ({ status: 429, headers: { 'Retry-After': retryAfter() } });
    const look = bench.probe();
    await look();
    bench.now += 2 * MINUTE - 2000;
    expect((await look()).reading).toMatchObject({ outcome: 'blind', reason: 'throttled' });
    expect(bench.asked).toHaveLength(1);
    bench.now += 2000;
    await look();
    expect(bench.asked).toHaveLength(2);
  });

  it('waits an hour at most', async () => {
    bench.answer = () => ({ status: 503, headers: { 'Retry-After': '999999' } });
    const look = bench.probe();
    await look();
    bench.now += 60 * MINUTE;
    await look();
    expect(bench.asked).toHaveLength(2);
  });
});

describe('a refresh token that comes with a token', () => {
  it('is kept before the token is given, and is the one that is used next', async () => {
    bench.answer = () => issued(CONFIDENTIAL.opaqueToken, { refresh_token: CONFIDENTIAL.rotatedToken });
    const steps: string[] = [];
    jest.spyOn(bench.secrets, 'keep').mockImplementation(async (reference, value) => {
      steps.push('keep');
      await setImmediate();
      bench.secrets.values.set(reference, value);
      steps.push('kept');
    });
    const look = bench.probe();
    await times(3, () => look({ flow: 'delegated' }).finally(() => steps.push('given')));
    expect(steps).toEqual(['keep', 'kept', 'given', 'given', 'given']);
    expect(bench.secrets.values.get(REFRESH_REFERENCE)).toBe(CONFIDENTIAL.rotatedToken);
    bench.now += 56 * MINUTE;
    await look({ flow: 'delegated' });
    expect(bench.asked.map(({ refresh_token }) => refresh_token)).toEqual([
      CONFIDENTIAL.refreshToken,
      CONFIDENTIAL.rotatedToken,
    ]);
  });

  it.each([
    ['is the same', { refresh_token: CONFIDENTIAL.refreshToken }],
    ['is empty', { refresh_token: '' }],
    ['does not come', {}],
  ])('is not kept when it %s', async (_, more) => {
    bench.answer = () => issued(CONFIDENTIAL.opaqueToken, more);
    const keep = jest.spyOn(bench.secrets, 'keep');
    expect((await bench.probe()({ flow: 'delegated' })).bearer).toBe(CONFIDENTIAL.opaqueToken);
    expect(keep).not.toHaveBeenCalled();
  });

  it('shows when it cannot be kept: unseen, the authorisation would die 90 days later', async () => {
    bench.answer = () => issued(CONFIDENTIAL.opaqueToken, { refresh_token: CONFIDENTIAL.rotatedToken });
    jest.spyOn(bench.secrets, 'keep').mockImplementation(async (reference) => {
      throw new SecretUnavailableError(`${reference} cannot be written. Make it writable.`);
    });
    const look = bench.probe();
    const results = await times(2, () => look({ flow: 'delegated' }));
    for (const { reading, bearer } of results) {
      expect(bearer).toBeUndefined();
      expect(reading).toEqual({
        outcome: 'blind',
        reason: 'not-configured',
        detail: `${REFRESH_REFERENCE} cannot be written. Make it writable.`,
      });
    }
    expect(bench.asked).toHaveLength(1);
  });
});
