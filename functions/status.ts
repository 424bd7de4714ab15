import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import type { HistoryEntry } from '../shared/core/ports';
import {
  watchedIn,
  worst,
  type IntegrationReport,
  type Status,
  type StatusReport,
  type SubjectReport,
} from '../shared/core/report';
import { subjectNamed } from '../shared/core/subject';
import { MONITOR_ID, MONITOR_NAME } from '../shared/core/watched-tenant';
import { healthDocument } from '../shared/formats/health-json';
import { METRICS_FORMATS, metricsText } from '../shared/formats/metrics';
import { monitor } from '../shared/monitor';
import { statusPage, subjectPage, summaryPage } from '../shared/page';
import { PAGE_HEADERS } from '../shared/page/document';
import { cacheable, chooseFormat, type Format } from './negotiate';
import { AUTH_LEVEL, guarded } from './guard';
import { problem } from './problem';

/** How many changes a mailbox's own answer shows. */
const HISTORY_SHOWN = 50;

/** The status of everything, of one integration, or of one mailbox or application of it, as remembered. */
app.http('status', {
  methods: ['GET'],
  route: 'status/{integration?}/{subject?}',
  authLevel: AUTH_LEVEL,
  handler: (request, context: InvocationContext) =>
    guarded(request, context, 'status', (shown) => (shown === 'details' ? status(request) : summary(request))),
});

interface StatusFormat extends Format {
  readonly name: 'json' | 'html' | 'health' | 'prometheus' | 'openmetrics';
}

/** The first is what callers get who ask for nothing. */
const FORMATS: readonly StatusFormat[] = [
  { name: 'json', mediaType: 'application/json' },
  { name: 'html', mediaType: 'text/html' },
  { name: 'health', mediaType: 'application/health+json' },
  { name: 'prometheus', mediaType: METRICS_FORMATS.prometheus },
  { name: 'openmetrics', mediaType: METRICS_FORMATS.openmetrics },
];
const SUBJECT_FORMATS = FORMATS.filter(({ name }) => name === 'json' || name === 'html');

async function status(request: HttpRequest): Promise<HttpResponseInit> {
  const integrationId = parameter(request, 'integration');
  const name = parameter(request, 'subject')?.toLowerCase();
  const report = await (await monitor()).status(integrationId);
  if (integrationId === undefined) return whole(request, report, report);
  if (integrationId === MONITOR_ID) return ofMonitor(request, report, name);
  const integration = report.integrations.find(({ id }) => id === integrationId);
  if (integration === undefined) return problem(404, `There is no integration "${integrationId}" in the configuration`);
  if (name === undefined) return whole(request, report, { generatedAt: report.generatedAt, ...integration });
  const subject = watchedIn(integration).find((one) => one.name === name);
  if (subject === undefined)
    return problem(404, `The integration "${integrationId}" has no mailbox or application "${name}"`);
  return one(request, report, integration, subject);
}

/** Mailbox Watch itself: in all its tenants, or in one. */
async function ofMonitor(request: HttpRequest, report: StatusReport, name?: string): Promise<HttpResponseInit> {
  const { generatedAt, monitor: tenants } = report;
  const self = { id: MONITOR_ID, name: MONITOR_NAME };
  const own = worst(tenants.map((tenant) => tenant.status));
  if (name === undefined)
    return whole(request, { ...report, status: own }, { generatedAt, ...self, status: own, tenants });
  const subject = tenants.find((one) => one.name === name);
  if (subject === undefined) return problem(404, `Mailbox Watch watches no tenant "${name}"`);
  return one(request, report, self, subject);
}

