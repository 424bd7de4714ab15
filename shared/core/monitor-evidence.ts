import type { AppRegistration, ConfiguredCertificate, ConfiguredSecret, TokenAnswer } from './evidence';
import type { Reading } from './reading';

/** What is seen of Mailbox Watch itself in one tenant. Times are milliseconds since 1970. */
export interface MonitorEvidence {
  /** Its own token for Microsoft Graph; `roles` are the application permissions that it holds. */
  readonly ownToken: Reading<TokenAnswer>;
  /** Of its own app registration; blind where it signs in without one. */
  readonly appRegistration: Reading<AppRegistration>;
  /** Of the client secret that it signs in with. */
  readonly configuredSecret: Reading<ConfiguredSecret>;
  /** Of the certificate that it signs in with. */
  readonly configuredCertificate: Reading<ConfiguredCertificate>;
  /**
   * Which reads of the tenant's applications were refused in their last run, as paths in ApplicationEvidence such as
   * `enterpriseApplication.consents`.
   */
  readonly refusedReads: Reading<readonly string[]>;
  /** The cmdlets that Exchange lets it run. */
  readonly exchangeCmdlets: Reading<readonly string[]>;
  /** Whether Graph's snapshots stand in where Exchange refuses (`exchangeEvidence: auto`, and the permission for them). */
  readonly snapshotsStandIn: Reading<boolean>;
  /** Every secret that the tenant's integrations keep in Key Vault. */
  readonly vaultSecrets: Reading<readonly VaultSecret[]>;
  readonly storage: Reading<StorageAnswer>;
  readonly lastRuns: Reading<LastRuns>;
  readonly refreshTokens: Reading<readonly RefreshTokenAge[]>;
  readonly clock: Reading<ClockSkew>;
  /** How the channels are by which people are told. */
  readonly channels: Reading<readonly ChannelState[]>;
  /** Whether the configuration file is valid as it was last written. */
  readonly configuration: Reading<ConfigurationState>;
}

export type ConfigurationState =
  | { readonly valid: true }
  /** `problems`: what is wrong and where, in a few sentences; holds no secret. */
  | { readonly valid: false; readonly problems: string };

export interface ChannelState {
  readonly id: string;
  /** How long it has taken no notice, in milliseconds; absent where the last one arrived, or none was sent yet. */
  readonly failingForMs?: number;
  /** What happened, and what to do; one sentence. */
  readonly detail?: string;
}

export interface VaultSecret {
  readonly vault: string;
  /** Such as `kv:helpdesk/jira`. */
  readonly reference: string;
  /** When its newest version was written; blind where the vault gave none. */
  readonly writtenAt: Reading<number>;
}

/** What came of writing a note and reading it back. */
export type StorageAnswer =
  | { readonly works: true; readonly ms: number }
  /** One sentence of the storage: what failed, and what to do. */
  | { readonly works: false; readonly detail: string };

/** When the checks of the tenant's mailboxes and applications last ran, against their schedules. */
export interface LastRuns {
  readonly mailboxes: LastRun;
  readonly applications: LastRun;
  /** When mailboxes were last put on the queue; absent where that was never noted. */
  readonly mailboxesPlannedAt?: number;
}

export interface LastRun {
  /** The newest look at any of them; absent where there was none yet. */
  readonly at?: number;
  /** The second latest tick of the schedule: what is older has missed two runs. */
  readonly dueSince: number;
}

/** A refresh token that is kept for delegates. */
export interface RefreshTokenAge {
  readonly reference: string;
  readonly delegate: string;
  /** The first of its mailboxes, and how many there are. */
  readonly mailbox: string;
  readonly mailboxes: number;
  /** When it was last renewed; blind where its place has no date. */
  readonly writtenAt: Reading<number>;
}

/** How far this machine's clock is ahead of another, from the Date header of its answer. */
export interface ClockSkew {
  readonly host: string;
  /** Milliseconds; negative where this clock is behind. Exact to a second. */
  readonly aheadMs: number;
}

/** What `ownToken` has as `error` where Azure gave no token for the managed identity. */
export const NO_MANAGED_IDENTITY = 'no_managed_identity';
/** What `ownToken` has as `error` where the secret, certificate or assertion to sign in with cannot be read: nobody was asked. */
export const CREDENTIAL_UNREADABLE = 'credential_unreadable';
