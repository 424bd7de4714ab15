import { GraphError } from '@microsoft/microsoft-graph-client';
import { createMailboxChangeLog, newestFault } from '../../shared/probes/mailbox-changes';
import {
  asked,
  failed,
  finished,
  nextStep,
  NO_SEARCH,
  type FoundChange,
  type SearchState,
} from '../../shared/probes/mailbox-changes/search-state';
import { summarize } from '../../shared/core/summarize';
import type { SubjectSummary } from '../../shared/core/summary';
import { blind } from '../../shared/core/reading';
import type { Integration } from '../../shared/core/subject';
import { DAY, HOUR, MINUTE } from '../../shared/core/time';
import { noteRow } from '../../shared/store/rows';
import { exampleIntegration } from '../support/contexts';
import { NO_MAILBOX_EVIDENCE } from '../support/no-evidence';

const NOW = Date.UTC(2026, 10, 25, 12);
const PROBLEM = blind('denied', 'no');
const searched: SearchState = finished(asked(NO_SEARCH, 'q', NOW), []);

describe('the next step of a search', () => {
  it.each<[string, SearchState, number | undefined, number, string]>([
    ['nothing is broken', NO_SEARCH, undefined, NOW, 'wait'],
    ['a mailbox broke', NO_SEARCH, NOW - MINUTE, NOW, 'ask'],
    ['a search is under way', asked(NO_SEARCH, 'q', NOW), NOW - MINUTE, NOW + MINUTE, 'poll'],
    ['one is under way, and the mailbox is repaired', asked(NO_SEARCH, 'q', NOW), undefined, NOW + MINUTE, 'poll'],
    ['it does not end in a day', asked(NO_SEARCH, 'q', NOW), NOW - MINUTE, NOW + DAY, 'ask'],
    ['it was refused just now', failed(NO_SEARCH, PROBLEM, NOW), NOW - MINUTE, NOW + MINUTE, 'wait'],
    ['it was refused an hour ago', failed(NO_SEARCH, PROBLEM, NOW), NOW - MINUTE, NOW + HOUR, 'ask'],
    ['one has ended, too early for what is logged late', searched, NOW - MINUTE, NOW + HOUR, 'ask'],
    ['one has ended hours after the fault began', searched, NOW - 3 * HOUR, NOW + HOUR, 'wait'],
    ['another mailbox broke since', searched, NOW + HOUR, NOW + HOUR, 'ask'],
  ])('where %s', (_, state, faultSince, now, step) => {
    expect(nextStep(state, faultSince, now)).toBe(step);
  });

  it('asks four times for a fault at most, however long it lasts', () => {
    let state = NO_SEARCH;
    let searches = 0;
    for (let now = NOW; now < NOW + 30 * DAY; now += 20 * MINUTE) {
      const step = nextStep(state, NOW, now);
      if (step === 'ask') searches++;
      if (step === 'ask') state = asked(state, 'q', now);
      else if (step === 'poll') state = finished(state, []);
    }
    expect(searches).toBe(4);
  });

  it('keeps the newest changes, and what was found before a failure', () => {
    const change = (at: number): FoundChange => ({
      at,
      by: 'a',
      operation: 'Set-CASMailbox',
      parameters: {},
      of: ['x'],
    });
    const many = finished(
      asked(NO_SEARCH, 'q', NOW),
      Array.from({ length: 1000 }, (_, i) => change(i)),
    );
    expect(many.changes).toHaveLength(150);
    expect(many.changes[0]?.at).toBe(999);
    expect(failed(many, PROBLEM, NOW + HOUR).changes).toHaveLength(150);
  });
});

const integration = exampleIntegration({ optionalEvidence: ['mailbox-changes'] });

/** Graph at hand; what it answers, in turn. */
function changeLog(answers: readonly unknown[], now = () => NOW) {
  const sent: { method: string; url: string; body?: unknown }[] = [];
  const saved: SearchState[] = [];
  const fetchBefore = globalThis.fetch;
  globalThis.fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    const answer = answers[sent.length];
    const body = request.method === 'POST' ? (JSON.parse(await request.text()) as unknown) : undefined;
    sent.push({ method: request.method, url: request.url, body });
    if (answer instanceof GraphError) {
      const error = { error: { code: answer.code, message: answer.message } };
      return Response.json(error, { status: answer.statusCode });
    }
    return Response.json(answer);
  };
  const log = createMailboxChangeLog({
    credentialFor: () => ({ getToken: async () => ({ token: 't', expiresOnTimestamp: NOW + HOUR }) }),
    now,
    memory: {
      load: async () => saved.at(-1),
      save: async (_, state) => void saved.push(JSON.parse(JSON.stringify(state)) as SearchState),
    },
  });
  const refresh = (of: readonly Integration[] = [integration]) => log.refresh(of, () => NOW - MINUTE);
  return { log, sent, saved, refresh, restore: () => (globalThis.fetch = fetchBefore) };
}

/** As blueteam0ps/det-eng-samples records it, in Graph's envelope. */
function record(by: string, objectId: string, parameters: Record<string, string>) {
  return {
    id: 'r',
    createdDateTime: '2026-11-24T08:30:00Z',
    auditLogRecordType: 'exchangeAdmin',
    operation: 'Set-CASMailbox',
    userType: 'a value of the future',
    objectId,
    userPrincipalName: by,
    auditData: { Parameters: Object.entries(parameters).map(([Name, Value]) => ({ Name, Value })), Version: 1 },
  };
}

