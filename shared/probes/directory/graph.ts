import type { TokenCredential } from '@azure/identity';
import { ResponseType, type Client } from '@microsoft/microsoft-graph-client';
import { SignInError } from '../../core/ports';
import { blind } from '../../core/reading';
import type { Integration } from '../../core/subject';
import { createGraphClient } from './graph-client';

export interface GraphAccess {
  /** What Mailbox Watch signs in with in the integration's tenant; called once a tenant, so that its token is shared. */
  readonly credentialFor: (integration: Integration) => TokenCredential | undefined;
  /** Longest time a look may take in all, in milliseconds. */
  readonly deadlineMs?: number;
}

/** Microsoft Graph for the length of one look. */
export interface Graph {
  /** Origin of Microsoft Graph. */
  readonly endpoint: string;
  readonly signal: AbortSignal;
  /** When the time is up, milliseconds since 1970. */
  readonly deadline: number;
  /**
   * The JSON that a GET is answered with, of a path below /v1.0 or of a whole `@odata.nextLink`. Signs in when first needed.
   * Rejects; `explain` knows with what.
   */
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<unknown>;
  /** The same with a POST of JSON. */
  post(url: string, body: unknown): Promise<unknown>;
}

/** What names a tenant among all clouds. */
export function tenantKey({ loginAuthority, tenant }: Integration): string {
  return `${loginAuthority}/${tenant}`;
}

/** Starts looks: each has its own deadline, all of one tenant share a credential. */
export function createGraphLooks({ credentialFor, deadlineMs = 30_000 }: GraphAccess): (of: Integration) => Graph {
  const credentials = new Map<string, TokenCredential | undefined>();

  const credentialOf = (integration: Integration): TokenCredential | undefined => {
    const key = tenantKey(integration);
    if (!credentials.has(key)) credentials.set(key, credentialFor(integration));
    return credentials.get(key);
  };

  return (integration) => {
    const endpoint = integration.graphEndpoint;
    const signal = AbortSignal.timeout(deadlineMs);
    const deadline = Date.now() + deadlineMs;
    const signIn = async (): Promise<Client> => {
      const credential = credentialOf(integration);
      if (credential === undefined) throw new SignInError(noSignIn(integration));
      const accessToken = (await credential.getToken(`${endpoint}/.default`))?.token ?? '';
      return createGraphClient({ endpoint, accessToken, signal, deadline });
    };
    let client: Promise<Client> | undefined;
    const request = async (url: string) => (await (client ??= signIn())).api(url).responseType(ResponseType.JSON);
    return {
      endpoint,
      signal,
      deadline,
      get: (url, headers = {}) => within<unknown>(signal, async () => (await request(url)).headers(headers).get()),
      post: (url, body) => within<unknown>(signal, async () => (await request(url)).post(body)),
    };
  };
}

/** Neither the managed identity nor the client's own retries take a signal: the look ends without them. */
export function within<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const end = new Promise<never>((_, reject) => {
    const stop = () => {
      reject(new Error('The time is up.'));
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([end, work()]);
}

function noSignIn({ tenant }: Integration) {
  return blind(
    'not-configured',
    `Nothing is read from the directory of ${tenant}, because Mailbox Watch has nothing to sign in to Microsoft Graph with. Set monitor.signIn in the configuration.`,
  );
}
