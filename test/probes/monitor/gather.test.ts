import { seen } from '../../../shared/core/reading';
import { watchedTenants } from '../../../shared/core/watched-tenant';
import type { MonitorSignIn } from '../../../shared/core/subject';
import type { Settings } from '../../../shared/core/settings';
import { createMonitorProbe } from '../../../shared/probes/monitor/gather';
import { exampleIntegration } from '../../support/contexts';
import { freePort } from '../../support/free-port';
import { memoryStore } from '../../../shared/store/memory-store';
import { jwt } from '../token-bench';

const SECRET: MonitorSignIn = { kind: 'client-secret', clientId: 'monitor', clientSecretReference: 'env:MONITOR' };

/** Looks once, with what is asked for in words. */
async function look(settings: Partial<Settings>, roles: readonly string[] = []) {
  const asked: string[] = [];
  const ask = <T>(name: string, answer: T) => {
    asked.push(name);
    return Promise.resolve(answer);
  };
  const probe = createMonitorProbe({
    credentialFor: () => ({
      getToken: () => ask('token', { token: jwt({ roles: [...roles] }), expiresOnTimestamp: 1 }),
    }),
    probes: {
      appRegistration: () => ask('app registration', seen({ found: false })),
      configuredSecret: () => ask('secret', seen({ hint: 'abc', looksLikeSecretId: false })),
      configuredCertificate: () => ask('certificate', seen({ thumbprint: 'AB', startsAt: 0, endsAt: 1 })),
    },
    allowedCmdlets: () => ask('cmdlets', seen(['Get-Mailbox'])),
    secrets: { writtenAt: () => Promise.resolve(seen(1)) },
    store: memoryStore(),
    now: () => 0,
    configuration: () => ({ valid: true }),
    channelStates: () => Promise.resolve([{ id: 'ops' }]),
    dueSince: () => ({ mailbox: 0, application: 0 }),
  });
  const [tenant] = watchedTenants({
    monitorSignIn: SECRET,
    exchangeEvidence: 'auto' as const,
    integrations: [exampleIntegration({ loginAuthority: `http://127.0.0.1:${await freePort()}` })],
    ...settings,
  });
  if (tenant === undefined) throw new Error('there is a tenant');
  return { evidence: await probe(tenant), asked: asked.toSorted() };
}

it.each<[string, Partial<Settings>, readonly string[]]>([
  ['a client secret', {}, ['app registration', 'cmdlets', 'secret', 'token']],
  [
    'a certificate',
    { monitorSignIn: { kind: 'certificate', clientId: 'm', certificateReference: 'file:m' } },
    ['certificate', 'cmdlets', 'token'],
  ],
  ['a managed identity', { monitorSignIn: { kind: 'managed-identity' } }, ['cmdlets', 'token']],
  ['no look at Exchange', { exchangeEvidence: 'none' }, ['app registration', 'secret', 'token']],
  ['snapshots', { exchangeEvidence: 'graph-snapshot' }, ['app registration', 'secret', 'token']],
  // Another provider must not get to see what opens the tenant.
  ['Google', { integrations: [exampleIntegration({ provider: 'google', loginAuthority: 'http://127.0.0.1:1' })] }, []],
])('asks only what there is with %s', async (_, settings, expected) => {
  expect((await look(settings)).asked).toEqual(expected);
});

it.each([
  ['auto', ['ConfigurationMonitoring.ReadWrite.All'], true],
  ['auto', [], false],
  ['admin-api', ['ConfigurationMonitoring.ReadWrite.All'], false],
] as const)('snapshots stand in with %s and the roles %j: %s', async (exchangeEvidence, roles, expected) => {
  expect((await look({ exchangeEvidence }, roles)).evidence.snapshotsStandIn).toEqual(seen(expected));
});

it('does not end when something of it fails', async () => {
  const { evidence } = await look({});
  expect(evidence.clock).toMatchObject({ outcome: 'blind', reason: 'unreachable' });
  expect(evidence.storage).toMatchObject({ outcome: 'seen', value: { works: true } });
  expect(evidence.channels).toEqual(seen([{ id: 'ops' }]));
  expect(evidence.refreshTokens).toMatchObject({ outcome: 'seen', value: [{ reference: 'env:JIRA_REFRESH_TOKEN' }] });
});
