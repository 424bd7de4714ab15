import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './free-port';

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

/**
 * Starts Azurite's queues and tables on free loopback ports. With a folder the data outlives the process, without it stays in memory.
 * Throws when it is not ready within 30 s.
 */
export async function startAzurite(folder?: string): Promise<Azurite> {
  const [blobPort, queuePort, tablePort] = await Promise.all([freePort(), freePort(), freePort()]);
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const program = join(dirname(createRequire(__filename).resolve('azurite/package.json')), 'dist/src/azurite.js');
  const child = spawn(
    process.execPath,
    [
      ...['--import', END_WITH_PARENT, program],
      '--skipApiVersionCheck',
      '--disableTelemetry',
      ...(folder === undefined ? ['--inMemoryPersistence'] : ['--location', folder]),
      ...['--blobPort', String(blobPort), '--queuePort', String(queuePort), '--tablePort', String(tablePort)],
    ],
    { stdio: ['pipe', 'pipe', 'inherit'], detached: true },
  );
  const ended = once(child, 'exit');
  const ready = (async () => {
    let services = 0;
    for await (const line of createInterface(child.stdout)) {
      if (line.includes('successfully listening') && ++services === 3) break;
    }
    child.stdout.resume();
    return services === 3;
  })();
  const stop = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(late);
  };
  const started = await Promise.race([ready, ended.then(() => false), later(READY_WITHIN_MS)]);
  if (!started) {
    await stop();
    throw new Error(`Azurite, the local Azure Storage, did not start within ${READY_WITHIN_MS / 1000} s`);
  }
  const at = (service: string, port: number) => `${service}Endpoint=http://127.0.0.1:${port}/${ACCOUNT}`;
  const connectionString = [
    'DefaultEndpointsProtocol=http',
    `AccountName=${ACCOUNT}`,
    `AccountKey=${KEY}`,
    at('Blob', blobPort),
    at('Queue', queuePort),
    at('Table', tablePort),
  ].join(';');
  return { connectionString, stop };
}

function later(ms: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(false);
    }, ms).unref();
  });
}
