import type { TokenCredential } from '@azure/identity';
import { ResponseType } from '@microsoft/microsoft-graph-client';
import type { AppRegistration } from '../core/evidence';
import { SignInError, type Probes } from '../core/ports';
import { blind, type Blind, type Reading } from '../core/reading';
import type { Integration } from '../core/subject';
import { SELECTED, understand } from './app-registration/answer';
import { createGraphClient, type GraphOptions } from './app-registration/graph';
import { failedLook } from './failed-look';
import { networkErrorCode } from './network-error';
import { parseJson } from './parse-json';

export interface AppRegistrationProbeOptions {
  /** What Mailbox Watch signs in with in the integration's tenant; called once a tenant, so that its token is shared. */
  readonly credentialFor: (integration: Integration) => TokenCredential | undefined;
  /** Longest time a look may take in all, in milliseconds. */
  readonly deadlineMs?: number;
}

/**
 * The probe that reads an app registration and its credentials from Microsoft Graph. It asks for the one application by its
 * client id: no list, so no pages. Never rejects.
 */
export function createAppRegistrationProbe(options: AppRegistrationProbeOptions): Probes['appRegistration'] {
  const { credentialFor, deadlineMs = 30_000 } = options;
  const credentials = new Map<string, TokenCredential | undefined>();

  const credentialOf = (integration: Integration): TokenCredential | undefined => {
    const key = `${integration.loginAuthority}/${integration.tenant}`;
    if (!credentials.has(key)) credentials.set(key, credentialFor(integration));
    return credentials.get(key);
  };

  return async (integration) => {
    const { clientId, graphEndpoint } = integration;
    const asked = `Reading the app registration ${clientId} from ${graphEndpoint}`;
    const signal = AbortSignal.timeout(deadlineMs);
    const deadline = Date.now() + deadlineMs;
    try {
      const credential = credentialOf(integration);
      if (credential === undefined) {
        return blind(
          'not-configured',
          `${asked} was not tried: Mailbox Watch has nothing to sign in with. Set monitor.signIn in the configuration.`,
        );
      }
      return await Promise.race([read(integration, credential, asked, { signal, deadline }), rejection(signal)]);
    } catch (error) {
      return explain(error, asked, signal.aborted ? deadlineMs : undefined);
    }
  };
}

async function read(
  { clientId, graphEndpoint }: Integration,
  credential: TokenCredential,
  asked: string,
  { signal, deadline }: Pick<GraphOptions, 'signal' | 'deadline'>,
): Promise<Reading<AppRegistration>> {
  const token = await credential.getToken(`${graphEndpoint}/.default`);
  const graph = createGraphClient({ endpoint: graphEndpoint, accessToken: token?.token ?? '', signal, deadline });
  const response = (await graph
    .api(`/applications(appId='${encodeURIComponent(clientId)}')`)
    .select(SELECTED)
    .responseType(ResponseType.RAW)
    .get()) as Response;
  return understand(response.status, parseJson(await response.text()), asked);
}

/** The managed identity takes no signal: the look ends without it. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => {
      reject(new Error('The time is up.'));
    };
    signal.addEventListener('abort', end, { once: true });
  });
}

function explain(error: unknown, asked: string, timedOutAfter: number | undefined): Blind {
  if (timedOutAfter !== undefined) {
    const seconds = timedOutAfter / 1000;
    return blind(
      'timeout',
      `${asked} took longer than ${seconds} s. Check that nothing slows HTTPS to this host down.`,
    );
  }
  if (error instanceof SignInError) return error.reading;
  const code = networkErrorCode(error);
  if (code === undefined) return failedLook(error, asked);
  return blind(
    'unreachable',
    `${asked} got no connection (${code}). Check name resolution, firewall, proxy and TLS inspection between Mailbox Watch and this host.`,
  );
}
