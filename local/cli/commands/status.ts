import type { AlertsReport } from '../../../shared/alerts/alerts-report';
import { MONITOR_ID } from '../../../shared/core/watched-tenant';
import { countsIn, type IntegrationReport, type StatusReport } from '../../../shared/core/report';
import { worst } from '../../../shared/core/status';
import { monitor } from '../../../shared/monitor';
import { alertsScreen } from '../formats/alerts';
import { formatStatus, type StatusFormat } from '../formats/status';
import { CommandError, EXIT_CODES, exitCodeOf, type Outcome } from '../outcome';
import { askRemote } from '../remote';

export interface SourceOptions {
  /** Where Mailbox Watch runs; otherwise its storage is read. */
  readonly url?: string;
  readonly demo?: boolean;
}

const DEMO_URL = 'http://127.0.0.1:7071';

/** What the running Mailbox Watch last found. Looks at no mailbox. Throws CommandError. */
export async function status(
  integrationId: string | undefined,
  { output, ...source }: SourceOptions & { readonly output: StatusFormat },
): Promise<Outcome> {
  const report = await reportOf(source, integrationId);
  const own = integrationId === undefined ? report : only(report, integrationId);
  return {
    text: await formatStatus(own, output, { everyCheck: false, isWhole: true }),
    code: exitCodeOf(own.status),
  };
}

/** What is open and how the channels are. Throws CommandError. */
export async function alerts({
  output,
  ...source
}: SourceOptions & { readonly output: 'pretty' | 'json' }): Promise<Outcome> {
  const report = await alertsOf(source);
  const isCritical = report.open.some(({ severity }) => severity === 'critical');
  return {
    text: output === 'json' ? JSON.stringify(report, undefined, 2) : alertsScreen(report),
    code: isCritical ? EXIT_CODES.critical : report.open.length > 0 ? EXIT_CODES.warning : EXIT_CODES.ok,
  };
}

/** Sends a test notice to a channel, from the running Mailbox Watch or from this machine. Throws CommandError. */
export async function testChannel(channel: string, source: SourceOptions): Promise<Outcome> {
  const url = urlOf(source);
  const sent = `A test notice was sent to ${channel}. See whether it has arrived.`;
  if (url !== undefined) {
    await askRemote({ url, key: process.env['MAILBOX_WATCH_KEY'] }, `alerts/test/${encodeURIComponent(channel)}`, {
      method: 'POST',
    });
    return { text: sent, code: EXIT_CODES.ok };
  }
  const result = await (await monitor()).testChannel(channel);
  if (result === undefined)
    throw new CommandError(`There is no channel "${channel}" under notify in the configuration.`);
  return result.sent
    ? { text: sent, code: EXIT_CODES.ok }
    : { text: `The test notice did not arrive at ${channel}: ${result.detail}`, code: EXIT_CODES.critical };
}

/** Throws CommandError. */
export async function alertsOf(source: SourceOptions): Promise<AlertsReport> {
  const url = urlOf(source);
  return (url === undefined ? await (await monitor()).alerts() : await ask(url, 'alerts')) as AlertsReport;
}

/** Where Mailbox Watch runs; undefined where its storage is read from here. */
export function urlOf({ url, demo = false }: SourceOptions): string | undefined {
  return url ?? process.env['MAILBOX_WATCH_URL'] ?? (demo ? DEMO_URL : undefined);
}

function ask(url: string, path: string): Promise<unknown> {
  return askRemote({ url, key: process.env['MAILBOX_WATCH_KEY'] }, path);
}

async function reportOf(source: SourceOptions, integrationId: string | undefined): Promise<StatusReport> {
  const url = urlOf(source);
  if (url === undefined) return (await monitor()).status(integrationId);
  const answer = await ask(url, 'status?brief=0');
  if (typeof answer === 'object' && answer !== null && 'integrations' in answer) return answer as StatusReport;
  throw new CommandError(`${url} shows names only to those who sign in: set MAILBOX_WATCH_KEY to a function key.`);
}

function only(report: StatusReport, id: string): StatusReport {
  const integrations: IntegrationReport[] = report.integrations.filter((one) => one.id === id);
  if (integrations.length === 0 && id !== MONITOR_ID) {
    const known = report.integrations.map((one) => one.id).join(', ');
    throw new CommandError(`There is no integration "${id}". There are: ${known}.`);
  }
  const monitor = id === MONITOR_ID ? report.monitor : [];
  const parts = [...integrations, ...monitor];
  return {
    ...report,
    counts: countsIn(integrations),
    integrations,
    monitor,
    status: worst(parts.map((part) => part.status)),
  };
}
