import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { styleText } from 'node:util';
import { DEMO_FOLDER } from './cli/demo-folder';
import { startDemoTenant, type DemoTenant } from './demo-tenant/demo-tenant';
import type { FromHost } from './host/messages';
import { NOT_DONE_BY_THE_LOCAL_HOST } from './host/not-done';
import { startAzurite } from './start/azurite';
import { startHostProcess, type HostProcess } from './start/host-process';
import { watchStatus } from './start/watch-status';

const PORT = Number(process.env['PORT'] ?? 7071);
/** Where the demo's faults are turned. */
const ADMIN_PORT = Number(process.env['ADMIN_PORT'] ?? 7072);

/** Quick, so that a person can watch a verdict change; a real tenant is asked far less often. */
const DEMO_SCHEDULES = {
  CHECK_MAILBOXES_SCHEDULE: '*/20 * * * * *',
  CHECK_APPLICATIONS_SCHEDULE: '*/20 * * * * *',
  CHECK_MONITOR_SCHEDULE: '10/20 * * * * *',
};
const REAL_SCHEDULES = {
  CHECK_MAILBOXES_SCHEDULE: '0 */5 * * * *',
  CHECK_APPLICATIONS_SCHEDULE: '0 7 * * * *',
  CHECK_MONITOR_SCHEDULE: '0 17 * * * *',
};

/** How to end what was started, in the order of starting; done in the opposite order. */
const endings: (() => Promise<void> | void)[] = [];

async function main(): Promise<number> {
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);

  say(styleText('bold', 'Mailbox Watch'));
  const configuration = resolve(process.env['MAILBOX_WATCH_CONFIG'] ?? 'mailbox-watch.yaml');
  const isReal = process.env['MAILBOX_WATCH_CONFIG'] !== undefined || existsSync(configuration);
  const demo = isReal ? undefined : await startDemo();
  say(
    demo === undefined
      ? `Watching the real tenant that ${configuration} names.`
      : `There is no mailbox-watch.yaml here: watching the demo tenant Contoso, a small Microsoft 365 on this machine.`,
  );
  const host = await startHost(demo, configuration, await startStorage(isReal));
  void host.ended.then(stop);
  say(styleText('dim', `Functions on the local host: ${host.functions.map(({ name }) => name).join(', ')}`));
  say(styleText('dim', `What the local host does not do: ${NOT_DONE_BY_THE_LOCAL_HOST}`));
  say();

  const since = Date.now();
  await runOnce(host);
  await watchStatus({
    statusUrl: `${host.address}/api/status`,
    since,
    signal: stopping.signal,
    say,
    progress,
    trouble: sayTrouble,
    afterFirstRun: () => {
      void host.invoke('checkMonitor');
      for (const line of whatNext(host, demo)) say(line);
    },
  });
  return stopping.signal.aborted && !process.exitCode ? 0 : 1;
}

/** Runs the timers once: the applications first, because the mailboxes are judged with what is known of them. */
async function runOnce(host: HostProcess): Promise<void> {
  const timers = host.functions.filter(({ trigger }) => trigger === 'timer').map(({ name }) => name);
  // Mailbox Watch looks at itself once there is something to look at.
  for (const name of timers.toSorted()) if (name !== 'checkMonitor') await host.invoke(name);
}

async function startDemo(): Promise<DemoTenant> {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-watch-demo-'));
  endings.push(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const demo = await startDemoTenant({ folder, adminPort: ADMIN_PORT }).catch((error: unknown) => {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw isTaken
      ? new Error(`the port ${ADMIN_PORT} is in use. Does another npm start run? ADMIN_PORT chooses another port.`)
      : error;
  });
  endings.push(() => demo.close());
  showToCommandLine(folder);
  return demo;
}

/** Where the command line's --demo looks. The demo tenant that was started last is the one. */
function showToCommandLine(folder: string): void {
  mkdirSync(dirname(DEMO_FOLDER), { recursive: true });
  rmSync(DEMO_FOLDER, { force: true });
  symlinkSync(folder, DEMO_FOLDER, 'junction');
  endings.push(() => {
    if (pointsTo(DEMO_FOLDER, folder)) rmSync(DEMO_FOLDER);
  });
}

/** Another demo tenant may have been started here since, and ended. */
function pointsTo(link: string, folder: string): boolean {
  try {
    return readlinkSync(link) === folder;
  } catch {
    return false;
  }
}

async function startStorage(isReal: boolean): Promise<string> {
  const given = process.env['AzureWebJobsStorage'];
  if (given !== undefined) return given;
  // A demo starts afresh each time; what was found out about a real tenant is kept.
  const azurite = await startAzurite(isReal ? resolve('.local/azurite') : undefined);
  endings.push(() => azurite.stop());
  say(styleText('dim', `Storage: Azurite on this machine, ${isReal ? 'kept in .local/azurite' : 'in memory'}`));
  return azurite.connectionString;
}

async function startHost(demo: DemoTenant | undefined, configuration: string, storage: string): Promise<HostProcess> {
  const host = await startHostProcess({
    port: PORT,
    environment: {
      ...(demo === undefined ? REAL_SCHEDULES : DEMO_SCHEDULES),
      ...process.env,
      AzureWebJobsStorage: storage,
      MAILBOX_WATCH_CONFIG: demo?.configurationPath ?? configuration,
      ...(demo !== undefined && { NODE_EXTRA_CA_CERTS: demo.caCertificatePath }),
    },
    onMessage: showTrouble,
  });
  endings.push(() => host.stop());
  return host;
}

/** Of all that the host tells, only what went wrong; the rest shows in the status. */
function showTrouble(message: FromHost): void {
  if (message.type === 'invocation' && message.state === 'failed') {
    const reason = message.error ?? 'no reason given';
    // What is wrong with the configuration every function would tell; the status does, for all of them.
    if (!reason.startsWith('The configuration ')) sayTrouble(`${message.name} failed: ${reason}`);
  }
}

/** Trouble that lasts is said once. */
const told = new Set<string>();
function sayTrouble(text: string): void {
  if (told.has(text)) return;
  told.add(text);
  say(styleText('red', text));
}

function whatNext(host: HostProcess, demo: DemoTenant | undefined): string[] {
  const lines = [
    `Status: ${host.address}/api/status  (also /api/status/{integration} and /api/status/{integration}/{mailbox})`,
  ];
  if (demo !== undefined) {
    lines.push(
      `Watch a verdict change: repair something, and break it again. ${demo.adminUrl} lists what there is. For one:`,
      styleText('cyan', `  curl -X POST '${demo.adminUrl}/faults/imap-off:hr@contoso.com/repair'`),
      'The command line on this tenant, in a second terminal:',
      styleText('cyan', '  npx mailbox-watch --demo check jsm-service-desk/hr@contoso.com'),
    );
  }
  lines.push('Changes are shown here as they are found. Ctrl+C ends.', '');
  return lines;
}

function say(text = ''): void {
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
  console.log(text);
}

/** One line that is rewritten; without a terminal only what differs is printed. */
let lastProgress = '';
function progress(text: string): void {
  if (text === lastProgress) return;
  lastProgress = text;
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text}`);
  else console.log(text);
}

async function end(): Promise<void> {
  if (endings.length > 0) say('Ending: letting running checks finish.');
  const failures: unknown[] = [];
  // One that fails keeps no other from its turn: what was started has to end.
  for (const ending of endings.reverse()) {
    try {
      await ending();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

main()
  .catch((error: unknown) => {
    console.error(`npm start failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  })
  .then(async (code) => {
    await end();
    process.exitCode = code;
  })
  .catch((error: unknown) => {
    console.error(`Ending failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
