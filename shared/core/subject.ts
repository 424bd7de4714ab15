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
  /** Tenant id (GUID) or verified domain. */
  readonly tenant: string;
  readonly cloud: Cloud;
  /** Application (client) id of the app registration. */
  readonly clientId: string;
  readonly flow: Flow;
  readonly protocol: 'imap';
  /** Scopes that the helpdesk asks for. */
  readonly scopes: readonly string[];
  /** Where the helpdesk keeps its client secret in Mailbox Watch, such as `env:JIRA_CLIENT_SECRET`; a reference, never the secret. */
  readonly clientSecretReference: string;
  /** Origin of the token endpoint, such as `https://login.microsoftonline.com`; no slash at the end. */
  readonly loginAuthority: string;
  /** Origin of Microsoft Graph, such as `https://graph.microsoft.com`; no slash at the end. */
  readonly graphEndpoint: string;
  /** Where Exchange's administration answers, and the resource that its tokens are for; origins, no slash at the end. */
  readonly exchange: { readonly endpoint: string; readonly resource: string };
  readonly imap: { readonly host: string; readonly port: number };
  /** Notice steps in days before a client secret ends, falling, such as 60, 30, 14, 7, 3, 1, 0. */
  readonly expiryNoticeDays: readonly number[];
  readonly mailboxes: readonly WatchedMailbox[];
}

/** How the monitor itself signs in to Microsoft Graph; `none`: it reads no directory, and says so. */
export type MonitorSignIn =
  | { readonly kind: 'none' }
  | { readonly kind: 'managed-identity'; readonly clientId?: string }
  | { readonly kind: 'client-secret'; readonly clientId: string; readonly clientSecretReference: string };

export const EXCHANGE_EVIDENCE = ['auto', 'graph-snapshot', 'admin-api', 'none'] as const;
/**
 * How Exchange's own settings are read. `admin-api`: InvokeCommand, undocumented, at once. `graph-snapshot`: Graph's Tenant
 * Configuration Management, supported, once a day. `auto`: the first where it is permitted, else the second. `none`: not at all.
 */
export type ExchangeEvidence = (typeof EXCHANGE_EVIDENCE)[number];

/** The whole configuration, checked, with every default filled in. Plain data, no secret in it. */
export interface Settings {
  readonly monitorSignIn: MonitorSignIn;
  readonly exchangeEvidence: ExchangeEvidence;
  readonly integrations: readonly Integration[];
}

export type Subject =
  | { readonly kind: 'mailbox'; readonly integrationId: string; readonly mailbox: string }
  | { readonly kind: 'application'; readonly integrationId: string; readonly clientId: string };

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

/** A stable text that names a subject, such as `jira/mailbox/support@contoso.com`. */
export function subjectKey(subject: Subject): string {
  const name = subject.kind === 'mailbox' ? subject.mailbox : subject.clientId;
  return `${subject.integrationId}/${subject.kind}/${name}`;
}

export function subjectsOf(integration: Integration): Subject[] {
  return [
    { kind: 'application', integrationId: integration.id, clientId: integration.clientId },
    ...integration.mailboxes.map((m): Subject => ({
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