/** For those who may see no names. */
async function summary(request: HttpRequest): Promise<HttpResponseInit> {
  if (parameter(request, 'integration') !== undefined) return problem(403, 'Details are shown to those who sign in');
  const { format, refusal } = chooseFormat(request, SUBJECT_FORMATS);
  if (format === undefined) return refusal;
  const report = await (await monitor()).status();
  const { generatedAt, status: overall, counts } = report;
  const common = { status: httpStatus(overall, isStrict(request)) };
  return format.name === 'html'
    ? cacheable(request, { ...common, headers: PAGE_HEADERS, text: await summaryPage(report, addressOf(request)) })
    : cacheable(request, {
        ...common,
        headers: { 'Content-Type': format.mediaType },
        text: JSON.stringify({ generatedAt, status: overall, counts }),
        version: JSON.stringify({ overall, counts }),
      });
}

/** An optional part of the route; where it is left out the library may say an empty text. */
function parameter(request: HttpRequest, name: string): string | undefined {
  const value = request.params[name];
  return value === '' ? undefined : value;
}

/** `body` is what the JSON holds. */
async function whole(request: HttpRequest, report: StatusReport, body: object): Promise<HttpResponseInit> {
  const { format, refusal } = chooseFormat(request, FORMATS);
  if (format === undefined) return refusal;
  const strict = format.name === 'health' || isStrict(request);
  const headers = { 'Content-Type': format.mediaType };
  const common = { status: httpStatus(report.status, strict), version: versionOf(report, format.name) };
  switch (format.name) {
    case 'json':
      return cacheable(request, { ...common, headers, text: JSON.stringify(body) });
    case 'health':
      return cacheable(request, { ...common, headers, text: JSON.stringify(healthDocument(report)) });
    case 'html':
      return cacheable(request, {
        ...common,
        headers: PAGE_HEADERS,
        text: await statusPage(report, addressOf(request)),
      });
    case 'prometheus':
    case 'openmetrics':
      return cacheable(request, { ...common, headers, text: await metricsText(report, format.name) });
  }
}

async function one(
  request: HttpRequest,
  { generatedAt }: StatusReport,
  integration: Pick<IntegrationReport, 'id' | 'name'>,
  subject: SubjectReport,
): Promise<HttpResponseInit> {
  const { format, refusal } = chooseFormat(request, SUBJECT_FORMATS);
  if (format === undefined) return refusal;
  const history = await historyOf(integration.id, subject);
  const common = { status: httpStatus(subject.status, isStrict(request)) };
  if (format.name === 'html') {
    const text = await subjectPage({ integration, subject }, history, generatedAt, addressOf(request));
    return cacheable(request, { ...common, headers: PAGE_HEADERS, text });
  }
  const told = history.map(({ at, events, ...entry }) => ({
    at: iso(at),
    ...entry,
    events: events.map((event) => ({ ...event, openedAt: iso(event.openedAt) })),
  }));
  const body = { integration: integration.id, ...subject, history: told };
  return cacheable(request, {
    ...common,
    headers: { 'Content-Type': format.mediaType },
    text: JSON.stringify({ generatedAt, ...body }),
    version: JSON.stringify(body),
  });
}

async function historyOf(integrationId: string, { kind, name }: SubjectReport): Promise<HistoryEntry[]> {
  return (await monitor()).history(subjectNamed(kind, integrationId, name), HISTORY_SHOWN);
}

/** Whether a fault is to be seen in the answer's code, as monitors ask for that look at nothing else. */
function isStrict({ query }: HttpRequest): boolean {
  const strict = query.get('strict');
  return strict !== null && strict !== '0' && strict !== 'false';
}

function httpStatus(status: Status, strict: boolean): number {
  return strict && status === 'critical' ? 503 : 200;
}

/** The report without its time; a page says "2 minutes ago", so it is another one every minute. */
function versionOf(report: StatusReport, format: StatusFormat['name']): string {
  const time = format === 'html' ? report.generatedAt.slice(0, 16) : '';
  return JSON.stringify([format, time, { ...report, generatedAt: '' }]);
}

function addressOf({ url }: HttpRequest): URL {
  return new URL(url);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
