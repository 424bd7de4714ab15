import { setTimeout as sleep } from 'node:timers/promises';
import { slices } from '../../shared/core/batches';
import { monitor } from '../../shared/monitor';

/** Batches at a time, as host.json gives them to one instance. */
const BATCHES_AT_ONCE = 4;
const MEMORY_EVERY_MS = 50;

/** One run over the fleet in one process. CPU and memory are this process's. */
export interface FromChecker {
  readonly mailboxes: number;
  readonly healthy: number;
  readonly seconds: number;
  readonly cpuMs: number;
  readonly peakRssMiB: number;
}

async function main(): Promise<void> {
  const { planMailboxes, checkBatch, status } = await monitor();
  const batches = await planMailboxes();
  // The first batch pays for the token, the tables and the just-in-time compiler; it is checked but not measured.
  const [warmUp, ...measured] = batches;
  if (warmUp === undefined) throw new Error('the configuration has no mailbox');
  await checkBatch(warmUp, quiet);

  const stop = new AbortController();
  const peak = watchMemory(stop.signal);
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  for (const some of slices(measured, BATCHES_AT_ONCE))
    await Promise.all(some.map((batch) => checkBatch(batch, quiet)));
  const cpu = process.cpuUsage(cpuBefore);
  const seconds = (performance.now() - startedAt) / 1000;
  stop.abort();

  const report = await status();
  const mailboxes = measured.reduce((sum, batch) => sum + batch.mailboxes.length, 0);
  const result: FromChecker = {
    mailboxes,
    healthy: report.integrations.flatMap((one) => one.mailboxes).filter((one) => one.status === 'healthy').length,
    seconds,
    cpuMs: (cpu.user + cpu.system) / 1000,
    peakRssMiB: await peak,
  };
  process.send?.(result);
}

function quiet(): void {
  // The benchmark measures checks, not a terminal.
}

async function watchMemory(signal: AbortSignal): Promise<number> {
  let peak = 0;
  while (!signal.aborted) {
    peak = Math.max(peak, process.memoryUsage.rss());
    await sleep(MEMORY_EVERY_MS);
  }
  return Math.round(peak / 2 ** 20);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
