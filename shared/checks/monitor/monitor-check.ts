import type { Check } from '../../core/check';
import type { MonitorEvidence } from '../../core/monitor-evidence';
import type { WatchedTenant } from '../../core/watched-tenant';

/** A check of Mailbox Watch itself. */
export interface MonitorCheck extends Check<MonitorEvidence> {
  /** Whether Mailbox Watch makes use in this tenant of what is checked; what it does not use is not missed. */
  readonly usedIn: (tenant: WatchedTenant) => boolean;
}

/** Where a directory is read: personal accounts and Google have none. */
export const HAS_DIRECTORY = { provider: ['microsoft365'] } as const;
