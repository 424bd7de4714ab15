import type { CheckState } from './check-state';
import type { AlertEvent } from './alerting';
import type { Days } from './days';
import type {
  AppAuthorization,
  AppRegistration,
  CasMailbox,
  ConfiguredCertificate,
  ConfiguredSecret,
  DelegateAccount,
  EnterpriseApplication,
  Evidence,
  ExchangeServicePrincipal,
  HelpdeskSignIns,
  GraphMailAnswer,
  ImapSession,
  MailboxChanges,
  MailboxPermissions,
  PopSession,
  ServiceHealth,
  TokenAnswer,
  TokenRefused,
} from './evidence';
import type { OutboxEntry } from './notice';
import type { Blind, Reading } from './reading';
import type { Integration, Subject, WatchedMailbox } from './subject';
import type { SubjectSummary } from './summary';

/** A token and what may be told of it. The bearer never enters evidence, state, logs or errors. */
export interface TokenResult {
  readonly reading: Reading<TokenAnswer>;
  /** Only when a token was issued. */
  readonly bearer?: string;
}

/**
 * What looks at the world. No probe throws and none judges: a failed look is a blind reading with its reason.
 * Each keeps its own deadline.
 */
export interface Probes {
  readonly configuredSecret: (integration: Integration) => Promise<Reading<ConfiguredSecret>>;
  readonly configuredCertificate: (integration: Integration) => Promise<Reading<ConfiguredCertificate>>;
  /** The token with which the helpdesk would open this mailbox; cached and reused until shortly before it ends. */
  readonly accessToken: (integration: Integration, mailbox: WatchedMailbox) => Promise<TokenResult>;
  readonly imapSession: (target: MailTarget) => Promise<Reading<ImapSession>>;
  readonly popSession: (target: MailTarget) => Promise<Reading<PopSession>>;
  readonly graphMail: (target: GraphMailTarget) => Promise<Reading<GraphMailAnswer>>;
  /** The app registration alone; `directory` reads it with all the rest. */
  readonly appRegistration: (integration: Integration) => Promise<Reading<AppRegistration>>;
  readonly directory: (integration: Integration) => Promise<DirectoryReading>;
  readonly exchange: ExchangeSettings;
  /** What the audit log is known to tell of a mailbox, under any of these names (lower case). */
  readonly mailboxChanges: (integration: Integration, names: readonly string[]) => Promise<Reading<MailboxChanges>>;
}

/** What is read of Exchange for one mailbox; one visit reads both. */
export interface ExchangeReading {
  readonly casMailbox: Reading<CasMailbox>;
  readonly mailboxPermissions: Reading<MailboxPermissions>;
  /** Of an app that reads over Graph for itself; absent where that is not read. */
  readonly appAuthorization?: Reading<AppAuthorization>;
}

/** Reads Exchange's own settings. Both adapters give this; neither throws. */
export interface ExchangeSettings {
  readonly mailbox: (integration: Integration, address: string) => Promise<ExchangeReading>;
  /** The app's entry in Exchange's list of service principals; asked once per integration and run. */
  readonly servicePrincipal: (integration: Integration) => Promise<Reading<ExchangeServicePrincipal>>;
}

/** What Entra ID and Graph say of one integration, from one batch of requests. */
export interface DirectoryReading {
  readonly appRegistration: Reading<AppRegistration>;
  readonly enterpriseApplication: Reading<EnterpriseApplication>;
  /** By UPN in lower case; every delegate of the integration. */
  readonly delegateAccounts: Readonly<Record<string, Reading<DelegateAccount>>>;
  readonly serviceHealth: Reading<ServiceHealth>;
  readonly helpdeskSignIns: Reading<HelpdeskSignIns>;
}

export interface MailTarget {
  readonly host: string;
  readonly port: number;
  /** The mailbox to open: SASL's `user=`. */
  readonly mailbox: string;
  readonly bearer: string;
}

export interface GraphMailTarget {
  /** Origin of Microsoft Graph, such as `https://graph.microsoft.com`. */
  readonly graphEndpoint: string;
  /** The mailbox to open. */
  readonly mailbox: string;
  readonly bearer: string;
}

/** Thrown when a secret reference leads nowhere. The message names the reference and what to do, never a value. */
export class SecretUnavailableError extends Error {
  override readonly name = 'SecretUnavailableError';
}

