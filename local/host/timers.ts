import { Cron } from 'croner';
import { NCRONTAB } from '../../shared/settings/schedule';
import type { TimerFunction } from './app-functions';
import type { InvocationResult, TriggerInput } from './invocation';

export interface Timer {
  /** Runs the function now, beside its schedule. */
  readonly run: () => Promise<InvocationResult>;
  /** Begins to follow the schedule, with a run at once if the function asks for it. */
  readonly start: () => void;
  readonly stop: () => void;
}

/** Runs the function at every tick (UTC) that finds no earlier tick's run still going. */
export function createTimer(
  fn: TimerFunction,
  invoke: (fn: TimerFunction, input: TriggerInput) => Promise<InvocationResult>,
): Timer {
  const run = () => invoke(fn, { data: { json: JSON.stringify(timerInfo(cron)) } });
  const cron = new Cron(fn.schedule, { ...NCRONTAB, protect: true, paused: true }, async () => {
    await run();
  });
  return {
    run,
    start: () => {
      cron.resume();
      if (fn.runOnStartup) void cron.trigger();
    },
    stop: () => {
      cron.stop();
    },
  };
}

/** The library turns the names into camelCase. A tick is never past due here: the host remembers none. */
function timerInfo(cron: Cron) {
  const now = new Date();
  return {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: { Last: cron.previousRun() ?? now, Next: cron.nextRun(), LastUpdated: now },
    IsPastDue: false,
  };
}
