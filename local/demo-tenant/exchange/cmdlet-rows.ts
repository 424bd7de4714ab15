import { createHash } from 'node:crypto';
import type { ExchangeServicePrincipal, Mailbox, Tenant } from '../tenant';

/** One object that a cmdlet puts out, without what Exchange adds about types. */
export type Row = Readonly<Record<string, string | boolean | readonly string[]>>;

/** Of the demo's domain. */
const DOMAIN_SID = 'S-1-5-21-1004336348-1177238915-682003330';

export function casMailboxRow(tenant: Tenant, mailbox: Mailbox): Row {
  return {
    ...named(tenant, mailbox),
    ActiveSyncEnabled: true,
    ECPEnabled: true,
    EwsEnabled: true,
    ImapEnabled: mailbox.imapEnabled,
    MAPIEnabled: true,
    OWAEnabled: true,
    PopEnabled: mailbox.popEnabled,
  };
}

export function mailboxRow(tenant: Tenant, mailbox: Mailbox): Row {
  const isUser = tenant.users.some(({ upn }) => upn === mailbox.address);
  return {
    ...named(tenant, mailbox),
    AccountDisabled: !isUser,
    IsMailboxEnabled: true,
    IsShared: !isUser,
    RecipientTypeDetails: isUser ? 'UserMailbox' : 'SharedMailbox',
  };
}

/** The rows that every mailbox has, and those of who was given Full Access. */
export function permissionRows(mailbox: Mailbox): Row[] {
  const row = (user: string, rights: string, sid: string): Row => ({
    Identity: aliasOf(mailbox),
    User: user,
    AccessRights: [rights],
    Deny: false,
    InheritanceType: 'All',
    IsInherited: false,
    IsValid: true,
    ObjectState: 'Unchanged',
    // Empty even for users.
    PrimarySmtpAddress: '',
    UserSid: sid,
  });
  return [
    row('NT AUTHORITY\\SELF', 'FullAccess, ReadPermission', 'S-1-5-10'),
    row('Discovery Management', 'FullAccess', sidOf('Discovery Management')),
    ...mailbox.fullAccess.map((holder) => row(holder, 'FullAccess', sidOf(holder))),
  ];
}

export function servicePrincipalRow({ appId, objectId, displayName }: ExchangeServicePrincipal): Row {
  return {
    AppId: appId,
    DisplayName: displayName,
    Guid: guidOf(displayName),
    Identity: objectId,
    Name: objectId,
    ObjectId: objectId,
    // Exchange's own spelling.
    RecipientTypeDetails: 'ServicePrinciple',
    Sid: sidOf(displayName),
  };
}

function named({ domains }: Tenant, mailbox: Mailbox) {
  const alias = aliasOf(mailbox);
  return {
    DisplayName: alias,
    EmailAddresses: [`SMTP:${mailbox.address}`, `smtp:${alias}@${domains[0] ?? ''}`],
    ExternalDirectoryObjectId: guidOf(`user ${mailbox.address}`),
    Guid: mailboxGuid(mailbox.address),
    Identity: alias,
    Name: alias,
    OrganizationId: domains[0] ?? '',
    PrimarySmtpAddress: mailbox.address,
  };
}

/** Exchange's own id of a mailbox, the same at every start. */
export function mailboxGuid(address: string): string {
  return guidOf(address);
}

function aliasOf({ address }: Mailbox): string {
  return address.split('@')[0] ?? address;
}

/** The same at every start. */
function guidOf(name: string): string {
  const [a, b, c, d] = [
    [0, 8],
    [8, 12],
    [13, 16],
    [17, 20],
  ].map(([from, to]) => hexOf(name).slice(from, to));
  return `${a}-${b}-4${c}-8${d}-${hexOf(name).slice(20, 32)}`;
}

/** The same at every start. */
function sidOf(name: string): string {
  return `${DOMAIN_SID}-${parseInt(hexOf(name).slice(0, 6), 16)}`;
}

function hexOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}
