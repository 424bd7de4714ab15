import { HttpRequest, InvocationContext, type HttpResponseInit } from '@azure/functions';
import { MONITOR_CHECKS } from '../../shared/checks';
import type { StatusReport, SubjectReport } from '../../shared/core/report';
import { allSubjects } from '../../shared/core/report';
import { OPENS, reportOf, watched } from '../support/reports';
import { documented, expectDocumented } from '../support/documented';
import { monitorOf } from '../support/monitor-of';

const SELF: SubjectReport = {
  kind: 'monitor',
  name: 'contoso.onmicrosoft.com',
  status: 'warning',
  headline: 'Mailbox Watch lacks the permission Application.Read.All',
  checkedAt: '2026-11-25T11:59:00.000Z',
  stale: false,
  unseen: [],
  days: '-'.repeat(90),
  checks: MONITOR_CHECKS.filter(({ id }) => id === 'monitor-application-read-all').map(({ id, title }) => ({
    id,
    title,
    status: 'warning',
    verdict: 'diagnosed',
    since: '2026-11-25T11:00:00.000Z',
    cause: {
      id: 'monitor-lacks-application-read-all',
      title: 'Mailbox Watch lacks the permission Application.Read.All',
      severity: 'warning',
      confidence: 'confirmed',
    },
    evidence: {},
  })),
};
const report: StatusReport = {
  ...reportOf([watched({ 'support@contoso.com': OPENS })]),
  status: 'warning',
  counts: { critical: 0, warning: 0, unclear: 0, info: 0, healthy: 2 },
  monitor: [SELF],
};

jest.mock('../../shared/monitor', () => ({
  ...jest.requireActual<object>('../../shared/monitor'),
  monitor: async () => monitorOf(() => report),
}));

type Handler = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;
const { functions } = jest.requireActual<{ functions: ReadonlyMap<string, { readonly callback: Handler }> }>(
  '@azure/functions-core',
);

beforeAll(async () => {
  await import('../../functions/main');
});

async function ask(name: 'status' | 'metrics', path = '', accept = 'application/json') {
  const [integration = '', subject = ''] = path.split('/');
  const request = new HttpRequest({
    method: 'GET',
    url: `http://127.0.0.1/api/${name}/${path}`,
    headers: { accept },
    params: { integration, subject },
  });
  const context = new InvocationContext({ functionName: name, logHandler: () => undefined });
  const answer = await functions.get(name)?.callback(request, context);
  const text = typeof answer?.body === 'string' ? answer.body : '';
  expectDocumented('GET', `/${name}/${path}`, documented(answer));
  return { code: answer?.status ?? 200, text };
}

describe('the status of Mailbox Watch itself', () => {
  it('stands beside the integrations, and is part of the whole', async () => {
    const { text } = await ask('status');
    expect(JSON.parse(text)).toMatchObject({ status: 'warning', monitor: [{ name: SELF.name, status: 'warning' }] });
    expect(allSubjects(report).at(-1)).toEqual({
      integration: { id: 'mailbox-watch', name: 'Mailbox Watch' },
      subject: SELF,
    });
  });

  it('has an address of its own, as a tenant has', async () => {
    const whole = JSON.parse((await ask('status', 'mailbox-watch')).text) as unknown;
    expect(whole).toMatchObject({ id: 'mailbox-watch', status: 'warning', tenants: [{ name: SELF.name }] });
    const one = JSON.parse((await ask('status', `mailbox-watch/${SELF.name}`)).text) as unknown;
    expect(one).toMatchObject({ integration: 'mailbox-watch', kind: 'monitor', headline: SELF.headline });
    expect((await ask('status', 'mailbox-watch/fabrikam.com')).code).toBe(404);
  });

  it('keeps the page from promising that all is well', async () => {
    const { text } = await ask('status', '', 'text/html');
    expect(text).toContain('as far as can be seen, but Mailbox Watch itself is not well');
    expect(text).toContain('Mailbox Watch in contoso.onmicrosoft.com');
    expect((await ask('status', `mailbox-watch/${SELF.name}`, 'text/html')).text).toContain(SELF.headline);
  });

  it('is in the metrics and in the health document', async () => {
    const labels = 'integration="mailbox-watch",kind="monitor",subject="contoso.onmicrosoft.com"';
    expect((await ask('metrics', '', 'text/plain')).text).toContain(
      `mailbox_watch_check_cause_info{${labels},check="monitor-application-read-all",cause="monitor-lacks-application-read-all"`,
    );
    const health = JSON.parse((await ask('status', '', 'application/health+json')).text) as unknown;
    expect(health).toMatchObject({
      status: 'warn',
      checks: {
        [`mailbox-watch/${SELF.name}:monitor-application-read-all`]: [
          { status: 'warn', errorCode: 'monitor-lacks-application-read-all' },
        ],
      },
    });
  });
});
