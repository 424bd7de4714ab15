import { CATALOGUE } from '../../shared/checks';
import {
  appWith,
  DELEGATED_TOKEN,
  EXAMPLE_NOW,
  IMAP_OPENED,
  NOT_CONNECTED,
  secretEnding,
} from '../../shared/checks/example-evidence';
import { NO_ALERT } from '../../shared/core/alerting';
import { addToDays } from '../../shared/core/days';
import type { Diagnosis } from '../../shared/core/diagnose';
import type { MailboxEvidence } from '../../shared/core/evidence';
import type { SubjectRecord } from '../../shared/core/ports';
import { blind } from '../../shared/core/reading';
import { buildOverview, buildReport, type Status } from '../../shared/core/report';
import { worst } from '../../shared/core/status';
import { subjectKey, subjectsOf, type Subject } from '../../shared/core/subject';
import { summarize } from '../../shared/core/summarize';
import { DAY, MINUTE } from '../../shared/core/time';
import { exampleIntegration } from '../support/contexts';
import { NO_APPLICATION_EVIDENCE, NO_MAILBOX_EVIDENCE } from '../support/no-evidence';

const integration = exampleIntegration();
const [application, mailbox] = subjectsOf(integration) as [Subject, Subject];

const refused: Diagnosis = {
  verdict: 'diagnosed',
  cause: { id: 'mailbox-refused', severity: 'critical', confidence: 'inferred', facts: {} },
  alsoPossible: [],
};
const secretInfo: Diagnosis = {
  verdict: 'diagnosed',
  cause: { id: 'client-secret-expiring', severity: 'info', confidence: 'confirmed', facts: { left: '45 days' } },
  alsoPossible: [],
};

function evidence(changes: Partial<MailboxEvidence>): MailboxEvidence {
  return { ...NO_MAILBOX_EVIDENCE, accessToken: DELEGATED_TOKEN, imapSession: IMAP_OPENED, ...changes };
}

function record(
  subject: Subject,
  diagnoses: Record<string, Diagnosis>,
  changes: Partial<SubjectRecord> = {},
): SubjectRecord {
  return {
    subject,
    checkedAt: EXAMPLE_NOW - MINUTE,
    tookMs: 200,
    checks: Object.entries(diagnoses).map(([check, diagnosis]) => ({
      check,
      diagnosis,
      since: EXAMPLE_NOW - 60 * MINUTE,
      alert: NO_ALERT,
    })),
    evidence: evidence({}),
    ...changes,
  };
}

function inputOf(staleBefore = EXAMPLE_NOW - 10 * MINUTE) {
  return {
    integrations: [integration],
    tenants: [],
    catalogue: { checks: CATALOGUE },
    now: EXAMPLE_NOW,
    staleBefore: { mailbox: staleBefore, application: staleBefore, monitor: staleBefore },
  };
}

function report(records: readonly SubjectRecord[], staleBefore?: number) {
  return buildReport({ ...inputOf(staleBefore), records });
}

const healthy: Diagnosis = { verdict: 'healthy' };
const wellApplication = record(application, { 'client-secret': healthy });
const wellMailbox = record(mailbox, { 'access-token': healthy, 'mailbox-opens': healthy });

