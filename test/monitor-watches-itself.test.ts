import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../shared/core/ports';
import type { CheckReport, StatusReport, SubjectReport } from '../shared/core/report';
import { DAY } from '../shared/core/time';
import { monitor } from '../shared/monitor';
import { monitoredTenant } from './support/monitored-tenant';

const quiet: Log = () => undefined;
const tenant = monitoredTenant();

/** The whole report after Mailbox Watch has looked at itself, and at the applications if asked to. */
async function look({ applications = false } = {}): Promise<StatusReport & { self: SubjectReport }> {
  const { checkApplications, checkMonitor, status } = await monitor();
  if (applications) await checkApplications(quiet);
  await checkMonitor(quiet);
  const report = await status();
  const [self] = report.monitor;
  if (self === undefined) throw new Error('Mailbox Watch does not watch itself');
  return { ...report, self };
}

function verdicts({ checks }: SubjectReport): Record<string, string> {
  return Object.fromEntries(checks.map(({ id, verdict, cause }) => [id, cause?.id ?? verdict]));
}

function checkOf({ checks }: SubjectReport, id: string): CheckReport {
  const found = checks.find((check) => check.id === id);
  if (found === undefined) throw new Error(`no check ${id}`);
  return found;
}

it('does not vouch for anything before it has looked at itself', async () => {
  const { status, monitor: self } = await (await monitor()).status();
  expect(self).toMatchObject([{ kind: 'monitor', name: 'contoso.onmicrosoft.com', status: 'unclear', stale: true }]);
  expect(status).not.toBe('healthy');
});

it('is healthy where it signs in, holds its permissions, remembers and runs', async () => {
  const { planMailboxes, checkBatch } = await monitor();
  for (const batch of await planMailboxes()) await checkBatch(batch, quiet);
  const { self } = await look({ applications: true });
  const earlier = tenant().demo.counters();
  await look();
  const later = tenant().demo.counters();
  expect([later.graphRequests - earlier.graphRequests, later.exchangeRequests - earlier.exchangeRequests]).toEqual([
    1, 1,
  ]);
  expect(Object.entries(verdicts(self)).filter(([, verdict]) => verdict !== 'healthy')).toEqual([]);
  expect(self).toMatchObject({ status: 'healthy', headline: 'All checks are healthy', stale: false });
  expect(Object.keys(verdicts(self))).toEqual([
    'monitor-runs',
    'monitor-clock',
    'monitor-sign-in',
    'monitor-client-secret',
    'monitor-servicehealth-read-all',
    'monitor-application-read-all',
    'monitor-directory-read-all',
    'monitor-user-read-all',
    'monitor-auditlog-read-all',
    'monitor-auditlogsquery-exchange-read-all',
    'monitor-groupmember-read-all',
    'monitor-policy-read-all',
    'monitor-exchange',
    'monitor-refresh-tokens',
    'monitor-storage',
    'monitor-channels',
    'monitor-configuration',
  ]);
}, 60_000);

it('tells a permission that was taken away, what is blind without it, and the command that grants it', async () => {
  const fault = 'monitor-permission-missing:Application.Read.All';
  await tenant().demo.breakAgain(fault);
  rewriteConfiguration();
  const { self, status } = await look({ applications: true });
  expect(verdicts(self)).toMatchObject({
    'monitor-sign-in': 'healthy',
    'monitor-application-read-all': 'monitor-lacks-application-read-all',
    'monitor-directory-read-all': 'healthy',
  });
  expect(self.status).toBe('warning');
  expect(['critical', 'warning']).toContain(status);
  const lack = checkOf(self, 'monitor-application-read-all');
  expect(lack.why).toContain(
    'These checks see less: client-secret, certificate, federated-credential, enterprise-application, service-principal.',
  );
  const commands = lack.remediation?.steps.flatMap((step) => step.commands.map(({ text }) => text)).join('\n');
  expect(commands).toContain("-ServicePrincipalId 'e0000000-0000-4000-8000-000000000099'");
  expect(commands).toContain("Value -eq 'Application.Read.All'");
  await tenant().demo.repair(fault);
  rewriteConfiguration();
  expect(verdicts((await look({ applications: true })).self)['monitor-application-read-all']).toBe('healthy');
}, 60_000);

it('tells that its own secret is gone, and blames no permission for it', async () => {
  const file = join(tenant().folder, 'monitor-client-secret');
  const secret = readFileSync(file);
  rmSync(file);
  rewriteConfiguration();
  const { self } = await look();
  expect(verdicts(self)).toMatchObject({
    'monitor-sign-in': 'monitor-credential-missing',
    'monitor-application-read-all': 'blocked',
    'monitor-client-secret': 'blocked',
    'monitor-storage': 'healthy',
    'monitor-channels': 'healthy',
    'monitor-configuration': 'healthy',
  });
  expect(checkOf(self, 'monitor-sign-in').remediation?.steps[0]?.say).toContain('file:monitor-client-secret');
  writeFileSync(file, secret);
});

it('tells of a refresh token that nobody renews, before Entra ID ends it', async () => {
  const file = join(tenant().folder, 'jira-projects-refresh-token');
  const renewed = new Date(Date.now() - 85 * DAY);
  utimesSync(file, renewed, renewed);
  rewriteConfiguration();
  const { self } = await look();
  expect(checkOf(self, 'monitor-refresh-tokens')).toMatchObject({
    status: 'critical',
    cause: { id: 'refresh-token-unused', confidence: 'confirmed' },
  });
  expect(checkOf(self, 'monitor-refresh-tokens').remediation?.steps[0]?.say).toMatch(
    /svc-jira@contoso\.com at file:jira-projects-refresh-token, for projects@contoso\.com and 1 more, is 85 days old\. It ends in 4 days\./,
  );
});

it('goes on with the last configuration that was valid, and says so', async () => {
  const path = tenant().demo.configurationPath;
  const good = readFileSync(path, 'utf8');
  writeFileSync(path, good.replace('flow: delegated', 'flow: delgated'));
  const { self, integrations } = await look();
  expect(integrations.length).toBeGreaterThan(5);
  expect(checkOf(self, 'monitor-configuration')).toMatchObject({
    status: 'critical',
    cause: { id: 'configuration-not-valid', confidence: 'confirmed' },
  });
  expect(checkOf(self, 'monitor-configuration').remediation?.steps[0]?.say).toContain('did you mean "delegated"?');
  // The same from every caller at once, and again.
  await Promise.all([monitor(), monitor(), monitor()]);
  expect(verdicts((await look()).self)['monitor-configuration']).toBe('configuration-not-valid');
  writeFileSync(path, `${good}\n# corrected\n`);
  expect(verdicts((await look()).self)['monitor-configuration']).toBe('healthy');
});

/** Whoever reads the configuration anew forgets every token, as after a restart. */
function rewriteConfiguration(): void {
  const path = tenant().demo.configurationPath;
  writeFileSync(path, `${readFileSync(path, 'utf8')}\n# ${Date.now()}\n`);
}
