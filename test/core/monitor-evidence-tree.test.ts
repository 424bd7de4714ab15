import { ownTokenWith } from '../../shared/checks/monitor/example-evidence';
import { evidenceTree } from '../../shared/core/evidence-tree';
import { blind, seen } from '../../shared/core/reading';

const AT = Date.UTC(2026, 10, 25, 12);

it('tells what was seen of Mailbox Watch itself, line by line', () => {
  const tree = evidenceTree({
    ownToken: ownTokenWith(['Application.Read.All']),
    refusedReads: seen(['enterpriseApplication.consents']),
    exchangeCmdlets: seen(['Get-Mailbox']),
    snapshotsStandIn: seen(false),
    vaultSecrets: seen([{ vault: 'v', reference: 'kv:v/a', writtenAt: blind('denied', '403') }]),
    refreshTokens: seen([
      { reference: 'file:t', delegate: 'svc@contoso.com', mailbox: 'a@contoso.com', mailboxes: 1, writtenAt: seen(AT) },
    ]),
    lastRuns: seen({ mailboxes: { at: AT, dueSince: 0 }, applications: { dueSince: 0 } }),
    storage: seen({ works: false, detail: 'Storage: nobody answered.' }),
    clock: seen({ host: 'login.microsoftonline.com', aheadMs: -61_000 }),
    channels: seen([{ id: 'mail' }, { id: 'teams', failingForMs: 1_200_000, detail: 'HTTP 404.' }]),
    configuration: seen({ valid: false, problems: 'line 3' }),
  });
  expect(tree.map(({ mark, text, said }) => [mark, text, said].filter((part) => part !== undefined))).toEqual([
    ['ok', "Mailbox Watch's own token: issued for https://graph.microsoft.com with Application.Read.All"],
    ['bad', 'Reads that were refused in the last run: enterpriseApplication.consents'],
    ['fact', 'Cmdlets that Exchange allows: Get-Mailbox'],
    ['fact', "Snapshots of Exchange's settings stand in: no"],
    ['fact', 'Secrets in Key Vault: 1'],
    ['fact', 'Refresh tokens: 1'],
    ['fact', 'Last runs: mailboxes 2026-11-25 12:00 UTC, planned never, applications never'],
    ['bad', 'Storage: failed', 'Storage: nobody answered.'],
    ['fact', 'Clock: 61 seconds behind login.microsoftonline.com'],
    ['fact', 'Channels: 2'],
    ['bad', 'Configuration: not valid', 'line 3'],
  ]);
  expect(tree.flatMap(({ children = [] }) => children)).toEqual([
    { mark: 'unseen', text: 'kv:v/a', said: '403' },
    { mark: 'fact', text: 'file:t of svc@contoso.com, written 2026-11-25 12:00 UTC' },
    { mark: 'ok', text: 'mail' },
    { mark: 'bad', text: 'teams, for 20 minutes', said: 'HTTP 404.' },
  ]);
});
