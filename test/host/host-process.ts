import { build } from 'esbuild';
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FromHost, HostFunction, InvocationEvent, LogEntry, ToHost } from '../../local/host/messages';

export interface HostProcess {
  readonly address: string;
  readonly functions: readonly HostFunction[];
  /** What it has told so far. */
  logs(): LogEntry[];
  invocations(): InvocationEvent[];
  stdout(): string;
  /** Resolves with what is found, looking again whenever the process has said something. */
  until<T>(look: () => T | undefined): Promise<T>;
  /** The first, past or future, that fits. */
  logged(fits: (entry: LogEntry) => boolean): Promise<LogEntry>;
  invocation(fits: (event: InvocationEvent) => boolean): Promise<InvocationEvent>;
  send(message: ToHost): void;
  kill(signal: NodeJS.Signals): void;
  disconnect(): void;
  readonly ended: Promise<HostEnd>;
}

interface HostEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Builds the host and an app as build.mjs does, for the tests of one file.
 * Returns what starts a process with them; it rejects with standard error when that ends early.
 */
export function builtHost(app: string, hostJson: object): (environment: NodeJS.ProcessEnv) => Promise<HostProcess> {
  // Inside the repository, so that the host finds its packages.
  const folder = resolve(`.local/test-host-${process.pid}`);
  const host = join(folder, 'host.cjs');
  const entry = join(folder, 'app/dist/main.js');
  const children = new Map<ChildProcess, Promise<HostEnd>>();

  beforeAll(async () => {
    const common = { bundle: true, platform: 'node', target: 'node22', format: 'cjs', sourcemap: true } as const;
    await Promise.all([
      build({ ...common, entryPoints: ['local/host/main.ts'], outfile: host, packages: 'external' }),
      build({ ...common, entryPoints: [app], outfile: entry, external: ['@azure/functions-core'] }),
    ]);
    writeFileSync(join(folder, 'app/host.json'), JSON.stringify(hostJson));
  });
  afterAll(async () => {
    for (const child of children.keys()) child.kill('SIGKILL');
    await Promise.all(children.values());
    rmSync(folder, { recursive: true, force: true });
  });

  return (environment) => {
    const child = fork(host, [entry, '0'], { env: { ...process.env, ...environment }, silent: true });
    const { process: hostProcess, ended } = attend(child);
    children.set(child, ended);
    return hostProcess;
  };
}

function attend(child: ChildProcess): { process: Promise<HostProcess>; ended: Promise<HostEnd> } {
  const messages: FromHost[] = [];
  const output = { stdout: '', stderr: '' };
  const news = new EventEmitter().setMaxListeners(0);
  child.on('message', (message: FromHost) => {
    messages.push(message);
    news.emit('news');
  });
  const streams = (['stdout', 'stderr'] as const).map((name) => {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      news.emit('news');
    });
    return child[name] === null ? undefined : once(child[name], 'close');
  });
  // Not 'close' of the child: Node does not emit it for one that was disconnected.
  const ended = once(child, 'exit').then(async ([code]: (number | null)[]) => {
    for (const stream of streams) await stream;
    return { code: code ?? null, ...output };
  });

  async function until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await once(news, 'news');
    }
  }
  const logs = () => messages.filter((message) => message.type === 'log');
  const invocations = () => messages.filter((message) => message.type === 'invocation');

  async function whenReady(): Promise<HostProcess> {
    const ready = await Promise.race([until(() => messages.find((message) => message.type === 'ready')), ended]);
    if (!('type' in ready)) throw new Error(ready.stderr);
    return {
      address: ready.address,
      functions: ready.functions,
      logs,
      invocations,
      stdout: () => output.stdout,
      until,
      logged: (fits) => until(() => logs().find(fits)),
      invocation: (fits) => until(() => invocations().find(fits)),
      send: (message) => child.send(message),
      kill: (signal) => child.kill(signal),
      disconnect: () => {
        child.disconnect();
      },
      ended,
    };
  }
  return { process: whenReady(), ended };
}
