import type { Tenant } from './tenant';

/** Remembers the tenant's secrets, also those that it gives up, so that a test can look for them where none may be. */
export interface SecretsInUse {
  /** To be told of each access token. */
  readonly issued: (accessToken: string) => void;
  /** To be called after each change of client secrets. */
  readonly look: () => void;
  /** Every client secret and refresh token, and the latest access tokens. */
  readonly all: () => string[];
}

/** Access tokens that are remembered. */
const MAX_TOKENS = 10_000;

/** `keys`: parts of private keys that tell them. */
export function watchSecrets({ apps, refreshTokens }: Tenant, keys: readonly string[]): SecretsInUse {
  const clientSecrets = new Set<string>(keys);
  const accessTokens: string[] = [];
  const look = () => {
    for (const { value } of apps.flatMap(({ secrets }) => secrets)) clientSecrets.add(value);
  };
  look();
  return {
    look,
    issued: (accessToken) => {
      if (accessTokens.push(accessToken) > MAX_TOKENS) accessTokens.shift();
    },
    all: () => [...clientSecrets, ...refreshTokens.keys(), ...accessTokens],
  };
}
