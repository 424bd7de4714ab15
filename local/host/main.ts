import { startHost, type Host } from './host';
import type { FromHost, ToHost } from './messages';
import { NOT_DONE_BY_THE_LOCAL_HOST } from './not-done';

/** Milliseconds for running invocations to finish when the host is asked to end. */
const DRAIN_WITHIN_MS = 20_000;

let host: Host | undefined;

/** The local host as a process: `host.cjs <app's bundle> <port>`, the app settings in its environment. */
async function main(entry = 'dist/main.js', port = '7071'): Promise<void> {
  process.setSourceMapsEnabled(true);
  process.on('uncaughtException', crash);
  const started = await startHost({
    entry,
    port: Number(port),
    settings: process.env,
    log: (logged) => {
      tell({ type: 'log', ...logged });
    },
    onInvocation: (event) => {
      tell({ type: 'invocation', ...event });
    },
  });
  host = started;

  let isEnding = false;
  const end = (withinMs = DRAIN_WITHIN_MS) => {
    if (isEnding) return;
    isEnding = true;
    void started.drain(withinMs).then(() => process.exit(0));
  };
  // A second signal ends the process at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      end();
    });
  }
  // Nobody is left to ask for the end.
  process.once('disconnect', () => {
    end();
  });
  process.on('message', (message: ToHost) => {
    if (message.type === 'drain') end(message.withinMs);
    else if (!isEnding) started.invoke(message.name).catch(refused);
  });
  tell({ type: 'ready', address: started.address, functions: started.functions });
}

/** As in Azure: what nobody handles ends the process, and every invocation with it. */
function crash(error: unknown, origin: NodeJS.UncaughtExceptionOrigin): void {
  console.error(`The app crashed (${origin}). In Azure this ends the process as well:`, error);
  const cutOff = host?.running().map(({ name, id, ms }) => `${name} (${id}, for ${ms} ms)`) ?? [];
  console.error(`Invocations cut off: ${cutOff.length === 0 ? 'none' : cutOff.join(', ')}`);
  process.exit(1);
}

function refused(error: unknown): void {
  tell({ type: 'log', level: 'error', message: error instanceof Error ? error.message : String(error) });
}

/** To the parent when there is one, else as lines to read. */
function tell(message: FromHost): void {
  // A parent that has just gone is no error.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  else for (const line of linesOf(message)) console.log(line);
}

function linesOf(message: FromHost): string[] {
  const time = new Date().toISOString();
  switch (message.type) {
    case 'ready':
      return [
        `The local host listens on ${message.address}`,
        ...message.functions.map(
          ({ name, trigger, ...details }) => `  ${name}: ${trigger} ${Object.values(details).join(' ')}`,
        ),
        `What it does not do: ${NOT_DONE_BY_THE_LOCAL_HOST}`,
      ];
    case 'invocation':
      return [`${time} ${message.name} ${message.state} ${message.id} after ${message.ms} ms`];
    case 'log':
      return [`${time} ${message.name ?? 'host'} ${message.level}: ${message.message}`];
  }
}

main(...process.argv.slice(2)).catch((error: unknown) => {
  console.error(`The local host does not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
