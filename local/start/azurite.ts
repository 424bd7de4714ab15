import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** The account and key that every emulator of Azure Storage has; published by Microsoft, not a secret. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 5000;
/** Makes Azurite end when its standard input does: with this process, however that ends. */
const END_WITH_PARENT = 'data:text/javascript,process.stdin.on("end", () => process.exit()).resume().unref();';

export interface Azurite {
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** What Azurite says of each service once it is up; with port 0 the system has chosen a free one. */
const LISTENING = /Azurite (Blob|Queue|Table) service is successfully listening at http:\/\/127\.0\.0\.1:(\d+)/;
const SERVICES = 3;

/**
 * Starts Azurite on free loopback ports. With a folder the data outlives the process, without it stays in memory.
 * Throws when it is not ready within 30 s.
 */
export async function startAzurite(folder?: string): Promise<Azurite> {
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const program = join(dirname(createRequire(__filename).resolve('azurite/package.json')), 'dist/src/azurite.js');
  const child = spawn(
    process.execPath,
    [
      ...['--import', END_WITH_PARENT, program],
      ...['--skipApiVersionCheck', '--disableTelemetry', '--blobPort', '0', '--queuePort', '0', '--tablePort', '0'],
      ...(folder === undefined ? ['--inMemoryPersistence'] : ['--location', folder]),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'], detached: true },
  );
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(late);
  };
  const endpoints = await Promise.race([endpointsIn(child.stdout), ended.then(() => []), later(READY_WITHIN_MS)]);
  if (endpoints.length < SERVICES) {
    await stop();
    throw new Error(`Azurite, the local Azure Storage, did not start within ${READY_WITHIN_MS / 1000} s`);
  }
  const account = ['DefaultEndpointsProtocol=http', `AccountName=${ACCOUNT}`, `AccountKey=${KEY}`];
  return { connectionString: [...account, ...endpoints].join(';'), stop };
}

/** The endpoints as they stand in a connection string, when every service is up; fewer where the output ends before. */
async function endpointsIn(output: Readable): Promise<string[]> {
  const endpoints: string[] = [];
  for await (const line of createInterface(output)) {
    const [, service, port] = LISTENING.exec(line) ?? [];
    if (service === undefined || port === undefined) continue;
    endpoints.push(`${service}Endpoint=http://127.0.0.1:${port}/${ACCOUNT}`);
    if (endpoints.length === SERVICES) break;
  }
  output.resume();
  return endpoints;
}

function later(ms: number): Promise<never[]> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve([]);
    }, ms).unref();
  });
}
