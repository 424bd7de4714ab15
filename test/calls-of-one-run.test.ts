import type { DemoCounters } from '../local/demo-tenant/demo-tenant';
import type { Log } from '../shared/core/ports';
import { monitor } from '../shared/monitor';
import { monitoredTenant } from './support/monitored-tenant';

const MAILBOXES = 100;
const quiet: Log = () => undefined;
const tenant = monitoredTenant({ mailboxes: MAILBOXES });

/** One run as the timers make it: applications, then every batch. */
type Counted = Exclude<keyof DemoCounters, 'imapCommands' | 'imapTurns' | 'popCommands' | 'popConnections'>;

async function run(): Promise<{ calls: Pick<DemoCounters, Counted>; healthy: number }> {
  const { planMailboxes, checkApplications, checkBatch, status } = await monitor();
  const earlier = tenant().demo.counters();
  await checkApplications(quiet);
  for (const batch of await planMailboxes()) await checkBatch(batch, quiet);
  const later = tenant().demo.counters();
  const since = (name: Counted) => later[name] - earlier[name];
  const report = await status();
  return {
    calls: {
      tokenRequests: since('tokenRequests'),
      graphRequests: since('graphRequests'),
      graphBatches: since('graphBatches'),
      exchangeRequests: since('exchangeRequests'),
      imapConnections: since('imapConnections'),
      imapLogins: since('imapLogins'),
    },
    healthy: report.integrations[0]?.mailboxes.filter(({ status: one }) => one === 'healthy').length ?? 0,
  };
}

// The figures stand in docs/architecture.md.
it('makes a bounded number of calls for 100 mailboxes of one application', async () => {
  expect(await run()).toEqual({
    calls: {
      // The helpdesk's for mail; Mailbox Watch's own for Graph and for Exchange.
      tokenRequests: 3,
      // One for the directory, one for the sign-in log.
      graphRequests: 2,
      graphBatches: 1,
      exchangeRequests: 1,
      imapConnections: MAILBOXES,
      imapLogins: MAILBOXES,
    },
    healthy: MAILBOXES,
  });

  // Every mailbox refused: each costs one Exchange request more, and tokens are reused.
  for (const mailbox of tenant().demo.world.tenant.exchange.mailboxes.values()) mailbox.imapEnabled = false;
  expect(await run()).toEqual({
    calls: {
      tokenRequests: 0,
      // One more, for all mailboxes: whether the name that holds Full Access is a group.
      graphRequests: 3,
      graphBatches: 1,
      exchangeRequests: 1 + MAILBOXES,
      imapConnections: MAILBOXES,
      imapLogins: MAILBOXES,
    },
    healthy: 0,
  });
}, 60_000);
