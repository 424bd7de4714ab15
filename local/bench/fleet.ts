import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { APPLICATION_CHECKS, CATALOGUE, MAILBOX_CHECKS } from '../../shared/checks';
import {
  appWith,
  DELEGATED_TOKEN,
  IMAP_OPENED,
  NOT_CONNECTED,
  secretEnding,
} from '../../shared/checks/example-evidence';
import type { ApplicationEvidence, Evidence, MailboxEvidence } from '../../shared/core/evidence';
import type { Store } from '../../shared/core/ports';
import { blind } from '../../shared/core/reading';
import { slices } from '../../shared/core/batches';
import { contextOf, subjectKey, subjectsOf, type Integration, type WatchedSubject } from '../../shared/core/subject';
import { summarize } from '../../shared/core/summarize';
import { judgedBy, remember } from '../../shared/run-checks';
import { loadConfiguration } from '../../shared/settings/load';

const MAILBOXES_OF_ONE = 500;
/** One mailbox in so many is refused. */
const REFUSED_EVERY = 50;
const WRITES_AT_ONCE = 16;

const unread = blind('denied', 'Exchange refused: give Mailbox Watch the role Global Reader.');
const notUsed = blind('not-used', 'The helpdesk does not read this way.');
const notNeeded = blind('not-attempted', 'The mailbox opened, so Exchange was not asked for its settings.');
const MAILBOX: MailboxEvidence = {
  configuredSecret: blind('not-configured', 'not read'),
  accessToken: DELEGATED_TOKEN,
  imapSession: IMAP_OPENED,
  popSession: notUsed,
  graphMail: notUsed,
  casMailbox: notNeeded,
  mailboxPermissions: notNeeded,
  appAuthorization: notUsed,
  mailboxChanges: notUsed,
  exchangeServicePrincipal: unread,
  enterpriseApplication: unread,
  delegateAccount: unread,
  serviceHealth: unread,
};
const APPLICATION: ApplicationEvidence = {
  configuredSecret: blind('not-configured', 'not read'),
  configuredCertificate: notUsed,
  appRegistration: appWith(secretEnding(200, 'Abc', 'helpdesk')),
  enterpriseApplication: unread,
  exchangeServicePrincipal: unread,
  delegateAccounts: unread,
  helpdeskSignIns: notUsed,
  serviceHealth: unread,
};

/** Writes the configuration of so many mailboxes, five hundred an app. */
export function writeFleet(path: string, mailboxes: number): void {
  const names = Array.from({ length: mailboxes }, (_, i) => `mailbox-${i}@contoso.com`);
  const integrations = slices(names, MAILBOXES_OF_ONE).map((some, i) => ({
    id: `helpdesk-${i}`,
    product: 'jira',
    clientId: randomUUID(),
    clientSecret: 'env:BENCH_SECRET',
    flow: 'delegated',
    delegate: 'svc-jira@contoso.com',
    refreshToken: 'env:BENCH_REFRESH_TOKEN',
    mailboxes: some,
  }));
  writeFileSync(path, JSON.stringify({ tenant: 'contoso.onmicrosoft.com', integrations }));
}

/** The subjects of the configuration with what they are of. Throws where it is not valid. */
export async function fleetOf(path: string): Promise<{ subject: WatchedSubject; integration: Integration }[]> {
  const loaded = await loadConfiguration(path);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.settings.integrations.flatMap((integration) =>
    subjectsOf(integration).map((subject) => ({ subject, integration })),
  );
}

/** Remembers a look at each, judged by the real checks. Throws when the storage fails. */
export async function lookAt(
  fleet: readonly { readonly subject: WatchedSubject; readonly integration: Integration }[],
  store: Store,
): Promise<void> {
  for (const some of slices(fleet, WRITES_AT_ONCE)) {
    const records = await Promise.all(
      some.map(async ({ subject, integration }) => {
        const checkedAt = Date.now();
        const context = contextOf(subject, integration, checkedAt);
        const { evidence, diagnose } = judgedLook(subject);
        return remember({ context, evidence, diagnose, checkedAt, tookMs: 900 }, await store.load(subject), {
          store,
          log: () => undefined,
        });
      }),
    );
    await store.saveSummaries(records.map((record) => summarize(record, { checks: CATALOGUE })));
  }
}

function judgedLook(
  subject: WatchedSubject,
): Pick<Parameters<typeof remember>[0], 'diagnose'> & { evidence: Evidence } {
  if (subject.kind === 'application') return judgedBy(APPLICATION_CHECKS, APPLICATION);
  const isRefused = numberIn(subject) % REFUSED_EVERY === 0;
  return judgedBy(MAILBOX_CHECKS, isRefused ? { ...MAILBOX, imapSession: NOT_CONNECTED } : MAILBOX);
}

function numberIn(subject: WatchedSubject): number {
  return Number(/\d+(?=@)/.exec(subjectKey(subject))?.[0]);
}
