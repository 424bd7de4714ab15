import type { HistoryEntry } from '../core/ports';
import type { AlertsReport } from '../alerts/alerts-report';
import type { Overview, SubjectReport } from '../core/report';
import type { Remediation } from '../formats/remediations';
import { ExplainPage, RemediationPage, RemediationsPage, type ExplainPageProps } from './catalogue-pages';
import { renderPage } from './document';
import { StatusPage, SummaryPage } from './status-page';
import { SubjectPage, type WholeItem } from './subject-page';
import { groupsOf, groupsShown, readFilters, type Item } from './view';

/** The status as a page, cut to what its address chooses. */
export async function statusPage(report: Overview, address: URL, { alerts, detailsOf }: PageSources): Promise<string> {
  const read = readFilters(address.searchParams);
  const filters = { ...read, integration: read.integration || (integrationIn(address) ?? '') };
  const groups = groupsOf(report, filters);
  const details = await Promise.all(
    groupsShown(groups, filters).map(async ({ first }) => [first, await detailsOf(first)] as const),
  );
  const known = new Map(
    details.flatMap(([item, subject]) => (subject === undefined ? [] : [[item, subject] as const])),
  );
  const props = { report, filters, groups, details: known, alerts, root: rootOf(address) };
  return renderPage(<StatusPage {...props} />);
}

/** What a page asks for beside the overview. */
export interface PageSources {
  readonly alerts: AlertsReport;
  /** The whole of a subject that is shown in detail; undefined where it is no longer watched. */
  readonly detailsOf: (item: Item) => Promise<SubjectReport | undefined>;
}

/** The status as a page without any name. */
export function summaryPage(report: Overview, address: URL): Promise<string> {
  return renderPage(<SummaryPage report={report} root={rootOf(address)} />);
}

/** One mailbox or application as a page. `generatedAt` is ISO 8601. */
export function subjectPage(
  item: WholeItem,
  history: readonly HistoryEntry[],
  generatedAt: string,
  address: URL,
): Promise<string> {
  const now = Date.parse(generatedAt);
  return renderPage(<SubjectPage item={item} history={history} root={rootOf(address)} now={now} />);
}

/** The form for a log line, with the causes where one was asked about. `text` holds no secret. */
export function explainPage(asked: Omit<ExplainPageProps, 'root'>, address: URL): Promise<string> {
  return renderPage(<ExplainPage {...asked} root={rootBefore(address, 'explain')} />);
}

/** The whole catalogue as a page. */
export function remediationsPage(all: readonly Remediation[], address: URL): Promise<string> {
  return renderPage(<RemediationsPage all={all} root={rootBefore(address, 'remediations')} />);
}

/** One cause as a page. */
export function remediationPage(one: Remediation, address: URL): Promise<string> {
  return renderPage(<RemediationPage one={one} root={rootBefore(address, 'remediations')} />);
}

function rootBefore({ pathname }: URL, route: string): string {
  const at = pathname.lastIndexOf(`/${route}`);
  return at < 0 ? '' : pathname.slice(0, at);
}

/** The route of the status, and whatever stands before it: `/api`, or more behind a proxy that passes its own path on. */
const ROUTE = /^(?<root>.*?)\/status(?:\/(?<integration>[^/]*))?(?:\/[^/]*)?\/?$/;

function rootOf({ pathname }: URL): string {
  return ROUTE.exec(pathname)?.groups?.['root'] ?? '';
}

function integrationIn({ pathname }: URL): string | undefined {
  return ROUTE.exec(pathname)?.groups?.['integration'];
}
