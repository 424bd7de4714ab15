import { SecretUnavailableError, type Secrets } from '../../shared/core/ports';

export interface MemorySecrets extends Secrets {
  readonly values: Map<string, string>;
}

/** Secrets in memory, for tests of what reads them. */
export function memorySecrets(values: Readonly<Record<string, string>>): MemorySecrets {
  const kept = new Map(Object.entries(values));
  return {
    values: kept,
    read: async (reference) => {
      const value = kept.get(reference);
      if (value === undefined) throw new SecretUnavailableError(`${reference} is not set. Set it.`);
      return value;
    },
    keep: async (reference, value) => void kept.set(reference, value),
  };
}
