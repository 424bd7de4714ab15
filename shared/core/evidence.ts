import type { MonitorEvidence } from './monitor-evidence';
import type { Reading } from './reading';

/** Claims of an access token that is a JWT. Hints only: personal accounts get opaque tokens. */
export interface TokenClaims {
  readonly aud?: string;
  readonly tid?: string;
  /** `appid` of a v1.0 token, `azp` of a v2.0 token. */
  readonly appid?: string;
  readonly roles?: readonly string[];
  /** Scopes of a delegated token, split at spaces. */
  readonly scp?: readonly string[];
  /** `upn`, else `unique_name`, else `preferred_username`, lower case; delegated tokens only. */
  readonly user?: string;
  /** Object id: of the user, or of the service principal in an application token. */
  readonly oid?: string;
  /** Milliseconds since 1970. */
  readonly exp?: number;
}

export interface TokenIssued {
  readonly issued: true;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Milliseconds that the token request took; 0 when a cached token was reused. */
  readonly ms: number;
  /** Absent where the token is no JWT. */
  readonly claims?: TokenClaims;
}

/** The token endpoint answered, and the answer was no (RFC 6749 error object with Entra's additions). */
export interface TokenRefused {
  readonly issued: false;
  /** `invalid_client`, `invalid_grant`, ... */
  readonly error: string;
  /** Entra's AADSTS numbers, the most specific first. */
  readonly aadsts: readonly number[];
  readonly suberror?: string;
  /** Entra's own sentence, without trace ids and time stamp. */
  readonly description: string;
  readonly traceId?: string;
  readonly correlationId?: string;
  readonly ms: number;
}

export type TokenAnswer = TokenIssued | TokenRefused;

export const IMAP_STEPS = ['dns', 'tcp', 'tls', 'greeting', 'capability', 'authenticate', 'examine', 'logout'] as const;
export type ImapStepName = (typeof IMAP_STEPS)[number];

export const POP_STEPS = ['dns', 'tcp', 'tls', 'greeting', 'capability', 'authenticate', 'stat', 'quit'] as const;
export type PopStepName = (typeof POP_STEPS)[number];

export interface MailStep<StepName extends string> {
  readonly name: StepName;
  readonly outcome: 'ok' | 'failed' | 'not-run';
  /** Milliseconds the step took; absent when it did not run. */
  readonly ms?: number;
  /** What was learnt: the server's own words, the address, the certificate. At most 512 characters, no token. */
  readonly said?: string;
}

export interface MailFailure<StepName extends string> {
  readonly step: StepName;
  /**
   * What happened, not why: `no`, `bad` and `bye` are the server's answers (POP's -ERR is a `no`), `closed` and `socket` the
   * connection's end, `tls` a failed handshake, `deadline` a step still open when the time was up, `protocol` an answer that is
   * neither IMAP nor POP.
   */
  readonly kind: 'no' | 'bad' | 'bye' | 'closed' | 'socket' | 'tls' | 'deadline' | 'protocol';
  /** The server's own words where it spoke, else the error's message. At most 512 characters, no token. */
  readonly text: string;
  /** Node's error code (`ENOTFOUND`), or the server's response code (`AUTHENTICATIONFAILED`). */
  readonly code?: string;
  /** Exchange's suggested back-off in milliseconds. */
  readonly backoffMs?: number;
}

/** One login to a mail server, as the helpdesk does it. */
export interface MailSession<StepName extends string> {
  readonly host: string;
  readonly port: number;
  /** Every step of the protocol, in order. */
  readonly steps: readonly MailStep<StepName>[];
  /** Absent when the mailbox was opened. */
  readonly failure?: MailFailure<StepName>;
  /** Milliseconds in all. */
  readonly ms: number;
}

export type ImapFailure = MailFailure<ImapStepName>;
/** Over IMAP: connect, greeting, AUTHENTICATE XOAUTH2, EXAMINE INBOX, LOGOUT. Steps are IMAP_STEPS. */
export type ImapSession = MailSession<ImapStepName>;

