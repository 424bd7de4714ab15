import { randomUUID } from 'node:crypto';
import { errors, exportJWK, generateKeyPair, jwtVerify, SignJWT, type JWK } from 'jose';
import * as z from 'zod';

/** Claims of a v1.0 access token that the services look at. */
const AccessTokenClaims = z.object({
  aud: z.string(),
  appid: z.string(),
  idtyp: z.enum(['app', 'user']),
  /** Of the service principal, or of the user. */
  oid: z.string(),
  roles: z.array(z.string()).default([]),
  /** Delegated permissions, separated by spaces. */
  scp: z.string().default(''),
  upn: z.string().optional(),
  /** Seconds since 1970. */
  exp: z.number(),
});
export type AccessTokenClaims = z.output<typeof AccessTokenClaims>;

export type VerifiedToken =
  { readonly valid: true; readonly claims: AccessTokenClaims } | { readonly valid: false; readonly expired: boolean };

/** Signs the tenant's tokens, and tells its services which tokens it signed. Times are milliseconds since 1970. */
export interface TokenSigner {
  sign(claims: Readonly<Record<string, unknown>>, now: number, lifetimeSeconds: number): Promise<string>;
  /** Never rejects. */
  verify(token: string, now: number): Promise<VerifiedToken>;
  /** The public key, as Entra ID publishes its keys. */
  readonly publicKey: JWK;
}

const ALGORITHM = 'RS256';

/** A signer with a key of its own, which nobody else ever has. */
export async function createTokenSigner(): Promise<TokenSigner> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
  const kid = randomUUID();
  return {
    publicKey: { ...(await exportJWK(publicKey)), kid, use: 'sig' },

    sign(claims, now, lifetimeSeconds) {
      const issuedAt = Math.floor(now / 1000);
      return new SignJWT({ ...claims })
        .setProtectedHeader({ typ: 'JWT', alg: ALGORITHM, x5t: kid, kid })
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(privateKey);
    },

    async verify(token, now) {
      try {
        const { payload } = await jwtVerify(token, publicKey, { algorithms: [ALGORITHM], currentDate: new Date(now) });
        const claims = AccessTokenClaims.safeParse(payload);
        return claims.success ? { valid: true, claims: claims.data } : { valid: false, expired: false };
      } catch (error) {
        return { valid: false, expired: error instanceof errors.JWTExpired };
      }
    },
  };
}
