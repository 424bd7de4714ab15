import type { AlertPolicy } from './alerting';
import type { ChannelSettings } from './channel-settings';
import type { Ignored, MaintenanceWindow } from './muting';
import type { ExchangeEvidence, Integration, MonitorSignIn } from './subject';

/** The whole configuration, checked, with every default filled in. Plain data, no secret in it. */
export interface Settings {
  readonly monitorSignIn: MonitorSignIn;
  readonly exchangeEvidence: ExchangeEvidence;
  readonly channels: readonly ChannelSettings[];
  readonly alerting: AlertingSettings;
  /** Where people find the status page; absent where the configuration does not say. No slash at the end. */
  readonly publicUrl?: string;
  /** Where the address is kept that is called after each good run of Mailbox Watch's look at itself. */
  readonly heartbeatReference?: string;
  readonly integrations: readonly Integration[];
}

/** When people are told, and when not. */
export interface AlertingSettings {
  /** Looks before an alert opens, by cause; the catalogue's where absent. */
  readonly opensAfter: Readonly<Record<string, number>>;
  readonly policy: Omit<AlertPolicy, 'opensAfter'>;
  readonly maintenance: readonly MaintenanceWindow[];
  readonly ignore: readonly Ignored[];
}
