import type { ApplicationEvidence, MailboxEvidence } from '../../shared/core/evidence';
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
};
