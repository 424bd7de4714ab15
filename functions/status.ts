import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import type { HistoryEntry } from '../shared/core/ports';
import type { Overview, StatusReport, SubjectOverview, SubjectReport } from '../shared/core/report';
import { worst, type Status } from '../shared/core/status';
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

/** Mailboxes and apps of which the JSON holds checks and evidence, where nobody says otherwise: of ten thousand they are 80 MB. */
const WHOLE_UP_TO = 500;
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
  const { integrationName, watchedCount, overview, status: everything } = await monitor();
  const id = parameter(request, 'integration');
  const name = parameter(request, 'subject')?.toLowerCase();
  if (id !== undefined && integrationName(id) === undefined)
    return problem(404, `There is no integration "${id}" in the configuration`);
  if (id !== undefined && name !== undefined) return one(request, id, name);
  const { format, refusal } = chooseFormat(request, FORMATS);
  if (format === undefined) return refusal;
  // A page and a list need no evidence, which is most of what is remembered.
  if (format.name === 'html') return page(request, id);
  if (format.name !== 'json') return told(request, format, narrowed(await everything(id), id));
  const isBrief = request.query.has('brief') ? isAsked(request, 'brief') : watchedCount(id) > WHOLE_UP_TO;
  return json(request, isBrief ? await overview(id) : await everything(id), id);
}

/** The report of Mailbox Watch itself has its own worst status. */
function narrowed<S extends SubjectOverview>(report: StatusReport<S>, id: string | undefined): StatusReport<S> {
  return id === MONITOR_ID ? { ...report, status: worst(report.monitor.map((tenant) => tenant.status)) } : report;
}

function json(request: HttpRequest, report: Overview, id: string | undefined): HttpResponseInit {
  const { generatedAt, integrations, monitor: tenants } = report;
  const { status: worstOfAll } = narrowed(report, id);
  const own = { generatedAt, id, name: MONITOR_NAME, status: worstOfAll, tenants };
  const body = id === undefined ? report : id === MONITOR_ID ? own : { generatedAt, ...integrations[0] };
  return cacheable(request, {
    status: httpStatus(worstOfAll, isAsked(request, 'strict')),
    headers: { 'Content-Type': 'application/json' },
    ...dated(JSON.stringify(body), generatedAt),
  });
}

async function page(request: HttpRequest, id: string | undefined): Promise<HttpResponseInit> {
  const { alerts, overview, subject } = await monitor();
  // Both are made of the same summaries, which are read once for them.
  const [whole, open] = await Promise.all([overview(id), alerts({ withOutbox: false })]);
  const report = narrowed(whole, id);
  const text = await statusPage(report, addressOf(request), {
    alerts: open,
    detailsOf: ({ integration, subject: { name } }) => subject(integration.id, name),
  });
  return cacheable(request, {
    status: httpStatus(report.status, isAsked(request, 'strict')),
    headers: PAGE_HEADERS,
    ...dated(text, report.generatedAt),
  });
}

/** The moment of an answer does not make it another one; how long ago things were, which a page says in minutes, does. */
function dated(text: string, generatedAt: string): { readonly text: string; readonly version: string[] } {
  return { text, version: text.split(generatedAt) };
}

/** For other programs than ours. */
async function told(
  request: HttpRequest,
  { name, mediaType }: StatusFormat,
  report: StatusReport,
): Promise<HttpResponseInit> {
  const text =
    name === 'prometheus' || name === 'openmetrics'
      ? await metricsText(report, name)
      : JSON.stringify(healthDocument(report));
  return cacheable(request, {
    status: httpStatus(report.status, name === 'health' || isAsked(request, 'strict')),
    headers: { 'Content-Type': mediaType },
    text,
    version: [name, JSON.stringify({ ...report, generatedAt: '' })],
  });
}

/** For those who may see no names. */
async function summary(request: HttpRequest): Promise<HttpResponseInit> {
  if (parameter(request, 'integration') !== undefined) return problem(403, 'Details are shown to those who sign in');
  const { format, refusal } = chooseFormat(request, SUBJECT_FORMATS);
  if (format === undefined) return refusal;
  const report = await (await monitor()).overview();
  const { generatedAt, status: overall, counts } = report;
  const common = { status: httpStatus(overall, isAsked(request, 'strict')) };
  return format.name === 'html'
    ? cacheable(request, { ...common, headers: PAGE_HEADERS, text: await summaryPage(report, addressOf(request)) })
    : cacheable(request, {
        ...common,
        headers: { 'Content-Type': format.mediaType },
        text: JSON.stringify({ generatedAt, status: overall, counts }),
        version: [JSON.stringify({ overall, counts })],
      });
}

/** An optional part of the route; where it is left out the library may say an empty text. */
function parameter(request: HttpRequest, name: string): string | undefined {
  const value = request.params[name];
  return value === '' ? undefined : value;
}

async function one(request: HttpRequest, integrationId: string, name: string): Promise<HttpResponseInit> {
  const { format, refusal } = chooseFormat(request, SUBJECT_FORMATS);
  if (format === undefined) return refusal;
  const { subject: subjectOf, integrationName } = await monitor();
  const subject = await subjectOf(integrationId, name);
  if (subject === undefined)
    return problem(404, `The integration "${integrationId}" has no mailbox or application "${name}"`);
  const generatedAt = iso(Date.now());
  const history = await historyOf(integrationId, subject);
  const common = { status: httpStatus(subject.status, isAsked(request, 'strict')) };
  if (format.name === 'html') {
    const integration = { id: integrationId, name: integrationName(integrationId) ?? integrationId };
    const text = await subjectPage({ integration, subject }, history, generatedAt, addressOf(request));
    return cacheable(request, { ...common, headers: PAGE_HEADERS, text });
  }
  const changes = history.map(({ at, events, ...entry }) => ({
    at: iso(at),
    ...entry,
    events: events.map((event) => ({ ...event, openedAt: iso(event.openedAt) })),
  }));
  const body = { integration: integrationId, ...subject, history: changes };
  return cacheable(request, {
    ...common,
    headers: { 'Content-Type': format.mediaType },
    text: JSON.stringify({ generatedAt, ...body }),
    version: [JSON.stringify(body)],
  });
}

async function historyOf(integrationId: string, { kind, name }: SubjectReport): Promise<HistoryEntry[]> {
  return (await monitor()).history(subjectNamed(kind, integrationId, name), HISTORY_SHOWN);
}

/** Whether a fault is to be seen in the answer's code, as monitors ask for that look at nothing else. */
/** `?strict` or `?strict=1`, and not `?strict=0`. */
function isAsked({ query }: HttpRequest, name: 'strict' | 'brief'): boolean {
  const asked = query.get(name);
  return asked !== null && asked !== '0' && asked !== 'false';
}

function httpStatus(status: Status, strict: boolean): number {
  return strict && status === 'critical' ? 503 : 200;
}

function addressOf({ url }: HttpRequest): URL {
  return new URL(url);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
