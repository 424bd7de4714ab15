import { HttpRequest, InvocationContext, type HttpResponseInit } from '@azure/functions';
import type { StatusReport } from '../../shared/core/report';
import { monitorOf } from '../support/monitor-of';
import { OPENS, REFUSED, reportOf, watched } from '../support/reports';
import { documented, expectDocumented } from '../support/documented';

const broken = reportOf([watched({ 'support@contoso.com': OPENS, 'hr@contoso.com': REFUSED }, { id: 'jsm' })]);
let report: StatusReport;

jest.mock('../../shared/monitor', () => ({
  ...jest.requireActual<object>('../../shared/monitor'),
  monitor: async () =>
    monitorOf(
      () => report,
      [{ at: 0, check: 'mailbox-opens', verdict: 'diagnosed', cause: 'mailbox-refused', events: [] }],
    ),
}));

type Handler = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;
const { functions } = jest.requireActual<{ functions: ReadonlyMap<string, { readonly callback: Handler }> }>(
  '@azure/functions-core',
);

beforeAll(async () => {
  await import('../../functions/main');
});

const before = { ...process.env };
beforeEach(() => {
  report = broken;
});
afterEach(() => {
  process.env = { ...before };
});

/** Asks a function as the host does; the path is what stands after /api/. */
async function ask(path: string, headers: Record<string, string> = {}) {
  const url = new URL(`http://127.0.0.1/api/${path}`);
  const [name = '', integration = '', subject = ''] = path.split('?')[0]?.split('/') ?? [];
  const request = new HttpRequest({
    method: 'GET',
    url: url.href,
    headers,
    query: Object.fromEntries(url.searchParams),
    params: { integration, subject: decodeURIComponent(subject) },
  });
  const context = new InvocationContext({ functionName: name, logHandler: () => undefined });
  const answer = await functions.get(name)?.callback(request, context);
  const said = new Headers(answer?.headers);
  const text = typeof answer?.body === 'string' ? answer.body : JSON.stringify(answer?.jsonBody ?? null);
  expectDocumented('GET', url.pathname.replace(/^\/api/, ''), documented(answer));
  return { code: answer?.status ?? 200, type: said.get('content-type'), etag: said.get('etag'), headers: said, text };
}

const PROMETHEUS_3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

describe('the form of the answer', () => {
  it.each([
    ['nothing is asked for', 'status', {}, 'application/json'],
    ['curl asks for anything', 'status', { accept: '*/*' }, 'application/json'],
    ['a browser asks', 'status', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, 'text/html; charset=utf-8'],
    ['a page shows the badge', 'badge', { accept: 'image/avif,image/*;q=0.8' }, 'image/svg+xml'],
    ['shields asks for the badge', 'badge?format=json', {}, 'application/json'],
    ['health is asked for', 'status', { accept: 'application/health+json' }, 'application/health+json'],
    [
      'Prometheus asks',
      'metrics',
      { accept: 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3' },
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    ],
    ['Prometheus 3 asks', 'metrics', { accept: PROMETHEUS_3 }, 'text/plain; version=0.0.4; charset=utf-8'],
    ['an old Prometheus asks', 'metrics', { accept: 'text/plain' }, 'text/plain; version=0.0.4; charset=utf-8'],
    ['the address says it', 'status?format=html', { accept: 'application/json' }, 'text/html; charset=utf-8'],
    [
      'a mailbox is asked for in a browser',
      'status/jsm/hr@contoso.com',
      { accept: 'text/html' },
      'text/html; charset=utf-8',
    ],
  ])('when %s', async (_, path, headers, type) => {
    const answer = await ask(path, headers);
    expect(answer.type).toBe(type);
    expect(answer.headers.get('vary')).toBe('Accept');
  });

  it.each([
    ['status?format=xml', {}],
    ['status', { accept: 'image/png' }],
    ['status/jsm/hr@contoso.com', { accept: 'application/health+json' }],
  ])('is refused with what there is: %s', async (path, headers) => {
    const { code, type, text } = await ask(path, headers);
    expect([code, type]).toEqual([406, 'application/problem+json']);
    const { available } = JSON.parse(text) as { available: unknown };
    expect(available).toContainEqual({ format: 'json', mediaType: 'application/json' });
  });
});

describe('the code of the answer', () => {
  it.each([
    ['status', 200],
    ['status?strict', 503],
    ['status?strict=1', 503],
    ['status?strict=0', 200],
    ['status?format=health', 503],
    ['status?format=html&strict', 503],
    ['status/jsm/hr@contoso.com', 200],
    ['status/jsm/hr@contoso.com?strict', 503],
    ['status/jsm/support@contoso.com?strict', 200],
    ['status/nobody', 404],
    ['status/jsm/nobody@contoso.com', 404],
  ])('%s: %i', async (path, code) => {
    expect((await ask(path)).code).toBe(code);
  });

  it('is no failure where nothing is broken', async () => {
    report = reportOf([watched({ 'support@contoso.com': OPENS })]);
    expect((await ask('status?strict')).code).toBe(200);
  });
});

describe('a caller who has the answer already', () => {
  it.each(['status', 'status?format=html', 'status?format=prometheus', 'status/jsm/hr@contoso.com'])(
    'is told so: %s',
    async (path) => {
      const { etag } = await ask(path);
      const again = await ask(path, { 'if-none-match': `"other", ${etag}` });
      expect([again.code, again.text]).toEqual([304, 'null']);
    },
  );

  it('gets another one when something changed, and in another form', async () => {
    const { etag } = await ask('status');
    expect((await ask('status?format=health')).etag).not.toBe(etag);
    report = reportOf([watched({ 'support@contoso.com': OPENS }, { id: 'jsm' })]);
    expect((await ask('status', { 'if-none-match': String(etag) })).code).toBe(200);
  });
});

describe('those who may see no names', () => {
  it('see counts, and nothing else', async () => {
    process.env['MAILBOX_WATCH_DETAILS'] = 'never';
    expect(JSON.parse((await ask('status')).text)).toEqual({
      generatedAt: '2026-11-25T12:00:00.000Z',
      status: 'critical',
      counts: { critical: 1, warning: 0, unclear: 1, info: 0, healthy: 1 },
    });
    for (const path of [
      'status?format=html',
      'status/jsm',
      'status/jsm/hr@contoso.com',
      'metrics',
      'status?format=health',
    ]) {
      const { text, headers } = await ask(path);
      expect(text + JSON.stringify([...headers])).not.toMatch(/contoso|mailbox-refused|service desk/i);
    }
    expect((await ask('status/jsm')).code).toBe(403);
    expect((await ask('metrics')).code).toBe(403);
  });

  it('are sent to sign in where App Service authenticates', async () => {
    Object.assign(process.env, { MAILBOX_WATCH_ACCESS: 'app-service', WEBSITE_AUTH_ENABLED: 'True' });
    expect((await ask('status')).code).toBe(401);
    expect((await ask('status', { 'x-ms-client-principal-id': 'someone' })).code).toBe(200);
  });

  it('are told when a setting makes no sense', async () => {
    process.env['MAILBOX_WATCH_ACCESS'] = 'public';
    const { code, text } = await ask('status');
    expect(code).toBe(503);
    expect(text).toContain('expected function-key, app-service, anonymous');
  });
});
