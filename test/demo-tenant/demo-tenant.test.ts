import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoTenant } from '../../local/demo-tenant/demo-tenant';
import { loadConfiguration } from '../../shared/settings/load';
import { createHelpdesk } from './helpdesk';
import { openRawImap } from './raw-imap';
import { startTenant, type StartedTenant } from './started-tenant';
import { accessTokenOf, askForToken, formOf } from './token-requests';

let tenant: StartedTenant;
let demo: DemoTenant;

beforeAll(async () => {
  tenant = await startTenant();
  demo = tenant.demo;
});

afterAll(() => tenant.end());

function contentOf(file: string): string {
  return readFileSync(join(tenant.folder, file), 'utf8');
}

describe('the folder', () => {
  it('holds a configuration that Mailbox Watch takes', async () => {
    const loaded = await loadConfiguration(demo.configurationPath);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const { integrations, monitorSignIn } = loaded.settings;
    expect(integrations.map(({ id, product, flow, mailboxes }) => [id, product, flow, mailboxes.length])).toEqual([
      ['jsm-service-desk', 'jsm', 'delegated', 5],
      ['jira-projects', 'jira', 'delegated', 2],
      ['jira-marketing', 'jira', 'delegated', 1],
      ['liveagent-sales', 'liveagent', 'application', 5],
      ['liveagent-service', 'liveagent', 'application', 1],
      ['liveagent-events', 'liveagent', 'application', 1],
      ['liveagent-academy', 'liveagent', 'delegated', 1],
      ['liveagent-partner', 'liveagent', 'application', 1],
      ['customer-mail', 'other', 'delegated', 2],
      ['news-desk', 'other', 'application', 2],
      ['survey-desk', 'other', 'application', 1],
      ['travel-desk', 'other', 'application', 1],
    ]);
    expect(integrations[0]?.mailboxes.at(-1)).toEqual({
      address: 'legal@contoso.com',
      delegate: 'svc-jira@contoso.com',
      refreshTokenReference: 'file:legal-refresh-token',
    });
    expect(monitorSignIn).toMatchObject({ clientSecretReference: 'file:monitor-client-secret' });
    expect(integrations.every(({ loginAuthority }) => loginAuthority === demo.endpoints.login)).toBe(true);
  });

  it('holds files for nobody but the owner, no draft and no private key of a server among them', () => {
    const files = readdirSync(tenant.folder);
    expect(files).toEqual(
      expect.arrayContaining(['ca.pem', 'mailbox-watch.yaml', ...demo.world.monitor.secretFiles.keys()]),
    );
    expect(files.filter((file) => file.endsWith('.tmp'))).toEqual([]);
    for (const file of files) {
      expect(statSync(join(tenant.folder, file)).mode & 0o777).toBe(0o600);
      // The app's own certificate is a secret that a helpdesk has.
      if (file !== 'travel-desk.pem') expect(contentOf(file)).not.toContain('PRIVATE KEY');
    }
  });

  it('gets the secret of a repair at once; tokens that Mailbox Watch has renewed since stay', async () => {
    const before = contentOf('jira-projects-client-secret');
    await demo.repair('secret-expired:jira-projects');
    const after = contentOf('jira-projects-client-secret');
    expect(after).not.toBe(before);
    expect(demo.secretsInUse()).toEqual(expect.arrayContaining([before, after]));

    const renewed = String((await askForToken(demo, formOf(demo, 'jira-projects'))).body['refresh_token']);
    writeFileSync(join(tenant.folder, 'jira-projects-refresh-token'), renewed);
    await demo.breakAgain('secret-expired:jira-projects');
    expect(contentOf('jira-projects-refresh-token')).toBe(renewed);
  });

  it('has the last state on disk when changes overtake each other', async () => {
    const id = 'secret-id-pasted:liveagent-service';
    await Promise.all([demo.repair(id), demo.breakAgain(id), demo.repair(id), demo.breakAgain(id)]);
    expect(contentOf('liveagent-service-client-secret')).toMatch(/^[\da-f]{8}-/);
  });
});

