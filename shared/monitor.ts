import { dirname, resolve } from 'node:path';
import { readAccess, type Access } from './access';
import { composeMonitor, type Monitor, type Schedules } from './compose-monitor';
import { loadConfiguration, stampOf, type ConfigurationProblem, type LoadedConfiguration } from './settings/load';
import { scheduleProblem } from './settings/schedule';
import { createTableStore, tableClientFor } from './store/table-store';

export type { Monitor } from './compose-monitor';

/** Names of the app settings that the timers take their schedules from (NCRONTAB, UTC). */
const MAILBOXES_SCHEDULE = 'CHECK_MAILBOXES_SCHEDULE';
const APPLICATIONS_SCHEDULE = 'CHECK_APPLICATIONS_SCHEDULE';
const MONITOR_SCHEDULE = 'CHECK_MONITOR_SCHEDULE';
/** Hourly: what it looks at changes slowly. */
const DEFAULT_MONITOR_SCHEDULE = '0 17 * * * *';
const CONFIGURATION_PATH = 'MAILBOX_WATCH_CONFIG';

/** Everything that is wrong with the configuration, at once. Holds no secret. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(
    readonly file: string,
    readonly problems: readonly ConfigurationProblem[],
  ) {
    super(
      [`The configuration ${file} is not valid:`, ...problems.map((problem) => `  ${wordsOf(problem)}`)].join('\n'),
    );
  }
}

function wordsOf({ file, path, line, column, message }: ConfigurationProblem): string {
  return `${file === undefined ? '' : `${file}: `}${path} (line ${line}, column ${column}): ${message}`;
}

/** Who may see what, by the app settings. Throws an Error that says what to correct. */
export function access(): Access {
  return readAccess(process.env);
}

interface Composed {
  readonly path: string;
  /** What was read for it, and when each of that was last written. */
  read: readonly string[];
  stamp: string;
  readonly monitor: Promise<Monitor>;
}

let composed: Composed | undefined;
/** What goes on while the file is not valid. */
let lastGood: Composed | undefined;
/** What is wrong with the file as it was last written; undefined where nothing is. */
let refused: string | undefined;

/**
 * The monitor of this process, composed on first use, so that no fault of the settings can keep the functions from loading, and again
 * whenever the configuration file has changed. Where that is not valid the one before goes on, and its status says so. Rejects with
 * ConfigurationError where there is none; the next call tries again.
 */
export async function monitor(): Promise<Monitor> {
  const environment = process.env;
  const path = resolve(environment[CONFIGURATION_PATH] ?? 'mailbox-watch.yaml');
  const stamp = await stampOf(composed?.path === path ? composed.read : [path]);
  if (composed?.path !== path || composed.stamp !== stamp) composed = start(path, stamp, environment);
  const current = composed;
  try {
    const good = await current.monitor;
    if (lastGood !== current) refused = undefined;
    lastGood = current;
    return good;
  } catch (error) {
    if (error instanceof ConfigurationError && lastGood?.path === path) {
      refused = error.problems.map(wordsOf).join('; ');
      // Until the file is written again.
      composed = { ...lastGood, read: current.read, stamp: current.stamp };
      lastGood = composed;
      return lastGood.monitor;
    }
    composed = undefined;
    throw error;
  }
}

function start(path: string, stamp: string, environment: NodeJS.ProcessEnv): Composed {
  const loading = loadConfiguration(path, environment);
  const started: Composed = {
    path,
    read: [path],
    stamp,
    monitor: loading.then((loaded) => {
      ({ read: started.read, stamp: started.stamp } = loaded);
      return compose(path, environment, loaded);
    }),
  };
  return started;
}

function compose(path: string, environment: NodeJS.ProcessEnv, loaded: LoadedConfiguration): Monitor {
  // Or the SDK of Application Insights tells Microsoft how it is itself.
  environment['APPLICATIONINSIGHTS_STATSBEAT_DISABLED'] ??= 'true';
  const schedules = schedulesOf(environment);
  if (!loaded.ok) throw new ConfigurationError(path, loaded.problems);
  return composeMonitor({
    settings: loaded.settings,
    folder: dirname(path),
    environment,
    store: createTableStore(tableClientFor(environment)),
    schedules,
    startsJobs: true,
    configuration: () => (refused === undefined ? { valid: true } : { valid: false, problems: refused }),
  });
}

function schedulesOf(environment: NodeJS.ProcessEnv): Schedules {
  const setting = (name: string, otherwise = ''): string => {
    const schedule = environment[name] ?? otherwise;
    const problem = scheduleProblem(schedule);
    if (problem !== undefined)
      throw new ConfigurationError('app settings', [{ path: name, line: 1, column: 1, message: problem }]);
    return schedule;
  };
  return {
    mailbox: setting(MAILBOXES_SCHEDULE),
    application: setting(APPLICATIONS_SCHEDULE),
    monitor: setting(MONITOR_SCHEDULE, DEFAULT_MONITOR_SCHEDULE),
  };
}
