import { MONITOR_CHECKS } from '../../../shared/checks';
import { EXAMPLE_NOW } from '../../../shared/checks/example-evidence';
import { ownTokenWith } from '../../../shared/checks/monitor/example-evidence';
import { diagnoseAll } from '../../../shared/core/diagnose';
import type { LastRuns, MonitorEvidence, RefreshTokenAge, VaultSecret } from '../../../shared/core/monitor-evidence';
import { blind, seen } from '../../../shared/core/reading';
import { DAY, HOUR, MINUTE } from '../../../shared/core/time';
import { exampleContext } from '../../support/contexts';
import { NO_MONITOR_EVIDENCE } from '../../support/no-evidence';

function verdictOf(check: string, evidence: Partial<MonitorEvidence>): string {
  const all = diagnoseAll(MONITOR_CHECKS, { ...NO_MONITOR_EVIDENCE, ...evidence }, exampleContext('monitor'));
  const diagnosis = all.get(check);
  if (diagnosis?.verdict !== 'diagnosed') return diagnosis?.verdict ?? 'no such check';
  const { id, severity, confidence } = diagnosis.cause;
  return `${id} ${severity} ${confidence}`;
}

type Row = readonly [says: string, evidence: Partial<MonitorEvidence>, verdict: string];

function rolesAndRefusals(roles: readonly string[], refused?: readonly string[]): Partial<MonitorEvidence> {
  return { ownToken: ownTokenWith(roles), ...(refused !== undefined && { refusedReads: seen(refused) }) };
}

describe('a permission', () => {
  const LACKS = 'monitor-lacks-application-read-all warning confirmed';
  it.each<Row>([
    ['in the token', rolesAndRefusals(['Application.Read.All']), 'healthy'],
    [
      'in the token, and refused an hour ago',
      rolesAndRefusals(['Application.Read.All'], ['appRegistration']),
      'healthy',
    ],
    ['by a wider one', rolesAndRefusals(['Directory.Read.All'], []), 'healthy'],
    [
      'by a wider one, while something else was refused',
      rolesAndRefusals(['Directory.Read.All'], ['serviceHealth']),
      'healthy',
    ],
    ['by a wider one, in vain', rolesAndRefusals(['Directory.Read.All'], ['enterpriseApplication']), LACKS],
    ['by none', rolesAndRefusals(['User.Read.All']), LACKS],
    ['by none at all: the token has no roles', rolesAndRefusals([]), LACKS],
    ['of a token that nobody can read', { ownToken: seen({ issued: true, expiresAt: 0, ms: 1 }) }, 'unclear'],
    ['without a token', {}, 'unclear'],
    [
      'where the sign-in is refused',
      { ownToken: seen({ issued: false, error: 'invalid_client', aadsts: [7000222], description: 'Expired.', ms: 1 }) },
      'blocked',
    ],
  ])('%s', (_, evidence, verdict) => {
    expect(verdictOf('monitor-application-read-all', evidence)).toBe(verdict);
  });
});

describe('Exchange', () => {
  const ALL = ['get-casmailbox', 'Get-Mailbox', 'Get-MailboxPermission', 'Get-ServicePrincipal'];
  const ownToken = ownTokenWith(['Application.Read.All']);
  const denied = blind('denied', 'HTTP 403');
  it.each<Row>([
    ['allows every cmdlet', { ownToken, exchangeCmdlets: seen(ALL) }, 'healthy'],
    [
      'allows one too few',
      { ownToken, exchangeCmdlets: seen(ALL.slice(1)) },
      'monitor-exchange-role-too-small warning confirmed',
    ],
    ['allows none', { ownToken, exchangeCmdlets: seen([]) }, 'monitor-exchange-role-too-small warning confirmed'],
    ['refuses', { ownToken, exchangeCmdlets: denied }, 'monitor-may-not-read-exchange warning confirmed'],
    ['refuses, but snapshots stand in', { ownToken, exchangeCmdlets: denied, snapshotsStandIn: seen(true) }, 'healthy'],
    ['is out of order', { ownToken, exchangeCmdlets: blind('server-error', 'HTTP 503') }, 'unclear'],
  ])('%s', (_, evidence, verdict) => {
    expect(verdictOf('monitor-exchange', evidence)).toBe(verdict);
  });
});

