export const PRODUCTS = ['jira', 'jsm', 'liveagent', 'other'] as const;
/** The helpdesk that reads the mailbox; decides where a remedy sends the administrator. */
export type Product = (typeof PRODUCTS)[number];

export const PRODUCT_NAMES: Readonly<Record<Product, string>> = {
  jira: 'Jira Data Center',
  jsm: 'Jira Service Management',
  liveagent: 'LiveAgent',
  other: 'the helpdesk',
};

export const FLOWS = ['delegated', 'application'] as const;
/**
 * How the helpdesk gets its access token: `delegated` redeems the refresh token of a user (the delegate),
 * `application` uses client credentials and acts as the service principal.
 */
export type Flow = (typeof FLOWS)[number];

export const PROTOCOLS = ['imap', 'pop', 'graph'] as const;
/** How the helpdesk reads mail; `graph` is Microsoft Graph's mail API over HTTPS. */
export type Protocol = (typeof PROTOCOLS)[number];

export const PROTOCOL_NAMES: Readonly<Record<Protocol, string>> = {
  imap: 'IMAP',
  pop: 'POP',
  graph: 'Microsoft Graph',
};

export const PROVIDERS = ['microsoft365', 'outlook.com', 'google'] as const;
/** Who keeps the mailbox: an organization's Microsoft 365, Microsoft's personal accounts, or Gmail and Google Workspace. */
export type Provider = (typeof PROVIDERS)[number];

export const CREDENTIAL_KINDS = ['client-secret', 'certificate', 'federated'] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/**
 * What the app proves its identity with. `reference` tells where Mailbox Watch reads it, such as `env:JIRA_CLIENT_SECRET`; it is never the
 * value. A certificate is a PEM text with certificate and private key, a federated credential the assertion (JWT) of another issuer.
 */
export interface AppCredential {
  readonly kind: CredentialKind;
  readonly reference: string;
}

export const OPTIONAL_EVIDENCE = ['helpdesk-sign-ins', 'mailbox-changes'] as const;
/**
 * Evidence that is read only where it is asked for: each needs a permission, and an interface of Microsoft's that is in beta.
 * `helpdesk-sign-ins`: the helpdesk's own sign-ins, from Entra ID's log (licence P1). `mailbox-changes`: who changed a mailbox that
 * does not open, from the audit log.
 */
export type OptionalEvidence = (typeof OPTIONAL_EVIDENCE)[number];

export const CLOUDS = ['worldwide', 'us-gov-high', 'us-gov-dod', 'china'] as const;
/** Microsoft's clouds; GCC belongs to `worldwide`. */
export type Cloud = (typeof CLOUDS)[number];

/** One mailbox of an integration. */
export interface WatchedMailbox {
  /** SMTP address, lower case. */
  readonly address: string;
  /** UPN of the user who authorised the connection, lower case; only in the delegated flow. */
  readonly delegate?: string;
  /** Where the refresh token of that authorisation is kept, such as `file:secrets/jira`; only in the delegated flow. */
  readonly refreshTokenReference?: string;
}

/** One helpdesk connection: an app registration and the mailboxes it reads. Plain data, no secret in it. */
export interface Integration {
  readonly id: string;
  readonly name: string;
  readonly product: Product;
  /** Who answers for it; decides which channels are told. */
  readonly owner?: string;
  readonly provider: Provider;
  /** Tenant id (GUID) or verified domain; `consumers` for Outlook.com and `google` for Google, which have no tenants. */
  readonly tenant: string;
  readonly cloud: Cloud;
  /** Application (client) id of the app registration; with Google the OAuth client id. */
  readonly clientId: string;
  readonly flow: Flow;
  readonly protocol: Protocol;
  /** Scopes that the helpdesk asks for. */
  readonly scopes: readonly string[];
  readonly credential: AppCredential;
  /** Origin of the token endpoint, such as `https://login.microsoftonline.com`; no slash at the end. */
  readonly loginAuthority: string;
  /** Origin of Microsoft Graph, such as `https://graph.microsoft.com`; no slash at the end. */
  readonly graphEndpoint: string;
  /** Where Exchange's administration answers, and the resource that its tokens are for; origins, no slash at the end. */
  readonly exchange: { readonly endpoint: string; readonly resource: string };
  /** Where the protocol is spoken: the IMAP or POP server, or Graph's host. */
  readonly mailServer: { readonly host: string; readonly port: number };
  /** Notice steps in days before a client secret ends, falling, such as 60, 30, 14, 7, 3, 1, 0. */
  readonly expiryNoticeDays: readonly number[];
  /** What is asked for beside the rest; nothing outside Microsoft 365. */
  readonly optionalEvidence: readonly OptionalEvidence[];
  readonly mailboxes: readonly WatchedMailbox[];
}

