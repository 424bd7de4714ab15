import { DEFAULT_POLICY } from '../../shared/core/alerting';
import { MONITOR_CHECKS } from '../../shared/checks';
import { watchedTenants } from '../../shared/core/watched-tenant';
import type { MonitorSignIn } from '../../shared/core/subject';
import type { Settings } from '../../shared/core/settings';
import { exampleIntegration } from '../support/contexts';

const SECRET: MonitorSignIn = { kind: 'client-secret', clientId: 'monitor', clientSecretReference: 'env:MONITOR' };

function settings(changes: Partial<Settings> = {}): Settings {
  return {
    monitorSignIn: SECRET,
    exchangeEvidence: 'auto',
    channels: [],
    alerting: { opensAfter: {}, policy: DEFAULT_POLICY, maintenance: [], ignore: [] },
    integrations: [exampleIntegration()],
    ...changes,
  };
}

/** Ids of the checks that Mailbox Watch makes of itself in the only tenant. */
function checksIn(changes: Partial<Settings>): string[] {
  return watchedTenants(settings(changes)).flatMap((tenant) =>
    MONITOR_CHECKS.filter(({ usedIn }) => usedIn(tenant)).map(({ id }) => id),
  );
}

describe('the tenants that are watched', () => {
  it('are told apart by tenant and authority, each once', () => {
    const tenants = watchedTenants(
      settings({
        integrations: [
          exampleIntegration({ id: 'a' }),
          exampleIntegration({ id: 'b', flow: 'application' }),
          exampleIntegration({ id: 'c', tenant: 'fabrikam.com' }),
          exampleIntegration({ id: 'd', loginAuthority: 'https://login.microsoftonline.us' }),
        ],
      }),
    );
    expect(tenants.map(({ subject, integrations }) => [subject.tenant, integrations.map(({ id }) => id)])).toEqual([
      ['contoso.onmicrosoft.com', ['a', 'b']],
      ['fabrikam.com', ['c']],
      ['contoso.onmicrosoft.com@login.microsoftonline.us', ['d']],
    ]);
    expect(tenants[0]?.self).toMatchObject({ id: 'mailbox-watch', clientId: 'monitor', flow: 'delegated' });
    expect(tenants[0]?.self.credential).toEqual({ kind: 'client-secret', reference: 'env:MONITOR' });
  });
});

describe('what Mailbox Watch does not use is not missed', () => {
  it.each<[string, Partial<Settings>, string, boolean]>([
    ['a client secret', {}, 'monitor-client-secret', true],
    [
      'a client secret with a managed identity',
      { monitorSignIn: { kind: 'managed-identity' } },
      'monitor-client-secret',
      false,
    ],
    [
      'a certificate',
      { monitorSignIn: { kind: 'certificate', clientId: 'm', certificateReference: 'file:m.pem' } },
      'monitor-certificate',
      true,
    ],
    ['Exchange', {}, 'monitor-exchange', true],
    ['Exchange where it is not asked', { exchangeEvidence: 'none' }, 'monitor-exchange', false],
    ['groups where Exchange is not asked', { exchangeEvidence: 'none' }, 'monitor-groupmember-read-all', false],
    ['snapshots', { exchangeEvidence: 'graph-snapshot' }, 'monitor-configurationmonitoring-readwrite-all', true],
    ['snapshots with auto', {}, 'monitor-configurationmonitoring-readwrite-all', false],
    ['accounts of delegates', {}, 'monitor-user-read-all', true],
    [
      'accounts without delegates',
      { integrations: [exampleIntegration({ flow: 'application' })] },
      'monitor-user-read-all',
      false,
    ],
    [
      'refresh tokens without delegates',
      { integrations: [exampleIntegration({ flow: 'application' })] },
      'monitor-refresh-tokens',
      false,
    ],
    ['Key Vault', {}, 'monitor-key-vault', false],
    [
      'Key Vault where it keeps a secret',
      { integrations: [exampleIntegration({ credential: { kind: 'client-secret', reference: 'kv:v/a' } })] },
      'monitor-key-vault',
      true,
    ],
  ])('%s', (_, changes, check, used) => {
    expect(checksIn(changes).includes(check)).toBe(used);
  });
});
