import { TableClient } from '@azure/data-tables';
import { ConflictError, type HistoryEntry, type Store, type SubjectRecord } from '../../shared/core/ports';
import { blind } from '../../shared/core/reading';
import type { Subject } from '../../shared/core/subject';
import { summarize } from '../../shared/core/summarize';
import type { SubjectSummary } from '../../shared/core/summary';
import { createTableStore, tableClientFor } from '../../shared/store/table-store';
import { azuriteForTests } from '../support/azurite';
import { startBlackHole } from '../support/black-hole';
import { NO_APPLICATION_EVIDENCE } from '../support/no-evidence';
import { exampleNotice } from '../support/notices';

const azurite = azuriteForTests();
const CLIENT_ID = '11111111-2222-4333-8444-555555555555';

/** Every test has partitions of its own. */
let integrationId: string;
let tests = 0;
beforeEach(() => {
  integrationId = `integration-${++tests}`;
});

function client(): TableClient {
  return tableClientFor({ AzureWebJobsStorage: azurite() });
}

function store(): Store {
  return createTableStore(client());
}

function mailbox(address = 'support@contoso.com'): Subject {
  return { kind: 'mailbox', integrationId, mailbox: address };
}

function application(): Subject {
  return { kind: 'application', integrationId, clientId: CLIENT_ID };
}

function recordOf(subject: Subject, checkedAt = 1, detail = 'not permitted'): SubjectRecord {
  return {
    subject,
    checkedAt,
    tookMs: 12,
    checks: [
      { check: 'mailbox-opens', diagnosis: { verdict: 'healthy' }, since: 1, alert: { failures: 0, recoveries: 0 } },
    ],
    evidence: { ...NO_APPLICATION_EVIDENCE, appRegistration: blind('denied', detail) },
  };
}

function change(at: number, check: string): HistoryEntry {
  return { at, check, verdict: 'healthy', events: [] };
}

async function etagOf(subject: Subject): Promise<string> {
  const remembered = await store().load(subject);
  if (remembered === undefined) throw new Error('nothing is remembered');
  return remembered.etag;
}

/** Changes every row of this test's partition behind the store's back. */
async function spoilRows(changes: Record<string, unknown>): Promise<void> {
  const filter = `PartitionKey eq '${integrationId}'`;
  for await (const { partitionKey = '', rowKey = '' } of client().listEntities({ queryOptions: { filter } })) {
    await client().updateEntity({ partitionKey, rowKey, ...changes }, 'Merge');
  }
}

describe('a subject', () => {
  it('that was never saved is not remembered', async () => {
    expect(await store().load(mailbox())).toBeUndefined();
  });

  it.each<[string, () => Subject]>([
    ['application', application],
    ['mailbox', () => mailbox()],
    ['mailbox with an apostrophe and a plus', () => mailbox("o'brien+test@contoso.com")],
    ['mailbox with what keys forbid', () => mailbox('a/b\\c#d?e%f|g=h@contoso.com')],
    ['mailbox in other scripts', () => mailbox('почта-☎-😀@例え.jp')],
    ['mailbox with control characters', () => mailbox('tab\tdel\u007f@contoso.com')],
  ])('is loaded as it was saved: %s', async (_, subjectOf) => {
    const record = recordOf(subjectOf());
    await store().save(record, [change(1, 'mailbox-opens')], undefined);
    expect((await store().load(record.subject))?.record).toEqual(record);
    expect(await store().loadAll([integrationId])).toEqual([record]);
    expect(await store().history(record.subject, 9)).toEqual([change(1, 'mailbox-opens')]);
  });

  it('is kept apart from one whose name differs in what keys forbid', async () => {
    const subjects = ['a/b@contoso.com', 'a=2fb@contoso.com', 'a#b@contoso.com', 'a_b@contoso.com'].map(mailbox);
    for (const subject of subjects) await store().save(recordOf(subject), [], undefined);
    expect((await store().loadAll([integrationId])).map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(subjects),
    );
  });

  it('may carry much evidence in any script, and less of it later', async () => {
    const much = recordOf(mailbox(), 1, '😀"\\ä'.repeat(50_000));
    await store().save(much, [], undefined);
    expect((await store().load(mailbox()))?.record).toEqual(much);

    const little = recordOf(mailbox(), 2);
    await store().save(little, [], await etagOf(mailbox()));
    expect((await store().load(mailbox()))?.record).toEqual(little);
  });

  it('with more evidence than a row holds is refused, and nothing is written', async () => {
    const saving = store().save(recordOf(mailbox(), 1, 'x'.repeat(500_000)), [], undefined);
    await expect(saving).rejects.toThrow(/^Storage: \d+ characters .* 400000 fit/);
    expect(await store().load(mailbox())).toBeUndefined();
  });
});

