import { notePlanned, readRememberedRuns, tryStorage } from '../../../shared/probes/monitor/remembered';
import { blind, seen } from '../../../shared/core/reading';
import { refusedReads } from '../../../shared/core/refused-reads';
import type { SubjectRecord } from '../../../shared/core/ports';
import { subjectsOf } from '../../../shared/core/subject';
import { ENTERPRISE_APPLICATION } from '../../../shared/checks/example-evidence';
import { summarize } from '../../../shared/core/summarize';
import { StorageError } from '../../../shared/store/storage-error';
import { exampleIntegration } from '../../support/contexts';
import { memoryStore } from '../../../shared/store/memory-store';
import { NO_APPLICATION_EVIDENCE, NO_MAILBOX_EVIDENCE } from '../../support/no-evidence';

const integration = exampleIntegration();
const [application, mailbox] = subjectsOf(integration);
const DUE = { mailbox: 1_000, application: 500 };
const denied = blind('denied', 'Application.Read.All is missing.');

function record(subject: SubjectRecord['subject'] | undefined, checkedAt: number, evidence: SubjectRecord['evidence']) {
  if (subject === undefined) throw new Error('the example has both subjects');
  return { subject, checkedAt, tookMs: 5, checks: [], evidence };
}

describe('what is remembered of the last runs', () => {
  it('is the newest look of each kind, and when mailboxes were planned', async () => {
    const store = memoryStore();
    const looks = [record(mailbox, 1_200, NO_MAILBOX_EVIDENCE), record(application, 700, NO_APPLICATION_EVIDENCE)];
    await store.save(looks[1] as SubjectRecord, [], undefined);
    await store.saveSummaries(looks.map((look) => summarize(look, { checks: [] })));
    await notePlanned(store, 1_300);
    const { lastRuns, refusedReads: refused } = await readRememberedRuns(
      { integrations: [integration] },
      { store, dueSince: DUE },
    );
    expect(lastRuns).toEqual(
      seen({
        mailboxes: { at: 1_200, dueSince: 1_000 },
        applications: { at: 700, dueSince: 500 },
        mailboxesPlannedAt: 1_300,
      }),
    );
    expect(refused).toEqual(seen([]));
  });

  it('names no moment of what never was', async () => {
    const { lastRuns } = await readRememberedRuns(
      { integrations: [integration] },
      { store: memoryStore(), dueSince: DUE },
    );
    expect(lastRuns).toEqual(seen({ mailboxes: { dueSince: 1_000 }, applications: { dueSince: 500 } }));
  });

  it('is blind where the storage fails, in the words of the storage', async () => {
    const store = { ...memoryStore(), summaries: () => Promise.reject(new StorageError('Storage: nobody answered.')) };
    const runs = await readRememberedRuns({ integrations: [integration] }, { store, dueSince: DUE });
    const unread = blind('unreachable', 'Storage: nobody answered.');
    expect(runs).toEqual({ lastRuns: unread, refusedReads: unread });
  });
});

describe('reads that were refused', () => {
  it.each([
    ['nothing', {}, []],
    ['the app registration', { appRegistration: denied }, ['appRegistration']],
    ['what is throttled is not refused', { appRegistration: blind('throttled', 'wait') }, []],
    [
      'a part of what was seen',
      { enterpriseApplication: seen({ ...ENTERPRISE_APPLICATION.value, consents: denied }) },
      ['enterpriseApplication.consents'],
    ],
    ['one of many', { delegateAccounts: seen({ 'svc@contoso.com': denied }) }, ['delegateAccounts.svc@contoso.com']],
  ])('%s', (_, changes, expected) => {
    expect(refusedReads({ ...NO_APPLICATION_EVIDENCE, ...changes })).toEqual(expected);
  });
});

describe('the storage', () => {
  let clock = 0;
  const now = () => (clock += 40);

  it('works where a note is read back, and takes its time', async () => {
    expect(await tryStorage(memoryStore(), now)).toEqual(seen({ works: true, ms: 40 }));
  });

  it.each<[string, Partial<ReturnType<typeof memoryStore>>, string]>([
    [
      'refuses to write',
      { saveNote: () => Promise.reject(new StorageError('Storage: writing failed (403).')) },
      'Storage: writing failed (403).',
    ],
    ['loses what was written', { loadNote: async () => undefined }, 'could not be read back'],
    [
      'fails in a way that nobody knows',
      { loadNote: () => Promise.reject(new TypeError('secret')) },
      'with TypeError.',
    ],
  ])('is told to fail where it %s', async (_, broken, words) => {
    const answer = await tryStorage({ ...memoryStore(), ...broken }, now);
    expect(answer).toEqual(seen({ works: false, detail: expect.stringContaining(words) as string }));
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('is not judged by what another instance wrote in between', async () => {
    const answer = await tryStorage({ ...memoryStore(), loadNote: async () => 'the mark of another' }, now);
    expect(answer).toMatchObject({ outcome: 'blind', reason: 'not-attempted' });
  });
});
