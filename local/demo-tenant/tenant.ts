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
  readonly resources: Readonly<Record<ResourceName, Resource>>;
  readonly apps: readonly AppRegistration[];
  readonly exchange: Exchange;
  /** By value. Entra ID revokes none when it issues the next. */
  readonly refreshTokens: Map<string, RefreshToken>;
  /** Seconds that an access token lasts. */
  readonly tokenLifetime: number;
}

export interface User {
  readonly id: string;
  readonly upn: string;
  readonly displayName: string;
  accountEnabled: boolean;
  /** Refresh tokens issued before are revoked. */
  tokensValidFrom: number;
}

export type ResourceName = 'exchange' | 'graph';

/** A service that access tokens are for. */
export interface Resource {
  /** What stands before the last slash of a scope, and in the token as its audience. */
  readonly identifiers: string[];
  /** Delegated permissions that it knows. */
  readonly scopes: readonly string[];
}

export interface AppRegistration {
  readonly appId: string;
  /** Object id of the app registration. */
  readonly objectId: string;
  /** Object id of the enterprise application: the one that Exchange wants. */
  readonly servicePrincipalId: string;
  readonly displayName: string;
  readonly createdAt: number;
  secrets: readonly ClientSecret[];
  readonly certificates: readonly Certificate[];
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
  /** SHA-1, hexadecimal. */
  readonly thumbprint: string;
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
  /** Where public transcripts differ. */
  readonly wire: ImapWire;
}

export interface Mailbox {
  readonly address: string;
  readonly messages: number;
  imapEnabled: boolean;
  /** Names as Get-MailboxPermission lists them: UPNs, and display names of Exchange's service principals. */
  fullAccess: readonly string[];
  /** While set, logins are throttled with this suggested back-off in milliseconds. */
  throttledForMs?: number | undefined;
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

/** The app with this client id. */
export function findApp({ apps }: Tenant, appId: string): AppRegistration | undefined {
  return apps.find((app) => app.appId === appId.toLowerCase());
}

/** The resource that has this identifier, such as `https://outlook.office365.com`. */
export function findResource({ resources }: Tenant, identifier: string): ResourceName | undefined {
  const names: readonly ResourceName[] = ['exchange', 'graph'];
  return names.find((name) => resources[name].identifiers.includes(identifier));
}
