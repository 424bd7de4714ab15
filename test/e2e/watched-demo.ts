import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TableClient } from '@azure/data-tables';
import { startDemoTenant, type DemoTenant } from '../../local/demo-tenant/demo-tenant';
import { startAzurite } from '../../local/start/azurite';
import { freePort } from '../support/free-port';
import { startHostProcess } from '../../local/start/host-process';
import { watchedIn, type StatusReport, type SubjectReport } from '../../shared/core/report';

/** Never by itself: the tests run the timers when they want to. */
const NEVER = '0 0 0 1 1 *';
const CHECKED_WITHIN_MS = 60_000;

/** The demo tenant watched by the functions that are deployed, on the local host and Azurite: what `npm start` starts. */
export interface WatchedDemo {
  readonly demo: DemoTenant;
  readonly address: string;
  /** Runs every timer and waits until every subject was checked anew. */
  checkEverything(): Promise<StatusReport>;
  /** Does so again and again until the report fits; the last one is given in any case, after a minute. */
  checkUntil(fits: (report: StatusReport) => boolean): Promise<StatusReport>;
  /** Every line that the host has written. */
  readonly log: readonly string[];
  /** Everything that is in the storage, as text. */
  stored(): Promise<string>;
  stop(): Promise<void>;
}

export async function watchDemo(): Promise<WatchedDemo> {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-watch-e2e-'));
  const [demo, azurite] = await Promise.all([startDemoTenant({ folder }), startAzurite()]);
  const log: string[] = [];
  const host = await startHostProcess({
    port: await freePort(),
    environment: {
      CHECK_MAILBOXES_SCHEDULE: NEVER,
      CHECK_APPLICATIONS_SCHEDULE: NEVER,
      CHECK_MONITOR_SCHEDULE: NEVER,
      AzureWebJobsStorage: azurite.connectionString,
      MAILBOX_WATCH_CONFIG: demo.configurationPath,
      NODE_EXTRA_CA_CERTS: demo.caCertificatePath,
    },
    onMessage: (message) => log.push(JSON.stringify(message)),
  });
  const status = async () => (await (await fetch(`${host.address}/api/status`)).json()) as StatusReport;

  const watched: WatchedDemo = {
    demo,
    address: host.address,
    log,
    async checkUntil(fits) {
      const deadline = Date.now() + CHECKED_WITHIN_MS;
      let report = await watched.checkEverything();
      while (!fits(report) && Date.now() < deadline) {
        await sleep(1000);
        report = await watched.checkEverything();
      }
      return report;
    },
    async checkEverything() {
      const since = Date.now();
      const deadline = since + CHECKED_WITHIN_MS;
      // The applications first: their evidence judges the mailboxes too.
      await host.invoke('checkApplications');
      await until(async () => applications(await status()).every((one) => checkedSince(one, since)), deadline);
      await host.invoke('checkMailboxes');
      await until(async () => subjects(await status()).every((one) => checkedSince(one, since)), deadline);
      await host.invoke('checkMonitor');
      await until(async () => (await status()).monitor.every((one) => checkedSince(one, since)), deadline);
      return status();
    },
    async stored() {
      const table = TableClient.fromConnectionString(azurite.connectionString, 'MailboxWatchSubjects', {
        allowInsecureConnection: true,
      });
      const rows: string[] = [];
      for await (const row of table.listEntities()) rows.push(JSON.stringify(row));
      return rows.join('\n');
    },
    async stop() {
      await host.stop();
      await Promise.all([azurite.stop(), demo.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return watched;
}

function applications(report: StatusReport): SubjectReport[] {
  return report.integrations.flatMap(({ application }) => application ?? []);
}

export function subjects(report: StatusReport): SubjectReport[] {
  return report.integrations.flatMap(watchedIn);
}

function checkedSince({ checkedAt }: SubjectReport, since: number): boolean {
  return checkedAt !== undefined && Date.parse(checkedAt) >= since;
}

async function until(holds: () => Promise<boolean>, deadline: number): Promise<void> {
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('not everything was checked in time');
    await sleep(100);
  }
}
