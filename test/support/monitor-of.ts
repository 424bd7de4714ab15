import type { AlertsReport } from '../../shared/alerts/alerts-report';
import type { Monitor } from '../../shared/compose-monitor';
import type { HistoryEntry } from '../../shared/core/ports';
import { allSubjects, type StatusReport } from '../../shared/core/report';
import { MONITOR_ID, MONITOR_NAME } from '../../shared/core/watched-tenant';
import { EXAMPLE_NOW } from '../../shared/checks/example-evidence';
import { statusPage } from '../../shared/page';

const NO_ALERTS: AlertsReport = {
  generatedAt: new Date(EXAMPLE_NOW).toISOString(),
  open: [],
  channels: [],
  silences: [],
};

type Answering = Pick<
  Monitor,
  'status' | 'overview' | 'subject' | 'watchedCount' | 'integrationName' | 'alerts' | 'history'
>;

/** What answers take of the monitor, made of a report instead of a store. */
export function monitorOf(reportNow: () => StatusReport, history: readonly HistoryEntry[] = []): Answering {
  const status = async (id?: string) => {
    const report = reportNow();
    const isChosen = (one: { readonly id: string }) => id === undefined || id === MONITOR_ID || one.id === id;
    return { ...report, integrations: report.integrations.filter(isChosen) };
  };
  return {
    status,
    overview: status,
    subject: async (id, name) =>
      allSubjects(reportNow()).find(({ integration, subject }) => integration.id === id && subject.name === name)
        ?.subject,
    watchedCount: () => Object.values(reportNow().counts).reduce((sum, count) => sum + count, 0),
    integrationName: (id) =>
      id === MONITOR_ID ? MONITOR_NAME : reportNow().integrations.find((one) => one.id === id)?.name,
    alerts: async () => NO_ALERTS,
    history: async () => [...history],
  };
}

/** The page of a report that holds everything. */
export function pageOf(report: StatusReport, address: URL, alerts = NO_ALERTS): Promise<string> {
  const { subject } = monitorOf(() => report);
  return statusPage(report, address, {
    alerts,
    detailsOf: ({ integration, subject: { name } }) => subject(integration.id, name),
  });
}
