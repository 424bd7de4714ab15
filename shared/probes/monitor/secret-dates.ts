import type { RefreshTokenAge, VaultSecret } from '../../core/monitor-evidence';
import type { DatedSecrets } from '../../core/ports';
import type { Integration } from '../../core/subject';

/** Reads when every secret in Key Vault was written, which needs the same way and role as reading it. Never rejects. */
export async function readVaultSecrets(
  integrations: readonly Integration[],
  secrets: Pick<DatedSecrets, 'writtenAt'>,
): Promise<VaultSecret[]> {
  const references = integrations.flatMap(({ credential, mailboxes }) => [
    credential.reference,
    ...mailboxes.flatMap(({ refreshTokenReference }) => refreshTokenReference ?? []),
  ]);
  const inVaults = [...new Set(references)].filter((reference) => reference.startsWith('kv:'));
  return Promise.all(
    inVaults.map(async (reference) => ({
      vault: reference.slice('kv:'.length).split('/')[0] ?? '',
      reference,
      writtenAt: await secrets.writtenAt(reference),
    })),
  );
}

/** Reads when every refresh token was last renewed; one that several mailboxes share is told once. Never rejects. */
export async function readRefreshTokens(
  integrations: readonly Integration[],
  secrets: Pick<DatedSecrets, 'writtenAt'>,
): Promise<RefreshTokenAge[]> {
  const authorised = integrations.flatMap(({ mailboxes }) =>
    mailboxes.flatMap(({ address, delegate, refreshTokenReference: reference }) =>
      reference === undefined ? [] : [{ address, delegate, reference }],
    ),
  );
  const byReference = Map.groupBy(authorised, ({ reference }) => reference);
  return Promise.all(
    [...byReference].map(async ([reference, users]) => ({
      reference,
      delegate: users[0]?.delegate ?? '',
      mailbox: users[0]?.address ?? '',
      mailboxes: users.length,
      writtenAt: await secrets.writtenAt(reference),
    })),
  );
}
