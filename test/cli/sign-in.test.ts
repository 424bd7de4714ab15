import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { parse, stringify } from 'yaml';
import { appIn } from '../../local/demo-tenant/world';
import { startTenant, type StartedTenant } from '../demo-tenant/started-tenant';
import { CHROMIUM } from '../support/browser';
import { describeWith } from '../support/debian';
import { runCli, startCli } from './run-cli';

interface Written {
  integrations: { id: string; clientId: string; clientSecret: string; delegate?: string; refreshToken?: string }[];
}

describeWith(CHROMIUM, 'chromium', 'sign-in', () => {
  let tenant: StartedTenant;
  let browser: Browser;
  let folder: string;
  let path: string;
  let env: Record<string, string>;
  const tokenFile = () => join(folder, 'tokens', 'desk');

  beforeAll(async () => {
    tenant = await startTenant();
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--ignore-certificate-errors'],
    });
    folder = mkdtempSync(join(tmpdir(), 'mailbox-watch-sign-in-'));
    path = join(folder, 'mailbox-watch.yaml');
    env = { NODE_EXTRA_CA_CERTS: tenant.demo.caCertificatePath };
    const demo = parse(readFileSync(tenant.demo.configurationPath, 'utf8')) as Written;
    const [desk] = demo.integrations;
    if (desk === undefined) throw new Error('the demo has no integration');
    const secret = join(tenant.folder, desk.clientSecret.replace('file:', ''));
    const integrations = [
      { ...desk, clientSecret: `file:${secret}`, refreshToken: 'file:tokens/desk', mailboxes: ['support@contoso.com'] },
    ];
    writeFileSync(path, stringify({ ...demo, monitor: { signIn: 'none' }, integrations }));
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await tenant.end();
    rmSync(folder, { recursive: true });
  }, 60_000);

  /** Signs in as a person would: opens the printed address, picks the account, reads what the window says. */
  async function signInAs(account: string) {
    const cli = startCli(['-c', path, 'sign-in', 'jsm-service-desk'], { env });
    const [url = ''] = /https:\/\/\S+/.exec(await cli.said('https://')) ?? [];
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByRole('link', { name: account }).click();
    const shown = await page.locator('body').innerText();
    await page.close();
    return { url: new URL(url), shown, ...(await cli.ended) };
  }

  it('keeps the refresh token of the delegate, for its owner only, and the mailbox opens', async () => {
    const { url, shown, code, out, err } = await signInAs('svc-jira@contoso.com');
    expect(err).not.toMatch(/rror/);
    expect(code).toBe(0);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      login_hint: 'svc-jira@contoso.com',
      prompt: 'login',
      redirect_uri: expect.stringMatching(/^http:\/\/localhost:\d+$/) as string,
    });
    expect(shown).toContain('You are signed in');
    expect(out).toContain('svc-jira@contoso.com has authorised Contoso service desk');
    expect(statSync(tokenFile()).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'tokens')).mode & 0o777).toBe(0o700);
    const kept = readFileSync(tokenFile(), 'utf8').trim();
    expect(tenant.demo.secretsInUse()).toContain(kept);
    for (const secret of tenant.demo.secretsInUse()) expect(shown + out + err).not.toContain(secret);
    const check = await runCli(['-c', path, '-q', 'check', 'jsm-service-desk/support@contoso.com'], { env });
    expect(check.out).toMatch(/✓ support@contoso\.com/);
  }, 60_000);

  it('keeps nothing where somebody else signed in', async () => {
    const before = readFileSync(tokenFile(), 'utf8');
    const { code, err } = await signInAs('anna.admin@contoso.com');
    expect(code).toBe(2);
    expect(err).toContain('You signed in as anna.admin@contoso.com; the configured delegate is svc-jira@contoso.com.');
    expect(readFileSync(tokenFile(), 'utf8')).toBe(before);
  }, 60_000);

  it('takes no code that comes with another state', async () => {
    const cli = startCli(['-c', path, 'sign-in', 'jsm-service-desk'], { env });
    const [url = ''] = /https:\/\/\S+/.exec(await cli.said('https://')) ?? [];
    const redirectUri = new URL(url).searchParams.get('redirect_uri') ?? '';
    const forged = await fetch(`${redirectUri}/?code=stolen&state=guessed`);
    expect(forged.status).toBe(400);
    const denied = new URL(redirectUri);
    denied.search = new URLSearchParams({
      state: new URL(url).searchParams.get('state') ?? '',
      error: 'access_denied',
      error_description: 'AADSTS65004: User declined <b>to consent</b>.',
    }).toString();
    const refused = await fetch(denied);
    expect(await refused.text()).toContain('&lt;b&gt;');
    const { code, err } = await cli.ended;
    expect(code).toBe(2);
    expect(err).toContain('AADSTS65004');
  }, 60_000);

  it('signs in by a code on another device where the app allows it, and says how to where not', async () => {
    const { clientId = '' } = (parse(readFileSync(path, 'utf8')) as Written).integrations[0] ?? {};
    const app = appIn(tenant.demo.world, clientId);
    const refused = await runCli(['-c', path, 'sign-in', 'jsm-service-desk', '--device-code'], { env });
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('Allow public client flows');
    app.allowsPublicClients = true;
    rmSync(tokenFile());
    const cli = startCli(['-c', path, 'sign-in', 'jsm-service-desk', '--device-code'], { env });
    const said = await cli.said('enter the code');
    const [, uri = '', userCode = ''] = /open the page (\S+) and enter the code (\S+)/.exec(said) ?? [];
    const approved = await fetch(`${uri}?code=${userCode}&account=svc-jira@contoso.com`);
    expect(await approved.text()).toContain('You have signed in');
    expect(await cli.ended).toMatchObject({ code: 0 });
    expect(tenant.demo.secretsInUse()).toContain(readFileSync(tokenFile(), 'utf8').trim());
  }, 60_000);

  it('says where nothing has to be signed in', async () => {
    const { code, err } = await runCli(['-c', tenant.demo.configurationPath, 'sign-in', 'liveagent-sales'], { env });
    expect(code).toBe(64);
    expect(err).toContain('signs in as an application');
  });
});
