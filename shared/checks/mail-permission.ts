import { CLOUD_DEFAULTS } from '../core/clouds';
import type { Context, Flow, Integration, Protocol } from '../core/subject';

/** What a token needs so that a mailbox opens with it. */
export interface MailPermission {
  /** The service that the token has to be for. */
  readonly resource: 'exchange' | 'graph';
  /** Any of these opens the mailbox; the first is the one to grant. A scope of the user, or an app role. */
  readonly accepted: readonly [string, ...string[]];
}

const PERMISSIONS: Readonly<Record<Protocol, Readonly<Record<Flow, MailPermission>>>> = {
  imap: {
    delegated: { resource: 'exchange', accepted: ['IMAP.AccessAsUser.All'] },
    application: { resource: 'exchange', accepted: ['IMAP.AccessAsApp'] },
  },
  pop: {
    delegated: { resource: 'exchange', accepted: ['POP.AccessAsUser.All'] },
    application: { resource: 'exchange', accepted: ['POP.AccessAsApp'] },
  },
  graph: {
    delegated: {
      resource: 'graph',
      accepted: ['Mail.Read', 'Mail.ReadWrite', 'Mail.Read.Shared', 'Mail.ReadWrite.Shared'],
    },
    application: { resource: 'graph', accepted: ['Mail.Read', 'Mail.ReadWrite'] },
  },
};
/** Graph opens the mailbox of somebody else for these only: https://learn.microsoft.com/graph/outlook-share-messages-folders */
const SHARED: MailPermission = { resource: 'graph', accepted: ['Mail.Read.Shared', 'Mail.ReadWrite.Shared'] };

/** For this mailbox, and this user where one signs in. */
export function mailPermission({ subject, integration, delegate }: Context, user = delegate): MailPermission {
  const { protocol, flow } = integration;
  const isOfAnother = subject.kind === 'mailbox' && user !== undefined && user !== subject.mailbox;
  return protocol === 'graph' && flow === 'delegated' && isOfAnother ? SHARED : PERMISSIONS[protocol][flow];
}

/** What the helpdesk has to ask for, as it is entered there. */
export function wantedScopes(permission: MailPermission, { cloud, flow }: Integration): string {
  const { mailResource, graph } = CLOUD_DEFAULTS[cloud];
  const resource = permission.resource === 'graph' ? graph : mailResource[flow];
  return flow === 'application' ? `${resource}/.default` : `${resource}/${permission.accepted[0]} offline_access`;
}

/** Names of a service as a token's audience, in every cloud. */
const AUDIENCES: Readonly<Record<MailPermission['resource'], readonly string[]>> = {
  // `outlook.office365.com` was captured in 2026-09, the other worldwide ones in MailKit#1811; the national ones are the clouds' documented resources.
  exchange: [
    'outlook.office365.com',
    'outlook.office.com',
    'ps.outlook.com',
    'outlook.office365.us',
    'outlook-dod.office365.us',
    'partner.outlook.cn',
    '00000002-0000-0ff1-ce00-000000000000',
  ],
  graph: [
    'graph.microsoft.com',
    'graph.microsoft.us',
    'dod-graph.microsoft.us',
    'microsoftgraph.chinacloudapi.cn',
    '00000003-0000-0000-c000-000000000000',
  ],
};

export function isFor(resource: MailPermission['resource'], audience: string): boolean {
  const host = audience.replace(/^https:\/\//, '').replace(/\/$/, '');
  return AUDIENCES[resource].includes(host.toLowerCase());
}

/** Whose app permission it is, as the portal names it. */
export const RESOURCE_NAMES: Readonly<Record<MailPermission['resource'], string>> = {
  exchange: 'Office 365 Exchange Online',
  graph: 'Microsoft Graph',
};
