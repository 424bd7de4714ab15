import type { QueueClient } from '@azure/storage-queue';
import { z } from 'zod';
import { scheduleProblem } from '../../shared/settings/schedule';
import type { HostFunction } from './messages';
import type { Binding, Registration } from './programming-model';
import { parseRoute, type Route } from './route-template';
import { openQueue } from './storage-queue';

/** App settings by name, as the environment has them. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** A registered function with what its trigger needs, settings resolved. */
export type AppFunction = HttpFunction | TimerFunction | QueueFunction;
export type HttpFunction = OfTrigger<'http'> & { readonly path: Route };
export type TimerFunction = OfTrigger<'timer'> & { readonly runOnStartup: boolean };
export type QueueFunction = OfTrigger<'queue'> & { readonly messages: QueueClient; readonly poison: QueueClient };

type OfTrigger<T> = Extract<HostFunction, { trigger: T }> &
  Registration & {
    /** The trigger's name among the bindings. */
    readonly binding: string;
    /** By binding name, where its results go; the HTTP answer is not among them. */
    readonly outputs: ReadonlyMap<string, QueueClient>;
  };

const HTTP = z.object({ route: z.string().optional(), methods: z.array(z.string()) });
const TIMER = z.object({ schedule: z.string(), runOnStartup: z.boolean().default(false) });
const QUEUE = z.object({ queueName: z.string(), connection: z.string().default('AzureWebJobsStorage') });

/**
 * Reads what a function was registered with; undefined when its trigger is of a type that the local host does not know.
 * Throws, naming the function, when a setting it refers to is missing or what it asks for is not valid.
 */
export function readFunction(
  registration: Registration,
  settings: Settings,
  routePrefix: string,
): AppFunction | undefined {
  try {
    return read(registration, settings, routePrefix);
  } catch (error) {
    const problem =
      error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : error;
    throw new Error(`The function "${registration.metadata.name}" cannot run: ${String(problem)}`, { cause: error });
  }
}

function read({ metadata, callback }: Registration, settings: Settings, routePrefix: string): AppFunction | undefined {
  const { name, bindings } = metadata;
  const found = Object.entries(bindings).find(([, { type }]) => /trigger$/i.test(type));
  if (found === undefined) throw new Error('it has no trigger');
  const [binding, trigger] = found;
  if (!/^(http|timer|queue)Trigger$/i.test(trigger.type)) return undefined;
  const base = { name, binding, metadata, callback, outputs: outputsOf(bindings, settings) };
  switch (trigger.type.toLowerCase()) {
    case 'httptrigger': {
      const { route: unprefixed = name, methods } = HTTP.parse(trigger);
      const route = [routePrefix, unprefixed].filter((part) => part !== '').join('/');
      return {
        ...base,
        trigger: 'http',
        route,
        path: parseRoute(route),
        methods: methods.map((one) => one.toUpperCase()),
      };
    }
    case 'timertrigger': {
      const timer = TIMER.parse(trigger);
      const schedule = replaceSettings(timer.schedule, settings);
      const problem = scheduleProblem(schedule);
      if (problem !== undefined) throw new Error(`its schedule ${timer.schedule} is not valid: ${problem}`);
      return { ...base, trigger: 'timer', schedule, runOnStartup: timer.runOnStartup };
    }
    default: {
      const messages = queueOf(trigger, settings);
      const poison = queueOf(trigger, settings, '-poison');
      return { ...base, trigger: 'queue', queue: messages.name, messages, poison };
    }
  }
}

function outputsOf(bindings: Registration['metadata']['bindings'], settings: Settings): Map<string, QueueClient> {
  const outputs = Object.entries(bindings).filter(([, { direction, type }]) => direction === 'out' && type !== 'http');
  return new Map(
    outputs.map(([name, binding]) => {
      if (binding.type !== 'queue') throw new Error(`the local host knows no output of the type "${binding.type}"`);
      return [name, queueOf(binding, settings)];
    }),
  );
}

function queueOf(binding: Binding, settings: Settings, suffix = ''): QueueClient {
  const { queueName, connection } = QUEUE.parse(binding);
  const name = replaceSettings(queueName, settings) + suffix;
  const connectionString = settingOf(connection, settings);
  try {
    return openQueue(connectionString, name);
  } catch (cause) {
    throw new Error(`the app setting ${connection} is not the connection string of a storage account`, { cause });
  }
}

/** Puts the settings' values in the place of `%NAME%`. */
function replaceSettings(text: string, settings: Settings): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => settingOf(name, settings));
}

function settingOf(name: string, settings: Settings): string {
  const value = settings[name];
  if (value === undefined || value === '') throw new Error(`the app setting ${name} is missing; set it`);
  return value;
}

/** What may be told of a function: no code, no connection. */
export function listed(fn: AppFunction): HostFunction {
  const { name } = fn;
  switch (fn.trigger) {
    case 'http':
      return { name, trigger: fn.trigger, methods: fn.methods, route: fn.route };
    case 'timer':
      return { name, trigger: fn.trigger, schedule: fn.schedule };
    case 'queue':
      return { name, trigger: fn.trigger, queue: fn.queue };
  }
}
