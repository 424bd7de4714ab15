import { dirname, resolve } from 'node:path';
import { adminEndpoints } from './admin-endpoints';
import { loadApp, type App } from './app';
import { listed, readFunction, type AppFunction, type Settings } from './app-functions';
import { functionEndpoint } from './function-endpoint';
import { readHostJson } from './host-json';
import { serve } from './http-server';
import { createInvoker, type InvocationResult, type RunningInvocation } from './invocation';
import type { HostFunction, InvocationEvent, LogEntry } from './messages';
import { nearest } from './nearest';
import { listenTo, type QueueListener } from './queue-listener';
import { deliverOutputs } from './queue-outputs';
import { createTimer } from './timers';

/** Milliseconds in which Azure lets the hooks of the end finish. */
const HOOKS_WITHIN_MS = 5000;
/** Milliseconds for the last answers to leave. */
const ANSWERS_WITHIN_MS = 1000;

export interface HostOptions {
  /** Path of the app's bundle. The nearest host.json at or above it counts. */
  readonly entry: string;
  /** 0 is any free one. */
  readonly port: number;
  /** The app settings; the app itself reads them from the environment. */
  readonly settings: Settings;
  readonly log: (entry: LogEntry) => void;
  readonly onInvocation: (event: InvocationEvent) => void;
}

export interface Host {
  /** Such as `http://127.0.0.1:7071`. */
  readonly address: string;
  readonly functions: readonly HostFunction[];
  /** Runs a timer or queue function now, the latter with this message. Rejects when there is none of this name. */
  invoke(name: string, input?: string): Promise<InvocationResult>;
  running(): readonly RunningInvocation[];
  /**
   * Begins nothing new, waits for what runs at most this many milliseconds, runs the app's appTerminate hooks, and closes. Once only.
   * Never rejects; what was not waited for is logged.
   */
  drain(deadlineMs: number): Promise<void>;
}

/**
 * Runs the app's functions on this machine: HTTP on 127.0.0.1, timers, and Storage queues.
 * Rejects when the app does not load, a function asks for what is missing or not valid, or the port is taken.
 */
export async function startHost({ entry, port, settings, log, onInvocation }: HostOptions): Promise<Host> {
  const { routePrefix, queues: options } = readHostJson(nearest('host.json', dirname(resolve(entry))));
  const app = await loadApp(entry, (level, _category, message) => {
    log({ level, message });
  });
  const functions = readFunctions(app, settings, routePrefix, log);

  const listeners: QueueListener[] = [];
  const { invoke, running, idle } = createInvoker({
    app,
    log,
    onInvocation,
    deliver: (fn, response) =>
      deliverOutputs(fn, response, (queue) => {
        for (const listener of listeners) if (listener.url === queue.url) listener.wake();
      }),
  });
  const http = functions.filter((fn) => fn.trigger === 'http');
  const timers = functions.filter((fn) => fn.trigger === 'timer').map((fn) => ({ ...fn, ...createTimer(fn, invoke) }));
  const queues = functions.filter((fn) => fn.trigger === 'queue');
  const runs = new Map<string, (input: string) => Promise<InvocationResult>>([
    ...timers.map(({ name, run }) => [name, run] as const),
    ...queues.map((fn) => [fn.name, (input: string) => invoke(fn, { data: { string: input } })] as const),
  ]);

  const hookData = {};
  for (const hook of app.hooks('appStart')) await hook({ hookData });
  const list = functions.map(listed);
  const endpoints = [...http.map((fn) => functionEndpoint(fn, invoke)), ...adminEndpoints(list, runs)];
  const server = await serve(port, endpoints, log);
  for (const fn of queues) listeners.push(listenTo(fn, { options, invoke, log }));
  for (const { start } of timers) start();

  async function terminate(): Promise<void> {
    try {
      for (const hook of app.hooks('appTerminate')) await hook({ hookData });
    } catch (error) {
      log({ level: 'error', message: `appTerminate failed: ${error instanceof Error ? error.stack : String(error)}` });
    }
  }

  return {
    address: server.address,
    functions: list,
    async invoke(name, input = '') {
      const run = runs.get(name);
      if (run === undefined) throw new Error(`There is no function "${name}" without HTTP trigger`);
      return run(input);
    },
    running,
    async drain(deadlineMs) {
      for (const { stop } of timers) stop();
      const closed = server.close();
      const quiet = Promise.all([idle(), ...listeners.map((listener) => listener.stop())]);
      if (running().length > 0) log({ level: 'information', message: `Ending, after ${namesOf(running())}` });
      if (!(await within(deadlineMs, quiet))) {
        log({ level: 'warning', message: `Cut off after ${deadlineMs} ms: ${namesOf(running())}` });
      }
      if (!(await within(HOOKS_WITHIN_MS, terminate()))) {
        log({ level: 'warning', message: `appTerminate hooks still run after ${HOOKS_WITHIN_MS} ms, cut off` });
      }
      await within(ANSWERS_WITHIN_MS, closed);
      server.closeAllConnections();
      await closed;
    },
  };
}

function readFunctions(app: App, settings: Settings, routePrefix: string, log: HostOptions['log']): AppFunction[] {
  return app.registrations.flatMap((registration) => {
    const fn = readFunction(registration, settings, routePrefix);
    if (fn !== undefined) return [fn];
    const { name } = registration.metadata;
    log({ level: 'warning', message: `The function "${name}" is left out: the local host does not know its trigger` });
    return [];
  });
}

function namesOf(invocations: readonly RunningInvocation[]): string {
  return invocations.map(({ name, id }) => `${name} (${id})`).join(', ');
}

/** Whether it settled in time. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
