import type { OptionalEvidence } from '../../core/subject';
import type { WatchedTenant } from '../../core/watched-tenant';

/** Something that Mailbox Watch needs, as the README's table lists it. Texts are Markdown. */
export interface Need {
  readonly what: string;
  readonly why: string;
  /** What is lost where it is missing. */
  readonly without: string;
}

/** An application permission of Microsoft Graph that Mailbox Watch's own identity needs. */
export interface GraphPermission extends Need {
  /** The app role's value, such as `Application.Read.All`. */
  readonly name: string;
  /** What it lets Mailbox Watch do: the end of "Mailbox Watch may …". */
  readonly lets: string;
  /** Wider app roles that permit the same. */
  readonly widerRoles: readonly string[];
  /** What is read with it, as paths in ApplicationEvidence; `*` stands for any name. */
  readonly reads: readonly string[];
  /** Checks that see less without it. */
  readonly blinds: readonly [string, ...string[]];
  readonly usedIn: (tenant: WatchedTenant) => boolean;
}

const ALWAYS = () => true;
const WITH_DELEGATES = ({ integrations }: WatchedTenant) => integrations.some(({ flow }) => flow === 'delegated');
const askedFor =
  (name: OptionalEvidence) =>
  ({ integrations }: WatchedTenant) =>
    integrations.some(({ optionalEvidence }) => optionalEvidence.includes(name));
const WITH_EXCHANGE = ({ exchangeEvidence }: WatchedTenant) => exchangeEvidence !== 'none';

/**
 * The least privileged first. What each one permits: https://learn.microsoft.com/graph/permissions-reference
 */
