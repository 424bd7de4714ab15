import type { TokenSigner } from '../login/tokens';
import type { Answer, HttpRequest } from '../loopback-http';
import { findApp, findResource, type Tenant } from '../tenant';
import { toApplication } from './application';
import { badRequest, errorAnswer, GraphError, invalidToken, notFound, requestDenied } from './graph-error';
import { page, single, type Entity } from './odata';

export interface GraphServiceOptions {
  readonly tenant: Tenant;
  readonly signer: TokenSigner;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onRequest: () => void;
}

/** Something that Graph answers to a GET. */
interface Route {
  /** The path after `/v1.0`; its group is the argument. */
  readonly path: RegExp;
  /** Each of these application permissions opens it. */
  readonly roles: readonly string[];
  /** Throws GraphError. */
  readonly answer: (tenant: Tenant, url: URL, argument: string) => Entity;
}

const APPLICATIONS = { collection: 'applications', type: 'microsoft.graph.application' };

const ROUTES: readonly Route[] = [
  {
    path: /^\/applications$/,
    roles: ['Application.Read.All'],
    answer: (tenant, url) => {
      const all = tenant.apps.map((app) => toApplication(app, tenant));
      return page(all, APPLICATIONS, url);
    },
  },
  {
    path: /^\/applications\(appId='([^']*)'\)$/,
    roles: ['Application.Read.All'],
    answer: (tenant, url, appId) => {
      const app = findApp(tenant, appId);
      if (app === undefined) throw notFound(appId);
      return single(toApplication(app, tenant), APPLICATIONS, url);
    },
  },
];

/** Microsoft Graph v1.0, as much of it as ROUTES names, for applications with a token of this tenant. */
export function createGraphService(options: GraphServiceOptions): Answer {
  return async (request) => {
    options.onRequest();
    try {
      return {
        status: 200,
        headers: { 'Content-Type': 'application/json;odata.metadata=minimal;charset=utf-8', 'OData-Version': '4.0' },
        body: route(request, options.tenant, await rolesOf(request, options)),
      };
    } catch (error) {
      if (error instanceof GraphError) return errorAnswer(error, request, options.now());
      throw error;
    }
  };
}

function route({ method, url }: HttpRequest, tenant: Tenant, roles: readonly string[]): Entity {
  const [, path = ''] = /^\/v1\.0(\/.*)$/.exec(decodeURIComponent(url.pathname)) ?? [];
  const found = method === 'GET' ? ROUTES.find((one) => one.path.test(path)) : undefined;
  if (found === undefined) throw badRequest(`Resource not found for the segment '${path.split('/')[1] ?? ''}'.`);
  if (!found.roles.some((role) => roles.includes(role))) throw requestDenied();
  return found.answer(tenant, url, found.path.exec(path)?.[1] ?? '');
}

/** The application permissions in the request's token. */
async function rolesOf({ headers }: HttpRequest, { tenant, signer, now }: GraphServiceOptions) {
  const [, token] = /^Bearer (\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined) throw invalidToken('Access token is empty.');
  const verified = await signer.verify(token, now());
  if (!verified.valid) {
    throw invalidToken(
      verified.expired ? 'Lifetime validation failed, the token is expired.' : 'Access token validation failure.',
    );
  }
  if (findResource(tenant, verified.claims.aud) !== 'graph') {
    throw invalidToken('Access token validation failure. Invalid audience.');
  }
  return verified.claims.roles;
}
