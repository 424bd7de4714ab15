import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTenant, type StartedTenant } from '../demo-tenant/started-tenant';
import { OPENS, REFUSED, reportOf, watched } from '../support/reports';
import { runCli } from './run-cli';

/** What every command prints, whole: a change of any word has to be looked at. Regenerate with npx jest test/cli/golden -u. */
describe('the output of', () => {
  let tenant: StartedTenant;
  let folder: string;
  let running: Server;
  let url: string;

  beforeAll(async () => {
    tenant = await startTenant();
    folder = mkdtempSync(join(tmpdir(), 'mailbox-watch-golden-'));
    running = createServer((request, response) => {
      const answer = ANSWERS[`${request.method ?? ''} ${request.url?.split('?')[0] ?? ''}`];
      response.writeHead(answer?.code ?? 404, { 'Content-Type': 'application/json' });
      response.end(answer?.body === undefined ? '' : JSON.stringify(answer.body));
    });
    await new Promise<void>((done) => running.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(running.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    running.close();
    await tenant.end();
    rmSync(folder, { recursive: true });
  });

  const onDemo = (args: readonly string[]) =>
    runCli(['--config', tenant.demo.configurationPath, '-q', ...args], {
      cwd: folder,
      env: { NODE_EXTRA_CA_CERTS: tenant.demo.caCertificatePath },
    });
  const LINE = 'A3 BAD User is authenticated but not connected.';
  const HR = 'jsm-service-desk/hr@contoso.com';

  it.each(
    named([
      ...['pretty', 'json', 'junit', 'nagios', 'markdown'].map((format) => ['check', HR, '-o', format]),
      ['check', HR, '--all-checks'],
      ['doctor'],
      ['doctor', '-o', 'json'],
      ['explain', LINE],
      ['explain', '-o', 'json', LINE],
      ['remediation'],
      ['remediation', 'imap-disabled'],
      ['remediation', 'imap-disabled', '--for', HR],
      ['remediation', 'imap-disabled', '--for', HR, '-o', 'json'],
      ['discover'],
      ['setup', '--object-id', 'e0000000-0000-4000-8000-000000000099'],
      ['config', 'validate'],
      ['config', 'print'],
      ['record', HR],
    ]),
  )('%s', async (_, args) => {
    const { code, out } = await onDemo(args);
    expect(`exit code ${code}\n${steady(out)}`).toMatchSnapshot();
  });

  it.each(
    named([
      ['status'],
      ['status', '-o', 'json'],
      ['status', '-o', 'nagios'],
      ['status', '-o', 'prometheus'],
      ['alerts'],
      ['alerts', 'test', 'ops'],
      ['silence', 'list'],
      ['silence', 'add', '--mailbox', 'hr@contoso.com', '--for', '2h', '--reason', 'being moved'],
      ['silence', 'end', 's1'],
    ]),
  )('%s', async (_, args) => {
    const { code, out, err } = await runCli(['-q', ...args, '--url', url], { cwd: folder });
    expect(`exit code ${code}\n${steady(out)}${err === '' ? '' : `\n${steady(err)}`}`).toMatchSnapshot();
  });

  /** Without what is another one each time: ports, paths, moments, durations, ids and secrets' first characters. */
  function steady(text: string): string {
    return text
      .replaceAll(tenant.folder, '<folder>')
      .replaceAll(folder, '<here>')
      .replaceAll(url, '<url>')
      .replace(/(localhost|127\.0\.0\.1):\d+/g, '$1:<port>')
      .replace(
        /"(?:exp|port|ms|tookMs|since|readAt|expiresAt|endsAt|startsAt|skewMs|checkedAt|at)": ?-?[\d.]+/g,
        (pair) => pair.replace(/-?[\d.]+$/, '<number>'),
      )
      .replace(/\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z| UTC)?)?/g, '<moment>')
      .replace(
        /(?!a0000000|e0000000|f0000000|[bcd]0000000|00000000|f2ef992c|5e5addcd)[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g,
        '<id>',
      )
      .replace(/\b[\dA-F]{40}\b/g, '<thumbprint>')
      .replace(/(begins|"hint": ?"?|Hint )\s?[\w~.-]{3}\b/g, '$1 <hint>')
      .replace(/\[Qw[A-Za-z\d+/=]+\]/g, '[<server>]')
      .replace(/\b\d+(?:\.\d+)?( ?ms|s\b| seconds?| milliseconds)/g, '<n>$1')
      .replace(/port:? \d{4,5}/g, 'port <port>')
      .replace(/time="[\d.]+"/g, 'time="<n>"')
      .replace(/(time=|'time'=)[\d.]+/g, '$1<n>');
  }
});

function named(commands: readonly (readonly string[])[]): [string, readonly string[]][] {
  return commands.map((args) => [args.join(' '), args]);
}

const report = reportOf([
  watched({ 'support@contoso.com': OPENS, 'hr@contoso.com': REFUSED }, { id: 'jsm', name: 'Service desk' }),
]);
const SILENCE = {
  id: 's1',
  match: { subject: 'hr@contoso.com' },
  until: '2026-11-25T14:00:00.000Z',
  reason: 'being moved',
  author: 'rob',
};
const ANSWERS: Readonly<Record<string, { readonly code: number; readonly body?: object }>> = {
  'GET /api/status': { code: 200, body: report },
  'POST /api/alerts/test/ops': { code: 200, body: { sent: true, channel: 'ops' } },
  'POST /api/silences': { code: 201, body: { ...SILENCE, createdAt: '2026-11-25T12:00:00.000Z' } },
  'DELETE /api/silences/s1': { code: 204 },
  'GET /api/alerts': {
    code: 200,
    body: {
      generatedAt: '2026-11-25T12:00:00.000Z',
      open: [
        {
          integration: 'jsm',
          subject: { kind: 'mailbox', name: 'hr@contoso.com' },
          check: 'mailbox-opens',
          cause: { id: 'mailbox-refused', title: 'Refused: IMAP or POP is off, or access is missing' },
          severity: 'critical',
          openedAt: '2026-11-25T11:00:00.000Z',
          lastNoticeAt: '2026-11-25T11:00:00.000Z',
          muted: { by: 'silence', reason: 'being moved', until: '2026-11-25T14:00:00.000Z', author: 'rob' },
          untold: true,
          onItsWayTo: [],
        },
      ],
      channels: [{ id: 'ops', kind: 'teams', status: 'ok', lastSentAt: '2026-11-25T11:59:00.000Z', waiting: 0 }],
      silences: [SILENCE],
    },
  },
};
