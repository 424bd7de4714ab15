import { randomUUID } from 'node:crypto';
import type { Answer, HttpAnswer, HttpRequest } from '../loopback-http';
import type { Tenant } from '../tenant';
import { EntraError, refusalAnswer } from './entra-error';
import { issue, type Issuing } from './issue';
import { logged } from './sign-in-log';
import { grantToken, tenantNotFound } from './token-endpoint';
import { authorize, beginDeviceSignIn, deviceAuth, newUserSignIns, type UserSignIns } from './user-sign-in';

export interface LoginServiceOptions extends Issuing {
  readonly onTokenRequest: () => void;
}

const HEADERS = { 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache', 'x-ms-ests-server': '2.1.contoso' };

/** Entra ID's login host: the token endpoint, and what clients ask to find it. */
export function createLoginService(options: LoginServiceOptions): Answer {
  const signIns = newUserSignIns();
  return async (request) => {
    const { headers, ...rest } = await answer(request, signIns, options).catch((error: unknown): HttpAnswer => {
      if (error instanceof EntraError) return refusalAnswer(error, options.now(), correlationId(request));
      throw error;
    });
    return { headers: { ...HEADERS, 'x-ms-request-id': randomUUID(), ...headers }, ...rest };
  };
}

async function answer(request: HttpRequest, signIns: UserSignIns, options: LoginServiceOptions): Promise<HttpAnswer> {
  const { tenant, signer } = options;
  const { pathname, origin } = request.url;
  const [, name = '', path = ''] = /^\/([^/]+)\/(.*)$/.exec(pathname) ?? [];
  const isKnown = name === tenant.id || tenant.domains.includes(name.toLowerCase());
  if (!isKnown) throw tenantNotFound(name);
  switch (`${request.method} ${path}`) {
    case 'POST oauth2/v2.0/token':
      options.onTokenRequest();
      return { status: 200, body: await issue(await granted(request, signIns, options), origin, options) };
    case 'GET oauth2/v2.0/authorize':
      return authorize(tenant, signIns, request.url);
    case 'POST oauth2/v2.0/devicecode': {
      const clientId = new URLSearchParams(request.body).get('client_id');
      return { status: 200, body: beginDeviceSignIn(tenant, signIns, clientId, origin) };
    }
    case 'GET deviceauth':
      return deviceAuth(tenant, signIns, request.url);
    case 'GET v2.0/.well-known/openid-configuration':
      return { status: 200, body: discovery(origin, tenant) };
    case 'GET discovery/v2.0/keys':
      return { status: 200, body: { keys: [signer.publicKey] } };
    default:
      return { status: 404, body: '' };
  }
}

function granted(request: HttpRequest, signIns: UserSignIns, { tenant, now }: LoginServiceOptions) {
  const parameters = { ...basicCredentials(request), ...Object.fromEntries(new URLSearchParams(request.body)) };
  const asked = { parameters, now: now() };
  return logged(tenant, { ...asked, correlationId: correlationId(request) }, () => grantToken(tenant, signIns, asked));
}

/** The client's id and secret may stand in a header instead (RFC 6749, section 2.3.1). */
function basicCredentials({ headers }: HttpRequest): Record<string, string> {
  const [, encoded] = /^Basic (\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const [, id, secret] = /^([^:]+):(.+)$/.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
  if (id === undefined || secret === undefined) return {};
  return { client_id: decodeURIComponent(id), client_secret: decodeURIComponent(secret) };
}

function discovery(origin: string, { id }: Tenant) {
  return {
    token_endpoint: `${origin}/${id}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${origin}/${id}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${origin}/${id}/v2.0`,
    device_authorization_endpoint: `${origin}/${id}/oauth2/v2.0/devicecode`,
    authorization_endpoint: `${origin}/${id}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${origin}/${id}/oauth2/v2.0/logout`,
  };
}

function correlationId({ headers, url }: HttpRequest): string | undefined {
  const sent = headers['client-request-id'] ?? url.searchParams.get('client-request-id');
  return typeof sent === 'string' ? sent : undefined;
}
