import { appendFileSync } from 'node:fs';
import { HttpRequest, InvocationContext, type HttpResponseInit } from '@azure/functions';
import type { Log } from '../shared/core/ports';
import { monitor } from '../shared/monitor';
import { startTenant, type StartedTenant } from './demo-tenant/started-tenant';
import { azuriteForTests } from './support/azurite';
import { createAuthority } from './support/certificates';
import { startScriptedHttpsServer, trust, type ScriptedHttpsServer } from './support/scripted-https-server';
import { documented, expectDocumented } from './support/documented';

const connectionString = azuriteForTests();
const HOOK_KEY = 'the-key-in-the-address';
const MINUTE = 60_000;
const lines: string[] = [];
const log: Log = (level, message, fields) => void lines.push(JSON.stringify({ level, message, fields }));

let started: StartedTenant;
let receiver: ScriptedHttpsServer;
let distrust: () => void;
let before: NodeJS.ProcessEnv;
/** The clock of the monitor; that of the demo tenant goes on. */
let ahead = 0;

beforeAll(async () => {
  before = { ...process.env };
  const authority = await createAuthority();
  distrust = trust(authority.certificate);
  receiver = await startScriptedHttpsServer(await authority.issue(), () => ({ status: 200 }));
  started = await startTenant();
  appendFileSync(
    started.demo.configurationPath,
    [
      'publicUrl: https://watch.contoso.com',
      'heartbeat: env:BEAT',
      'notify:',
      '  - { id: hook, kind: webhook, webhook: env:HOOK }',
      '  - { id: sales-only, kind: webhook, webhook: env:HOOK, integrations: [liveagent-sales], severity: critical }',
      '',
    ].join('\n'),
  );
  Object.assign(process.env, {
    MAILBOX_WATCH_CONFIG: started.demo.configurationPath,
    AzureWebJobsStorage: connectionString(),
    CHECK_MAILBOXES_SCHEDULE: '0 */5 * * * *',
    CHECK_APPLICATIONS_SCHEDULE: '0 7 * * * *',
    HOOK: `${receiver.origin}/hook/${HOOK_KEY}`,
    BEAT: `${receiver.origin}/beat/${HOOK_KEY}`,
  });
  const realNow = Date.now;
  jest.spyOn(Date, 'now').mockImplementation(() => realNow() + ahead);
}, 30_000);

afterAll(async () => {
  jest.restoreAllMocks();
  process.env = before;
  await Promise.all([started.end(), receiver.close()]);
  // After the tenant's, which was trusted later.
  distrust();
});