it('keeps what fits into a row of the storage, whatever the texts of a tenant', async () => {
  const long = '\u{1f600}'.repeat(5000);
  const huge = record(long, `${long}/${long}`, {
    Identity: long,
    ...Object.fromEntries(
      ['ImapEnabled', 'PopEnabled', 'User', 'AccessRights', 'Deny', 'Other'].map((name) => [name, long]),
    ),
  });
  const query = (status: string) => ({ id: 'q1', status });
  const bench = changeLog([
    query('notStarted'),
    query('succeeded'),
    { value: Array.from({ length: 400 }, () => huge) },
  ]);
  await bench.refresh();
  await bench.refresh();
  bench.restore();
  expect(() => noteRow('mailbox-changes', bench.saved.at(-1))).not.toThrow();
  expect(bench.saved.at(-1)?.changes).toHaveLength(150);
});

describe('who changed a mailbox', () => {
  let bench: ReturnType<typeof changeLog>;
  afterEach(() => bench.restore());

  it('is asked for, looked after, and read, a step a run', async () => {
    const found = {
      value: [
        record('anna@contoso.com', 'x/contoso/Support', { Identity: '4c48420f', ImapEnabled: 'False' }),
        record('rob@contoso.com', 'x/contoso/Billing', { Identity: 'billing@contoso.com', ImapEnabled: 'False' }),
      ],
    };
    const query = (status: string) => ({ id: 'q1', status });
    bench = changeLog([query('notStarted'), query('running'), query('succeeded'), found]);
    const { log, refresh, sent } = bench;
    expect(await log.of(integration, ['support'])).toMatchObject({ reason: 'not-attempted' });
    for (let run = 0; run < 3; run++) await refresh();
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST https://graph.microsoft.com/beta/security/auditLog/queries',
      'GET https://graph.microsoft.com/beta/security/auditLog/queries/q1',
      'GET https://graph.microsoft.com/beta/security/auditLog/queries/q1',
      'GET https://graph.microsoft.com/beta/security/auditLog/queries/q1/records?$top=500',
    ]);
    expect(sent[0]?.body).toMatchObject({
      filterStartDateTime: '2026-10-26T12:00:00.000Z',
      filterEndDateTime: '2026-11-25T12:00:00.000Z',
      recordTypeFilters: ['exchangeAdmin'],
    });
    const change = {
      at: Date.UTC(2026, 10, 24, 8, 30),
      operation: 'Set-CASMailbox',
      by: 'anna@contoso.com',
      parameters: { ImapEnabled: 'False' },
    };
    for (const name of ['4c48420f', 'support']) {
      expect(await log.of(integration, ['support@contoso.com', name])).toMatchObject({ value: { changes: [change] } });
    }
    expect(await log.of(integration, ['hr@contoso.com'])).toMatchObject({ value: { changes: [], readAt: NOW } });
  });

  it('says which permission is lacking, and asks no more than once an hour', async () => {
    bench = changeLog([Object.assign(new GraphError(403, 'no'), { code: 'Forbidden' })]);
    await bench.refresh();
    await bench.refresh();
    expect(bench.sent).toHaveLength(1);
    expect(await bench.log.of(integration, ['support'])).toMatchObject({
      reason: 'denied',
      detail: expect.stringContaining('AuditLogsQuery-Exchange.Read.All') as unknown,
    });
  });

  it('says that a search failed', async () => {
    bench = changeLog([
      { id: 'q1', status: 'notStarted' },
      { id: 'q1', status: 'failed' },
    ]);
    await bench.refresh();
    await bench.refresh();
    expect(await bench.log.of(integration, ['support'])).toMatchObject({ reason: 'malformed' });
  });

  it('is asked for where it is wanted and offered, once a tenant', async () => {
    bench = changeLog([{ id: 'q1', status: 'notStarted' }]);
    await bench.refresh([exampleIntegration(), { ...integration, cloud: 'us-gov-high' }]);
    expect(bench.sent).toEqual([]);
    expect(await bench.log.of({ ...integration, cloud: 'us-gov-high' }, [])).toMatchObject({ reason: 'not-used' });
    await bench.refresh([integration, { ...integration, id: 'another' }]);
    expect(bench.sent).toHaveLength(1);
  });
});

it('is worth a search since the newest alert that a change may explain, of the same tenant', () => {
  const summary = (cause: string, openedAt: number, integrationId = integration.id): SubjectSummary => ({
    ...summarize(
      {
        subject: { kind: 'mailbox', integrationId, mailbox: 'a@contoso.com' },
        checkedAt: NOW,
        tookMs: 1,
        checks: [],
        evidence: NO_MAILBOX_EVIDENCE,
      },
      { checks: [] },
    ),
    alerts: [{ check: 'c', cause, severity: 'critical', key: 'k', openedAt, lastNoticeAt: openedAt }],
  });
  const elsewhere = { ...integration, id: 'elsewhere', tenant: 'fabrikam.com' };
  const all = [integration, elsewhere];
  expect(newestFault(all, integration, [])).toBeUndefined();
  expect(
    newestFault(all, integration, [summary('client-secret-expired', 9), summary('imap-disabled', 9, 'elsewhere')]),
  ).toBeUndefined();
  expect(newestFault(all, integration, [summary('imap-disabled', 5), summary('full-access-missing', 7)])).toBe(7);
});
