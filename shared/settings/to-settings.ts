import { DEFAULT_POLICY } from '../core/alerting';
import type { ChannelSettings } from '../core/channel-settings';
import type { AppCredential, Integration, MonitorSignIn, Provider, WatchedMailbox } from '../core/subject';
import type { AlertingSettings, Settings } from '../core/settings';
import { CLOUD_DEFAULTS } from '../core/clouds';
import { mailDefaults } from '../core/mail-defaults';
import type { Configuration } from './schema';

type WrittenIntegration = Configuration['integrations'][number];
type WrittenMailbox = WrittenIntegration['mailboxes'][number];

const DEFAULT_NOTICE_DAYS = [60, 30, 14, 7, 3, 1, 0];

/** Fills in every default: an integration's own value first, then the file's, then the cloud's. */
export function toSettings(file: Configuration): Settings {
  return {
    monitorSignIn: signInOf(file.monitor),
    exchangeEvidence: file.exchangeEvidence ?? 'auto',
    channels: (file.notify ?? []).map(toChannel),
    alerting: toAlerting(file.alerting ?? {}),
    ...(file.publicUrl !== undefined && { publicUrl: file.publicUrl }),
    ...(file.heartbeat !== undefined && { heartbeatReference: file.heartbeat }),
    integrations: file.integrations.map((integration) => toIntegration(integration, file)),
  };
}

function toAlerting(written: NonNullable<Configuration['alerting']>): AlertingSettings {
  const { opensAfter = {}, remindEvery = {}, maintenance = [], ignore = [] } = written;
  const { critical, warning, info } = { ...DEFAULT_POLICY.remindEvery, ...remindEvery };
  return {
    opensAfter,
    policy: {
      flapping: toFlapping(written.flapping),
      resolvesAfter: written.resolvesAfter ?? DEFAULT_POLICY.resolvesAfter,
      blindAfter: written.blindAfter ?? DEFAULT_POLICY.blindAfter,
      remindEvery: {
        ...(critical !== undefined && { critical }),
        ...(warning !== undefined && { warning }),
        ...(info !== undefined && { info }),
      },
    },
    maintenance: maintenance.map(({ duration, timeZone = 'UTC', integrations, ...window }) => ({
      ...window,
      durationMs: duration,
      timeZone,
      ...(integrations !== undefined && { integrations }),
    })),
    ignore: ignore.map(({ cause, integration, mailbox, reason }) => ({
      match: {
        ...(integration !== undefined && { integration }),
        ...(mailbox !== undefined && { subject: mailbox.toLowerCase() }),
        ...(cause !== undefined && { cause }),
      },
      reason,
    })),
  };
}

function toFlapping({ openings, within, calm }: NonNullable<Configuration['alerting']>['flapping'] = {}) {
  const { flapping } = DEFAULT_POLICY;
  return {
    openings: openings ?? flapping.openings,
    within: within ?? flapping.within,
    calm: calm ?? flapping.calm,
  };
}

function toChannel(written: NonNullable<Configuration['notify']>[number]): ChannelSettings {
  const { severity = 'info', integrations, owners, digest, ...own } = written;
  const route = {
    severity,
    ...(integrations !== undefined && { integrations }),
    ...(owners !== undefined && { owners }),
    ...(digest !== undefined && { digest: { schedule: digest.schedule, timeZone: digest.timeZone ?? 'UTC' } }),
  };
  switch (own.kind) {
    case 'teams':
      return { ...own, ...route, payload: own.payload ?? 'message' };
    case 'pagerduty':
      return { ...own, ...route, region: own.region ?? 'us' };
    case 'webhook': {
      const { signingKey, ...rest } = own;
      return { ...rest, ...route, ...(signingKey !== undefined && { signingKey }) };
    }
    case 'ntfy': {
      const { token, ...rest } = own;
      return { ...rest, ...route, ...(token !== undefined && { token }) };
    }
    case 'jsm-operations': {
      const { url, ...rest } = own;
      return { ...rest, ...route, ...(url !== undefined && { url }) };
    }
    case 'application-insights':
      return {
        ...own,
        ...route,
        connectionString: own.connectionString ?? 'env:APPLICATIONINSIGHTS_CONNECTION_STRING',
        availability: own.availability ?? 'each-check',
      };
    case 'slack':
    case 'alertmanager':
    case 'email':
      return { ...own, ...route };
  }
}

