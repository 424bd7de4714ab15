import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import tls from 'node:tls';
import type { TokenCredential } from '@azure/identity';
import { azureCli } from './azure-cli';
import { composeMonitor, type Monitor } from '../../shared/compose-monitor';
import type { Secrets, Store } from '../../shared/core/ports';
import type { Settings } from '../../shared/core/settings';
import type { Integration } from '../../shared/core/subject';
import { createMonitorCredential } from '../../shared/probes/monitor-credential';
import { loadConfiguration } from '../../shared/settings/load';
import { DEMO_FOLDER } from './demo-folder';
import { problemScreen } from './formats/problems';
import { CommandError } from './outcome';

export interface ConfigurationOptions {
  readonly config?: string;
  /** The demo tenant that `npm start` runs in this folder, instead of the configuration. */
  readonly demo?: boolean;
}

/** The path of the configuration that the options mean. With `demo` its certificate is trusted from now on. Throws CommandError. */
export function configurationPath({ config, demo = false }: ConfigurationOptions): string {
  if (!demo) return resolve(config ?? process.env['MAILBOX_WATCH_CONFIG'] ?? 'mailbox-watch.yaml');
  const certificate = resolve(DEMO_FOLDER, 'ca.pem');
  if (!existsSync(certificate)) {
    throw new CommandError(
      'The demo tenant does not run here. Start it in a second terminal, in this folder: npm start',
    );
  }
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(certificate, 'utf8')]);
  return resolve(DEMO_FOLDER, 'mailbox-watch.yaml');
}

export interface OpenedConfiguration {
  readonly path: string;
  readonly settings: Settings;
}

/** Throws CommandError with every problem of the configuration. */
export async function openConfiguration(options: ConfigurationOptions): Promise<OpenedConfiguration> {
  const path = configurationPath(options);
  if (!existsSync(path)) {
    throw new CommandError(
      `There is no configuration at ${path}. Make one: mailbox-watch config init. Or name it: --config FILE. To try things out: npm start in one terminal, and --demo in another.`,
    );
  }
  const loaded = await loadConfiguration(path, process.env);
  if (loaded.ok) return { path, settings: loaded.settings };
  throw new CommandError(problemScreen(path, loaded.problems));
}

/** Never due: what is looked at now is fresh. */
const YEARLY = '0 0 0 1 1 *';

/** The engine of the functions on this machine. What it finds goes to the store, and nobody is told. */
export function monitorHere({ path, settings }: OpenedConfiguration, store: Store): Monitor {
  return composeMonitor({
    settings,
    folder: dirname(path),
    environment: process.env,
    store,
    schedules: { mailbox: YEARLY, application: YEARLY, monitor: YEARLY },
    startsJobs: false,
    ...(isElsewhere(settings) && { signIn: azureCli }),
  });
}

/** What Mailbox Watch itself signs in with on this machine, where an integration is; undefined where it has nothing. */
export function ownCredential(
  settings: Settings,
  integration: Integration,
  secrets: Secrets,
): TokenCredential | undefined {
  return isElsewhere(settings)
    ? azureCli(integration.tenant)
    : createMonitorCredential(settings.monitorSignIn, integration, secrets);
}

/** A managed identity signs in within Azure only: on any other machine the person at it does, with the Azure CLI. */
export function isElsewhere({ monitorSignIn }: Settings): boolean {
  return monitorSignIn.kind === 'managed-identity' && process.env['IDENTITY_ENDPOINT'] === undefined;
}
