/**
 * A Microsoft 365 tenant as far as the demo needs it: what an administrator sees and changes. Plain data; a fault changes what is not
 * readonly. Times are milliseconds since 1970, names and addresses lower case.
 */
export interface Tenant {
  readonly id: string;
  readonly displayName: string;
  /** Verified domains; in a URL each stands for the tenant as its id does. */
  readonly domains: readonly string[];
  readonly users: readonly User[];
  readonly groups: readonly Group[];
  readonly resources: Readonly<Record<ResourceName, Resource>>;
  readonly apps: readonly AppRegistration[];
  readonly exchange: Exchange;
  /** What Microsoft tells of Exchange Online, resolved issues included. */
  serviceIssues: readonly ServiceIssue[];
  /** Oldest first. */
  readonly snapshotJobs: SnapshotJob[];
  /** How jobs end. */
  snapshotOutcome: 'succeeded' | 'partiallySuccessful' | 'failed';
  /** By value. Entra ID revokes none when it issues the next. */
  readonly refreshTokens: Map<string, RefreshToken>;
  /** Entra ID's log of what asked for a token since the demo began, newest first. */
  readonly signIns: SignIn[];
  /** What administrators did to mailboxes, oldest first. */
  readonly auditLog: AuditedChange[];
  readonly auditQueries: AuditQuery[];
  /** Whether it has a licence for Entra ID P1: without one nobody reads the sign-in log through Graph. */
  hasEntraP1: boolean;
  /** Seconds that an access token lasts. */
  readonly tokenLifetime: number;
}

