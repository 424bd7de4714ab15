import type { Cause, Check } from '../core/check';
import type { ApplicationEvidence, HelpdeskEvidence, MailboxEvidence } from '../core/evidence';
import { accessToken } from './access-token';
import { certificate } from './certificate';
import { clientSecret } from './client-secret';
import { enterpriseApplication } from './enterprise-application';
import { federatedCredential } from './federated-credential';
import { fullAccess } from './full-access';
import { googleMailbox } from './google-mailbox';
import { googleToken } from './google-token';
import { HELPDESK_SIGNS, helpdeskLog } from './helpdesk-log';
import { helpdeskSignIns } from './helpdesk-sign-ins';
import { mailConsent } from './mail-consent';
import { mailboxOpens } from './mailbox-opens';
import { outlookComMailbox } from './outlook-com-mailbox';
import { graphMailbox } from './graph-mailbox';
import { imapEnabled, popEnabled } from './protocol-enabled';
import { servicePrincipal } from './service-principal';
import { MONITOR_CHECKS } from './monitor';
import { tenantAndCloud } from './tenant-and-cloud';
import { tokenClaims } from './token-claims';

/** The checks of a mailbox; a check stands after those it depends on. */
export const MAILBOX_CHECKS: readonly Check<MailboxEvidence>[] = [
  accessToken,
  googleToken,
  tenantAndCloud,
  tokenClaims,
  servicePrincipal,
  imapEnabled,
  popEnabled,
  fullAccess,
  mailboxOpens,
  graphMailbox,
  outlookComMailbox,
  googleMailbox,
];

export const APPLICATION_CHECKS: readonly Check<ApplicationEvidence>[] = [
  clientSecret,
  certificate,
  federatedCredential,
  enterpriseApplication,
  mailConsent,
  helpdeskSignIns,
];

/** What is told by a pasted log alone; no run makes these. */
export const HELPDESK_CHECKS: readonly Check<HelpdeskEvidence>[] = [helpdeskLog];

export { HELPDESK_SIGNS, MONITOR_CHECKS };

/** What a report needs of a check and its causes; the same for every kind of subject. */
export interface CatalogueEntry {
  readonly id: string;
  readonly title: string;
  readonly needs: readonly string[];
  readonly causes: readonly CauseText[];
}

export type CauseText = Pick<Cause<never>, 'id' | 'title' | 'why' | 'severity' | 'opensAfter' | 'remedy' | 'sources'>;

export const CATALOGUE: readonly CatalogueEntry[] = [
  ...MAILBOX_CHECKS,
  ...APPLICATION_CHECKS,
  ...MONITOR_CHECKS,
  ...HELPDESK_CHECKS,
];
