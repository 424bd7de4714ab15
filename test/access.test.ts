import { grantFor, readAccess } from '../shared/access';

const SIGNED_IN = 'e0000000-0000-4000-8000-000000000001';

it.each<[mode: string, details: string, platform: string, principal: string | null, shown: string]>([
  // With a key the host decides.
  ['function-key', 'when-authorized', '', null, 'details'],
  ['function-key', 'never', '', null, 'summary'],
  ['function-key', 'always', '', null, 'details'],
  // App Service vouches for the header only where it is switched on.
  ['app-service', 'when-authorized', 'True', SIGNED_IN, 'details'],
  ['app-service', 'when-authorized', 'True', null, 'refused 401'],
  ['app-service', 'when-authorized', 'True', '', 'refused 401'],
  ['app-service', 'always', 'True', null, 'refused 401'],
  ['app-service', 'when-authorized', '', SIGNED_IN, 'refused 503'],
  ['app-service', 'never', 'True', SIGNED_IN, 'summary'],
  // Everybody sees that all is well, and whose mailbox it is only those who signed in.
  ['anonymous', 'when-authorized', 'True', null, 'summary'],
  ['anonymous', 'when-authorized', 'True', SIGNED_IN, 'details'],
  ['anonymous', 'when-authorized', '', SIGNED_IN, 'summary'],
  ['anonymous', 'always', '', null, 'details'],
])('%s, details %s, platform "%s", principal %s: %s', (mode, details, platform, principal, shown) => {
  const access = readAccess({
    MAILBOX_WATCH_ACCESS: mode,
    MAILBOX_WATCH_DETAILS: details,
    WEBSITE_AUTH_ENABLED: platform,
  });
  const grant = grantFor(access, principal);
  expect(grant.shown === 'refused' ? `refused ${grant.status}` : grant.shown).toBe(shown);
});

it('wants a key where nothing is said', () => {
  expect(readAccess({})).toEqual({ mode: 'function-key', details: 'when-authorized', platformAuthenticates: false });
});

it.each([['MAILBOX_WATCH_ACCESS'], ['MAILBOX_WATCH_DETAILS']])('takes no value of %s that it does not know', (name) => {
  expect(() => readAccess({ [name]: 'annonymous' })).toThrow(`The app setting ${name} is "annonymous": expected `);
});
