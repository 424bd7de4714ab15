import { noticeOf } from '../../shared/alerts/notice-of';
import { EXAMPLE_NOW } from '../../shared/checks/example-evidence';
import { DEFAULT_POLICY, NO_ALERT, type AlertEvent } from '../../shared/core/alerting';
import type { CheckState } from '../../shared/core/check-state';
import { seen } from '../../shared/core/reading';
import { plainText } from '../../shared/channels/text';
import { exampleContext } from '../support/contexts';
import { NO_APPLICATION_EVIDENCE, NO_MAILBOX_EVIDENCE } from '../support/no-evidence';

const OPTIONS = { root: 'https://watch.contoso.com', policy: DEFAULT_POLICY };

function opened(cause: string): AlertEvent {
  return { kind: 'opened', key: cause, cause, severity: 'critical', openedAt: EXAMPLE_NOW };
}

function stateOf(check: string, cause: string): CheckState {
  const diagnosed = { id: cause, severity: 'critical', confidence: 'confirmed', facts: {} } as const;
  return {
    check,
    diagnosis: { verdict: 'diagnosed', cause: diagnosed, alsoPossible: [] },
    since: EXAMPLE_NOW,
    alert: NO_ALERT,
  };
}

describe('a notice', () => {
  const ILL = seen({
    healthy: false,
    status: 'serviceDegradation',
    issues: [{ id: 'EX123456', title: 'Some users cannot sign in over IMAP', startedAt: EXAMPLE_NOW }],
    readAt: EXAMPLE_NOW,
  });

  it.each([
    ['imap-disabled', 'EX123456: Some users cannot sign in over IMAP'],
    // It is the cause, and need not be said twice.
    ['microsoft-incident', undefined],
  ])('of %s says what Microsoft reports meanwhile', (cause, incident) => {
    const evidence = { ...NO_MAILBOX_EVIDENCE, serviceHealth: ILL };
    const notice = noticeOf(opened(cause), stateOf('mailbox-opens', cause), exampleContext(), evidence, OPTIONS);
    expect(notice.incident).toBe(incident);
    expect(plainText(notice).includes('Microsoft reports: EX123456')).toBe(incident !== undefined);
  });

  it('tells how it came about, where a log told that', () => {
    const state = stateOf('imap-enabled', 'imap-disabled');
    if (state.diagnosis.verdict !== 'diagnosed') throw new Error('it is diagnosed above');
    const cause = { ...state.diagnosis.cause, history: 'The audit log says: anna@contoso.com switched IMAP off.' };
    const told = { ...state, diagnosis: { ...state.diagnosis, cause } };
    const why = (of: CheckState) =>
      noticeOf(opened('imap-disabled'), of, exampleContext(), NO_MAILBOX_EVIDENCE, OPTIONS).why;
    expect(why(told)).toBe(`${why(state)} The audit log says: anna@contoso.com switched IMAP off.`);
  });

  it('of an application names the mailboxes that stay silent, ten at most', () => {
    const mailboxes = Array.from({ length: 12 }, (_, i) => ({ address: `m${i}@contoso.com` }));
    const about = (cause: string) =>
      noticeOf(
        opened(cause),
        stateOf('client-secret', cause),
        exampleContext('application', { mailboxes }),
        NO_APPLICATION_EVIDENCE,
        OPTIONS,
      ).why;
    expect(about('client-secret-expired')).toContain('m9@contoso.com and 2 more.');
    // The mailboxes open until it ends.
    expect(about('client-secret-expiring')).not.toContain('m0@contoso.com');
  });
});
