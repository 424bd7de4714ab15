import { CREDENTIAL_UNREADABLE } from '../../../shared/core/monitor-evidence';
import { SignInError } from '../../../shared/core/ports';
import { blind, seen } from '../../../shared/core/reading';
import { createOwnTokenProbe } from '../../../shared/probes/monitor/own-token';
import { exampleIntegration } from '../../support/contexts';
import { jwt } from '../token-bench';

const SELF = exampleIntegration({ graphEndpoint: 'https://graph.microsoft.us' });
const REFUSAL = { issued: false, error: 'invalid_client', aadsts: [7000222], description: 'Expired.', ms: 3 } as const;
const asked: unknown[] = [];

function look(getToken: () => Promise<{ token: string; expiresOnTimestamp: number } | null>, deadlineMs = 5_000) {
  const credential = {
    getToken: (scopes: string | string[]) => {
      asked.push(scopes);
      return getToken();
    },
  };
  return createOwnTokenProbe({ credentialFor: () => credential, now: () => 7, deadlineMs })(SELF);
}

it('tells the roles of its token for the Graph of the cloud, and never the token', async () => {
  const token = jwt({ roles: ['Application.Read.All'], oid: 'e1', appid: 'a1' });
  const reading = await look(() => Promise.resolve({ token, expiresOnTimestamp: 9 }));
  const claims = { roles: ['Application.Read.All'], oid: 'e1', appid: 'a1' };
  expect(reading).toEqual(seen({ issued: true, expiresAt: 9, ms: 0, claims }));
  expect(asked).toEqual(['https://graph.microsoft.us/.default']);
  expect(JSON.stringify(reading)).not.toContain(token);
});

it.each<[string, () => Promise<null>, object]>([
  [
    'a refusal is what Entra ID said',
    () => Promise.reject(new SignInError(blind('denied', 'no'), REFUSAL)),
    seen(REFUSAL),
  ],
  [
    'a secret that is not there is a fault of its own',
    () => Promise.reject(new SignInError(blind('not-configured', 'env:X is not set.'))),
    seen({ issued: false, error: CREDENTIAL_UNREADABLE, aadsts: [], description: 'env:X is not set.', ms: 0 }),
  ],
  [
    'an endpoint that is out of order says nothing of it',
    () => Promise.reject(new SignInError(blind('server-error', 'HTTP 503'))),
    blind('server-error', 'HTTP 503'),
  ],
  ['no token and no reason', () => Promise.resolve(null), { outcome: 'blind', reason: 'malformed' }],
  ['what nobody knows', () => Promise.reject(new TypeError('secret')), { outcome: 'blind', reason: 'crashed' }],
])('%s', async (_, getToken, expected) => {
  const reading = await look(getToken);
  expect(reading).toMatchObject(expected);
  expect(JSON.stringify(reading)).not.toContain('secret');
});

it('ends when the time is up', async () => {
  expect(await look(() => new Promise(() => undefined), 20)).toMatchObject({ outcome: 'blind', reason: 'timeout' });
});

it('says what to set where there is nothing to sign in with', async () => {
  const reading = await createOwnTokenProbe({ credentialFor: () => undefined, now: () => 0 })(SELF);
  expect(reading).toEqual(
    blind('not-configured', expect.stringContaining('Set monitor.signIn in the configuration.') as string),
  );
});
