import type { ChannelSettings } from './channel-settings';
import type { ExchangeEvidence, Integration, MonitorSignIn } from './subject';

/** The whole configuration, checked, with every default filled in. Plain data, no secret in it. */
export interface Settings {
  readonly monitorSignIn: MonitorSignIn;
  readonly exchangeEvidence: ExchangeEvidence;
  readonly channels: readonly ChannelSettings[];
  /** Where people find the status page; absent where the configuration does not say. No slash at the end. */
  readonly publicUrl?: string;
  /** Where the address is kept that is called after each good run of Mailbox Watch's look at itself. */
  readonly heartbeatReference?: string;
  readonly integrations: readonly Integration[];
}
