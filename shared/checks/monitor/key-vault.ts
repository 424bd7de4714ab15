import type { Cause } from '../../core/check';
import type { MonitorEvidence, VaultSecret } from '../../core/monitor-evidence';
import { blind, seen, valueOf, type Blind, type BlindReason } from '../../core/reading';
import { SEE_MONITOR_HEALTHY } from './grant-steps';
import type { MonitorCheck } from './monitor-check';

const SECRETS_LOST =
  'A client secret that cannot be read means no live login for its mailboxes, and a refresh token that is not renewed for 90 days ends for good.';

const ROLES_PAGE = 'https://learn.microsoft.com/azure/key-vault/general/rbac-guide';

type Failed = VaultSecret & { readonly writtenAt: Blind };

function failedFor({ vaultSecrets }: MonitorEvidence, reasons: readonly BlindReason[]): Failed | undefined {
  return valueOf(vaultSecrets)?.find(
    (secret): secret is Failed => secret.writtenAt.outcome === 'blind' && reasons.includes(secret.writtenAt.reason),
  );
}

interface Failure extends Pick<Cause<MonitorEvidence>, 'id' | 'title' | 'why' | 'opensAfter' | 'remedy'> {
  readonly reasons: readonly [BlindReason, ...BlindReason[]];
}

function failure({ reasons, ...texts }: Failure): Cause<MonitorEvidence> {
  return {
    ...texts,
    severity: 'warning',
    match: (evidence) => {
      const failed = failedFor(evidence, reasons);
      return (
        failed && {
          confidence: 'confirmed',
          credential: failed.reference,
          facts: { vault: failed.vault, reference: failed.reference, said: failed.writtenAt.detail },
        }
      );
    },
    sources: [ROLES_PAGE, 'https://learn.microsoft.com/azure/key-vault/general/rest-error-codes'],
    examples: [{ says: 'The vault gives no secret.', evidence: { vaultSecrets: seen([failedExample(reasons[0])]) } }],
  };
}

function failedExample(reason: BlindReason): VaultSecret {
  const reference = 'kv:helpdesk/jira';
  const detail = `The secret at ${reference} cannot be read from the vault helpdesk.`;
  return { vault: 'helpdesk', reference, writtenAt: blind(reason, detail) };
}

const denied = failure({
  id: 'key-vault-access-denied',
  title: 'Key Vault refuses Mailbox Watch',
  reasons: ['denied'],
  why: `Mailbox Watch reads secrets from Key Vault with its own sign-in, which needs a role on the vault and a way through its network rules. ${SECRETS_LOST}`,
  opensAfter: 2,
  remedy: [
    { part: 'check', say: '{said}' },
    {
      part: 'check',
      say: 'See who has which role on the vault.',
      role: 'Reader on the resource',
      run: {
        shell: 'az',
        command:
          'az role assignment list --scope "$(az keyvault show --name {vault} --query id --output tsv)" --output table',
      },
    },
    {
      say: 'Give the identity of Mailbox Watch the role Key Vault Secrets User on the vault, or Key Vault Secrets Officer where it renews refresh tokens. Azure portal ({azurePortal}): Key vaults > {vault} > Access control (IAM) > Add role assignment.',
      role: 'User Access Administrator on the resource',
    },
    {
      say: 'If the role is there, let the network of Mailbox Watch in: Key vaults > {vault} > Networking.',
      role: 'Contributor on the vault',
    },
    SEE_MONITOR_HEALTHY,
  ],
});

const missing = failure({
  id: 'key-vault-secret-missing',
  title: 'A secret is not in Key Vault',
  reasons: ['not-configured'],
  why: `The configuration names a vault or a secret that is not there: it was deleted, or the name is wrong. ${SECRETS_LOST}`,
  opensAfter: 2,
  remedy: [
    { part: 'check', say: '{said}' },
    {
      part: 'check',
      say: 'See which secrets the vault has.',
      role: 'Key Vault Reader on the vault',
      run: { shell: 'az', command: 'az keyvault secret list --vault-name {vault} --output table' },
    },
    {
      say: 'Create or recover the secret, or correct {reference} in the configuration.',
      role: 'Key Vault Secrets Officer on the vault',
    },
    SEE_MONITOR_HEALTHY,
  ],
});

const unreachable = failure({
  id: 'key-vault-unreachable',
  title: 'Key Vault does not answer',
  reasons: ['unreachable', 'timeout', 'server-error', 'throttled', 'malformed'],
  why: `The vault could not be reached, or is out of order. ${SECRETS_LOST}`,
  opensAfter: 3,
  remedy: [
    { part: 'check', say: '{said}' },
    {
      part: 'check',
      say: 'See whether Key Vault has trouble in your region: Azure portal ({azurePortal}): Service Health.',
      role: 'Reader on the resource',
    },
    SEE_MONITOR_HEALTHY,
  ],
});

export const keyVault: MonitorCheck = {
  id: 'monitor-key-vault',
  title: 'Key Vault gives Mailbox Watch its secrets',
  needs: ['vaultSecrets'],
  usedIn: ({ integrations }) =>
    integrations.some(({ credential, mailboxes }) =>
      [credential.reference, ...mailboxes.map(({ refreshTokenReference }) => refreshTokenReference)].some((reference) =>
        reference?.startsWith('kv:'),
      ),
    ),
  after: [],
  healthy: ({ vaultSecrets }) => {
    const secrets = valueOf(vaultSecrets) ?? [];
    return secrets.length > 0 && secrets.every(({ writtenAt }) => writtenAt.outcome === 'seen');
  },
  causes: [denied, missing, unreachable],
};