describe('two writers', () => {
  it('cannot both create a subject', async () => {
    await store().save(recordOf(mailbox(), 1), [], undefined);
    await expect(store().save(recordOf(mailbox(), 2), [], undefined)).rejects.toThrow(ConflictError);
    expect((await store().load(mailbox()))?.record.checkedAt).toBe(1);
  });

  it('cannot both update what they read, and the loser leaves no history', async () => {
    await store().save(recordOf(mailbox(), 1), [], undefined);
    const etag = await etagOf(mailbox());
    await store().save(recordOf(mailbox(), 2), [change(2, 'winner')], etag);
    await expect(store().save(recordOf(mailbox(), 3), [change(3, 'loser')], etag)).rejects.toThrow(ConflictError);
    expect((await store().load(mailbox()))?.record.checkedAt).toBe(2);
    expect(await store().history(mailbox(), 9)).toEqual([change(2, 'winner')]);
  });

  it('conflict when one updates what the other has deleted', async () => {
    await store().save(recordOf(application()), [], undefined);
    const etag = await etagOf(application());
    await client().deleteEntity(integrationId, `subject|application|${CLIENT_ID}`);
    await expect(store().save(recordOf(application()), [], etag)).rejects.toThrow(ConflictError);
  });

  it('may both be the first to use the table', async () => {
    await client().deleteTable();
    const stores = Array.from({ length: 5 }, store);
    await Promise.all(stores.map((each, i) => each.save(recordOf(mailbox(`m${i}@contoso.com`)), [], undefined)));
    expect(await store().loadAll([integrationId])).toHaveLength(5);
  });
});

describe('the history', () => {
  it('comes newest first, of this subject only, at most as many as asked for', async () => {
    const changes = [change(1000, 'a'), change(1000, 'b'), change(20_000, 'c'), change(1_764_000_000_000, 'd')];
    await store().save(recordOf(mailbox()), changes.slice(0, 2), undefined);
    await store().save(recordOf(mailbox()), changes.slice(2, 3), await etagOf(mailbox()));
    await store().save(recordOf(mailbox()), changes.slice(3), await etagOf(mailbox()));
    await store().save(recordOf(application()), [change(30_000, 'another')], undefined);
    await store().save(recordOf(mailbox('support@contoso.com.au')), [change(30_000, 'another')], undefined);

    const names = async (limit: number) => (await store().history(mailbox(), limit)).map(({ check }) => check);
    expect(await names(9)).toEqual(['d', 'c', 'b', 'a']);
    expect(await names(3)).toEqual(['d', 'c', 'b']);
  });

  it('keeps both changes of two saves in the same millisecond', async () => {
    await store().save(recordOf(mailbox()), [change(5, 'a')], undefined);
    await store().save(recordOf(mailbox()), [change(5, 'b')], await etagOf(mailbox()));
    expect(await store().history(mailbox(), 9)).toHaveLength(2);
  });

  it('takes 99 changes in one save and refuses more', async () => {
    const changes = Array.from({ length: 99 }, (_, i) => change(i, 'x'));
    await store().save(recordOf(mailbox()), changes, undefined);
    expect(await store().history(mailbox(), 200)).toEqual(changes.toReversed());
    await expect(store().save(recordOf(application()), [...changes, change(99, 'x')], undefined)).rejects.toThrow(
      'Storage: 100 changes at once',
    );
  });
});

