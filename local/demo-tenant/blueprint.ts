import type { Product, Protocol } from '../../shared/core/subject';
import { DAY } from '../../shared/core/time';
import type { AppCertificate } from './certificate-authority';
import { newRefreshToken, newSecret } from './credentials';
import { authorisationsOf, type MonitoredIntegration } from './monitor-setup';
import { newExchangeResource, newGraphResource } from './resources';
import type { AppRegistration, Mailbox, ServiceIssue, Tenant } from './tenant';
import { appIn, userIn, type World } from './world';

/** A tenant in good order, in few words. Names of users and mailboxes are what stands before `@contoso.com`. */
export interface Blueprint {
  /** Seconds that an access token lasts. */
  readonly tokenLifetime: number;
  readonly users: readonly { readonly name: string; readonly displayName: string }[];
  /** Members are users. */
  readonly groups: readonly {
    readonly name: string;
    readonly displayName: string;
    readonly members: readonly string[];
  }[];
  readonly connections: readonly Connection[];
}

/** A helpdesk with its app registration and its mailboxes. */
export interface Connection {
  /** Of the integration in Mailbox Watch's configuration. */
  readonly id: string;
  readonly name: string;
  readonly product: Product;
  /** How the helpdesk reads mail; IMAP where absent. */
  readonly protocol?: Protocol;
  /** Display name of the app registration. */
  readonly app: string;
  /** The first secret is in use; none where the app signs in with a certificate. */
  readonly secretsEndInDays: readonly number[];
  /** The user who authorised the connection; none in the application flow. */
  readonly delegate?: string;
  readonly mailboxes: readonly string[];
  /** Those of the mailboxes that the delegate authorised one by one. */
  readonly authorisedAlone?: readonly string[];
  /** Mailboxes that the delegate opens as a member of a group: its display name by mailbox. */
  readonly accessThrough?: Readonly<Record<string, string>>;
}

/** What Mailbox Watch's own app needs for all that it reads in Graph. */
const MONITOR_GRAPH_ROLES = [
  'Application.Read.All',
  'AuditLog.Read.All',
  'AuditLogsQuery-Exchange.Read.All',
  'ConfigurationMonitoring.ReadWrite.All',
  'Directory.Read.All',
  'GroupMember.Read.All',
  'Policy.Read.All',
  'ServiceHealth.Read.All',
  'User.Read.All',
];
/** Of Mailbox Watch's own app registration; the others are numbered from 1. */
const MONITOR_NUMBER = 99;

/** Builds what the blueprint describes; apps without a client secret sign in with the certificate. `now`: milliseconds since 1970. */
export function build(
  { tokenLifetime, users, groups, connections }: Blueprint,
  certificate: AppCertificate,
  now: number,
): World {
  const monitorApp = newApp(MONITOR_NUMBER, 'Mailbox Watch', [350], now);
  monitorApp.appRoles.graph = MONITOR_GRAPH_ROLES;
  monitorApp.appRoles.exchange = ['Exchange.ManageAsApp'];
  monitorApp.directoryRoles = ['Global Reader'];
  const apps = connections.map((connection, i) => {
    const app = newApp(i + 1, connection.app, connection.secretsEndInDays, now);
    if (usesCertificate(connection)) app.certificates = [certificate.registered];
    grantMail(app, connection);
    return app;
  });
  const tenant: Tenant = {
    id: guid('c0470500', 1),
    displayName: 'Contoso',
    domains: ['contoso.onmicrosoft.com', 'contoso.com'],
    users: users.map(({ name, displayName }, i) => ({
      id: guid('d0000000', i + 1),
      upn: address(name),
      displayName,
      accountEnabled: true,
      exchangePlan: 'Enabled',
      tokensValidFrom: 0,
    })),
    groups: groups.map(({ name, displayName, members }, i) => ({
      id: guid('f0000000', i + 1),
      displayName,
      mail: address(name),
      members: members.map(address),
    })),
    resources: {
      exchange: newExchangeResource(guid('e0000000', 9001)),
      graph: newGraphResource(guid('e0000000', 9002)),
    },
    apps: [...apps, monitorApp],
    exchange: {
      mailboxes: new Map(connections.flatMap(mailboxesOf).map((mailbox) => [mailbox.address, mailbox])),
      servicePrincipals: apps
        .filter(({ appRoles }) => appRoles.exchange.length > 0)
        .map(({ appId, servicePrincipalId, displayName }) => ({ appId, objectId: servicePrincipalId, displayName })),
      appRoles: [],
      wire: { dialect: 'classic', logonDeniedTail: false, withoutFullAccess: 'bad' },
    },
    serviceIssues: [resolvedIssue(now)],
    snapshotJobs: [],
    snapshotOutcome: 'succeeded',
    refreshTokens: new Map(),
    signIns: [],
    auditLog: [],
    auditQueries: [],
    hasEntraP1: true,
    tokenLifetime,
  };
  const monitor = {
    clientId: monitorApp.appId,
    credentialFile: 'monitor-client-secret',
    integrations: connections.map((connection, i) => toIntegration(connection, guid('a0000000', i + 1))),
    secretFiles: new Map<string, string>(),
  };
  const world = { tenant, monitor, helpdeskSecrets: new Map<string, string>() };
  handOverSecrets(world, certificate, now);
  return world;
}