interface Told {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** One run of everything, and a minute later what people are told of it, by channel. */
async function run(): Promise<Record<string, Told[]>> {
  const { checkApplications } = await monitor();
  await checkApplications(log);
  return runOfMailboxes();
}

/** One run of the mailboxes, as every five minutes but one within the hour. */
async function runOfMailboxes(): Promise<Record<string, Told[]>> {
  const { planMailboxes, checkBatch, sendNotices } = await monitor();
  for (const batch of await planMailboxes()) await checkBatch(batch, log);
  ahead += MINUTE;
  receiver.requests.length = 0;
  await sendNotices(log);
  const bodies = receiver.requests.map(({ body }) => JSON.parse(body) as { receiver: string; alerts: Told[] });
  return Object.fromEntries(bodies.map(({ receiver: id, alerts }) => [id, alerts]));
}

const shortly = ({ status, labels }: Told) => `${status} ${labels['alertname']} ${labels['subject']}`;

it('tells a dead-man’s switch of each good look at itself, and of no bad one', async () => {
  const beats = () => receiver.requests.filter(({ path }) => path === `/beat/${HOOK_KEY}`).length;
  const { checkMonitor } = await monitor();
  await checkMonitor(log);
  expect(beats()).toBe(1);
  receiver.answer = () => ({ status: 404 });
  await checkMonitor(log);
  expect(lines.at(-1)).toContain('The heartbeat was answered with HTTP 404');
  receiver.requests.length = 0;
  receiver.answer = () => ({ status: 200 });
  // A clock that is an hour ahead is critical.
  ahead += 60 * MINUTE;
  await checkMonitor(log);
  ahead -= 60 * MINUTE;
  expect(beats()).toBe(0);
});

it('tells everybody of what is broken, once, and of what is well again', async () => {
  const first = await run();
  const told = first['hook']?.map(shortly) ?? [];
  expect(told).toEqual(
    expect.arrayContaining([
      'firing imap-disabled hr@contoso.com',
      'firing pop-disabled jobs@contoso.com',
      'firing client-secret-expiring a0000000-0000-4000-8000-000000000004',
      'firing certificate-not-registered a0000000-0000-4000-8000-000000000012',
    ]),
  );
  // One secret, two mailboxes: one notice.
  const expired = first['hook']?.filter(({ labels }) => labels['alertname'] === 'client-secret-expired') ?? [];
  expect(expired.map(({ labels }) => labels['subject_kind'])).toEqual(['app registration']);
  expect(expired[0]?.annotations['description']).toContain(
    'All its mailboxes fail of this and are not told of one by one: projects@contoso.com, pmo@contoso.com.',
  );
  const hr = first['hook']?.find(({ labels }) => labels['subject'] === 'hr@contoso.com');
  expect(hr?.annotations['description']).toContain("Set-CASMailbox -Identity 'hr@contoso.com' -ImapEnabled $true");
  expect(hr?.annotations['description']).toContain(
    'https://watch.contoso.com/api/status/jsm-service-desk/hr%40contoso.com?format=html',
  );
  const sales = first['sales-only'] ?? [];
  expect(new Set(sales.map(({ labels }) => labels['integration']))).toEqual(new Set(['liveagent-sales']));

  // Nothing new: nobody is told again.
  ahead += 5 * MINUTE;
  const second = await run();
  expect(second['hook']?.filter(({ labels }) => labels['subject'] === 'hr@contoso.com') ?? []).toEqual([]);

  await started.demo.repair('imap-off:hr@contoso.com');
  ahead += 5 * MINUTE;
  expect((await run())['hook']?.map(shortly) ?? []).not.toContain('resolved imap-disabled hr@contoso.com');
  ahead += 5 * MINUTE;
  expect((await run())['hook']?.map(shortly)).toContain('resolved imap-disabled hr@contoso.com');
}, 60_000);

it('tells once of a fault of the application that its mailboxes show first, and once that it is over', async () => {
  const ofProjects = (told: Record<string, Told[]>) =>
    (told['hook'] ?? []).filter(({ labels }) => labels['integration'] === 'jira-projects').map(shortly);
  const application = 'a0000000-0000-4000-8000-000000000002';
  const { alerts } = await monitor();
  const looks = async (times: number) => {
    const told: string[] = [];
    for (let look = 0; look < times; look++) {
      // Longer than a token of the demo tenant lasts.
      ahead += 20 * MINUTE;
      told.push(...ofProjects(await runOfMailboxes()));
    }
    return told;
  };
  await started.demo.repair('secret-expired:jira-projects');
  expect(await looks(4)).toEqual([`resolved client-secret-expired ${application}`]);
  await started.demo.breakAgain('secret-expired:jira-projects');
  expect(await looks(4)).toEqual([`firing client-secret-expired ${application}`]);
  const open = (await alerts()).open.filter(({ integration }) => integration === 'jira-projects');
  expect(open.map(({ subject, muted }) => [subject.name, muted?.by]).toSorted()).toEqual([
    [application, undefined],
    ['pmo@contoso.com', 'root-cause'],
    ['projects@contoso.com', 'root-cause'],
  ]);
}, 60_000);

it('holds notices back while they are silenced, and tells of what is still broken when that ends', async () => {
  const hrIn = (told: Record<string, Told[]>) =>
    (told['hook'] ?? []).map(shortly).filter((line) => line.includes('hr@'));
  const { silence, endSilence, alerts } = await monitor();
  const { id } = await silence({
    match: { subject: 'hr@contoso.com' },
    until: Date.now() + 60 * MINUTE,
    reason: 'being moved',
    author: 'rob',
  });
  await started.demo.breakAgain('imap-off:hr@contoso.com');
  ahead += 5 * MINUTE;
  expect(hrIn(await run())).toEqual([]);
  const { open, silences } = await alerts();
  expect(open.find(({ subject }) => subject.name === 'hr@contoso.com')).toMatchObject({
    untold: true,
    muted: { by: 'silence', reason: 'being moved', author: 'rob' },
  });
  expect(silences).toMatchObject([{ id, reason: 'being moved' }]);
  expect(await endSilence(id)).toBe(true);
  ahead += 5 * MINUTE;
  expect(hrIn(await run())).toEqual(['firing imap-disabled hr@contoso.com']);
  await started.demo.repair('imap-off:hr@contoso.com');
  for (let looks = 0; looks < 2; looks++) {
    ahead += 5 * MINUTE;
    await run();
  }
}, 60_000);

it('answers what is open, how the channels are, and sends a test', async () => {
  const { functions } = jest.requireActual<{ functions: ReadonlyMap<string, { readonly callback: Handler }> }>(
    '@azure/functions-core',
  );
  await import('../functions/main');
  const ask = async (name: string, method: 'GET' | 'POST', channel = '') => {
    const request = new HttpRequest({ method, url: 'http://127.0.0.1/api/alerts', params: { channel } });
    const context = new InvocationContext({ functionName: name, logHandler: () => undefined });
    const answer = await functions.get(name)?.callback(request, context);
    const path =
      { live: '/health/live', ready: '/health/ready', testChannel: `/alerts/test/${channel}` }[name] ?? '/alerts';
    expectDocumented(method, path, documented(answer));
    return answer;
  };
  const body = (await ask('alerts', 'GET'))?.body;
  const alerts = JSON.parse(typeof body === 'string' ? body : '') as {
    open: { cause: { id: string }; subject: { name: string } }[];
    channels: { id: string; status: string; waiting: number }[];
  };
  const open = alerts.open.map(({ cause, subject }) => `${cause.id} ${subject.name}`);
  expect(open).toContain('pop-disabled jobs@contoso.com');
  expect(open).not.toContain('imap-disabled hr@contoso.com');
  expect(alerts.channels).toMatchObject(
    ['hook', 'sales-only'].map((id) => ({ id, kind: 'webhook', status: 'ok', waiting: 0 })),
  );

  // The monitor is well, whatever the mailboxes are; not so when its runs stand still, or it cannot read its configuration.
  const ready = async () => (await ask('ready', 'GET'))?.status;
  expect([(await ask('live', 'GET'))?.status, await ready()]).toEqual([200, 200]);
  ahead += 20 * MINUTE;
  expect(await ready()).toBe(503);
  ahead -= 20 * MINUTE;
  const { MAILBOX_WATCH_CONFIG: configuration } = process.env;
  process.env['MAILBOX_WATCH_CONFIG'] = '/nowhere/at/all.yaml';
  expect([(await ask('live', 'GET'))?.status, await ready()]).toEqual([200, 503]);
  expect((await ask('ready', 'GET'))?.body).not.toContain('nowhere');
  process.env['MAILBOX_WATCH_CONFIG'] = configuration;
  expect(await ready()).toBe(200);

  receiver.requests.length = 0;
  expect((await ask('testChannel', 'POST', 'hook'))?.status ?? 200).toBe(200);
  expect(receiver.requests[0]?.body).toContain('the channel works');
  expect((await ask('testChannel', 'POST', 'nobody'))?.status).toBe(404);
  receiver.answer = () => ({ status: 500, body: HOOK_KEY });
  const failed = await ask('testChannel', 'POST', 'hook');
  expect(failed?.status).toBe(502);
  expect(JSON.stringify(failed)).not.toContain(HOOK_KEY);
});

it('shows in its own status which channel takes nothing', async () => {
  receiver.answer = () => ({ status: 404 });
  await started.demo.breakAgain('imap-off:hr@contoso.com');
  ahead += 5 * MINUTE;
  await run();
  ahead += 20 * MINUTE;
  const { checkMonitor, status } = await monitor();
  await checkMonitor(log);
  const checks = (await status()).monitor.flatMap((tenant) => tenant.checks);
  const channels = checks.find(({ id }) => id === 'monitor-channels');
  expect(channels?.cause?.id).toBe('channel-takes-no-notices');
  expect(JSON.stringify(channels?.remediation)).toContain('hook');
  expect(JSON.stringify(channels)).not.toContain(HOOK_KEY);
}, 60_000);

it('told no secret to anybody', () => {
  const everything = [...lines, ...receiver.requests.map(({ body }) => body)].join('\n');
  for (const secret of [HOOK_KEY, ...started.demo.secretsInUse()]) expect(everything).not.toContain(secret);
});

type Handler = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;