export type PopFailure = MailFailure<PopStepName>;
/** Over POP: connect, greeting, CAPA, AUTH XOAUTH2, STAT, QUIT. Steps are POP_STEPS. */
export type PopSession = MailSession<PopStepName>;

/** Graph's answer to whoever asks for the mailbox's inbox folder. */
export type GraphMailAnswer =
  | {
      readonly opened: true;
      /** Milliseconds the request took. */
      readonly ms: number;
    }
  | {
      readonly opened: false;
      /** HTTP status. */
      readonly status: number;
      /** Graph's error code, such as `ErrorItemNotFound` or `MailboxNotEnabledForRESTAPI`. */
      readonly code: string;
      /** Graph's own sentence. At most 512 characters, no token. */
      readonly message: string;
      /** What Microsoft's support asks for. */
      readonly requestId?: string;
      /** How long Graph asks to wait, in milliseconds, where it throttles. */
      readonly backoffMs?: number;
      readonly ms: number;
    };

/**
 * Where Exchange's settings were read. `admin-api`: InvokeCommand, now, one mailbox. `graph-snapshot`: Graph's Tenant Configuration
 * Management, once a day, the whole tenant.
 */
export type ExchangeSource = 'admin-api' | 'graph-snapshot';

interface ReadFromExchange {
  /** When Exchange was read, milliseconds since 1970. */
  readonly readAt: number;
  readonly source: ExchangeSource;
}

/** What Exchange says of the mailbox itself (Get-CASMailbox, Get-Mailbox). */
export type CasMailbox =
  | (ReadFromExchange & {
      readonly found: true;
      readonly imapEnabled: boolean;
      readonly popEnabled: boolean;
      /** `UserMailbox`, `SharedMailbox`, ... (RecipientTypeDetails); absent where the source does not tell. */
      readonly type?: string;
      /** Other names that logs call it by (name, alias, ids), lower case; absent where the source does not tell. */
      readonly names?: readonly string[];
    })
  | (ReadFromExchange & { readonly found: false });

/** Somebody whom Exchange lists on a mailbox; names as Exchange writes them, in lower case. */
export interface PermissionHolder {
  /** A UPN, or the name of a group or of a service principal. */
  readonly name: string;
  /** UPNs of all members, nested groups included. Absent for what is no group or could not be expanded. */
  readonly members?: readonly string[];
}

/**
 * Direct rows of Get-MailboxPermission that are about Full Access. Left out: inherited rows, `NT AUTHORITY\\*`, and rows of accounts
 * that are gone (`S-1-5-...`).
 */
export interface MailboxPermissions extends ReadFromExchange {
  readonly allowed: readonly PermissionHolder[];
  /** Deny rows win over allowing ones. */
  readonly denied: readonly PermissionHolder[];
}

/** What Exchange itself lets the app do with a mailbox over Microsoft Graph (RBAC for Applications); it shows in no token. */
export interface AppAuthorization extends ReadFromExchange {
  readonly roles: readonly {
    /** Such as `Application Mail.Read`. */
    readonly role: string;
    /** Such as `Mail.Read`. */
    readonly permissions: readonly string[];
    /** Whether the role's scope holds this mailbox. */
    readonly inScope: boolean;
  }[];
}

/** The app's entry in Exchange's own list of service principals (Get-ServicePrincipal). */
export type ExchangeServicePrincipal =
  | (ReadFromExchange & {
      readonly registered: true;
      /** What was entered as object id; it has to be that of the enterprise application. */
      readonly objectId: string;
      /** Every name under which permission rows may list it (display name, name, identity, object id, SID), lower case. */
      readonly names: readonly string[];
    })
  | (ReadFromExchange & { readonly registered: false });

/**
 * The enterprise application (service principal) in Entra ID, and what was granted to it. Each kind of grant is a reading of its own:
 * another permission reads it, and what could not be read must not look like nothing granted.
 */
