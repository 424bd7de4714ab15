import { MONITOR_CHECKS } from './checks';
import type { MonitorEvidence } from './core/monitor-evidence';
import type { SubjectRecord } from './core/ports';
import { contextOf } from './core/subject';
import type { WatchedTenant } from './core/watched-tenant';
import { judgedBy, remember, type RunPorts } from './run-checks';

export interface MonitorPorts extends Pick<RunPorts, 'store' | 'log' | 'now' | 'notify' | 'policy' | 'isMuted'> {
  /** Never rejects. */
  readonly lookAtMonitor: (tenant: WatchedTenant) => Promise<MonitorEvidence>;
}

/**
 * Checks Mailbox Watch itself in one tenant, in the same way as everything that it watches: gathers once, judges, remembers.
 * Throws when the storage fails.
 */
export async function checkMonitorIn(tenant: WatchedTenant, ports: MonitorPorts): Promise<SubjectRecord> {
  const { subject, self } = tenant;
  const before = await ports.store.load(subject);
  const startedAt = ports.now();
  const evidence = await ports.lookAtMonitor(tenant);
  const checkedAt = ports.now();
  const checks = MONITOR_CHECKS.filter(({ usedIn }) => usedIn(tenant));
  const context = contextOf(subject, self, checkedAt);
  const observation = { context, ...judgedBy(checks, evidence), checkedAt, tookMs: checkedAt - startedAt };
  return remember(observation, before, ports);
}