export const GRAPH_PERMISSIONS: readonly GraphPermission[] = [
  {
    name: 'ServiceHealth.Read.All',
    what: "`ServiceHealth.Read.All` for the monitor's own identity (Microsoft Graph, application permission)",
    lets: "read Microsoft's service health",
    why: 'incidents of Exchange Online',
    without: 'an incident of Exchange Online is not named as such',
    widerRoles: [],
    reads: ['serviceHealth'],
    blinds: ['mailbox-opens'],
    usedIn: ALWAYS,
  },
  {
    name: 'Application.Read.All',
    what: '`Application.Read.All`',
    lets: 'read app registrations and enterprise applications',
    why: 'end dates of client secrets and certificates; the enterprise application and its app roles',
    without:
      'the end of a client secret or certificate is not seen ahead; a wrong object id is not told from a missing registration',
    widerRoles: ['Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    reads: [
      'appRegistration',
      'appRegistration.owners',
      'appRegistration.federatedCredentials',
      'enterpriseApplication',
      'enterpriseApplication.exchangeRoles',
      'enterpriseApplication.graphRoles',
    ],
    blinds: ['client-secret', 'certificate', 'federated-credential', 'enterprise-application', 'service-principal'],
    usedIn: ALWAYS,
  },
  {
    name: 'Directory.Read.All',
    what: '`Directory.Read.All` (delegated flow)',
    lets: 'read delegated consents',
    why: 'the delegated consents of the app',
    without: 'a missing consent is seen only when the next token is refused',
    widerRoles: ['Directory.ReadWrite.All', 'DelegatedPermissionGrant.ReadWrite.All'],
    reads: ['enterpriseApplication.consents'],
    blinds: ['mail-consent'],
    usedIn: WITH_DELEGATES,
  },
  {
    name: 'User.Read.All',
    what: '`User.Read.All` (delegated flow)',
    lets: 'read the accounts of delegates',
    why: "whether the delegate's account exists and is enabled",
    without: 'a disabled delegate shows as a revoked authorisation',
    widerRoles: ['User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    reads: ['delegateAccounts.*'],
    blinds: ['access-token'],
    usedIn: WITH_DELEGATES,
  },
  {
    name: 'AuditLog.Read.All',
    what: '`AuditLog.Read.All` (only with `optionalEvidence: [helpdesk-sign-ins]`, and Entra ID P1)',
    lets: 'read the sign-in log',
    why: "whether the helpdesk's own sign-ins succeed, as those of Mailbox Watch do",
    without: 'a helpdesk that was not given the new client secret is not seen',
    widerRoles: [],
    reads: ['helpdeskSignIns'],
    blinds: ['helpdesk-sign-ins'],
    usedIn: askedFor('helpdesk-sign-ins'),
  },
  {
    name: 'AuditLogsQuery-Exchange.Read.All',
    what: '`AuditLogsQuery-Exchange.Read.All` (only with `optionalEvidence: [mailbox-changes]`)',
    lets: 'search the audit log for what happened in Exchange',
    why: 'who switched IMAP off, or took Full Access, and when',
    without: 'the cause is told, and not who brought it about',
    widerRoles: ['AuditLogsQuery.Read.All'],
    reads: [],
    blinds: ['imap-enabled', 'pop-enabled', 'full-access'],
    usedIn: askedFor('mailbox-changes'),
  },
  {
    name: 'GroupMember.Read.All',
    what: '`GroupMember.Read.All`',
    lets: 'read who is in a group',
    why: 'Full Access that is granted to a group',
    without: 'a group that has Full Access proves nothing',
    widerRoles: [
      'GroupMember.ReadWrite.All',
      'Group.Read.All',
      'Group.ReadWrite.All',
      'Directory.Read.All',
      'Directory.ReadWrite.All',
    ],
    reads: [],
    blinds: ['full-access'],
    usedIn: WITH_EXCHANGE,
  },
  {
    name: 'Policy.Read.All',
    what: '`Policy.Read.All`',
    lets: 'read app management policies',
    why: 'how long a new client secret or certificate may last, and whether one may be made at all',
    without: 'a policy that forbids new client secrets shows only on the day somebody tries',
    widerRoles: [],
    reads: ['appRegistration.credentialPolicy'],
    blinds: ['client-secret'],
    usedIn: ALWAYS,
  },
  {
    name: 'ConfigurationMonitoring.ReadWrite.All',
    what: '`ConfigurationMonitoring.ReadWrite.All` (only for `graph-snapshot`, or `auto` without `Exchange.ManageAsApp`)',
    lets: "take snapshots of Exchange's settings",
    why: 'whether IMAP is on and who has Full Access, from a daily snapshot of the whole tenant',
    without: 'a refusal stays "IMAP is off or access is missing", inferred',
    widerRoles: [],
    reads: [],
    blinds: ['imap-enabled', 'full-access'],
    // With `auto` the check of Exchange's administration judges both ways.
    usedIn: ({ exchangeEvidence }) => exchangeEvidence === 'graph-snapshot',
  },
];

/** What the helpdesk's own app gives. */
export const HELPDESK_NEEDS: readonly Need[] = [
  {
    what: "the client secret, certificate or federated token of the helpdesk's app registration",
    why: 'to sign in exactly as the helpdesk does',
    without: 'no live login for that integration: `unclear`, never green',
  },
  {
    what: 'a refresh token of the delegate (delegated flow)',
    why: "the same; redeeming it leaves the helpdesk's own token alone",
    without: 'the same',
  },
];

export const EXCHANGE_NEED: Need = {
  what: '`Exchange.ManageAsApp` (Office 365 Exchange Online) and the Entra role *Global Reader*, or an Exchange role that allows Get-CASMailbox, Get-Mailbox, Get-MailboxPermission and Get-ServicePrincipal (for apps that read over Microsoft Graph for themselves Test-ServicePrincipalAuthorization too)',
  why: 'whether IMAP is on, who has Full Access, whether Exchange knows the service principal by the right object id; asked only about mailboxes that do not open',
  without: 'a refusal stays "IMAP is off or access is missing", inferred',
};

export const VAULT_NEED: Need = {
  what: 'Azure role *Key Vault Secrets Officer* on the vault',
  why: 'to keep rotated refresh tokens (`kv:VAULT/NAME`); *Key Vault Secrets User* is enough for client secrets',
  without: 'use `file:` or `env:`; with `env:` a rotated token lives in memory only',
};
