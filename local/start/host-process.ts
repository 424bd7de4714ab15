import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { FromHost, ToHost } from '../host/messages';

/** Milliseconds that a drained host may take before it is ended. */
const STOP_WITHIN_MS = 30_000;

export interface HostProcess {
  /** Such as `http://127.0.0.1:7071`. */
  readonly address: string;
  readonly functions: Extract<FromHost, { type: 'ready' }>['functions'];
  /** Runs a function now. Resolves when it has ended, well or not, or when the host has. */
  invoke(name: string): Promise<void>;
  /** Resolves when the process has ended, with its exit code. */
  readonly ended: Promise<number>;
  /** Lets running invocations finish, then ends the process. */
  stop(): Promise<void>;
}

/**
 * Runs the local host, as `npm run build` made it, in a process of its own, as the Functions runtime runs an app: with its settings in the environment.
 * Rejects with what the host said when it does not come up.
 */
export async function startHostProcess(options: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly port: number;
  readonly onMessage: (message: FromHost) => void;
}): Promise<HostProcess> {
  const child = fork('dist/local/host.cjs', ['dist/main.js', String(options.port)], {
    env: { ...process.env, ...options.environment },
    // Ctrl+C goes to the whole group: the host is told by message when to drain.
    detached: true,
  });
  const waiting: { readonly name: string; readonly resolve: () => void }[] = [];
  const ended = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : 1));
  const ready = new Promise<Extract<FromHost, { type: 'ready' }>>((resolve) => {
    child.on('message', (message: FromHost) => {
      if (message.type === 'ready') resolve(message);
      if (message.type === 'invocation' && message.state !== 'started') {
        const at = waiting.findIndex(({ name }) => name === message.name);
        if (at >= 0) waiting.splice(at, 1)[0]?.resolve();
      }
      options.onMessage(message);
    });
  });
  const first = await Promise.race([ready, ended]);
  if (typeof first === 'number') throw new Error('The local host did not start; what it said stands above.');
  return {
    address: first.address,
    functions: first.functions,
    invoke: async (name) => {
      const done = new Promise<void>((resolve) => waiting.push({ name, resolve }));
      send(child, { type: 'invoke', name });
      await Promise.race([done, ended]);
    },
    ended,
    stop: () => stop(child, ended),
  };
}

async function stop(child: ChildProcess, ended: Promise<number>): Promise<void> {
  send(child, { type: 'drain' });
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(late);
}

function send(child: ChildProcess, message: ToHost): void {
  if (child.connected) child.send(message);
}
