import { watchedTenants } from '../../../shared/core/watched-tenant';
import { setupScript } from '../../../shared/setup/setup-script';
import { openConfiguration, type ConfigurationOptions } from '../open-configuration';
import { CommandError, EXIT_CODES, USAGE, type Outcome } from '../outcome';
import type { Say } from '../progress';

export interface SetupOptions extends ConfigurationOptions {
  /** Object id of Mailbox Watch's own enterprise application, which a managed identity has too. */
  readonly objectId: string;
  /** Its application (client) id; default: that of monitor.signIn. */
  readonly clientId?: string;
  /** Where the configuration has several. */
  readonly tenant?: string;
}

/** The PowerShell script that grants Mailbox Watch what this configuration needs, and no more. Throws CommandError. */
export async function setup(
  { objectId, clientId, tenant: name, ...options }: SetupOptions,
  say: Say,
): Promise<Outcome> {
  const { settings } = await openConfiguration(options);
  const tenants = watchedTenants(settings);
  const named = tenants.filter(({ subject }) => name === undefined || subject.tenant === name.toLowerCase());
  const [tenant, ...others] = named;
  const known = tenants.map(({ subject }) => subject.tenant).join(', ');
  if (tenant === undefined)
    throw new CommandError(`The configuration has no tenant "${name ?? ''}". It has: ${known}.`, USAGE);
  if (others.length > 0)
    throw new CommandError(`The configuration has several tenants: choose with --tenant one of ${known}.`, USAGE);
  const own = clientId ?? (tenant.self.clientId === '' ? undefined : tenant.self.clientId);
  if (own === undefined) {
    throw new CommandError(
      'Give --client-id: the application (client) ID of the identity that Mailbox Watch runs as. For a managed identity: az identity show --query clientId.',
      USAGE,
    );
  }
  say(
    'Save this as setup.ps1, read it, then run it in PowerShell 7.4 or newer: ./setup.ps1 -WhatIf, then ./setup.ps1.',
  );
  return { text: setupScript(tenant, { objectId, clientId: own }).trimEnd(), code: EXIT_CODES.ok };
}