function usesCertificate({ secretsEndInDays }: Connection): boolean {
  return secretsEndInDays.length === 0;
}

function newApp(
  number: number,
  displayName: string,
  secretsEndInDays: readonly number[],
  now: number,
): AppRegistration {
  return {
    appId: guid('a0000000', number),
    objectId: guid('b0000000', number),
    servicePrincipalId: guid('e0000000', number),
    displayName,
    createdAt: now - 700 * DAY,
    enabled: true,
    allowsPublicClients: false,
    directoryRoles: [],
    secrets: secretsEndInDays.map((days) => {
      const endsAt = now + days * DAY;
      return newSecret(`helpdesk, until ${new Date(endsAt).toISOString().slice(0, 10)}`, endsAt);
    }),
    certificates: [],
    owners: ['anna.admin@contoso.com'],
    appRoles: { exchange: [], graph: [] },
    consents: { exchange: [], graph: [] },
  };
}

const MAIL_ROLES = {
  imap: ['exchange', 'IMAP.AccessAsApp', 'IMAP.AccessAsUser.All'],
  pop: ['exchange', 'POP.AccessAsApp', 'POP.AccessAsUser.All'],
  graph: ['graph', 'Mail.Read', 'Mail.Read.Shared'],
} as const;

function grantMail(app: AppRegistration, { protocol = 'imap', delegate }: Connection): void {
  const [resource, role, scope] = MAIL_ROLES[protocol];
  if (delegate === undefined) app.appRoles[resource] = [role];
  else app.consents[resource] = [scope];
}

/** Microsoft lists what is over for weeks. */
function resolvedIssue(now: number): ServiceIssue {
  return {
    id: 'EX1234001',
    title: 'Some users cannot send meeting requests',
    impact: 'Meeting requests stayed in the outbox.',
    startsAt: now - 9 * DAY,
    endsAt: now - 8 * DAY,
  };
}

function mailboxesOf({ app, delegate, mailboxes, accessThrough = {} }: Connection): Mailbox[] {
  const holder = delegate === undefined ? app : address(delegate);
  return mailboxes.map((name) => ({
    address: address(name),
    messages: 172,
    imapEnabled: true,
    popEnabled: true,
    licensed: true,
    fullAccess: [accessThrough[name] ?? holder],
  }));
}

function toIntegration(connection: Connection, clientId: string): MonitoredIntegration {
  const { id, name, product, protocol = 'imap', delegate, mailboxes, authorisedAlone = [] } = connection;
  const authorised = (by: string) =>
    delegate !== undefined && {
      authorisation: { delegate: address(delegate), refreshTokenFile: `${by}-refresh-token` },
    };
  return {
    id,
    name,
    product,
    clientId,
    credentialFile: usesCertificate(connection) ? `${id}.pem` : `${id}-client-secret`,
    credentialKind: usesCertificate(connection) ? 'certificate' : 'client-secret',
    flow: delegate === undefined ? 'application' : 'delegated',
    protocol,
    ...authorised(id),
    mailboxes: mailboxes.map((mailbox) => ({
      address: address(mailbox),
      ...(authorisedAlone.includes(mailbox) && authorised(mailbox)),
    })),
  };
}

/** Gives Mailbox Watch the secrets and the authorisations that the helpdesks use. */
function handOverSecrets(world: World, certificate: AppCertificate, now: number): void {
  const { tenant, monitor } = world;
  for (const { clientId, credentialFile } of [monitor, ...monitor.integrations]) {
    const [inUse] = appIn(world, clientId).secrets;
    monitor.secretFiles.set(credentialFile, inUse?.value ?? certificate.pem);
  }
  for (const integration of monitor.integrations) {
    for (const { delegate, refreshTokenFile } of authorisationsOf(integration)) {
      const token = newRefreshToken(tenant, userIn(world, delegate).id, integration.clientId, now);
      monitor.secretFiles.set(refreshTokenFile, token);
    }
  }
}

function address(name: string): string {
  return `${name}@contoso.com`;
}

/** Readable, and the same at every start. */
function guid(kind: string, number: number): string {
  return `${kind}-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
