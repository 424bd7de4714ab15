import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseJunit } from 'junit2json';
import { parse, stringify } from 'yaml';
import { parseConfiguration } from '../../shared/settings/parse';
import { startTenant, type StartedTenant } from '../demo-tenant/started-tenant';
import { runCli } from './run-cli';

describe('the command line', () => {
  let tenant: StartedTenant;
  let here: string;

  beforeAll(async () => {
    tenant = await startTenant();
    here = mkdtempSync(join(tmpdir(), 'mailbox-watch-cli-'));
  });
  afterAll(async () => {
    await tenant.end();
    rmSync(here, { recursive: true });
  });

  const onDemo = (...args: string[]) =>
    runCli(['--config', tenant.demo.configurationPath, ...args], {
      cwd: here,
      env: { NODE_EXTRA_CA_CERTS: tenant.demo.caCertificatePath },
    });

  describe('check', () => {
    it('names the cause, the words of the server, and the command that repairs it', async () => {
      const { code, out, err } = await onDemo('check', 'jsm-service-desk/hr@contoso.com');
      expect(out).toContain('IMAP is switched off on the mailbox');
      expect(out).toContain('BAD User is authenticated but not connected.');
      expect(out).toContain("Set-CASMailbox -Identity 'hr@contoso.com' -ImapEnabled $true");
      expect(out).not.toContain('facilities@contoso.com');
      expect(err).toContain('Contoso service desk: one mailbox');
      expect(code).toBe(2);
    });

    it('is green where everything was seen and is right', async () => {
      const { code, out } = await onDemo('--quiet', 'check', 'jsm-service-desk/support@contoso.com', '--all-checks');
      expect(out).toMatch(/✓ The mailbox opens/);
      // Its secret ends in 19 days.
      expect(out).toMatch(/✓ support@contoso\.com/);
      expect(code).toBe(0);
    });

    it('speaks to a plug-in and to a test runner', async () => {
      const plugin = await onDemo('--quiet', 'check', 'customer-mail', '--output', 'nagios');
      expect(plugin).toMatchObject({ code: 2, err: '' });
      expect(plugin.out).toMatch(
        /^MAILBOXES CRITICAL - a0000000-0000-4000-8000-000000000009: The helpdesk signs in with .* \(and 1 more\) \| critical=2;/,
      );
      const junit = await onDemo('--quiet', 'check', 'customer-mail', '-o', 'junit');
      const suites = await parseJunit(junit.out);
      expect(suites).toMatchObject({ failures: 2, errors: 0, testsuite: [{ name: 'customer-mail' }] });
    });

    it('holds no secret in any format', async () => {
      const secrets = tenant.demo.secretsInUse();
      expect(secrets.length).toBeGreaterThan(20);
      for (const format of ['pretty', 'json', 'markdown']) {
        const { out, err } = await onDemo('check', 'jira-projects', '-o', format);
        for (const secret of secrets) expect(out + err).not.toContain(secret);
      }
    });

    it('leaves unclear what was not checked in time', async () => {
      const { code, out } = await onDemo('--quiet', 'check', 'customer-mail', '--timeout', '0.001');
      expect(out).toContain('? info@contoso.com');
      expect(code).toBe(3);
    });

    it('says which names there are', async () => {
      const wrong = await onDemo('check', 'jsm-service-dsk');
      expect(wrong).toMatchObject({ code: 64, out: '' });
      expect(wrong.err).toBe(
        'There is no integration "jsm-service-dsk" in the configuration. Did you mean "jsm-service-desk"?\n',
      );
      const plugin = await onDemo('check', 'jsm-service-desk/nobody@contoso.com', '-o', 'nagios');
      expect(plugin.code).toBe(3);
      expect(plugin.out).toMatch(/^MAILBOXES UNKNOWN - The integration "jsm-service-desk" has no mailbox/);
    });
  });

  it('doctor examines hosts, secrets and permissions', async () => {
    const { code, out } = await onDemo('--quiet', 'doctor');
    expect(out).toContain('✓ Node is 22.15 or newer');
    expect(out).toMatch(/✓ localhost:\d+ answers, and its certificate is trusted/);
    expect(out).toContain('✓ file:jsm-service-desk-client-secret leads to a secret');
    expect(out).toContain(
      '✓ Mailbox Watch may read app registrations and enterprise applications (Application.Read.All)',
    );
    expect(code).toBe(0);
    const distrusted = await runCli(['-c', tenant.demo.configurationPath, '-q', 'doctor', '-o', 'json'], { cwd: here });
    const { success, categories } = JSON.parse(distrusted.out) as {
      success: boolean;
      categories: { title: string; findings: { result: string; hint?: string }[] }[];
    };
    expect(success).toBe(false);
    const hosts = categories.find(({ title }) => title === 'Hosts')?.findings ?? [];
    expect(hosts.map(({ result }) => result)).toEqual(hosts.map(() => 'error'));
    expect(hosts[0]?.hint).toContain('NODE_EXTRA_CA_CERTS');
    expect(distrusted.code).toBe(2);
  });

  describe('config', () => {
    it('init writes what is valid, shows, and leaves a file alone', async () => {
      const path = join(here, 'fresh.yaml');
      const made = await runCli(['-c', path, 'config', 'init', '--mailbox', 'a@contoso.com', 'b@contoso.com'], {
        cwd: here,
      });
      expect(made.code).toBe(0);
      const text = readFileSync(path, 'utf8');
      expect(text).toMatchSnapshot();
      expect(parseConfiguration(text)).toMatchObject({ ok: true });
      const { out } = await runCli(['-c', path, 'config', 'validate'], { cwd: here });
      expect(out).toBe(`${path} is valid: 1 integration, 2 mailboxes.\n`);
      const again = await runCli(['-c', path, 'config', 'init'], { cwd: here });
      expect(again).toMatchObject({ code: 64, err: expect.stringContaining('is left alone') as string });
      expect(readFileSync(path, 'utf8')).toBe(text);
    });

    it('leads from init to a green check', async () => {
      const folder = mkdtempSync(join(here, 'green-'));
      const path = join(folder, 'mailbox-watch.yaml');
      const demo = parse(readFileSync(tenant.demo.configurationPath, 'utf8')) as {
        endpoints: object;
        monitor: { clientId: string };
        integrations: { id: string; clientId: string }[];
      };
      const of = (file: string) => readFileSync(join(tenant.folder, file), 'utf8');
      const { clientId = '' } = demo.integrations.find(({ id }) => id === 'liveagent-sales') ?? {};
      const init = ['config', 'init', '--tenant', 'contoso.com', '--client-id', clientId, '--product', 'liveagent'];
      await runCli(['-c', path, ...init, '--flow', 'application', '--mailbox', 'orders@contoso.com'], { cwd: folder });
      // What a person would put in by hand: where this tenant is, and what Mailbox Watch signs in with.
      const written = parse(readFileSync(path, 'utf8')) as object;
      const monitor = { ...demo.monitor, clientSecret: 'file:own-secret' };
      writeFileSync(path, stringify({ ...written, endpoints: demo.endpoints, monitor }));
      writeFileSync(join(folder, 'own-secret'), of('monitor-client-secret'));
      const env = {
        NODE_EXTRA_CA_CERTS: tenant.demo.caCertificatePath,
        HELPDESK_CLIENT_SECRET: of('liveagent-sales-client-secret').trim(),
      };
      const { code, out } = await runCli(['-q', 'check', 'service-desk/orders@contoso.com'], { cwd: folder, env });
      expect(out).toMatch(/✓ orders@contoso\.com +All checks are healthy/);
      // The application's secret of five days is a warning.
      expect(code).toBe(1);
    });

    it('shows the lines in question, and no secret in them', async () => {
      const path = join(here, 'wrong.yaml');
      const secret = 'abc8Q~SuperSecretSuperSecretSuperSecret0';
      writeFileSync(
        path,
        `tenant: contoso.com\nintegrations:\n  - id: desk\n    product: jsn\n    clientId: 11111111-2222-4333-8444-555555555555\n    clientSecret: ${secret}\n    flow: delegated\n    mailboxs: [support@contoso.com]\n`,
      );
      const { code, err } = await runCli(['-c', path, 'config', 'validate'], { cwd: here });
      expect(code).toBe(3);
      expect(err.replaceAll(path, 'wrong.yaml')).toMatchSnapshot();
      expect(err).not.toContain('SuperSecret');
    });

    it('shows the lines of a file of integrations', async () => {
      const folder = mkdtempSync(join(here, 'fleets-'));
      const path = join(folder, 'mailbox-watch.yaml');
      writeFileSync(path, 'tenant: contoso.com\nintegrationFiles: [more.yaml]\n');
      writeFileSync(join(folder, 'more.yaml'), 'integrations:\n  - id: desk\n    product: jsn\n');
      const { code, err } = await runCli(['-c', path, 'config', 'validate'], { cwd: folder });
      expect(code).toBe(3);
      expect(err).toMatch(/integrations\[0\]\.product \(line 3, column \d+ of more\.yaml\): .*did you mean "jsm"/);
      expect(err).toMatch(/> 3 \|.*product: jsn/);
    });

    it('prints its schema, and what it was understood as', async () => {
      const { out } = await runCli(['config', 'schema']);
      expect(JSON.parse(out)).toMatchObject({
        $schema: 'http://json-schema.org/draft-07/schema#',
        additionalProperties: false,
      });
      const printed = await onDemo('config', 'print');
      expect(parse(printed.out)).toMatchObject({
        exchangeEvidence: 'auto',
        integrations: expect.any(Array) as unknown[],
      });
      for (const secret of tenant.demo.secretsInUse()) expect(printed.out).not.toContain(secret);
    });

    it('says who has to sign in where a managed identity cannot', async () => {
      const path = join(here, 'laptop.yaml');
      await runCli(['-c', path, 'config', 'init'], { cwd: here });
      // Without the Azure CLI on the path.
      const { code, out, err } = await runCli(['-c', path, 'check'], { cwd: here, env: { PATH: '/nowhere' } });
      expect(err).toContain('whoever is signed in to the Azure CLI reads the directory');
      expect(out).toContain('run az login --tenant contoso.onmicrosoft.com');
      expect(out).not.toContain('fault of Mailbox Watch');
      expect(code).toBe(3);
    });

    it('says what to do where there is none', async () => {
      const { code, err } = await runCli(['check'], { cwd: here });
      expect(code).toBe(3);
      expect(err).toContain('Make one: mailbox-watch config init');
      const demo = await runCli(['--demo', 'check'], { cwd: here });
      expect(demo.err).toContain('npm start');
    });
  });

  it('explain reads arguments and standard input', async () => {
    const { code, out } = await runCli(['explain', 'A3 BAD User is authenticated but not connected.']);
    expect(code).toBe(0);
    expect(out).toContain('IMAP is switched off on the mailbox');
    const piped = await runCli(['explain', '-o', 'json', '--product', 'jira'], {
      input: 'AADSTS7000222: The provided client secret keys for app are expired.\n',
    });
    expect(JSON.parse(piped.out)).toMatchObject({ causes: [{ id: 'client-secret-expired' }] });
    expect((await runCli(['explain', 'all is well'])).code).toBe(3);
    expect((await runCli(['explain'])).code).toBe(64);
  });

  it('remediation lists the causes, shows one, and fills in a mailbox', async () => {
    const list = await runCli(['remediation']);
    expect(list.out).toMatch(/^imap-disabled +IMAP is switched off on the mailbox$/m);
    const { out } = await onDemo('remediation', 'imap-disabled', '--for', 'jsm-service-desk/hr@contoso.com');
    expect(out).toContain("Set-CASMailbox -Identity 'hr@contoso.com' -ImapEnabled $true");
    const wrong = await runCli(['remediation', 'imap-disable']);
    expect(wrong).toMatchObject({ code: 64, err: 'There is no cause "imap-disable". Did you mean "imap-disabled"?\n' });
  });

  it('discover finds the apps that may read mail, and proposes the ones that are not watched', async () => {
    const { out, code } = await onDemo('discover', '-o', 'json');
    expect(code).toBe(0);
    const apps = JSON.parse(out) as { clientId: string; roles: string[]; scopes: string[]; watched: boolean }[];
    expect(apps.find(({ clientId }) => clientId.endsWith('004'))).toMatchObject({
      roles: ['IMAP.AccessAsApp'],
      watched: true,
    });
    expect(apps.find(({ clientId }) => clientId.endsWith('001'))).toMatchObject({ scopes: ['IMAP.AccessAsUser.All'] });
    // Of one integration only the configuration knows: the others are proposed, and the proposal is sound.
    const path = join(here, 'one.yaml');
    const demo = parse(readFileSync(tenant.demo.configurationPath, 'utf8')) as {
      monitor: { clientSecret: string };
      integrations: unknown[];
    };
    const clientSecret = `file:${join(tenant.folder, demo.monitor.clientSecret.replace('file:', ''))}`;
    const one = { ...demo, monitor: { ...demo.monitor, clientSecret }, integrations: demo.integrations.slice(0, 1) };
    writeFileSync(path, stringify(one));
    const proposed = await runCli(['-c', path, 'discover'], {
      cwd: here,
      env: { NODE_EXTRA_CA_CERTS: tenant.demo.caCertificatePath },
    });
    const integrations = parse(proposed.out.slice(proposed.out.indexOf('\n- id:'))) as unknown[];
    expect(integrations).toHaveLength(apps.length - 1);
    expect(parseConfiguration(stringify({ ...one, integrations }))).toMatchObject({ ok: true });
  });

  it('setup prints the script for one tenant', async () => {
    const { code, out, err } = await onDemo('setup', '--object-id', 'e0000000-0000-4000-8000-000000000099');
    expect(code).toBe(0);
    expect(out).toMatch(/^#Requires -Version 7\.4/);
    expect(out).toContain("$objectId = 'e0000000-0000-4000-8000-000000000099'");
    expect(err).toContain('-WhatIf');
    expect((await onDemo('setup')).code).toBe(64);
  });

  it('record gives a case without names', async () => {
    const { code, out } = await onDemo('record', 'jsm-service-desk/legal@contoso.com');
    expect(code).toBe(0);
    const recorded = JSON.parse(out) as { expected: Record<string, string> };
    expect(recorded.expected['full-access']).toMatch(/^wrong-authorising-user/);
    expect(out).not.toMatch(/legal|anna/i);
    for (const secret of tenant.demo.secretsInUse()) expect(out).not.toContain(secret);
  });

  it('--help of every command says what it does', async () => {
    for (const command of [
      [],
      ['check'],
      ['doctor'],
      ['status'],
      ['explain'],
      ['config', 'init'],
      ['setup'],
      ['record'],
    ]) {
      const { code, out } = await runCli([...command, '--help']);
      expect(code).toBe(0);
      expect(out).toMatchSnapshot(command.join(' '));
    }
    expect(await runCli(['chek'])).toMatchObject({
      code: 64,
      err: expect.stringContaining('Did you mean check?') as string,
    });
  });

  it('status and alerts ask the running Mailbox Watch, and say what it wants', async () => {
    const gone = await runCli(['status', '--url', 'http://127.0.0.1:9']);
    expect(gone).toMatchObject({ code: 3, out: '' });
    expect(gone.err).toMatch(/^http:\/\/127\.0\.0\.1:9\/api\/status\?brief=0 does not answer \(/);
  });
});