describe('all that is remembered', () => {
  it('is read over every page, of the integrations asked for only, without history', async () => {
    const addresses = Array.from({ length: 1050 }, (_, i) => `mailbox-${i}@contoso.com`);
    const rows = await rowsOf(addresses);
    for (let i = 0; i < rows.length; i += 100) {
      await client().submitTransaction(rows.slice(i, i + 100).map((row) => ['create', row]));
    }
    const asked = integrationId;
    integrationId = `${asked}-other`;
    await store().save(recordOf(mailbox()), [], undefined);

    const records = await store().loadAll([asked]);
    expect(new Set(records.map(({ subject }) => subject.kind === 'mailbox' && subject.mailbox))).toEqual(
      new Set(addresses),
    );
    expect(await store().loadAll([asked, integrationId, 'unknown'])).toHaveLength(1051);
    expect(await store().loadAll([])).toEqual([]);
  });

  it('is known at a look, and only what was written since is read again', async () => {
    const reads = jest.spyOn(TableClient.prototype, 'listEntities');
    const [one, reader] = [store(), store()];
    const names = Array.from({ length: 250 }, (_, i) => `mailbox-${i}@contoso.com`);
    await one.saveSummaries(names.map((name) => summarized(name, 1)));
    const looks = async () =>
      [...(await reader.summaries()).values()]
        .filter(({ subject }) => subject.integrationId === integrationId)
        .map(({ checkedAt }) => checkedAt)
        .toSorted();
    expect(await looks()).toEqual(names.map(() => 1));

    // Another instance looks at one of them again, and a slow one writes what it saw before.
    await one.saveSummaries([summarized('mailbox-7@contoso.com', 3)]);
    expect(await looks()).toEqual([...names.slice(1).map(() => 1), 3]);
    await one.saveSummaries([summarized('mailbox-7@contoso.com', 2)]);
    expect(await looks()).toEqual([...names.slice(1).map(() => 1), 3]);
    const filters = reads.mock.calls.map(([options]) => options?.queryOptions?.filter ?? '');
    expect(filters[0]).not.toContain('Timestamp');
    expect(filters.at(-1)).toMatch(/ and Timestamp ge datetime'20/);

    // Whoever asks meanwhile gets the same answer.
    reads.mockClear();
    await Promise.all([reader.summaries(), reader.summaries()]);
    expect(reads).toHaveBeenCalledTimes(1);
    reads.mockRestore();
  });

  function summarized(name: string, checkedAt: number): SubjectSummary {
    return summarize(recordOf(mailbox(name), checkedAt), { checks: [] });
  }

  /** Rows as the store writes them, taken from one that it wrote. */
  async function rowsOf(addresses: readonly string[]) {
    await store().save(recordOf(mailbox('template@contoso.com')), [change(1, 'x')], undefined);
    const key = 'subject|mailbox|template@contoso.com';
    const { document0 } = await client().getEntity<{ document0: string }>(integrationId, key);
    await client().deleteEntity(integrationId, key);
    return addresses.map((address) => ({
      partitionKey: integrationId,
      rowKey: key.replace('template@contoso.com', address),
      schemaVersion: 1,
      document0: document0.replace('template@contoso.com', address),
    }));
  }
});

describe('a row that cannot be understood is an error that names it, never "not seen"', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['of a newer version', { schemaVersion: 2 }, /written by a newer Mailbox Watch \(schema 2, this one reads 1\)/],
    ['without a version', { schemaVersion: 'x' }, /is damaged: it has no schema version/],
    ['cut off', { document0: '{"subject":' }, /is damaged: its document is no JSON/],
    ['of something else', { document0: '{"subject":{"kind":"mailbox"}}' }, /is damaged: it holds no record/],
    [
      'of another subject',
      { document0: JSON.stringify(recordOf({ kind: 'mailbox', integrationId: 'x', mailbox: 'y@contoso.com' })) },
      /is damaged: it holds the record of another subject/,
    ],
  ])('%s', async (_, changes, message) => {
    await store().save(recordOf(mailbox()), [], undefined);
    await spoilRows(changes);
    for (const read of [() => store().load(mailbox()), () => store().loadAll([integrationId])]) {
      const reading = read();
      await expect(reading).rejects.toThrow(message);
      await expect(reading).rejects.toThrow(
        `PartitionKey ${integrationId} and RowKey subject|mailbox|support@contoso.com`,
      );
    }
  });

  it('in the history too', async () => {
    await store().save(recordOf(mailbox()), [change(1, 'x')], undefined);
    await spoilRows({ document0: '{}' });
    await expect(store().history(mailbox(), 1)).rejects.toThrow(
      /RowKey history\|mailbox\|.* it holds no history entry/,
    );
  });
});

