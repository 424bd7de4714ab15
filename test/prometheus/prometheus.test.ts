import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { METRICS_FORMATS, metricsText } from '../../shared/formats/metrics';
import { describeWith } from '../support/debian';
import { freePort } from '../support/free-port';
import { OPENS, REFUSED, reportOf, watched } from '../support/reports';

const ROOT = resolve(__dirname, '../..');
/** Longest time Prometheus may take to start and to scrape, in milliseconds; it takes three seconds. */
const LIMIT = 40_000;

describeWith('/usr/bin/promtool', 'prometheus', 'the rules', () => {
  it.each(['rules_test.yml', 'rules_credentials_test.yml'])(
    'tell what they promise, when they promise it: %s',
    (name) => {
      const test = join(ROOT, 'prometheus', name);
      expect(execFileSync('/usr/bin/promtool', ['test', 'rules', test], { encoding: 'utf8' })).toContain('SUCCESS');
    },
  );
});

interface Panel {
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string }[];
}
const { panels } = JSON.parse(readFileSync(join(ROOT, 'grafana/mailbox-watch.json'), 'utf8')) as { panels: Panel[] };
/** Every query of the dashboard as Grafana sends it where all integrations are chosen. */
const QUERIES = panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => [title, expr.replaceAll('$integration', '.*')] as const),
);

describe('the dashboard', () => {
  it('asks for metrics that there are', async () => {
    const text = await metricsText(reportOf([watched({ 'hr@contoso.com': REFUSED })]), 'prometheus');
    const asked = new Set(QUERIES.flatMap(([, query]) => query.match(/mailbox_watch_\w+/g) ?? []));
    expect(asked.size).toBeGreaterThan(3);
    for (const name of asked) expect(text).toContain(`# TYPE ${name} gauge`);
  });

  it('has no two panels in one place, and none outside of the grid', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });
});

describeWith('/usr/bin/prometheus', 'prometheus', 'a real Prometheus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  let exporter: Server | undefined;
  let prometheus: ChildProcess | undefined;
  let address: string;

  beforeAll(async () => {
    const report = reportOf([watched({ 'support@contoso.com': OPENS, 'hr@contoso.com': REFUSED }, { id: 'jsm' })]);
    const text = await metricsText(report, 'prometheus');
    const server = createServer((_, response) => {
      response.writeHead(200, { 'Content-Type': METRICS_FORMATS.prometheus }).end(text);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    exporter = server;
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeFileSync(
      join(folder, 'prometheus.yml'),
      JSON.stringify({
        global: { scrape_interval: '1s', evaluation_interval: '1s' },
        rule_files: [join(ROOT, 'prometheus/rules.yml')],
        scrape_configs: [
          { job_name: 'mailbox-watch', metrics_path: '/api/metrics', static_configs: [{ targets: [target] }] },
        ],
      }),
    );
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    const options = {
      'config.file': join(folder, 'prometheus.yml'),
      'storage.tsdb.path': join(folder, 'data'),
      'web.listen-address': `127.0.0.1:${port}`,
    };
    const words = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    prometheus = spawn('/usr/bin/prometheus', words, { stdio: 'ignore' });
  }, LIMIT);

  afterAll(() => {
    prometheus?.kill('SIGKILL');
    exporter?.closeAllConnections();
    exporter?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The number of series that match, asked again until there is one or the time is up. */
  async function seriesOf(query: string): Promise<number> {
    const deadline = Date.now() + LIMIT / 2;
    while (Date.now() < deadline) {
      const answer = await fetch(`${address}/api/v1/query?query=${encodeURIComponent(query)}`).catch(() => undefined);
      const body = answer?.ok === true ? ((await answer.json()) as { data: { result: unknown[] } }) : undefined;
      if (body !== undefined && body.data.result.length > 0) return body.data.result.length;
      await sleep(200);
    }
    return 0;
  }

  it.each(QUERIES)(
    'answers what the dashboard asks for: %s',
    async (_, query) => {
      expect(await seriesOf(query)).toBeGreaterThan(0);
    },
    LIMIT,
  );

  it(
    'scrapes the metrics, and evaluates the rules over them',
    async () => {
      expect(await seriesOf('mailbox_watch_check_status{subject="hr@contoso.com",state="critical"} == 1')).toBe(1);
      expect(await seriesOf('ALERTS{alertname="MailboxBroken",alertstate="pending"}')).toBe(1);
    },
    LIMIT,
  );
});
