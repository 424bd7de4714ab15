import { channels } from './channels';
import { configuration } from './configuration';
import { clock } from './clock';
import { exchangeAccess } from './exchange-access';
import { keyVault } from './key-vault';
import { lastRuns } from './last-runs';
import type { MonitorCheck } from './monitor-check';
import { ownCertificate, ownSecret } from './own-credential';
import { permissionChecks } from './permission-checks';
import { refreshTokens } from './refresh-tokens';
import { signIn } from './sign-in';
import { storage } from './storage';

export type { MonitorCheck } from './monitor-check';

/** The checks of Mailbox Watch itself; a check stands after those it depends on. */
export const MONITOR_CHECKS: readonly MonitorCheck[] = [
  lastRuns,
  clock,
  signIn,
  ownSecret,
  ownCertificate,
  ...permissionChecks,
  exchangeAccess,
  keyVault,
  refreshTokens,
  storage,
  channels,
  configuration,
];
