import type { ChannelState, ConfigurationState, MonitorEvidence } from '../../core/monitor-evidence';
import type { DatedSecrets, Probes, Store } from '../../core/ports';
import { blind, seen, type Reading } from '../../core/reading';
import type { Integration } from '../../core/subject';
import type { WatchedTenant } from '../../core/watched-tenant';
import { createClockProbe, type ClockOptions } from './clock';
import { createOwnTokenProbe, type OwnTokenOptions } from './own-token';
import { readRememberedRuns, tryStorage, type RememberedRunsOptions } from './remembered';
import { readRefreshTokens, readVaultSecrets } from './secret-dates';

export interface MonitorProbeOptions extends OwnTokenOptions, Pick<ClockOptions, 'now'> {
  readonly probes: Pick<Probes, 'appRegistration' | 'configuredSecret' | 'configuredCertificate'>;
  readonly allowedCmdlets: (integration: Integration) => Promise<Reading<readonly string[]>>;
  readonly secrets: Pick<DatedSecrets, 'writtenAt'>;
  readonly store: Pick<Store, 'summaries' | 'load' | 'loadNote' | 'saveNote'>;
  readonly configuration: () => ConfigurationState;
  /** How the channels are; may reject where the storage fails. */
  readonly channelStates: () => Promise<readonly ChannelState[]>;
  /** The second latest tick of each schedule, milliseconds since 1970. */
  readonly dueSince: () => RememberedRunsOptions['dueSince'];
}

/** The permission that snapshots need. */
const SNAPSHOTS = 'ConfigurationMonitoring.ReadWrite.All';

/** The probe that looks at Mailbox Watch itself in one tenant. Never rejects. */
export function createMonitorProbe(options: MonitorProbeOptions): (tenant: WatchedTenant) => Promise<MonitorEvidence> {
  const { probes, secrets, store, now, dueSince } = options;
  const ownToken = createOwnTokenProbe(options);
  const clock = createClockProbe(options);

  return async (tenant) => {
    const { self, integrations } = tenant;
    const [token, app, secret, certificate, cmdlets, vaultSecrets, refreshTokens, storage, runs, skew, channels] =
      await Promise.all([
        inDirectory(tenant, () => ownToken(self)),
        ofSignIn(tenant, ['client-secret'], () => probes.appRegistration(self)),
        ofSignIn(tenant, ['client-secret'], () => probes.configuredSecret(self)),
        ofSignIn(tenant, ['certificate'], () => probes.configuredCertificate(self)),
        inDirectory(tenant, () => exchangeCmdlets(tenant, options)),
        readVaultSecrets(integrations, secrets),
        readRefreshTokens(integrations, secrets),
        tryStorage(store, now),
        readRememberedRuns(tenant, { store, dueSince: dueSince() }),
        clock(self),
        statesOf(options.channelStates),
      ]);
    const roles = token.outcome === 'seen' && token.value.issued ? (token.value.claims?.roles ?? []) : [];
    return {
      ownToken: token,
      appRegistration: app,
      configuredSecret: secret,
      configuredCertificate: certificate,
      exchangeCmdlets: cmdlets,
      snapshotsStandIn: seen(tenant.exchangeEvidence === 'auto' && roles.includes(SNAPSHOTS)),
      vaultSecrets: seen(vaultSecrets),
      refreshTokens: seen(refreshTokens),
      storage,
      ...runs,
      clock: skew,
      channels,
      configuration: seen(options.configuration()),
    };
  };
}

/** Mailbox Watch signs in to Entra ID alone: another provider has no directory, and must not see what it signs in with. */
async function inDirectory<T>({ self }: WatchedTenant, look: () => Promise<Reading<T>>): Promise<Reading<T>> {
  if (self.provider === 'microsoft365') return look();
  return blind('not-configured', `${self.provider} has no directory that Mailbox Watch could read.`);
}

/** What only some sign-ins have. */
async function ofSignIn<T>(
  tenant: WatchedTenant,
  kinds: readonly WatchedTenant['signIn'][],
  look: () => Promise<Reading<T>>,
): Promise<Reading<T>> {
  if (kinds.includes(tenant.signIn)) return inDirectory(tenant, look);
  return blind('not-configured', `Mailbox Watch signs in with ${tenant.signIn}, which has none.`);
}

async function exchangeCmdlets(
  { self, exchangeEvidence }: WatchedTenant,
  { allowedCmdlets }: MonitorProbeOptions,
): Promise<Reading<readonly string[]>> {
  if (exchangeEvidence === 'auto' || exchangeEvidence === 'admin-api') return allowedCmdlets(self);
  return blind(
    'not-configured',
    `Exchange's administration is not asked (exchangeEvidence: ${exchangeEvidence} in the configuration).`,
  );
}

async function statesOf(read: MonitorProbeOptions['channelStates']): Promise<Reading<readonly ChannelState[]>> {
  try {
    return seen(await read());
  } catch {
    return blind('unreachable', 'How the channels are could not be read from the storage.');
  }
}
