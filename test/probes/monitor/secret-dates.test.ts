import { blind, seen, type Reading } from '../../../shared/core/reading';
import { readRefreshTokens, readVaultSecrets } from '../../../shared/probes/monitor/secret-dates';
import { exampleIntegration } from '../../support/contexts';

const delegate = 'svc-jira@contoso.com';
const INTEGRATIONS = [
  exampleIntegration({
    credential: { kind: 'client-secret', reference: 'kv:helpdesk/jira' },
    mailboxes: [
      { address: 'a@contoso.com', delegate, refreshTokenReference: 'kv:helpdesk/token' },
      { address: 'b@contoso.com', delegate, refreshTokenReference: 'kv:helpdesk/token' },
      { address: 'c@contoso.com', delegate, refreshTokenReference: 'env:TOKEN' },
    ],
  }),
  exampleIntegration({
    credential: { kind: 'client-secret', reference: 'kv:helpdesk/jira' },
    mailboxes: [{ address: 'd@contoso.com' }],
  }),
];
const NO_DATE = blind('not-configured', 'An environment variable has no date.');

function secrets() {
  const asked: string[] = [];
  const writtenAt = async (reference: string): Promise<Reading<number>> => {
    asked.push(reference);
    return reference.startsWith('env:') ? NO_DATE : seen(5);
  };
  return { asked, writtenAt };
}

it('asks the vault once for every secret that is kept there', async () => {
  const vault = secrets();
  expect(await readVaultSecrets(INTEGRATIONS, vault)).toEqual([
    { vault: 'helpdesk', reference: 'kv:helpdesk/jira', writtenAt: seen(5) },
    { vault: 'helpdesk', reference: 'kv:helpdesk/token', writtenAt: seen(5) },
  ]);
  expect(vault.asked).toHaveLength(2);
});

it('tells the age of every refresh token, and whose it is', async () => {
  expect(await readRefreshTokens(INTEGRATIONS, secrets())).toEqual([
    { reference: 'kv:helpdesk/token', delegate, mailbox: 'a@contoso.com', mailboxes: 2, writtenAt: seen(5) },
    { reference: 'env:TOKEN', delegate, mailbox: 'c@contoso.com', mailboxes: 1, writtenAt: NO_DATE },
  ]);
});
