import { randomBytes, randomUUID } from 'node:crypto';
import { DAY } from '../../shared/core/time';
import type { ClientSecret, Tenant } from './tenant';

const SECRET_LIFETIME = 365 * DAY;

/** A client secret with a value in Entra ID's form: 40 characters, such as `abc8Q~...`. Times are milliseconds since 1970. */
export function newSecret(displayName: string, endsAt: number): ClientSecret {
  const random = randomBytes(30).toString('base64url');
  const value = `${random.slice(0, 3)}8Q~${random.slice(3, 37)}`;
  return { keyId: randomUUID(), displayName, value, startsAt: endsAt - SECRET_LIFETIME, endsAt };
}

/** Issues a refresh token, as when the user presses Authorize in the helpdesk. */
export function newRefreshToken({ refreshTokens }: Tenant, userId: string, appId: string, now: number): string {
  const value = `1.AU${randomBytes(150).toString('base64url')}`;
  refreshTokens.set(value, { userId, appId, issuedAt: now });
  return value;
}