describe('the report', () => {
  it('is healthy when everything configured is proven healthy and fresh', () => {
    const all = report([wellApplication, wellMailbox]);
    expect(all.status).toBe('healthy');
    expect(all.counts).toEqual({ critical: 0, warning: 0, unclear: 0, info: 0, healthy: 2 });
    expect(all.integrations[0]?.mailboxes[0]).toMatchObject({ headline: 'All checks are healthy', stale: false });
  });

  it.each<[string, Status[], Status]>([
    ['nothing', [], 'unclear'],
    ['all well', ['healthy', 'healthy'], 'healthy'],
    ['worst first', ['healthy', 'info', 'unclear', 'warning', 'critical'], 'critical'],
    ['blindness beside information', ['info', 'unclear'], 'unclear'],
  ])('aggregates %s', (_, statuses, expected) => {
    expect(worst(statuses)).toBe(expected);
  });

  it('is never green for what was not checked yet', () => {
    const all = report([wellApplication]);
    expect(all.status).toBe('unclear');
    expect(all.integrations[0]?.mailboxes[0]).toEqual({
      kind: 'mailbox',
      name: 'support@contoso.com',
      days: '-'.repeat(90),
      status: 'unclear',
      headline: 'Not checked yet',
      stale: true,
      unseen: [],
      checks: [],
    });
  });

  it('is never green for what is stale, and a stale fault stays a fault', () => {
    expect(report([wellApplication, wellMailbox], EXAMPLE_NOW).status).toBe('unclear');
    const broken = record(mailbox, { 'mailbox-opens': refused });
    const [shown] = report([wellApplication, broken], EXAMPLE_NOW).integrations[0]?.mailboxes ?? [];
    expect(shown).toMatchObject({ status: 'critical', stale: true });
    expect(shown?.headline).toBe(
      'Refused: IMAP or POP is off, or access is missing (stale: not checked for two intervals)',
    );
  });

  it('says the same at a look as whole, from what is kept beside the records', () => {
    const unread = blind('denied', 'Exchange refused: give Mailbox Watch the role Global Reader.');
    const unclear: Diagnosis = {
      verdict: 'unclear',
      missing: [{ evidence: 'imapSession', reason: 'timeout', detail: 'No answer.' }],
    };
    const blocked: Diagnosis = { verdict: 'blocked', by: 'access-token' };
    const days = addToDays(undefined, 'healthy', EXAMPLE_NOW);
    const looks: Record<string, Diagnosis>[] = [
      { 'mailbox-opens': refused, 'full-access': blocked },
      { 'mailbox-opens': unclear },
      { 'access-token': healthy, 'mailbox-opens': healthy },
      { 'mailbox-opens': blocked },
    ];
    for (const look of looks) {
      const records = [wellApplication, record(mailbox, look, { evidence: evidence({ casMailbox: unread }), days })];
      const kept = JSON.parse(
        JSON.stringify(records.map((one) => summarize(one, { checks: CATALOGUE }))),
      ) as ReturnType<typeof summarize>[];
      const summaries = new Map(kept.map((one) => [subjectKey(one.subject), one]));
      const [fresh, stale] = [inputOf(undefined), inputOf(EXAMPLE_NOW)];
      // The same summaries again, once they are stale, and on another day.
      for (const input of [fresh, fresh, stale, { ...stale, now: stale.now + DAY }]) {
        const whole = JSON.stringify(buildReport({ ...input, records }), (key, value: unknown) =>
          key === 'checks' ? undefined : value,
        );
        expect(buildOverview({ ...input, summaries })).toEqual(JSON.parse(whole));
      }
    }
  });

  it('keeps a summary small, whatever a tenant holds', () => {
    const huge = 'x'.repeat(100_000);
    const many = Array.from({ length: 5000 }, (_, i) => secretEnding(i, 'Abc', huge.slice(0, 100)));
    const large = record(
      application,
      {
        'client-secret': {
          verdict: 'unclear',
          missing: [{ evidence: 'appRegistration', reason: 'denied', detail: huge }],
        },
      },
      {
        evidence: {
          ...NO_APPLICATION_EVIDENCE,
          appRegistration: appWith(...many),
          enterpriseApplication: blind('denied', huge),
        },
      },
    );
    expect(JSON.stringify(summarize(large, { checks: CATALOGUE })).length).toBeLessThan(64_000);
  });

  it('names what would decide, of a cause that is not certain alone', () => {
    const unread = blind('denied', 'Exchange refused: give Mailbox Watch the role Global Reader.');
    const unseen = { casMailbox: unread, mailboxPermissions: unread, graphMail: blind('not-used', 'over IMAP') };
    const certain: Diagnosis = { ...refused, cause: { ...refused.cause, confidence: 'confirmed' } };
    const shown = [refused, certain].map((diagnosis) => {
      const broken = record(mailbox, { 'mailbox-opens': diagnosis }, { evidence: evidence(unseen) });
      return report([wellApplication, broken]).integrations[0]?.mailboxes[0]?.checks[0]?.wouldDecide;
    });
    // Said once, though two readings lack it; what the connection does not have is not missed.
    expect(shown[0]?.filter((sentence) => sentence.includes('Global Reader'))).toHaveLength(1);
    expect(shown[0]).not.toContain('over IMAP');
    expect(shown[1]).toBeUndefined();
  });

  it('tells cause, since when, the evidence and the filled-in remedy', () => {
    const broken = record(
      mailbox,
      {
        'access-token': healthy,
        'imap-enabled': {
          verdict: 'unclear',
          missing: [{ evidence: 'casMailbox', reason: 'not-configured', detail: 'not read' }],
        },
        'mailbox-opens': refused,
      },
      { evidence: evidence({ imapSession: NOT_CONNECTED }) },
    );
    const shown = report([wellApplication, broken]).integrations[0]?.mailboxes[0];
    expect(shown).toMatchObject({ status: 'critical', headline: 'Refused: IMAP or POP is off, or access is missing' });
    const opens = shown?.checks.find(({ id }) => id === 'mailbox-opens');
    expect(opens).toMatchObject({
      verdict: 'diagnosed',
      cause: {
        id: 'mailbox-refused',
        title: 'Refused: IMAP or POP is off, or access is missing',
        severity: 'critical',
        confidence: 'inferred',
      },
      since: '2026-11-25T11:00:00.000Z',
      evidence: { accessToken: DELEGATED_TOKEN, imapSession: NOT_CONNECTED },
    });
    const commands = opens?.remediation?.steps.flatMap((step) => step.commands.map(({ text }) => text));
    expect(commands).toContain("Set-CASMailbox -Identity 'support@contoso.com' -ImapEnabled $true");
    expect(commands).toContain(
      "Add-MailboxPermission -Identity 'support@contoso.com' -User 'svc-jira@contoso.com' -AccessRights FullAccess -AutoMapping $false",
    );
    const enabled = shown?.checks.find(({ id }) => id === 'imap-enabled');
    expect(enabled?.reason).toContain('stopped at examine: BAD User is authenticated but not connected.');
  });

  it('shows information without calling it a fault', () => {
    const all = report([record(application, { 'client-secret': secretInfo }), wellMailbox]);
    expect(all.status).toBe('info');
    expect(all.integrations[0]?.application?.headline).toBe('The client secret is about to expire');
  });

  it('names the check that blocks another', () => {
    const blocked = record(mailbox, {
      'access-token': refused,
      'mailbox-opens': { verdict: 'blocked', by: 'access-token' },
    });
    const shown = report([wellApplication, blocked]).integrations[0]?.mailboxes[0];
    expect(shown?.checks[1]).toMatchObject({ verdict: 'blocked', blockedBy: 'access-token' });
  });
});