function signInOf(monitor: Configuration['monitor']): MonitorSignIn {
  switch (monitor?.signIn) {
    case undefined:
    case 'none':
      return { kind: 'none' };
    case 'managed-identity':
      return { kind: 'managed-identity', ...(monitor.clientId !== undefined && { clientId: monitor.clientId }) };
    case 'client-secret':
      return { kind: 'client-secret', clientId: monitor.clientId, clientSecretReference: monitor.clientSecret };
    case 'certificate':
      return { kind: 'certificate', clientId: monitor.clientId, certificateReference: monitor.certificate };
    case 'federated':
      return { kind: 'federated', clientId: monitor.clientId, assertionReference: monitor.federatedToken };
  }
}

/** What stands for the tenant where the provider has none. */
const NO_TENANT: Readonly<Partial<Record<Provider, string>>> = { 'outlook.com': 'consumers', google: 'google' };

function toIntegration(own: WrittenIntegration, file: Configuration): Integration {
  const provider = own.provider ?? 'microsoft365';
  const tenant = NO_TENANT[provider] ?? own.tenant ?? file.tenant;
  if (tenant === undefined) throw new Error('contradictions() lets no integration pass without a tenant');
  const fileCloud = file.cloud ?? 'worldwide';
  const fileProtocol = file.protocol ?? 'imap';
  const cloud = provider === 'microsoft365' ? (own.cloud ?? fileCloud) : 'worldwide';
  const protocol = own.protocol ?? fileProtocol;
  const ofFile = provider === 'microsoft365' && cloud === fileCloud;
  // The file's endpoints and scopes belong to the file's cloud and protocol: an integration with others has nothing to do with them.
  const shared = ofFile ? file.endpoints : undefined;
  const sharedScopes = ofFile && protocol === fileProtocol ? file.scopes : undefined;
  const endpoints = CLOUD_DEFAULTS[cloud];
  const defaults = mailDefaults({ provider, cloud, protocol, flow: own.flow });
  const graphEndpoint = own.endpoints?.graph ?? shared?.graph ?? endpoints.graph;
  return {
    id: own.id,
    name: own.name ?? own.id,
    product: own.product,
    ...(own.owner !== undefined && { owner: own.owner }),
    provider,
    tenant,
    cloud,
    clientId: own.clientId,
    flow: own.flow,
    protocol,
    scopes: own.scopes ?? sharedScopes ?? defaults.scopes,
    credential: credentialOf(own),
    loginAuthority: own.endpoints?.login ?? shared?.login ?? defaults.login,
    graphEndpoint,
    exchange: {
      endpoint: own.endpoints?.exchange ?? shared?.exchange ?? endpoints.exchange,
      resource: endpoints.exchange,
    },
    mailServer:
      protocol === 'graph'
        ? hostAndPort(graphEndpoint)
        : { ...defaults.mailServer, ...present(shared?.[protocol]), ...present(own.endpoints?.[protocol]) },
    expiryNoticeDays: endingAtZero(own.expiryNoticeDays ?? file.expiryNoticeDays ?? DEFAULT_NOTICE_DAYS),
    optionalEvidence: provider === 'microsoft365' ? (file.optionalEvidence ?? []) : [],
    mailboxes: own.mailboxes.map((mailbox) => toMailbox(mailbox, own)),
  };
}

function credentialOf({ clientSecret, certificate, federatedToken }: WrittenIntegration): AppCredential {
  if (clientSecret !== undefined) return { kind: 'client-secret', reference: clientSecret };
  if (certificate !== undefined) return { kind: 'certificate', reference: certificate };
  if (federatedToken !== undefined) return { kind: 'federated', reference: federatedToken };
  throw new Error('contradictions() lets no integration pass without a credential');
}

function hostAndPort(origin: string): Integration['mailServer'] {
  const { hostname, port } = new URL(origin);
  return { host: hostname, port: port === '' ? 443 : Number(port) };
}

/** What is written of a mail server; its other half is the default's. */
function present({ host, port }: { host?: string | undefined; port?: number | undefined } = {}) {
  return { ...(host !== undefined && { host }), ...(port !== undefined && { port }) };
}

/** The day of the end always gives a notice, asked for or not. */
function endingAtZero(days: readonly number[]): readonly number[] {
  return days.at(-1) === 0 ? days : [...days, 0];
}

function toMailbox(mailbox: WrittenMailbox, integration: WrittenIntegration): WatchedMailbox {
  const delegate = mailbox.delegate ?? integration.delegate;
  const refreshTokenReference = mailbox.refreshToken ?? integration.refreshToken;
  return {
    address: mailbox.address,
    ...(delegate !== undefined && { delegate }),
    ...(refreshTokenReference !== undefined && { refreshTokenReference }),
  };
}