/** How the monitor itself signs in to Microsoft Graph; `none`: it reads no directory, and says so. */
export type MonitorSignIn =
  | { readonly kind: 'none' }
  | { readonly kind: 'managed-identity'; readonly clientId?: string }
  | { readonly kind: 'client-secret'; readonly clientId: string; readonly clientSecretReference: string }
  | { readonly kind: 'certificate'; readonly clientId: string; readonly certificateReference: string }
  /** The assertion (JWT) of another issuer is read anew each time: its file is rewritten while the monitor runs. */
  | { readonly kind: 'federated'; readonly clientId: string; readonly assertionReference: string };

export const EXCHANGE_EVIDENCE = ['auto', 'graph-snapshot', 'admin-api', 'none'] as const;
/**
 * How Exchange's own settings are read. `admin-api`: InvokeCommand, undocumented, at once. `graph-snapshot`: Graph's Tenant
 * Configuration Management, supported, once a day. `auto`: the first where it is permitted, else the second. `none`: not at all.
 */
export type ExchangeEvidence = (typeof EXCHANGE_EVIDENCE)[number];

export type Subject =
  | { readonly kind: 'mailbox'; readonly integrationId: string; readonly mailbox: string }
  | { readonly kind: 'application'; readonly integrationId: string; readonly clientId: string }
  /** Mailbox Watch itself, in one of the tenants that it watches; its integration is MONITOR_ID. */
  | { readonly kind: 'monitor'; readonly integrationId: string; readonly tenant: string };

/** What an integration consists of: all but Mailbox Watch itself. */
export type WatchedSubject = Exclude<Subject, { kind: 'monitor' }>;

/** What a judgement may know besides the evidence. `now` is the only clock: milliseconds since 1970. */
export interface Context {
  readonly subject: Subject;
  readonly integration: Integration;
  /** The delegate of this mailbox; undefined in the application flow and for applications. */
  readonly delegate?: string | undefined;
  readonly now: number;
  /** Since when checks are healthy without a break, as remembered (milliseconds since 1970, by check id). */
  readonly healthySince?: Readonly<Record<string, number>>;
}

/** Whether an app reads over Microsoft Graph for itself: then Exchange can let it in too (RBAC for Applications), which shows in no token. */
export function isGraphApp({ protocol, flow }: Pick<Integration, 'protocol' | 'flow'>): boolean {
  return protocol === 'graph' && flow === 'application';
}

/** A stable text that names a subject, such as `jira/mailbox/support@contoso.com`. */
export function subjectKey(subject: Subject): string {
  return `${subject.integrationId}/${subject.kind}/${subjectName(subject)}`;
}

/** The mailbox's address, the application's client id, or the tenant that Mailbox Watch is judged in. */
export function subjectName(subject: Subject): string {
  switch (subject.kind) {
    case 'mailbox':
      return subject.mailbox;
    case 'application':
      return subject.clientId;
    case 'monitor':
      return subject.tenant;
  }
}

/** The subject of this kind whose name `subjectName` gives. */
export function subjectNamed(kind: Subject['kind'], integrationId: string, name: string): Subject {
  switch (kind) {
    case 'mailbox':
      return { kind, integrationId, mailbox: name };
    case 'application':
      return { kind, integrationId, clientId: name };
    case 'monitor':
      return { kind, integrationId, tenant: name };
  }
}

/** The app registration, where it stands in a directory that can be read: those of Outlook.com and Google do not. */
export function applicationOf({ id, clientId, provider }: Integration): WatchedSubject | undefined {
  return provider === 'microsoft365' ? { kind: 'application', integrationId: id, clientId } : undefined;
}

export function subjectsOf(integration: Integration): WatchedSubject[] {
  const application = applicationOf(integration);
  return [
    ...(application === undefined ? [] : [application]),
    ...integration.mailboxes.map((m): WatchedSubject => ({
      kind: 'mailbox',
      integrationId: integration.id,
      mailbox: m.address,
    })),
  ];
}

export function contextOf(subject: Subject, integration: Integration, now: number): Context {
  const mailbox =
    subject.kind === 'mailbox' ? integration.mailboxes.find((m) => m.address === subject.mailbox) : undefined;
  return { subject, integration, delegate: mailbox?.delegate, now };
}