describe('the admin address', () => {
  interface FaultJson {
    readonly id: string;
    readonly state: string;
    readonly change: string;
  }

  async function faults(): Promise<FaultJson[]> {
    return (await (await fetch(`${demo.adminUrl}/faults`)).json()) as FaultJson[];
  }

  /** Does what the command line says, as curl would. */
  async function run(curl: string): Promise<Response> {
    const [, method = '', url = ''] = /^curl -X (\w+) '([^']+)'$/.exec(curl) ?? [];
    return fetch(url, { method });
  }

  it('tells of each fault the command line that changes its state, and back', async () => {
    for (const { id, state, change } of await faults()) {
      const changed = (await (await run(change)).json()) as FaultJson;
      expect(changed).toMatchObject({ id, state: state === 'broken' ? 'repaired' : 'broken' });
      const back = (await (await run(changed.change)).json()) as FaultJson;
      expect(back).toMatchObject({ id, state, change });
    }
  });

  it('can be read by a person', async () => {
    const text = await (await fetch(demo.adminUrl)).text();
    expect(text).toContain('BROKEN  imap-off:hr@contoso.com\n  IMAP is switched off on hr@contoso.com.\n');
    expect(text).toContain(`curl -X POST '${demo.adminUrl}/faults/imap-off:hr@contoso.com/repair'`);
    for (const secret of demo.secretsInUse()) expect(text).not.toContain(secret);
  });

  it('takes an encoded id, and leaves a fault that is repaired as it is', async () => {
    const url = `${demo.adminUrl}/faults/${encodeURIComponent('throttled:press@contoso.com')}`;
    for (const action of ['repair', 'repair', 'break', 'break']) {
      expect((await fetch(`${url}/${action}`, { method: 'POST' })).status).toBe(200);
      const state = action === 'repair' ? 'repaired' : 'broken';
      expect(await faults()).toContainEqual(expect.objectContaining({ id: 'throttled:press@contoso.com', state }));
    }
  });

  it.each([
    ['POST', '/faults/nothing/repair'],
    ['POST', '/faults/throttled:press@contoso.com/explode'],
    ['GET', '/faults/throttled:press@contoso.com/repair'],
    ['GET', '/nowhere'],
  ])('knows no %s %s', async (method, path) => {
    const before = await faults();
    const response = await fetch(`${demo.adminUrl}${path}`, { method });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain(`${demo.adminUrl}/ lists the faults`);
    expect(await faults()).toEqual(before);
  });

  it('counts', async () => {
    const before = demo.counters();
    await createHelpdesk(demo.configurationPath).read('sales@contoso.com');
    const after = (await (await fetch(`${demo.adminUrl}/counters`)).json()) as typeof before;
    expect(after.tokenRequests - before.tokenRequests).toBe(1);
    expect(after.imapConnections - before.imapConnections).toBe(1);
    expect(after.imapLogins - before.imapLogins).toBe(1);
    expect((after.imapCommands['EXAMINE'] ?? 0) - (before.imapCommands['EXAMINE'] ?? 0)).toBe(1);
    // Greeting, CAPABILITY, ID, AUTHENTICATE, CAPABILITY, NAMESPACE, LIST, LSUB, EXAMINE, LOGOUT.
    expect(after.imapTurns - before.imapTurns).toBe(10);
  });
});

it('names the faults that there are when it is asked for another', async () => {
  await expect(demo.repair('nothing')).rejects.toThrow(
    /^There is no fault nothing; there are: imap-off:hr@contoso\.com,/,
  );
});

describe('a large tenant', () => {
  const MAILBOXES = 1000;
  const AT_ONCE = 100;
  const TURN_DELAY = 50;
  let large: StartedTenant;

  beforeAll(async () => {
    large = await startTenant({ mailboxes: MAILBOXES, turnDelayMs: TURN_DELAY });
  });

  it('is one healthy integration', async () => {
    const loaded = await loadConfiguration(large.demo.configurationPath);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.settings.integrations.map(({ id, mailboxes }) => [id, mailboxes.length])).toEqual([
      ['bench', MAILBOXES],
    ]);
    expect(large.demo.faults).toEqual([]);
    expect(await createHelpdesk(large.demo.configurationPath).read('mailbox1000@contoso.com')).toBe('opened');
  });

  it('takes each turn after its delay', async () => {
    const imap = await openRawImap(large.demo.endpoints.imap.port, large.ca);
    const startedAt = performance.now();
    await imap.say('1 CAPABILITY');
    // Timers count whole milliseconds.
    expect(performance.now() - startedAt).toBeGreaterThan(TURN_DELAY - 2);
    imap.end();
  });

  it('serves many connections at a time', async () => {
    const { demo: bench, ca } = large;
    const token = await accessTokenOf(bench, 'bench');
    const before = bench.counters();
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, i) => {
        const imap = await openRawImap(bench.endpoints.imap.port, ca);
        const sasl = Buffer.from(`user=mailbox${i + 1}@contoso.com\x01auth=Bearer ${token}\x01\x01`).toString('base64');
        await imap.say(`1 AUTHENTICATE XOAUTH2 ${sasl}`);
        const answer = (await imap.say('2 EXAMINE INBOX')).at(-1);
        await imap.say('3 LOGOUT');
        await imap.closed();
        imap.end();
        return answer;
      }),
    );
    expect(new Set(answers)).toEqual(new Set(['2 OK [READ-ONLY] EXAMINE completed.']));
    const after = bench.counters();
    expect(after.imapTurns - before.imapTurns).toBe(4 * AT_ONCE);
    expect(after.imapConnections - before.imapConnections).toBe(AT_ONCE);
  });

  it('ends every connection when it is closed, also one that waits', async () => {
    const imap = await openRawImap(large.demo.endpoints.imap.port, large.ca);
    const startedAt = performance.now();
    await large.end();
    expect(performance.now() - startedAt).toBeLessThan(1000);
    await imap.closed();
    imap.end();
    await expect(openRawImap(large.demo.endpoints.imap.port, large.ca)).rejects.toThrow('ECONNREFUSED');
  });
});