/** Something that an administrator did to a mailbox. */
export interface AuditedChange {
  readonly at: number;
  /** The cmdlet. */
  readonly operation: string;
  /** UPN. */
  readonly by: string;
  /** Address. */
  readonly mailbox: string;
  /** Without Identity. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A search of the audit log. */
export interface AuditQuery {
  readonly id: string;
  readonly displayName: string;
  readonly from: number;
  readonly to: number;
  readonly operations: readonly string[];
  /** How often somebody looked how it stands. */
  looks: number;
}

/** One sign-in without a person. */
export interface SignIn {
  readonly id: string;
  readonly kind: 'servicePrincipal' | 'nonInteractiveUser';
  readonly appId: string;
  readonly upn: string | undefined;
  readonly at: number;
  /** 0 where it succeeded. */
  readonly errorCode: number;
  readonly failureReason: string;
  /** As the client sent it. */
  readonly correlationId: string;
}

export interface User {
  readonly id: string;
  readonly upn: string;
  readonly displayName: string;
  accountEnabled: boolean;
  /** What its licence gives of Exchange Online, as Graph's capabilityStatus; undefined without a licence. */
  exchangePlan: 'Enabled' | 'Warning' | 'Suspended' | undefined;
  /** Refresh tokens issued before are revoked. */
  tokensValidFrom: number;
}

/** A mail-enabled security group. */
export interface Group {
  readonly id: string;
  readonly displayName: string;
  readonly mail: string;
  /** UPNs. */
  members: readonly string[];
}

export const RESOURCE_NAMES = ['exchange', 'graph'] as const;
export type ResourceName = (typeof RESOURCE_NAMES)[number];

/** A service that access tokens are for. */
export interface Resource {
  /** The same in every tenant. */
  readonly appId: string;
  readonly displayName: string;
  /** Object id of its service principal in this tenant. */
  readonly servicePrincipalId: string;
  /** What stands before the last slash of a scope, and in the token as its audience. */
  readonly identifiers: string[];
  /** Delegated permissions that it knows. */
  readonly scopes: readonly string[];
  /** Application permissions that it knows: their ids, the same in every tenant. */
  readonly appRoleIds: Readonly<Record<string, string>>;
}

export interface AppRegistration {
  readonly appId: string;
  /** Object id of the app registration. */
  readonly objectId: string;
  /** Object id of the enterprise application: the one that Exchange wants. */
  readonly servicePrincipalId: string;
  readonly displayName: string;
  readonly createdAt: number;
  /** Whether the enterprise application is enabled for sign-in. */
  enabled: boolean;
  /** Authentication > Allow public client flows. */
  allowsPublicClients: boolean;
  /** Entra ID's roles, such as `Global Reader`. */
  directoryRoles: readonly string[];
  secrets: readonly ClientSecret[];
  certificates: readonly Certificate[];
  /** UPNs. */
  readonly owners: readonly string[];
  /** Application permissions with admin consent. */
  readonly appRoles: Record<ResourceName, readonly string[]>;
  /** Delegated permissions that an administrator consented to for everybody. */
  readonly consents: Record<ResourceName, readonly string[]>;
}

interface Credential {
  /** The portal calls it the secret ID, or the certificate ID. */
  readonly keyId: string;
  readonly displayName: string;
  readonly startsAt: number;
  readonly endsAt: number;
}

export interface ClientSecret extends Credential {
  readonly value: string;
}

export interface Certificate extends Credential {
  /** SHA-1, hexadecimal, upper case. */
  readonly thumbprint: string;
  /** PEM. */
  readonly certificate: string;
}

export interface RefreshToken {
  readonly userId: string;
  readonly appId: string;
  readonly issuedAt: number;
}

export interface Exchange {
  /** By address. */
  readonly mailboxes: Map<string, Mailbox>;
  /** Exchange's own list (Get-ServicePrincipal); it takes any object id without a look at Entra ID. */
  servicePrincipals: readonly ExchangeServicePrincipal[];
  /** RBAC for Applications: roles of apps over chosen mailboxes. */
  readonly appRoles: ExchangeAppRole[];
  /** Where public transcripts differ. */
  readonly wire: ImapWire;
  /** While set, the administration asks everybody to wait so many seconds. */
  adminRetryAfter?: number | undefined;
}

export interface Mailbox {
  readonly address: string;
  readonly messages: number;
  imapEnabled: boolean;
  popEnabled: boolean;
  /** Graph opens no mailbox without an Exchange Online licence; a shared one counts as licensed. */
  licensed: boolean;
  /** Names as Get-MailboxPermission lists them: UPNs, and display names of Exchange's service principals. */
  fullAccess: readonly string[];
  /** While set, logins are throttled with this suggested back-off in milliseconds. */
  throttledForMs?: number | undefined;
}

export interface ExchangeAppRole {
  readonly appId: string;
  /** Such as `Application Mail.Read`. */
  readonly role: string;
  /** Addresses in its scope. */
  readonly mailboxes: readonly string[];
}

export interface ExchangeServicePrincipal {
  readonly appId: string;
  readonly objectId: string;
  readonly displayName: string;
}

export interface ImapWire {
  /** The greeting and the capabilities: those of 2022 to 2025, or the newest that were seen. */
  dialect: 'classic' | 'newest';
  /** Whether `NO AUTHENTICATE failed.` goes on with `Error="AuthFailed:LogonDenied-..."`. */
  logonDeniedTail: boolean;
  /** What a login without Full Access gets: OK and then BAD, or NO at once. One report has the latter. */
  withoutFullAccess: 'bad' | 'no';
}

/** A snapshot of Tenant Configuration Management. */
export interface SnapshotJob {
  readonly id: string;
  readonly snapshotId: string;
  readonly displayName: string;
  readonly description: string;
  readonly resources: readonly string[];
  readonly createdAt: number;
  /** How often somebody looked how it stands. */
  looks: number;
  /** The tenant at the moment of the snapshot. */
  readonly content: readonly SnapshotResource[];
}

export interface SnapshotResource {
  readonly displayName: string;
  readonly resourceType: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface ServiceIssue {
  /** Such as `EX1234567`. */
  readonly id: string;
  readonly title: string;
  readonly impact: string;
  readonly startsAt: number;
  /** When it was resolved. */
  readonly endsAt?: number;
}

/** The app with this client id. */
export function findApp({ apps }: Tenant, appId: string): AppRegistration | undefined {
  return apps.find((app) => app.appId === appId.toLowerCase());
}

/** The resource that has this identifier, such as `https://outlook.office365.com`. */
export function findResource({ resources }: Tenant, identifier: string): ResourceName | undefined {
  return RESOURCE_NAMES.find((name) => resources[name].identifiers.includes(identifier));
}
