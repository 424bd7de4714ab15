import type { Log } from '../shared/core/ports';
import { monitor } from '../shared/monitor';
import { monitoredTenant } from './support/monitored-tenant';

const quiet: Log = () => undefined;
const tenant = monitoredTenant();

/** One run as the timers make it; batches older than the last look are planned anew. */
async function run(): Promise<void> {
  const { checkApplications, checkBatch, planMailboxes } = await monitor();
  await checkApplications(quiet);
  for (const batch of await planMailboxes()) await checkBatch(batch, quiet);
}

async function why(mailbox: string, check: string) {
  const subject = await (await monitor()).subject('jsm-service-desk', mailbox);
  return subject?.checks.find(({ id }) => id === check)?.why;
}

it('is told a few runs after the fault was seen, and one search is made for all mailboxes', async () => {
  const { auditQueries } = tenant().demo.world.tenant;
  await run();
  expect(auditQueries).toHaveLength(0);
  expect(await why('hr@contoso.com', 'imap-enabled')).toMatch(/every mailbox command\.$/);
  // Asked for, still running, read.
  for (let i = 0; i < 4; i++) await run();
  expect(await why('hr@contoso.com', 'imap-enabled')).toMatch(
    /The audit log says: anna\.admin@contoso\.com switched IMAP off \(\d{4}-\d\d-\d\d \d\d:\d\d UTC\)\.$/,
  );
  expect(await why('facilities@contoso.com', 'full-access')).toMatch(
    /anna\.admin@contoso\.com took Full Access from svc-jira@contoso\.com/,
  );
  expect(auditQueries).toHaveLength(1);
}, 60_000);
