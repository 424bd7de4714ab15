import type { Counting } from '../counters';
import type { TokenSigner } from '../login/tokens';
import { jsonOf, type Answer, type HttpAnswer, type HttpRequest } from '../loopback-http';
import { findResource, type Tenant } from '../tenant';
import { batchAnswer, partsOf, type BatchPart } from './batch';
import { errorAnswer, GraphError, invalidToken } from './graph-error';
import type { GraphRequest } from './request';
import { answerTo, SIGN_INS_PATH } from './routes';
import { appIdIn } from './sign-ins';

export interface GraphServiceOptions {
  readonly tenant: Tenant;
  readonly signer: TokenSigner;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Lets the helpdesks of an app sign in once more, so that the log which is asked for is fresh. */
  readonly helpdesksSignIn: (clientId: string) => Promise<void>;
  readonly counting: Pick<Counting, 'graphRequests' | 'graphBatches'>;
}

const HEADERS = { 'Content-Type': 'application/json;odata.metadata=minimal;charset=utf-8', 'OData-Version': '4.0' };

/** Microsoft Graph, as much of v1.0 and /beta as routes.ts names, for applications with a token of this tenant. */
export function createGraphService(options: GraphServiceOptions): Answer {
  const { tenant, counting, now } = options;

  const answered = (request: HttpRequest, answer: () => unknown): HttpAnswer => {
    try {
      return { status: 200, headers: HEADERS, body: answer() };
    } catch (error) {
      if (error instanceof GraphError) return errorAnswer(error, request, now());
      throw error;
    }
  };

  return async (request) => {
    counting.graphRequests++;
    const { method, url } = request;
    const holder = await holderOf(request, options);
    const appId = url.pathname === SIGN_INS_PATH ? appIdIn(url) : undefined;
    if (appId !== undefined) await options.helpdesksSignIn(appId);
    return answered(request, () => {
      if (holder instanceof GraphError) throw holder;
      if (`${method} ${url.pathname}` !== 'POST /v1.0/$batch') {
        return answerTo({
          tenant,
          method,
          url,
          ...holder,
          now: now(),
          ...wishesIn(request.headers),
          body: bodyOf(request),
        });
      }
      counting.graphBatches++;
      const answers = partsOf(jsonOf(request)).map((part) => {
        const asked: GraphRequest = { tenant, ...holder, now: now(), ...requestOf(part, url) };
        return [part, answered(request, () => answerTo(asked))] as const;
      });
      return batchAnswer(answers);
    });
  };
}

/** A part's URL is relative to the version. */
function requestOf({ method, url, headers }: BatchPart, batch: URL) {
  return {
    method,
    url: new URL(`${batch.origin}/v1.0/${url.replace(/^\//, '')}`),
    ...wishesIn(headers),
  };
}

function bodyOf(request: HttpRequest): unknown {
  return request.method === 'POST' ? jsonOf(request) : undefined;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

function wishesIn(headers: Headers): Pick<GraphRequest, 'eventual' | 'unknownEnumMembers'> {
  const valueOf = (wanted: string) =>
    String(Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1]).toLowerCase();
  return {
    eventual: valueOf('consistencylevel') === 'eventual',
    unknownEnumMembers: valueOf('prefer').includes('include-unknown-enum-members'),
  };
}

/** What the request's token permits; the error where it has none that counts. */
async function holderOf(
  { headers }: HttpRequest,
  { tenant, signer, now }: GraphServiceOptions,
): Promise<Pick<GraphRequest, 'roles' | 'delegate'> | GraphError> {
  const [, token] = /^Bearer (\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined) return invalidToken('Access token is empty.');
  const verified = await signer.verify(token, now());
  if (!verified.valid) {
    return invalidToken(
      verified.expired ? 'Lifetime validation failed, the token is expired.' : 'Access token validation failure.',
    );
  }
  if (findResource(tenant, verified.claims.aud) !== 'graph') {
    return invalidToken('Access token validation failure. Invalid audience.');
  }
  const { idtyp, roles, upn, scp } = verified.claims;
  return { roles, ...(idtyp === 'user' && { delegate: { upn: upn ?? '', scopes: scp.split(' ') } }) };
}
