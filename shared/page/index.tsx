import type { HistoryEntry } from '../core/ports';
import type { StatusReport } from '../core/report';
import type { Remediation } from '../formats/remediations';
import { ExplainPage, RemediationPage, RemediationsPage, type ExplainPageProps } from './catalogue-pages';
import { renderPage } from './document';
import { StatusPage, SummaryPage } from './status-page';
import { SubjectPage } from './subject-page';
import { readFilters, type Item } from './view';

/** The status as a page, cut to what its address chooses. */
export function statusPage(report: StatusReport, address: URL): Promise<string> {
  const filters = readFilters(address.searchParams);
  const integration = filters.integration || (integrationIn(address) ?? '');
  return renderPage(<StatusPage report={report} filters={{ ...filters, integration }} root={rootOf(address)} />);
}

/** The status as a page without any name. */
export function summaryPage(report: StatusReport, address: URL): Promise<string> {
  return renderPage(<SummaryPage report={report} root={rootOf(address)} />);
}

/** One mailbox or application as a page. `generatedAt` is ISO 8601. */
export function subjectPage(
  item: Item,
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
