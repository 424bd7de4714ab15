import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { styleText } from 'node:util';
import { stringify } from 'yaml';
import type { Integration, Product } from '../../../shared/core/subject';
import { watchedTenants } from '../../../shared/core/watched-tenant';
import { findMailApps, type MailApp } from '../../../shared/probes/directory/find-mail-apps';
import { parseConfiguration } from '../../../shared/settings/parse';
import { createSecrets } from '../../../shared/settings/secrets';
import {
  configurationPath,
  openConfiguration,
  ownCredential,
  type ConfigurationOptions,
  type OpenedConfiguration,
} from '../open-configuration';
import { CommandError, EXIT_CODES, USAGE, type Outcome } from '../outcome';
import { sampleConfiguration } from '../sample-configuration';

export interface DiscoverOptions extends ConfigurationOptions {
  /** Where there is no configuration yet: whoever is signed in to the Azure CLI looks. */
  readonly tenant?: string;
  readonly output: 'pretty' | 'json';
}

/** Finds the apps that may read mail and proposes lines for the configuration. It changes nothing. Throws CommandError. */
export async function discover({ tenant, output, ...options }: DiscoverOptions): Promise<Outcome> {
  const opened = await openedOr(tenant, options);
  const tenants = watchedTenants(opened.settings).filter(({ signIn }) => signIn !== 'none');
  if (tenants.length === 0) {
    throw new CommandError(
      'Mailbox Watch has nothing to look into the directory with: set monitor.signIn in the configuration.',
    );
  }
  const secrets = createSecrets({ environment: process.env, folder: dirname(opened.path) });
  const found: (MailApp & { readonly watched: boolean })[] = [];
  for (const { self, integrations } of tenants) {
    const reading = await findMailApps(self, (of) => ownCredential(opened.settings, of, secrets));
    if (reading.outcome === 'blind') throw new CommandError(reading.detail);
    const known = new Set(integrations.map(({ clientId }) => clientId));
    // Mailbox Watch's own app may hold a permission for mail, to send notices.
    const others = reading.value.filter(({ clientId }) => clientId !== self.clientId);
    found.push(...others.map((app) => ({ ...app, watched: known.has(app.clientId) })));
  }
  const code = EXIT_CODES.ok;
  if (output === 'json') return { text: JSON.stringify(found, undefined, 2), code };
  const missing = found.filter(({ watched }) => !watched);
  const lines = found.map(
    ({ displayName, clientId, roles, scopes, watched }) =>
      `${watched ? styleText('green', '✓') : styleText('yellow', '+')} ${displayName}  ${styleText('dim', clientId)}  ${[...roles, ...scopes].join(', ')}${watched ? '' : '  not watched'}`,
  );
  const proposal = stringify(missing.map(proposed)).trimEnd();
  const text = [
    found.length === 0 ? 'No app of this tenant may read mail over IMAP, POP or Microsoft Graph.' : lines.join('\n'),
    ...(missing.length === 0
      ? []
      : [
          `Lines for integrations in the configuration; put your own mailboxes, delegate and references in:\n\n${proposal}`,
        ]),
  ];
  return { text: text.join('\n\n'), code };
}

async function openedOr(tenant: string | undefined, options: ConfigurationOptions): Promise<OpenedConfiguration> {
  const path = configurationPath(options);
  if (tenant === undefined || existsSync(path)) return openConfiguration(options);
  const parsed = parseConfiguration(sampleConfiguration({ tenant }));
  if (!parsed.ok) throw new CommandError(`"${tenant}" is no tenant: give its GUID or a verified domain.`, USAGE);
  const integrations: Integration[] = parsed.settings.integrations.map((one) => ({ ...one, clientId: '' }));
  return { path, settings: { ...parsed.settings, integrations } };
}

const PRODUCT_WORDS: readonly (readonly [RegExp, Product])[] = [
  [/\bjsm\b|service (?:desk|management)/i, 'jsm'],
  [/jira/i, 'jira'],
  [/live ?agent/i, 'liveagent'],
];

/** An integration for the configuration, with stand-ins for what the directory does not tell. */
function proposed({ displayName, clientId, roles, scopes }: MailApp) {
  const slug = displayName
    .toLowerCase()
    .replaceAll(/[^\da-z]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  const flow = scopes.length > 0 ? 'delegated' : 'application';
  const permissions = [...roles, ...scopes].join(' ');
  const protocol = permissions.includes('IMAP') ? 'imap' : permissions.includes('POP') ? 'pop' : 'graph';
  const id = slug === '' ? clientId : slug.slice(0, 63);
  return {
    id,
    name: displayName,
    product: PRODUCT_WORDS.find(([words]) => words.test(displayName))?.[1] ?? 'other',
    clientId,
    clientSecret: 'env:CLIENT_SECRET',
    flow,
    ...(protocol !== 'imap' && { protocol }),
    ...(flow === 'delegated' && { delegate: 'user@contoso.com', refreshToken: `file:secrets/${id}-refresh-token` }),
    mailboxes: ['mailbox@contoso.com'],
  };
}
