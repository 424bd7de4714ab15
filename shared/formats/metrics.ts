import { Gauge, Registry } from 'prom-client';
import { allSubjects, type StatusReport } from '../core/report';
import { credentialRows } from '../core/credential-rows';

/** What Prometheus 3 insists on; both are of one version each. */
export const METRICS_FORMATS = {
  prometheus: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const;
export type MetricsFormat = keyof typeof METRICS_FORMATS;

const STATES = ['critical', 'warning', 'unclear', 'info', 'healthy'] as const;

/**
 * The status as Prometheus reads it. Times are Unix timestamps in seconds. Everything is taken from what is remembered: a scrape looks
 * at no mailbox. Rejects where a label cannot be written.
 */
export async function metricsText(report: StatusReport, format: MetricsFormat): Promise<string> {
  const registry = new Registry<typeof Registry.PROMETHEUS_CONTENT_TYPE | typeof Registry.OPENMETRICS_CONTENT_TYPE>();
  registry.setContentType(METRICS_FORMATS[format]);
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Gauge({ name: `mailbox_watch_${name}`, help, labelNames: [...labelNames], registers: [registry] });

  const subjectLabels = ['integration', 'kind', 'subject'] as const;
  const checkStatus = gauge('check_status', 'Whether a check has this state: 1 yes, 0 no.', [
    ...subjectLabels,
    'check',
    'state',
  ]);
  const checkCause = gauge('check_cause_info', 'The cause that a check was diagnosed with: always 1.', [
    ...subjectLabels,
    'check',
    'cause',
    'severity',
    'confidence',
  ]);
  const lastHealthy = gauge('check_last_healthy_timestamp_seconds', 'When a check was last healthy.', [
    ...subjectLabels,
    'check',
  ]);
  const lastLook = gauge(
    'last_look_timestamp_seconds',
    'When a mailbox, an application or Mailbox Watch itself was last checked.',
    subjectLabels,
  );
  const notAfter = gauge('credential_not_after_timestamp_seconds', 'When a client secret or certificate ends.', [
    'integration',
    'app_id',
    'key_id',
    'kind',
    'display_name',
  ]);

  for (const {
    integration: { id: integration },
    subject: { kind, name: subject, checkedAt, checks },
  } of allSubjects(report)) {
    const labels = { integration, kind, subject };
    if (checkedAt !== undefined) lastLook.set(labels, seconds(checkedAt));
    for (const { id: check, status, lastHealthyAt, cause } of checks) {
      for (const state of STATES) checkStatus.set({ ...labels, check, state }, state === status ? 1 : 0);
      if (lastHealthyAt !== undefined) lastHealthy.set({ ...labels, check }, seconds(lastHealthyAt));
      if (cause === undefined) continue;
      const { severity, confidence } = cause;
      checkCause.set({ ...labels, check, cause: cause.id, severity, confidence }, 1);
    }
  }
  for (const { integrationId, clientId, keyId, kind, name, endsAt } of credentialRows(report.integrations)) {
    notAfter.set(
      { integration: integrationId, app_id: clientId, key_id: keyId, kind, display_name: name },
      endsAt / 1000,
    );
  }
  return registry.metrics();
}

function seconds(iso: string): number {
  return Date.parse(iso) / 1000;
}
