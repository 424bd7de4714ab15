import type { Monitor } from '../../../shared/compose-monitor';
import type { Log } from '../../../shared/core/ports';
import { type StatusReport } from '../../../shared/core/report';
import { worst } from '../../../shared/core/status';
import type { Settings } from '../../../shared/core/settings';
import { didYouMean } from '../../../shared/settings/did-you-mean';
import { memoryStore } from '../../../shared/store/memory-store';
import { formatStatus, type StatusFormat } from '../formats/status';
import { isElsewhere, monitorHere, openConfiguration, type ConfigurationOptions } from '../open-configuration';
import { CommandError, exitCodeOf, USAGE, type Outcome } from '../outcome';
import { inSteps, type Say } from '../progress';

export interface CheckOptions extends ConfigurationOptions {
  readonly output: StatusFormat;
  /** Seconds; what is not checked by then stays unclear. */
  readonly timeout: number;
  readonly quiet?: boolean;
  readonly everyCheck?: boolean;
}

/** Checks everything, or what `target` names (`integration` or `integration/mailbox`), once. Remembers nothing and alerts nobody. Throws CommandError. */
export async function check(target: string | undefined, options: CheckOptions, say: Say): Promise<Outcome> {
  const opened = await openConfiguration(options);
  const settings = chosen(opened.settings, target);
  if (isElsewhere(settings)) {
    say(
      'A managed identity signs in within Azure only: here whoever is signed in to the Azure CLI reads the directory.',
    );
  }
  const monitor = monitorHere({ ...opened, settings }, memoryStore());
  await runOnce(monitor, settings, options);
  const report = withoutMonitor(await monitor.status());
  return {
    text: await formatStatus(report, options.output, {
      everyCheck: options.everyCheck === true || target?.includes('/') === true,
      isWhole: target === undefined,
    }),
    code: exitCodeOf(report.status),
  };
}

const SECOND_MS = 1000;

async function runOnce(monitor: Monitor, settings: Settings, { quiet, timeout }: CheckOptions): Promise<void> {
  const log: Log = () => undefined;
  const batches = Map.groupBy(await monitor.planMailboxes(), ({ integrationId }) => integrationId);
  const work = inSteps(quiet === true, [
    // First, because the mailboxes are judged with what is known of their application.
    [
      {
        title: 'App registrations, enterprise applications, service health',
        run: () => monitor.checkApplications(log),
      },
    ],
    settings.integrations.map(({ id, name, mailboxes }) => ({
      title: `${name}: ${mailboxes.length === 1 ? 'one mailbox' : `${mailboxes.length} mailboxes`}`,
      run: async () => {
        for (const batch of batches.get(id) ?? []) await monitor.checkBatch(batch, log);
      },
    })),
  ]);
  await Promise.race([work, pause(timeout * SECOND_MS)]);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/** Mailbox Watch looks at itself in `doctor`. */
function withoutMonitor(report: StatusReport): StatusReport {
  return { ...report, monitor: [], status: worst(report.integrations.map(({ status }) => status)) };
}

/** The settings with nothing in them but what is named. Throws CommandError. */
export function chosen(settings: Settings, target: string | undefined): Settings {
  if (target === undefined) return settings;
  const [id = '', ...rest] = target.split('/');
  const address = rest.join('/').toLowerCase();
  const { integrations } = settings;
  const integration = integrations.find((one) => one.id === id);
  if (integration === undefined) {
    throw unknown(
      `There is no integration "${id}" in the configuration`,
      id,
      integrations.map((one) => one.id),
    );
  }
  if (address === '') return { ...settings, integrations: [integration] };
  const mailboxes = integration.mailboxes.filter((one) => one.address === address);
  if (mailboxes.length === 0) {
    throw unknown(
      `The integration "${id}" has no mailbox "${address}"`,
      address,
      integration.mailboxes.map((one) => one.address),
    );
  }
  return { ...settings, integrations: [{ ...integration, mailboxes }] };
}

const MANY = 20;

function unknown(what: string, asked: string, known: readonly string[]): CommandError {
  const meant = didYouMean(asked, known);
  const more = known.length > MANY ? `, and ${known.length - MANY} more` : '';
  const hint =
    meant === undefined ? `There are: ${known.slice(0, MANY).join(', ')}${more}.` : `Did you mean "${meant}"?`;
  return new CommandError(`${what}. ${hint}`, USAGE);
}
