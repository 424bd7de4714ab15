import { DAY } from '../../../shared/core/time';
import { findApp, findResource, type AppRegistration, type Tenant, type User } from '../tenant';
import { EntraError } from './entra-error';
import { verifyClient } from './client-proof';
import type { TokenRequest } from './token-request';
import { parseScope, type RequestedScope } from './scope';
import { redeemCode, redeemDeviceCode, type UserSignIns } from './user-sign-in';

/** What Entra ID grants: the token's contents, not yet signed. */
export interface TokenGrant {
  readonly app: AppRegistration;
  readonly audience: string;
  /** Application permissions. */
  readonly roles: readonly string[];
  /** The delegated grant; undefined where the app acts for itself. */
  readonly delegated?: {
    readonly user: User;
    readonly permissions: readonly string[];
    /** The scopes of the answer. */
    readonly scope: string;
    readonly openid: readonly string[];
  };
}

/** Entra ID's documented life of a refresh token that is not used. */
const REFRESH_TOKEN_LIFETIME = 90 * DAY;

/** What Entra ID grants to a token request; it looks at the client first. Throws EntraError. */
export async function grantToken(tenant: Tenant, signIns: UserSignIns, request: TokenRequest): Promise<TokenGrant> {
  const { grant_type, client_id, scope } = request.parameters;
  if (grant_type === undefined) throw parameterMissing("'grant_type'");
  const grant = GRANTS.get(grant_type);
  if (grant === undefined) throw new EntraError(70003, `The app requested an unsupported grant type '${grant_type}'.`);
  if (client_id === undefined) throw parameterMissing("'client_id'");
  const app = findApp(tenant, client_id);
  if (app === undefined) throw appNotFound(tenant, client_id);
  if (!app.enabled) throw new EntraError(7000112, `Application '${app.appId}'(${app.displayName}) is disabled.`);
  // On a device that keeps no secret the user's own consent is all there is.
  if (!DEVICE_CODE.includes(grant_type)) await verifyClient(app, request);
  if (scope === undefined) throw parameterMissing("'scope'");
  return grant({ tenant, signIns, app, request, requested: parseScope(scope), scope });
}

interface Asked {
  readonly tenant: Tenant;
  readonly signIns: UserSignIns;
  readonly app: AppRegistration;
  readonly request: TokenRequest;
  readonly requested: RequestedScope;
  /** As it was sent. */
  readonly scope: string;
}

/** MSAL's short name is taken as well. */
const DEVICE_CODE = ['urn:ietf:params:oauth:grant-type:device_code', 'device_code'];

const GRANTS: ReadonlyMap<string, (asked: Asked) => TokenGrant> = new Map([
  ['client_credentials', grantToApplication],
  ['refresh_token', redeemRefreshToken],
  [
    'authorization_code',
    (asked) => delegatedTo(redeemCode(asked.tenant, asked.signIns, asked.app, asked.request.parameters), asked),
  ],
  ...DEVICE_CODE.map((name) => [name, grantToDevice] as const),
]);

/** A token is granted even where no application permission ever was: it just has no roles. */
function grantToApplication({ tenant, app, requested, scope }: Asked): TokenGrant {
  const [permission, ...more] = requested.permissions;
  if (permission?.name !== '.default' || more.length > 0 || requested.openid.length > 0) {
    throw new EntraError(
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  }
  const resource = findResource(tenant, permission.resource);
  if (resource === undefined) throw resourceNotFound(tenant, permission.resource);
  return { app, audience: permission.resource, roles: app.appRoles[resource] };
}

function grantToDevice(asked: Asked): TokenGrant {
  const { tenant, signIns, app, request } = asked;
  return delegatedTo(redeemDeviceCode(tenant, signIns, app, request.parameters['device_code']), asked);
}

function redeemRefreshToken(asked: Asked): TokenGrant {
  const { tenant, app, request } = asked;
  const { refresh_token } = request.parameters;
  if (refresh_token === undefined) throw parameterMissing("'refresh_token'");
  const token = tenant.refreshTokens.get(refresh_token);
  const user = tenant.users.find(({ id }) => id === token?.userId);
  if (token?.appId !== app.appId || user === undefined) {
    throw new EntraError(70000, 'Provided grant is invalid or malformed.');
  }
  verifyGrant(user, token.issuedAt, request.now);
  return delegatedTo(user, asked);
}

function delegatedTo(user: User, asked: Asked): TokenGrant {
  const { app, requested } = asked;
  if (!user.accountEnabled) throw new EntraError(50057, 'The user account is disabled.');
  const { audience, permissions } = consentedPermissions(asked);
  const scope = permissions.map((name) => `${audience}/${name}`).join(' ');
  return { app, audience, roles: [], delegated: { user, permissions, scope, openid: requested.openid } };
}

/** The delegated permissions that were asked for, all of one resource and all consented to. */
function consentedPermissions({ tenant, app, requested, scope }: Asked) {
  const [first] = requested.permissions;
  if (first === undefined) {
    throw new EntraError(
      28003,
      "Provided value for the input parameter scope can't be empty when requesting an access token using the provided grant. Please specify a valid scope.",
    );
  }
  const audience = first.resource;
  const resource = findResource(tenant, audience);
  if (resource === undefined) throw resourceNotFound(tenant, audience);
  const { scopes } = tenant.resources[resource];
  // Consent to IMAP may stand on Exchange or on Microsoft Graph, among whose permissions the portal shows it.
  const consented = scopes.filter((name) => Object.values(app.consents).some((names) => names.includes(name)));
  const permissions = requested.permissions.flatMap(({ resource: other, name }) => {
    if (other === audience && name === '.default') return consented;
    if (other === audience && scopes.includes(name)) return [name];
    throw new EntraError(
      70011,
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
    );
  });
  if (permissions.length > 0 && permissions.every((name) => consented.includes(name))) return { audience, permissions };
  throw new EntraError(
    65001,
    `The user or administrator has not consented to use the application with ID '${app.appId}' named '${app.displayName}'. Send an interactive authorization request for this user and resource.`,
  );
}

function verifyGrant(user: User, issuedAt: number, now: number): void {
  const iso = (time: number) => new Date(time).toISOString();
  if (!user.accountEnabled) throw new EntraError(50057, 'The user account is disabled.');
  if (issuedAt < user.tokensValidFrom) {
    throw new EntraError(
      50173,
      `The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '${iso(issuedAt)}' and the TokensValidFrom date (before which tokens are not valid) for this user is '${iso(user.tokensValidFrom)}'.`,
    );
  }
  if (now - issuedAt < REFRESH_TOKEN_LIFETIME) return;
  throw new EntraError(
    700082,
    `The refresh token has expired due to inactivity. The token was issued on ${iso(issuedAt)} and was inactive for 90.00:00:00.`,
  );
}

export function tenantNotFound(name: string): EntraError {
  return new EntraError(
    90002,
    `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );
}

function appNotFound(tenant: Tenant, clientId: string): EntraError {
  return new EntraError(
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${tenant.displayName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  );
}

function resourceNotFound(tenant: Tenant, resource: string): EntraError {
  return new EntraError(
    500011,
    `The resource principal named ${resource} was not found in the tenant named ${tenant.displayName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  );
}

function parameterMissing(name: string): EntraError {
  return new EntraError(900144, `The request body must contain the following parameter: ${name}.`);
}
