import { decodeJwt, errors } from 'jose';
import * as z from 'zod';
import type { TokenClaims } from '../../core/evidence';

/** Claims of v1.0 and v2.0 access tokens: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
const Claims = z.object({
  aud: z.string().optional(),
  tid: z.string().optional(),
  appid: z.string().optional(),
  azp: z.string().optional(),
  roles: z.array(z.string()).optional(),
  scp: z.string().optional(),
  upn: z.string().optional(),
  unique_name: z.string().optional(),
  preferred_username: z.string().optional(),
  oid: z.string().optional(),
  exp: z.number().optional(),
});

/** The claims that the checks look at; undefined where the token is opaque. The signature is Exchange's to verify. */
export function readClaims(accessToken: string): TokenClaims | undefined {
  const payload = payloadOf(accessToken);
  const parsed = Claims.safeParse(payload);
  if (!parsed.success) return undefined;
  const { aud, tid, appid = parsed.data.azp, roles, scp, oid, exp } = parsed.data;
  const user = parsed.data.upn ?? parsed.data.unique_name ?? parsed.data.preferred_username;
  return {
    ...(aud !== undefined && { aud }),
    ...(tid !== undefined && { tid }),
    ...(appid !== undefined && { appid }),
    ...(roles !== undefined && { roles }),
    ...(scp !== undefined && { scp: scp.split(' ').filter((scope) => scope !== '') }),
    ...(user !== undefined && { user: user.toLowerCase() }),
    ...(oid !== undefined && { oid }),
    ...(exp !== undefined && { exp: exp * 1000 }),
  };
}

function payloadOf(accessToken: string): unknown {
  try {
    return decodeJwt(accessToken);
  } catch (error) {
    // Personal accounts get tokens that only Microsoft can read.
    if (error instanceof errors.JWTInvalid) return undefined;
    throw error;
  }
}