/** Thrown where Mailbox Watch itself cannot sign in: why, and what Entra ID answered where it said no. */
export class SignInError extends Error {
  override readonly name = 'SignInError';

  constructor(
    readonly reading: Blind,
    readonly refusal?: TokenRefused,
  ) {
    super(reading.detail);
  }
}

/** Secrets behind references such as `env:NAME`, `file:PATH` and `kv:VAULT/NAME`. */
export interface Secrets {
  /** Throws SecretUnavailableError. */
  readonly read: (reference: string) => Promise<string>;
  /**
   * Keeps a rotated value where the reference can be written (`file:`, `kv:`), else in this process only.
   * Throws SecretUnavailableError where it cannot be written.
   */
  readonly keep: (reference: string, value: string) => Promise<void>;
}

/** Secrets that tell their age: Entra ends a refresh token that nobody redeems for 90 days. */
export interface DatedSecrets extends Secrets {
  /** When the secret was last written, in milliseconds since 1970. Never rejects; blind for `env:`, which has no date. */
  readonly writtenAt: (reference: string) => Promise<Reading<number>>;
}

/** All that is remembered of one subject: one row. */
export interface SubjectRecord {
  readonly subject: Subject;
  /** When the evidence was gathered, milliseconds since 1970. */
  readonly checkedAt: number;
  /** Milliseconds the gathering took. */
  readonly tookMs: number;
  readonly checks: readonly CheckState[];
  readonly evidence: Evidence;
  /** Exchange asked for no login before this moment, milliseconds since 1970. */
  readonly backOffUntil?: number;
  /** Absent in what was remembered before days were kept. */
  readonly days?: Days;
}

/** What changed in one check, newest kept first. */
export interface HistoryEntry {
  readonly at: number;
  readonly check: string;
  readonly verdict: string;
  readonly cause?: string;
  readonly events: readonly AlertEvent[];
}

/** A record with the mark that tells whether somebody else has written since. */
export interface Remembered {
  readonly record: SubjectRecord;
  readonly etag: string;
}

/** A notice in the outbox with the mark that tells whether somebody else has changed it. */
export interface KeptNotice {
  readonly entry: OutboxEntry;
  readonly etag: string;
}

/** Thrown by `save` when another writer was faster: read again, judge again. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** Remembers subjects. Methods throw when the storage cannot be reached or refuses; never a default instead. */
export interface Store {
  readonly load: (subject: Subject) => Promise<Remembered | undefined>;
  /**
   * Writes only if the row is still what `etag` names (`undefined`: there was none); else throws ConflictError. The notices are kept in
   * the same transaction: a change is never without them. Returns nothing.
   */
  readonly save: (
    record: SubjectRecord,
    history: readonly HistoryEntry[],
    etag: string | undefined,
    notices?: readonly OutboxEntry[],
  ) => Promise<void>;
  /** Every notice that is still on its way, oldest first in each integration. */
  readonly loadOutbox: (integrationIds: readonly string[]) => Promise<KeptNotice[]>;
  /** Puts `next` in place of a kept notice, or removes it where there is none; gives the new etag. Throws ConflictError where somebody has changed it. */
  readonly replaceNotice: (
    entry: OutboxEntry,
    next: OutboxEntry | undefined,
    etag: string,
  ) => Promise<string | undefined>;
  /** Every record of these integrations, in no particular order. */
  readonly loadAll: (integrationIds: readonly string[]) => Promise<SubjectRecord[]>;
  /** Every summary that was kept, by subjectKey, those of subjects that are no longer watched included. A view: a later call brings it up to date. */
  readonly summaries: () => Promise<ReadonlyMap<string, SubjectSummary>>;
  /** Keeps them in place of older ones of the same subjects. */
  readonly saveSummaries: (summaries: readonly SubjectSummary[]) => Promise<void>;
  /** What was last noted under this key beside the subjects, such as the state of an Exchange snapshot. */
  readonly loadNote: (key: string) => Promise<unknown>;
  /** Notes a plain JSON value; the last writer wins. */
  readonly saveNote: (key: string, value: unknown) => Promise<void>;
  /** Newest first, at most `limit`. */
  readonly history: (subject: Subject, limit: number) => Promise<HistoryEntry[]>;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
/** One fact a line. `fields` hold no secret. Never throws. */
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;
