import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTableStore, tableClientFor } from '../../shared/store/table-store';
import { startAzurite } from '../start/azurite';
import { fleetOf, lookAt, writeFleet } from './fleet';
import { INSTANCE_LIMITS } from './instance';
import type { FromReader } from './reader-process';

const REQUESTS = 25;
/** Ten seconds of a fleet that is looked at every five minutes. */
const CHANGED_PER_MAILBOX = 10 / 300;
const PATHS = { brief: 'status?brief', page: 'status?format=html' } as const;

export interface StatusTimes {
  readonly mailboxes: number;
  /** Milliseconds of the first answer of a new instance. */
  readonly firstMs: number;
  readonly answers: Readonly<
    Record<keyof typeof PATHS, { readonly medianMs: number; readonly slowestMs: number; readonly KiB: number }>
  >;
  readonly peakRssMiB: number;
  /** Without INSTANCE_LIMITS. */
  readonly unlimitedRssMiB: number;
}

/**
 * Fills Azurite with a fleet, and asks the deployed bundle for its status while the fleet goes on being looked at: between two requests as
 * many rows change as in ten seconds. The instance has INSTANCE_LIMITS. Throws where an answer is not 200.
 */
export async function measureStatus(mailboxes: number, schedule: string): Promise<StatusTimes> {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-watch-status-'));
  const configuration = join(folder, 'mailbox-watch.yaml');
  writeFleet(configuration, mailboxes);
  const azurite = await startAzurite();
  const environment = {
    MAILBOX_WATCH_CONFIG: configuration,
    MAILBOX_WATCH_DETAILS: 'always',
    AzureWebJobsStorage: azurite.connectionString,
    CHECK_MAILBOXES_SCHEDULE: schedule,
    CHECK_APPLICATIONS_SCHEDULE: schedule,
  };
  const readers: ChildProcess[] = [];
  const start = async (execArgv: string[]): Promise<ChildProcess> => {
    const reader = fork('dist/local/bench-reader.cjs', { env: { ...process.env, ...environment }, execArgv });
    readers.push(reader);
    await once(reader, 'message');
    return reader;
  };
  try {
    const store = createTableStore(tableClientFor(environment));
    const fleet = await fleetOf(configuration);
    const changed = Math.ceil(mailboxes * CHANGED_PER_MAILBOX);
    await lookAt(fleet, store);
    const measure = async (reader: ChildProcess, requests: number) => {
      const took: Record<keyof typeof PATHS, FromReader[]> = { brief: [], page: [] };
      for (let i = 0; i < requests; i++) {
        for (const name of ['brief', 'page'] as const) {
          const from = Math.floor(Math.random() * (fleet.length - changed));
          await lookAt(fleet.slice(from, from + changed), store);
          took[name].push(await ask(reader, PATHS[name]));
        }
      }
      return took;
    };
    const reader = await start(INSTANCE_LIMITS);
    const first = await ask(reader, PATHS.brief);
    const { brief, page } = await measure(reader, REQUESTS);
    const unlimited = await measure(await start([]), 5);
    return {
      mailboxes,
      firstMs: first.ms,
      answers: { brief: timesOf(brief), page: timesOf(page) },
      peakRssMiB: Math.max(...[first, ...brief, ...page].map(({ peakRssMiB }) => peakRssMiB)),
      unlimitedRssMiB: Math.max(...[...unlimited.brief, ...unlimited.page].map(({ peakRssMiB }) => peakRssMiB)),
    };
  } finally {
    for (const one of readers) one.kill('SIGKILL');
    await azurite.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ask(reader: ChildProcess, path: string): Promise<FromReader> {
  reader.send(path);
  const [answer] = (await once(reader, 'message')) as [FromReader];
  if (answer.status !== 200) throw new Error(`${path} was answered with HTTP ${answer.status}: nothing was measured`);
  return answer;
}

function timesOf(answers: readonly FromReader[]) {
  const sorted = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return {
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? NaN,
    slowestMs: sorted.at(-1) ?? NaN,
    KiB: Math.max(...answers.map(({ bytes }) => bytes)) / 1024,
  };
}