describe('refresh tokens', () => {
  const token = (days: number): RefreshTokenAge => ({
    reference: `file:${days}`,
    delegate: 'svc@contoso.com',
    mailbox: 'support@contoso.com',
    mailboxes: 1,
    writtenAt: seen(EXAMPLE_NOW - days * DAY),
  });
  const inVariable = { ...token(0), reference: 'env:TOKEN', writtenAt: blind('not-configured', 'no date') };
  const unreadable = { ...token(0), reference: 'kv:v/token', writtenAt: blind('unreachable', 'ECONNRESET') };
  it.each<[string, readonly RefreshTokenAge[], string]>([
    ['none', [], 'unclear'],
    ['renewed today', [token(0)], 'healthy'],
    ['59 days old', [token(59)], 'healthy'],
    ['60 days old', [token(60)], 'refresh-token-unused warning confirmed'],
    ['79 days old', [token(79)], 'refresh-token-unused warning confirmed'],
    ['80 days old', [token(80)], 'refresh-token-unused critical confirmed'],
    ['past its end', [token(91)], 'refresh-token-unused critical confirmed'],
    ['the oldest decides', [token(1), token(85), token(61)], 'refresh-token-unused critical confirmed'],
    ['in a variable', [inVariable], 'refresh-token-without-date info possible'],
    ['in a variable, beside an old one', [inVariable, token(61)], 'refresh-token-unused warning confirmed'],
    ['of which one cannot be seen', [token(1), unreadable], 'unclear'],
  ])('%s', (_, tokens, verdict) => {
    expect(verdictOf('monitor-refresh-tokens', { refreshTokens: seen(tokens) })).toBe(verdict);
  });
});

describe('the clock', () => {
  it.each([
    [0, 'healthy'],
    [5 * MINUTE, 'healthy'],
    [-5 * MINUTE, 'healthy'],
    [5 * MINUTE + 1, 'monitor-clock-wrong critical confirmed'],
    [-DAY, 'monitor-clock-wrong critical confirmed'],
  ])('%d ms ahead', (aheadMs, verdict) => {
    expect(verdictOf('monitor-clock', { clock: seen({ host: 'login', aheadMs }) })).toBe(verdict);
  });
});

describe('runs', () => {
  const ago = (minutes: number) => EXAMPLE_NOW - minutes * MINUTE;
  const runs = (mailbox?: number, application?: number, planned?: number): LastRuns => ({
    mailboxes: { dueSince: ago(10), ...(mailbox !== undefined && { at: ago(mailbox) }) },
    applications: { dueSince: ago(120), ...(application !== undefined && { at: ago(application) }) },
    ...(planned !== undefined && { mailboxesPlannedAt: ago(planned) }),
  });
  it.each<[string, LastRuns, string]>([
    ['on time', runs(4, 50, 4), 'healthy'],
    ['on the last tick that counts', runs(10, 120, 4), 'healthy'],
    ['of a version that noted no plan', runs(4, 50), 'healthy'],
    ['none yet', runs(undefined, undefined, 0), 'unclear'],
    ['of applications only', runs(undefined, 1, 0), 'unclear'],
    ['planned, but not done', runs(30, 50, 2), 'mailbox-batches-not-processed critical confirmed'],
    ['neither planned nor done', runs(30, 50, 30), 'mailbox-timer-not-running critical inferred'],
    ['of applications too old', runs(4, 121, 4), 'application-timer-not-running critical inferred'],
  ])('%s', (_, lastRuns, verdict) => {
    expect(verdictOf('monitor-runs', { lastRuns: seen(lastRuns) })).toBe(verdict);
  });
});

describe('Key Vault', () => {
  const secret = (writtenAt: VaultSecret['writtenAt']): VaultSecret => ({ vault: 'v', reference: 'kv:v/a', writtenAt });
  it.each<[string, readonly VaultSecret[], string]>([
    ['of no secret', [], 'unclear'],
    ['gives all', [secret(seen(EXAMPLE_NOW - HOUR)), secret(seen(1))], 'healthy'],
    ['refuses one', [secret(seen(1)), secret(blind('denied', '403'))], 'key-vault-access-denied warning confirmed'],
    ['has one no more', [secret(blind('not-configured', '404'))], 'key-vault-secret-missing warning confirmed'],
    ['does not answer', [secret(blind('timeout', '15 s'))], 'key-vault-unreachable warning confirmed'],
    ['is hidden by a fault of ours', [secret(blind('crashed', 'TypeError'))], 'unclear'],
  ])('%s', (_, secrets, verdict) => {
    expect(verdictOf('monitor-key-vault', { vaultSecrets: seen(secrets) })).toBe(verdict);
  });
});
