import type { DatedSecrets } from '../core/ports';

/** Every form of a reference to a secret, for messages. */
export const REFERENCE_FORMS = 'env:NAME, file:PATH or kv:VAULT/NAME';

/**
 * Groups: the vault, the secret.
 * Source: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#vault-name-and-object-name
 */
export const KEY_VAULT_REFERENCE = /^kv:([A-Za-z][\dA-Za-z-]{1,22}[\dA-Za-z])\/([\dA-Za-z-]{1,127})$/;

/** All secrets in one: `kv:` leads to Key Vault, every other reference to what this machine holds. */
export function createAllSecrets(local: DatedSecrets, keyVault: DatedSecrets): DatedSecrets {
  const placeOf = (reference: string) => (reference.startsWith('kv:') ? keyVault : local);
  return {
    read: (reference) => placeOf(reference).read(reference),
    keep: (reference, value) => placeOf(reference).keep(reference, value),
    writtenAt: (reference) => placeOf(reference).writtenAt(reference),
  };
}