describe('storage that fails', () => {
  const KEY = 'c2VjcmV0LWFjY291bnQta2V5LW5ldmVyLXNob3du';
  const at = (port: number) =>
    `DefaultEndpointsProtocol=http;AccountName=contoso;AccountKey=${KEY};TableEndpoint=http://127.0.0.1:${port}/contoso`;

  async function failure(work: Promise<unknown>): Promise<string> {
    const error = await work.then(
      () => new Error('it did not fail'),
      (reason: unknown) => reason,
    );
    if (!(error instanceof Error)) throw new Error('no error was thrown');
    expect(JSON.stringify([error.message, error.stack, error.cause])).not.toContain(KEY);
    return error.message;
  }

  it('nobody listens', async () => {
    const away = createTableStore(tableClientFor({ AzureWebJobsStorage: at(1) }));
    const started = Date.now();
    expect(await failure(away.load(mailbox()))).toBe(
      `Storage: reading ${integrationId}/mailbox/support@contoso.com in table MailboxWatchSubjects at http://127.0.0.1:1/contoso failed (ECONNREFUSED). Nobody answered: check the address in AzureWebJobsStorage, the firewall of the storage account, and on your own machine that Azurite runs.`,
    );
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('nobody answers', async () => {
    const hole = await startBlackHole();
    try {
      const away = createTableStore(tableClientFor({ AzureWebJobsStorage: at(hole.port) }), { deadlineMs: 200 });
      expect(await failure(away.save(recordOf(mailbox()), [], undefined))).toMatch(
        /^Storage: writing .* failed \(AbortError\)/,
      );
    } finally {
      await hole.close();
    }
  });

  it('the key is wrong', async () => {
    const wrong = azurite().replace(/AccountKey=[^;]+/, `AccountKey=${KEY}`);
    const away = createTableStore(tableClientFor({ AzureWebJobsStorage: wrong }));
    expect(await failure(away.loadAll(['x']))).toMatch(
      /failed \(403 .*\)\. The storage account refuses: .* Storage Table Data Contributor/,
    );
  });

  it('comes back, table and all, without a restart', async () => {
    const same = store();
    await same.save(recordOf(mailbox()), [], undefined);
    await client().deleteTable();
    expect(await failure(same.load(mailbox()))).toMatch(/failed \(404 TableNotFound\)\. The table is gone/);
    expect(await same.load(mailbox())).toBeUndefined();
  });
});

describe('the settings of the storage', () => {
  it('may name a managed identity', () => {
    const url = 'https://contoso.table.core.windows.net';
    expect(tableClientFor({ AzureWebJobsStorage__tableServiceUri: url }).url).toBe(url);
  });

  it('may name the emulator', () => {
    expect(tableClientFor({ AzureWebJobsStorage: 'UseDevelopmentStorage=true' }).url).toContain('127.0.0.1:10002');
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['nothing', {}, /^Storage: none is set\. Set AzureWebJobsStorage/],
    ['an empty text', { AzureWebJobsStorage: '' }, /^Storage: none is set/],
    ['no connection string', { AzureWebJobsStorage: 'AccountKey=topsecret' }, /is no connection string\. Copy one/],
    ['http', { AzureWebJobsStorage__tableServiceUri: 'http://contoso' }, /__tableServiceUri is no https address/],
  ])('that name %s are refused with what to do', (_, environment, message) => {
    expect(() => tableClientFor(environment)).toThrow(message);
    expect(() => tableClientFor(environment)).not.toThrow(/topsecret/);
  });
});

describe('a note', () => {
  it('is there for the next reader, the last writer wins, and no subject is taken for it', async () => {
    const key = `exchange-snapshot https://login.example.com/${integrationId}`;
    expect(await store().loadNote(key)).toBeUndefined();
    await store().saveNote(key, { jobId: 'a' });
    await store().saveNote(key, { jobId: 'b', rows: [1, 2] });
    expect(await store().loadNote(key)).toEqual({ jobId: 'b', rows: [1, 2] });
    expect(await store().loadAll([integrationId, '-notes'])).toEqual([]);
  });
});

describe('notices on their way', () => {
  const entry = () => ({
    notice: exampleNotice({ integration: { id: integrationId, name: 'Contoso' } }),
    pending: { teams: { attempts: 0, notBefore: 5 } },
  });

  it('are kept in the transaction of the change that they tell of', async () => {
    const notice = entry();
    await store().save(recordOf(mailbox()), [change(1, 'mailbox-opens')], undefined, [notice]);
    expect(await store().loadOutbox([integrationId])).toEqual([{ entry: notice, etag: expect.any(String) as string }]);
    // A change that somebody else was faster with brings no notice.
    const late = store().save(recordOf(mailbox(), 2), [], 'W/"other"', [
      { ...notice, notice: { ...notice.notice, id: 'late' } },
    ]);
    await expect(late).rejects.toThrow(ConflictError);
    expect(await store().loadOutbox([integrationId])).toHaveLength(1);
    expect((await store().loadAll([integrationId])).map(({ subject }) => subject)).toEqual([mailbox()]);
  });

  it('are changed and removed by whoever knows their latest state', async () => {
    const notice = entry();
    await store().save(recordOf(mailbox()), [], undefined, [notice]);
    const [kept] = await store().loadOutbox([integrationId]);
    if (kept === undefined) throw new Error('nothing was kept');
    const next = { ...notice, pending: { teams: { attempts: 1, notBefore: 9 } } };
    const etag = await store().replaceNotice(kept.entry, next, kept.etag);
    expect((await store().loadOutbox([integrationId])).map((one) => one.entry)).toEqual([next]);
    await expect(store().replaceNotice(kept.entry, undefined, kept.etag)).rejects.toThrow(ConflictError);
    await store().replaceNotice(next, undefined, etag ?? '');
    expect(await store().loadOutbox([integrationId])).toEqual([]);
    await expect(store().replaceNotice(next, undefined, etag ?? '')).rejects.toThrow(ConflictError);
  });

  it('that are damaged are told of', async () => {
    await store().save(recordOf(mailbox()), [], undefined, [entry()]);
    await spoilRows({ document0: '{}' });
    await expect(store().loadOutbox([integrationId])).rejects.toThrow('holds no notice');
  });
});
