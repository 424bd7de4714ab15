import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import type { FromChecker } from './bench/checker-process';
import type { FromTenant } from './bench/tenant-process';
import { INSTANCE_LIMITS, INSTANCE_MB } from './bench/instance';
import { measureStatus, type StatusTimes } from './bench/status';
import type { DemoCounters } from './demo-tenant/demo-tenant';
import { startAzurite } from './start/azurite';

const MAILBOXES = Number(process.env['BENCH_MAILBOXES'] ?? 1000);
const STATUS_OF = Number(process.env['BENCH_STATUS_OF'] ?? 10_000);
const DELAYS_MS = [0, 40];
const LOADS = 7;
const RESULT = 'docs/performance.md';

const CHECKS_SCHEDULE = '0 */5 * * * *';

interface Row extends FromChecker {
  readonly delayMs: number;
  readonly imapTurns: number;
  readonly tokenRequests: number;
}

/** Checks the demo tenant's fleet once per delay, each process on its own, and writes what was measured. */
async function main(): Promise<void> {
  const rows: Row[] = [];
  for (const delayMs of DELAYS_MS) rows.push(await measure(delayMs));
  const status = await measureStatus(STATUS_OF, CHECKS_SCHEDULE);
  const text = page(rows, loadTimes(), status);
  console.log(text);
  if (process.argv.includes('--write')) writeFileSync(RESULT, text);
}

async function measure(delayMs: number): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-watch-bench-'));
  const azurite = await startAzurite();
  const tenant = fork('dist/local/bench-tenant.cjs', [folder, String(MAILBOXES), String(delayMs)]);
  try {
    const ready = await messageOf<FromTenant>(tenant);
    if (ready.type !== 'ready') throw new Error('the demo tenant did not start');
    const before = await countersOf(tenant);
    const result = await check(ready, azurite.connectionString);
    const after = await countersOf(tenant);
    if (result.healthy !== MAILBOXES)
      throw new Error(`${result.healthy} of ${MAILBOXES} mailboxes were healthy: nothing was measured`);
    return {
      ...result,
      delayMs,
      imapTurns: (after.imapTurns - before.imapTurns) / MAILBOXES,
      tokenRequests: after.tokenRequests - before.tokenRequests,
    };
  } finally {
    tenant.kill('SIGTERM');
    await azurite.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function check(ready: Extract<FromTenant, { type: 'ready' }>, storage: string): Promise<FromChecker> {
  const checker = fork('dist/local/bench-checker.cjs', {
    execArgv: INSTANCE_LIMITS,
    env: {
      ...process.env,
      NODE_EXTRA_CA_CERTS: ready.caCertificatePath,
      MAILBOX_WATCH_CONFIG: ready.configurationPath,
      AzureWebJobsStorage: storage,
      CHECK_MAILBOXES_SCHEDULE: CHECKS_SCHEDULE,
      CHECK_APPLICATIONS_SCHEDULE: CHECKS_SCHEDULE,
    },
  });
  return messageOf<FromChecker>(checker);
}

async function countersOf(tenant: ChildProcess): Promise<DemoCounters> {
  tenant.send('counters');
  const message = await messageOf<FromTenant>(tenant);
  if (message.type !== 'counters') throw new Error('the demo tenant does not count');
  return message.counters;
}

async function messageOf<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('a process of the benchmark ended early; what it said stands above');
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [T];
  return message;
}

/** Milliseconds to load the deployed bundle in a fresh process, sorted. */
function loadTimes(): number[] {
  const script = `
    const { registerHooks } = require('node:module');
    const url = require('node:url').pathToFileURL(require('node:path').resolve('local/host/functions-core.cjs')).href;
    registerHooks({ resolve: (name, context, next) =>
      name === '@azure/functions-core' ? { url, format: 'commonjs', shortCircuit: true } : next(name, context) });
    const before = performance.now();
    require('./dist/main.js');
    console.log(performance.now() - before);`;
  return Array.from({ length: LOADS }, () =>
    Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim().split('\n').at(-1)),
  ).toSorted((a, b) => a - b);
}

function page(rows: readonly Row[], loads: readonly number[], status: StatusTimes): string {
  const median = loads[Math.floor(loads.length / 2)] ?? NaN;
  const bundleKiB = Math.round(readFileSync('dist/main.js').length / 1024);
  const cpu = cpus();
  const line = (row: Row) =>
    [
      `${row.delayMs} ms`,
      (row.mailboxes / row.seconds).toFixed(0),
      (row.cpuMs / row.mailboxes).toFixed(1),
      // TCP and TLS 1.3 take a round trip each before the greeting.
      (row.imapTurns + 2).toFixed(1),
      String(row.tokenRequests),
      `${row.peakRssMiB} MiB`,
    ].join(' | ');
  return `# Performance

Measured by \`npm run bench -- --write\` on ${new Date().toISOString().slice(0, 10)}: ${cpu.length} × ${cpu[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB,
${platform()} ${arch()}, Node ${process.versions.node}. One checking process with four batches of ten mailboxes at a time, as host.json gives them to an
instance; the demo tenant (TLS 1.3, token, IMAP) and Azurite run in processes of their own on the same machine and compete for its
cores. It runs with \`${INSTANCE_LIMITS.join(' ')}\`, which Node sets itself on an instance of ${INSTANCE_MB} MB:
\`v8.getHeapStatistics().heap_size_limit\` says 259 MiB with them and in a cgroup of that size.
Every check is a whole one: token (cached), login with certificate verification, EXAMINE, judgement, and one read and one
transaction of the store. ${MAILBOXES} mailboxes, the first ten not measured; every one of them has to be healthy.

| Delay per server turn | Checks a second | CPU ms a check | Network round trips a login | Token requests in all | Peak memory |
|---|---|---|---|---|---|
${rows.map((row) => `| ${line(row)} |`).join('\n')}

The figures of a busy shared machine vary by a third from run to run. CPU is that of the checking process. Round trips are counted at the
server: TCP, TLS 1.3 and every turn of the IMAP dialogue, the greeting included; imapflow sends ID, NAMESPACE, LIST and LSUB beside
what a login needs, strictly one after the other.

The status of ${status.mailboxes} mailboxes in Azurite, asked of one instance of the deployed bundle: between two requests as many mailboxes are looked
at by others as in ten seconds. The first answer of a new instance, which reads every summary, took ${status.firstMs.toFixed(0)} ms. Peak memory
${status.peakRssMiB} MiB; ${status.unlimitedRssMiB} MiB where Node may take what this machine has.

| Answer | Median of 25 | Slowest | Size |
|---|---|---|---|
| \`/api/status?brief\` (JSON) | ${timesIn(status.answers.brief)} |
| \`/api/status\` (page) | ${timesIn(status.answers.page)} |

The deployed bundle \`dist/main.js\` has ${bundleKiB} KiB and loads in ${median.toFixed(0)} ms (median of ${loads.length} fresh processes; ${loads[0]?.toFixed(0) ?? '?'} to ${loads.at(-1)?.toFixed(0) ?? '?'} ms).
`;
}

function timesIn({ medianMs, slowestMs, KiB }: StatusTimes['answers']['brief']): string {
  return `${medianMs.toFixed(0)} ms | ${slowestMs.toFixed(0)} ms | ${KiB.toFixed(0)} KiB`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