export type EnterpriseApplication =
  | {
      readonly found: true;
      /** Object id of the enterprise application. */
      readonly objectId: string;
      readonly displayName: string;
      readonly enabled: boolean;
      /** Microsoft's own word where Microsoft disabled it (`disabledByMicrosoftStatus`). */
      readonly disabledByMicrosoft?: string;
      readonly assignmentRequired: boolean;
      /** App roles granted on Office 365 Exchange Online, by value, such as `IMAP.AccessAsApp`; an unknown role by its id. */
      readonly exchangeRoles: Reading<readonly string[]>;
      /** App roles granted on Microsoft Graph, in the same form. */
      readonly graphRoles: Reading<readonly string[]>;
      /** Delegated scopes consented on Exchange Online or Microsoft Graph, for everybody or for one user. */
      readonly consents: Reading<readonly DelegatedConsent[]>;
      /** Secrets and certificates that stand on the enterprise application itself: they count like those of the app registration. */
      readonly passwords: readonly PasswordCredential[];
      readonly keys: readonly KeyCredential[];
      /** When Graph was read, milliseconds since 1970. */
      readonly readAt: number;
    }
  | { readonly found: false; readonly readAt: number };

export interface DelegatedConsent {
  readonly resource: 'exchange' | 'graph';
  readonly scopes: readonly string[];
  /** Object id of the one user it holds for; absent where an administrator consented for everybody. */
  readonly userId?: string;
}

/** The account of the user who authorised the connection. */
export type DelegateAccount =
  | {
      readonly found: true;
      readonly id: string;
      readonly enabled: boolean;
      /** Whether an Exchange plan is enabled for it; a delegate without one may still open a shared mailbox. */
      readonly hasExchangePlan: boolean;
      readonly readAt: number;
    }
  | { readonly found: false; readonly readAt: number };

/** What Microsoft says of Exchange Online (service health). */
export interface ServiceHealth {
  readonly healthy: boolean;
  /** Graph's own word, such as `serviceDegradation`. */
  readonly status: string;
  /** Unresolved issues, newest first. */
  readonly issues: readonly { readonly id: string; readonly title: string; readonly startedAt: number }[];
  readonly readAt: number;
}

/** One sign-in of Entra ID's log. */
export interface LoggedSignIn {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** AADSTS number; 0 where it succeeded. */
  readonly errorCode: number;
  /** Entra's own sentence where it refused. At most 200 characters. */
  readonly said?: string;
  /** Where it refused: since when it has refused without a success between. Milliseconds since 1970. */
  readonly refusedSince?: number;
}

/**
 * What Entra ID's sign-in log holds of the app. Mailbox Watch signs in as the helpdesk does, and marks its own requests: so the log tells
 * whether the helpdesk fares as it does.
 */
export interface HelpdeskSignIns {
  /** The newest of each; by UPN in lower case in the delegated flow, by an empty name in the application flow. */
  readonly newest: Readonly<Record<string, { readonly helpdesk?: LoggedSignIn; readonly mailboxWatch?: LoggedSignIn }>>;
  /** The log was read back to here; milliseconds since 1970. */
  readonly since: number;
  readonly readAt: number;
}

/** A change of a mailbox's settings or permissions, as the audit log has it. */
export interface MailboxChange {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The cmdlet, such as `Set-CASMailbox`; the admin centers use the same. */
  readonly operation: string;
  /** UPN of who did it, or what the log has instead. At most 200 characters. */
  readonly by: string;
  /** Of the cmdlet: what was switched, of whom, and which rights; such as `{ ImapEnabled: 'False' }`. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface MailboxChanges {
  /** Newest first. */
  readonly changes: readonly MailboxChange[];
  /** The search looked at what happened from here on; milliseconds since 1970. */
  readonly searchedFrom: number;
  /** And up to here. */
  readonly readAt: number;
}

