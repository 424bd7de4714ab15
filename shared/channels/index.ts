import type { ChannelSettings } from '../core/channel-settings';
import type { Channel, SendResult } from '../core/notice';
import { SecretUnavailableError, SignInError } from '../core/ports';
import { createAlertmanagerChannel } from './alertmanager';
import type { TokenCredential } from '@azure/identity';
import { createApplicationInsightsChannel, type ApplicationInsights } from './application-insights';
import { createEmailChannel } from './email';
import { createJsmOperationsChannel } from './jsm-operations';
import { createNtfyChannel } from './ntfy';
import { createPagerDutyChannel } from './pagerduty';
import { createSlackChannel } from './slack';
import { createTeamsChannel } from './teams';
import { createWebhookChannel } from './webhook';

export interface ChannelPorts {
  /** Reads what a reference leads to. May reject with SecretUnavailableError. */
  readonly read: (reference: string) => Promise<string>;
  /** For e-mail: Graph's origin, and a token of Mailbox Watch's own for it. `token` may reject. */
  readonly graph: { readonly endpoint: string; readonly token: () => Promise<string> };
  /** What Mailbox Watch itself signs in with. */
  readonly credential: () => TokenCredential | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The channel that the settings describe. Its `send` never rejects. */
export function createChannel(settings: ChannelSettings, ports: ChannelPorts): Channel & Partial<ApplicationInsights> {
  const channel = unguarded(settings, ports);
  const { send } = channel;
  return {
    ...channel,
    send: (notices) => send(notices).catch((error: unknown) => unsent(error)),
  };
}

function unguarded(
  settings: ChannelSettings,
  { read, graph, now, credential }: ChannelPorts,
): Channel & Partial<ApplicationInsights> {
  const { id } = settings;
  switch (settings.kind) {
    case 'teams':
      return createTeamsChannel({ id, address: () => read(settings.webhook), payload: settings.payload });
    case 'slack':
      return createSlackChannel({ id, address: () => read(settings.webhook) });
    case 'webhook': {
      const { webhook, signingKey } = settings;
      const signing = signingKey === undefined ? {} : { signingKey: () => read(signingKey) };
      return createWebhookChannel({ id, now, address: () => read(webhook), ...signing });
    }
    case 'ntfy': {
      const { topic, token } = settings;
      return createNtfyChannel({
        id,
        address: () => read(topic),
        ...(token !== undefined && { token: () => read(token) }),
      });
    }
    case 'pagerduty': {
      const eu = settings.region === 'eu' ? { origin: 'https://events.eu.pagerduty.com' } : {};
      return createPagerDutyChannel({ id, routingKey: () => read(settings.routingKey), ...eu });
    }
    case 'jsm-operations': {
      const { apiKey, url } = settings;
      return createJsmOperationsChannel({ id, apiKey: () => read(apiKey), ...(url !== undefined && { url }) });
    }
    case 'alertmanager':
      return createAlertmanagerChannel({ id, url: settings.url });
    case 'application-insights':
      return createApplicationInsightsChannel({
        id,
        connectionString: () => read(settings.connectionString),
        availability: settings.availability,
        credential,
      });
    case 'email':
      return createEmailChannel({
        id,
        graphEndpoint: graph.endpoint,
        token: graph.token,
        from: settings.from,
        to: settings.to,
      });
  }
}

function unsent(error: unknown): SendResult {
  // Any other message is not shown: nobody can say what is in it.
  const why =
    error instanceof SecretUnavailableError || error instanceof SignInError
      ? error.message
      : `Sending failed with ${error instanceof Error ? error.name : typeof error}. See whether the address in the configuration is one.`;
  return { sent: false, retry: 'later', detail: why };
}
