import { createAccessTokenProbe } from '../../shared/probes/access-token';
import { createDirectoryProbe } from '../../shared/probes/directory';
import { isOwnCorrelationId } from '../../shared/probes/entra/own-requests';
import { valueOf } from '../../shared/core/reading';
import { createSecrets } from '../../shared/settings/secrets';
import { dirname } from 'node:path';
import { startContosoBench, type ContosoBench } from './contoso-bench';

let bench: ContosoBench;
beforeEach(async () => {
  bench = await startContosoBench();
});
afterEach(() => bench.close());

async function look(id: string) {
  const { credentialFor, integration } = bench;
  return (await createDirectoryProbe({ credentialFor, now: Date.now })(integration(id))).helpdeskSignIns;
}

async function signInAsMailboxWatch(id: string) {
  const { demo, integration } = bench;
  const secrets = createSecrets({ environment: {}, folder: dirname(demo.configurationPath) });
  const watched = integration(id);
  const [mailbox] = watched.mailboxes;
  if (mailbox === undefined) throw new Error(`${id} has no mailbox`);
  return (await createAccessTokenProbe({ secrets, now: Date.now })(watched, mailbox)).reading;
}

it.each(['customer-mail', 'news-desk', 'travel-desk'])(
  'knows the token requests of Mailbox Watch for %s',
  async (id) => {
    const { signIns } = bench.demo.world.tenant;
    const before = signIns.length;
    await signInAsMailboxWatch(id);
    expect(signIns.length).toBe(before + 1);
    expect(signIns[0]).toMatchObject({
      appId: bench.integration(id).clientId,
      errorCode: id === 'travel-desk' ? 700027 : 0,
    });
    expect(isOwnCorrelationId(signIns[0]?.correlationId ?? '')).toBe(true);
  },
);

it('shows a helpdesk that was forgotten when the secret was renewed, and that it was given it', async () => {
  const refused = valueOf(await look('customer-mail'))?.newest['svc-liveagent@contoso.com'];
  expect(refused).toMatchObject({ helpdesk: { errorCode: 7000215 }, mailboxWatch: { errorCode: 0 } });
  await bench.demo.repair('helpdesk-forgotten:customer-mail');
  const repaired = valueOf(await look('customer-mail'))?.newest['svc-liveagent@contoso.com'];
  expect(repaired).toMatchObject({ helpdesk: { errorCode: 0 }, mailboxWatch: { errorCode: 0 } });
});

it('refuses who lacks the permission, or the licence', async () => {
  const { monitorApp, demo } = bench;
  demo.world.tenant.hasEntraP1 = false;
  expect(await look('news-desk')).toMatchObject({
    reason: 'denied',
    detail: expect.stringContaining('Entra ID P1') as unknown,
  });
  demo.world.tenant.hasEntraP1 = true;
  monitorApp.appRoles.graph = monitorApp.appRoles.graph.filter((role) => role !== 'AuditLog.Read.All');
  expect(await look('jira-projects')).toMatchObject({
    reason: 'denied',
    detail: expect.stringContaining('AuditLog.Read.All') as unknown,
  });
});
