import { createRequire, registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nearest } from './nearest';
import type { FunctionsCore, HookCallback, ProgrammingModel, Registration } from './programming-model';

const CORE = '@azure/functions-core';

/** A loaded app: what it registered, and the library's own programming model that calls it. */
export interface App {
  readonly registrations: readonly Registration[];
  readonly model: ProgrammingModel;
  /** The app's hooks of this name, in the order of registration. */
  hooks(name: string): readonly HookCallback[];
}

/**
 * Loads the app's bundle as the language worker does: it finds the runtime under the name `@azure/functions-core` and registers itself.
 * Once in a process, for modules are loaded once. Throws when the app throws while it loads, or registers nothing.
 */
export async function loadApp(entry: string, log: FunctionsCore['log']): Promise<App> {
  const shim = nearest('local/host/functions-core.cjs', __dirname);
  if (shim === undefined) throw new Error('local/host/functions-core.cjs is missing: run from the repository');
  registerHooks({
    resolve: (name, context, next) =>
      name === CORE ? { url: pathToFileURL(shim).href, format: 'commonjs', shortCircuit: true } : next(name, context),
  });
  const path = resolve(entry);
  const load = createRequire(path);
  const core = load(CORE) as FunctionsCore;
  core.log = log;
  try {
    load(path);
  } catch (cause) {
    throw new Error(`The app ${entry} does not load: ${cause instanceof Error ? cause.stack : String(cause)}`, {
      cause,
    });
  }
  const model = core.getProgrammingModel();
  if (model === undefined || core.functions.size === 0) throw new Error(`The app ${entry} registers no function`);
  await model.getCapabilities({});
  core.isStarted = true;
  return { registrations: [...core.functions.values()], model, hooks: (name) => core.hooks.get(name) ?? [] };
}
