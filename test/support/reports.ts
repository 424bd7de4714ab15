import { APPLICATION_CHECKS, CATALOGUE, MAILBOX_CHECKS } from '../../shared/checks';
import {
  appWith,
  DELEGATED_TOKEN,
  EXAMPLE_NOW,
  IMAP_OPENED,
  NOT_CONNECTED,
  secretEnding,
} from '../../shared/checks/example-evidence';
import { NO_ALERT } from '../../shared/core/alerting';
import { diagnoseAll } from '../../shared/core/diagnose';
import type { ApplicationEvidence, MailboxEvidence } from '../../shared/core/evidence';
import type { SubjectRecord } from '../../shared/core/ports';
import { seen } from '../../shared/core/reading';
import { buildReport, type StatusReport } from '../../shared/core/report';
import { contextOf, type Integration, type Subject } from '../../shared/core/subject';
import { DAY, MINUTE } from '../../shared/core/time';
import { exampleIntegration } from './contexts';
import { NO_APPLICATION_EVIDENCE, NO_MAILBOX_EVIDENCE } from './no-evidence';

export interface WatchedIntegration {
  readonly integration: Integration;
  readonly application: Partial<ApplicationEvidence>;
  /** By address. */
  readonly mailboxes: Readonly<Record<string, Partial<MailboxEvidence>>>;
}

export const OPENS: Partial<MailboxEvidence> = { accessToken: DELEGATED_TOKEN, imapSession: IMAP_OPENED };
export const REFUSED: Partial<MailboxEvidence> = { accessToken: DELEGATED_TOKEN, imapSession: NOT_CONNECTED };
export const SECRET_IN_ORDER: Partial<ApplicationEvidence> = {
  configuredSecret: seen({ hint: 'Abc', looksLikeSecretId: false }),
  appRegistration: appWith(secretEnding(200, 'Abc', 'helpdesk')),
};

/** An integration of these mailboxes whose application is in order. */
export function watched(
  mailboxes: WatchedIntegration['mailboxes'],
  changes: Partial<Integration> = {},
  application = SECRET_IN_ORDER,
): WatchedIntegration {
  const delegate = 'svc-jira@contoso.com';
  return {
    integration: exampleIntegration({
      mailboxes: Object.keys(mailboxes).map((address) => ({ address, delegate })),
      ...changes,
    }),
    application,
    mailboxes,
  };
}

/** The report of a fleet that was checked a minute ago, judged by the real checks. */
export function reportOf(fleet: readonly WatchedIntegration[]): StatusReport {
  return buildReport({
    integrations: fleet.map(({ integration }) => integration),
    tenants: [],
    records: fleet.flatMap((one) => recordsOf(one)),
    catalogue: { checks: CATALOGUE },
    now: EXAMPLE_NOW,
    staleBefore: { mailbox: EXAMPLE_NOW - 10 * MINUTE, application: EXAMPLE_NOW - 120 * MINUTE, monitor: 0 },
  });
}

function recordsOf({ integration, application, mailboxes }: WatchedIntegration): SubjectRecord[] {
  const { id: integrationId, clientId } = integration;
  const app: Subject = { kind: 'application', integrationId, clientId };
  const appEvidence = { ...NO_APPLICATION_EVIDENCE, ...application };
  const now = EXAMPLE_NOW - MINUTE;
  return [
    record(app, appEvidence, diagnoseAll(APPLICATION_CHECKS, appEvidence, contextOf(app, integration, now))),
    ...Object.entries(mailboxes).map(([mailbox, some]) => {
      const subject: Subject = { kind: 'mailbox', integrationId, mailbox };
      const evidence = { ...NO_MAILBOX_EVIDENCE, ...some };
      return record(subject, evidence, diagnoseAll(MAILBOX_CHECKS, evidence, contextOf(subject, integration, now)));
    }),
  ];
}

function record(
  subject: Subject,
  evidence: SubjectRecord['evidence'],
  diagnoses: ReturnType<typeof diagnoseAll>,
): SubjectRecord {
  const checks = [...diagnoses].map(([check, diagnosis]) => ({
    check,
    diagnosis,
    since: EXAMPLE_NOW - 90 * MINUTE,
    alert: NO_ALERT,
  }));
  const days = { last: Math.floor(EXAMPLE_NOW / DAY), worst: 'hhhcchwuih--hhh' };
  return { subject, checkedAt: EXAMPLE_NOW - MINUTE, tookMs: 200, checks, evidence, days };
}
