import { randomUUID } from 'node:crypto';
import { newRefreshToken } from '../credentials';
import type { Tenant } from '../tenant';
import type { TokenGrant } from './token-endpoint';
import type { TokenSigner } from './tokens';

export interface Issuing {
  readonly tenant: Tenant;
  readonly signer: TokenSigner;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Hears of every access token that is issued. */
  readonly onIssued: (accessToken: string) => void;
}

/** The answer to a request that was granted. `origin` is that of the login host. */
export async function issue(grant: TokenGrant, origin: string, { tenant, signer, now, onIssued }: Issuing) {
  const { app, delegated } = grant;
  const issuedAt = now();
  const { tokenLifetime } = tenant;
  const accessToken = await signer.sign(accessTokenClaims(grant, tenant), issuedAt, tokenLifetime);
  onIssued(accessToken);
  const answer = { token_type: 'Bearer', expires_in: tokenLifetime, ext_expires_in: tokenLifetime };
  if (delegated === undefined) return { ...answer, access_token: accessToken };
  const { user, scope, openid } = delegated;
  const idToken = {
    aud: app.appId,
    iss: `${origin}/${tenant.id}/v2.0`,
    name: user.displayName,
    oid: user.id,
    preferred_username: user.upn,
    sub: user.id,
    tid: tenant.id,
    ver: '2.0',
  };
  return {
    ...answer,
    scope,
    access_token: accessToken,
    ...(openid.includes('offline_access') && {
      refresh_token: newRefreshToken(tenant, user.id, app.appId, issuedAt),
    }),
    ...(openid.includes('openid') && { id_token: await signer.sign(idToken, issuedAt, tokenLifetime) }),
    client_info: Buffer.from(JSON.stringify({ uid: user.id, utid: tenant.id })).toString('base64url'),
  };
}

/** Claims of a v1.0 token; the signer adds the times. */
function accessTokenClaims({ app, audience, roles, delegated }: TokenGrant, tenant: Tenant) {
  const common = {
    aud: audience,
    iss: `https://sts.windows.net/${tenant.id}/`,
    app_displayname: app.displayName,
    appid: app.appId,
    // 1: the client showed a secret.
    appidacr: '1',
    tid: tenant.id,
    uti: randomUUID(),
    ver: '1.0',
  };
  if (delegated === undefined) {
    const { servicePrincipalId } = app;
    // Without a role the claim is absent, not empty.
    return {
      ...common,
      idtyp: 'app',
      oid: servicePrincipalId,
      sub: servicePrincipalId,
      ...(roles.length > 0 && { roles }),
    };
  }
  const { user, permissions } = delegated;
  return {
    ...common,
    idtyp: 'user',
    name: user.displayName,
    oid: user.id,
    scp: permissions.join(' '),
    sub: user.id,
    unique_name: user.upn,
    upn: user.upn,
  };
}
