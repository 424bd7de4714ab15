import type { Integration, MonitorSignIn, Settings, WatchedMailbox } from '../core/subject';
import { CLOUD_DEFAULTS } from './clouds';
import type { Configuration } from './schema';

type WrittenIntegration = Configuration['integrations'][number];
type WrittenMailbox = WrittenIntegration['mailboxes'][number];

const DEFAULT_NOTICE_DAYS = [60, 30, 14, 7, 3, 1, 0];

/** Fills in every default: an integration's own value first, then the file's, then the cloud's. */
export function toSettings(file: Configuration): Settings {
  return {
    monitorSignIn: signInOf(file.monitor),
    exchangeEvidence: file.exchangeEvidence ?? 'auto',
    integrations: file.integrations.map((integration) => toIntegration(integration, file)),
  };
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
  }
}

function toIntegration(own: WrittenIntegration, file: Configuration): Integration {
  const tenant = own.tenant ?? file.tenant;
  if (tenant === undefined) throw new Error('contradictions() lets no integration pass without a tenant');
  const fileCloud = file.cloud ?? 'worldwide';
  const cloud = own.cloud ?? fileCloud;
  const defaults = CLOUD_DEFAULTS[cloud];
  // The file's endpoints belong to the file's cloud: an integration in another one has nothing to do with them.
  const shared = cloud === fileCloud ? file.endpoints : undefined;
  return {
    id: own.id,
    name: own.name ?? own.id,
    product: own.product,
    tenant,
    cloud,
    clientId: own.clientId,
    flow: own.flow,
    protocol: own.protocol ?? file.protocol ?? 'imap',
    scopes: own.scopes ?? file.scopes ?? defaults.scopes[own.flow],
    clientSecretReference: own.clientSecret,
    loginAuthority: own.endpoints?.login ?? shared?.login ?? defaults.login,
    graphEndpoint: own.endpoints?.graph ?? shared?.graph ?? defaults.graph,
    exchange: {
      endpoint: own.endpoints?.exchange ?? shared?.exchange ?? defaults.exchange,
      resource: defaults.exchange,
    },
    imap: {
      host: own.endpoints?.imap?.host ?? shared?.imap?.host ?? defaults.imap.host,
      port: own.endpoints?.imap?.port ?? shared?.imap?.port ?? defaults.imap.port,
    },
    expiryNoticeDays: endingAtZero(own.expiryNoticeDays ?? file.expiryNoticeDays ?? DEFAULT_NOTICE_DAYS),
    mailboxes: own.mailboxes.map((mailbox) => toMailbox(mailbox, own)),
  };
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
