import type { ApplicationEvidence, MailboxEvidence } from '../../shared/core/evidence';
import type { MonitorEvidence } from '../../shared/core/monitor-evidence';
import { blind } from '../../shared/core/reading';

const notRead = blind('not-configured', 'not read');

/** Nothing seen of a mailbox. */
export const NO_MAILBOX_EVIDENCE: MailboxEvidence = {
  configuredSecret: notRead,
  accessToken: notRead,
  imapSession: notRead,
  popSession: notRead,
  graphMail: notRead,
  casMailbox: notRead,
  mailboxPermissions: notRead,
  appAuthorization: notRead,
  mailboxChanges: notRead,
  exchangeServicePrincipal: notRead,
  enterpriseApplication: notRead,
  delegateAccount: notRead,
  serviceHealth: notRead,
};

/** Nothing seen of an application. */
export const NO_APPLICATION_EVIDENCE: ApplicationEvidence = {
  configuredSecret: notRead,
  configuredCertificate: notRead,
  appRegistration: notRead,
  enterpriseApplication: notRead,
  exchangeServicePrincipal: notRead,
  serviceHealth: notRead,
  delegateAccounts: notRead,
  helpdeskSignIns: notRead,
};

/** Nothing seen of Mailbox Watch itself. */
export const NO_MONITOR_EVIDENCE: MonitorEvidence = {
  ownToken: notRead,
  appRegistration: notRead,
  configuredSecret: notRead,
  configuredCertificate: notRead,
  refusedReads: notRead,
  exchangeCmdlets: notRead,
  snapshotsStandIn: notRead,
  vaultSecrets: notRead,
  storage: notRead,
  lastRuns: notRead,
  refreshTokens: notRead,
  clock: notRead,
  channels: notRead,
  configuration: notRead,
};