export interface PasswordCredential {
  readonly keyId: string;
  readonly displayName?: string;
  /** First three characters of the secret, as Graph publishes them; old credentials have none. */
  readonly hint?: string;
  /** Milliseconds since 1970. */
  readonly startsAt?: number;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

export interface KeyCredential {
  readonly keyId: string;
  readonly displayName?: string;
  /** Certificate thumbprint (`customKeyIdentifier`), where there is one. */
  readonly thumbprint?: string;
  readonly startsAt?: number;
  readonly endsAt: number;
}

export type AppRegistration =
  | {
      readonly found: true;
      readonly objectId: string;
      readonly displayName: string;
      readonly passwords: readonly PasswordCredential[];
      readonly keys: readonly KeyCredential[];
      /** True where somebody deactivated the app registration (`isDisabled`). */
      readonly disabled: boolean;
      /** Names or UPNs of its owners: whom to ask. */
      readonly owners: Reading<readonly string[]>;
      readonly federatedCredentials: Reading<readonly FederatedCredential[]>;
      /** What the tenant's app management policy forbids or caps for this app's credentials. */
      readonly credentialPolicy: Reading<CredentialPolicy>;
    }
  | { readonly found: false };

/** Trust in another issuer's tokens (federated identity credential); it has no end. */
export interface FederatedCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** https://learn.microsoft.com/graph/api/resources/applicationauthenticationmethodpolicy */
export interface CredentialPolicy {
  /** No new client secrets may be made. */
  readonly secretsForbidden: boolean;
  /** The longest life of a new client secret, in milliseconds; absent where it is not capped. */
  readonly longestSecretLife?: number;
  /** The longest life of a new certificate, in milliseconds; absent where it is not capped. */
  readonly longestCertificateLife?: number;
}

/** What can be told of the client secret that the configuration refers to, without telling it. */
export interface ConfiguredSecret {
  /** First three characters, to compare with Graph's `hint`. */
  readonly hint: string;
  /** A GUID is what the portal calls the secret's ID; Entra's secret values never look like one. */
  readonly looksLikeSecretId: boolean;
}

/** What can be told of the certificate that the configuration refers to; its private key is not told. */
export interface ConfiguredCertificate {
  /** SHA-1 of the certificate, 40 hexadecimal digits, upper case: Entra's thumbprint. */
  readonly thumbprint: string;
  /** Milliseconds since 1970. */
  readonly startsAt: number;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

/** Of the three sessions only that of the integration's protocol is tried. */
export interface MailboxEvidence {
  readonly configuredSecret: Reading<ConfiguredSecret>;
  readonly accessToken: Reading<TokenAnswer>;
  readonly imapSession: Reading<ImapSession>;
  readonly popSession: Reading<PopSession>;
  readonly graphMail: Reading<GraphMailAnswer>;
  readonly casMailbox: Reading<CasMailbox>;
  readonly mailboxPermissions: Reading<MailboxPermissions>;
  readonly appAuthorization: Reading<AppAuthorization>;
  readonly mailboxChanges: Reading<MailboxChanges>;
  readonly exchangeServicePrincipal: Reading<ExchangeServicePrincipal>;
  readonly enterpriseApplication: Reading<EnterpriseApplication>;
  readonly delegateAccount: Reading<DelegateAccount>;
  readonly serviceHealth: Reading<ServiceHealth>;
}

export interface ApplicationEvidence {
  readonly configuredSecret: Reading<ConfiguredSecret>;
  readonly configuredCertificate: Reading<ConfiguredCertificate>;
  readonly appRegistration: Reading<AppRegistration>;
  readonly enterpriseApplication: Reading<EnterpriseApplication>;
  readonly exchangeServicePrincipal: Reading<ExchangeServicePrincipal>;
  readonly serviceHealth: Reading<ServiceHealth>;
  /** By UPN in lower case: every delegate of the integration. */
  readonly delegateAccounts: Reading<Readonly<Record<string, Reading<DelegateAccount>>>>;
  readonly helpdeskSignIns: Reading<HelpdeskSignIns>;
}

/** What a helpdesk has logged, as somebody has pasted it: a line of it. No run looks at it. */
export interface HelpdeskEvidence {
  readonly helpdeskLog: Reading<{ readonly text: string }>;
}

export type Evidence = MailboxEvidence | ApplicationEvidence | MonitorEvidence;
