import { seen } from '../../shared/core/reading';
import { DAY, HOUR, MINUTE } from '../../shared/core/time';
import { createExchangeSnapshot, type ExchangeSnapshotOptions } from '../../shared/probes/exchange-settings/snapshot';
import type { SnapshotState } from '../../shared/probes/exchange-settings/snapshot-state';
import { createAuthority } from '../support/certificates';
import { exampleIntegration } from '../support/contexts';
import {
  startScriptedHttpsServer,
  trust,
  type ScriptedAnswer,
  type ScriptedHttpsServer,
} from '../support/scripted-https-server';
import { BEARER, blindTo, graphError, signedIn } from './directory-tenant';

const ADDRESS = 'support@contoso.com';
const BEGUN = Date.UTC(2026, 10, 25, 12);
const JOB_ID = 'c91a1470-acc9-4585-bc03-522ae898f82f';
const ROOT = '/v1.0/admin/configurationManagement';
const LIST = `GET ${ROOT}/configurationSnapshotJobs`;
const CREATE = `POST ${ROOT}/configurationSnapshots/createSnapshot`;
const JOB = `GET ${ROOT}/configurationSnapshotJobs('${JOB_ID}')`;
const SNAPSHOT = `GET ${ROOT}/configurationSnapshots('snap-1')`;

function job(status: string, changes: Readonly<Record<string, unknown>> = {}) {
  const ended = status === 'succeeded' || status === 'partiallySuccessful';
  return {
    id: JOB_ID,
    displayName: 'Mailbox Watch',
    status,
    createdDateTime: new Date(BEGUN).toISOString(),
    completedDateTime: '0001-01-01T00:00:00Z',
    resourceLocation: ended ? `https://elsewhere.example/v1.0/x/configurationSnapshots('snap-1')` : '',
    errorDetails: [],
    ...changes,
  };
}

function settings(Identity: string, changes: Readonly<Record<string, unknown>> = {}) {
  const properties = { Identity, ImapEnabled: false, PopEnabled: true, 'MaxSize@odata.type': '#Int64', ...changes };
  return { displayName: 'EXOCASMailboxSettings-x', resourceType: 'microsoft.exchange.casMailboxSettings', properties };
}

function permission(Identity: string, User: string, changes: Readonly<Record<string, unknown>> = {}) {
  const properties = { Identity, User, AccessRights: ['FullAccess'], Deny: false, InheritanceType: 'All', ...changes };
  return { displayName: 'y', resourceType: 'microsoft.exchange.mailboxpermission', properties };
}

const CONTENT = [
  settings('Support@contoso.com'),
  settings('other@contoso.com', { ImapEnabled: true }),
  permission('support@contoso.com', 'NT AUTHORITY\\SELF', { AccessRights: ['FullAccess', 'ReadPermission'] }),
  permission('support@contoso.com', 'Agents'),
  permission('other@contoso.com', 'eve@contoso.com'),
  { nonsense: true },
  null,
];

const authority = createAuthority();
let graph: ScriptedHttpsServer;
let distrust: () => void;
/** By method and path. */
let answers: Record<string, ScriptedAnswer>;
let states: Map<string, SnapshotState>;
let now: number;

const asked = () => graph.requests.map(({ method, path }) => `${method} ${path.split('?')[0] ?? ''}`);

function snapshot(options: Partial<ExchangeSnapshotOptions> = {}) {
  const probe = createExchangeSnapshot({
    credentialFor: () => signedIn,
    memory: {
      load: async (tenant) => states.get(tenant),
      // Through JSON, as in a table.
      save: async (tenant, state) => void states.set(tenant, JSON.parse(JSON.stringify(state)) as SnapshotState),
    },
    expandGroup: async () => seen(['anna@contoso.com']),
    now: () => now,
    ...options,
  });
  const integration = exampleIntegration({ graphEndpoint: graph.origin });
  return {
    refresh: async (times = 1) => {
      for (let i = 0; i < times; i++) await probe.refresh([integration]);
      expect(JSON.stringify([...states.values()])).not.toContain(BEARER);
    },
    refreshAll: probe.refresh,
    mailbox: (address = ADDRESS) => probe.mailbox(integration, address),
    servicePrincipal: () => probe.servicePrincipal(integration),
    state: () => [...states.values()][0],
    integration,
  };
}

beforeAll(async () => {
  const ca = await authority;
  distrust = trust(ca.certificate);
  graph = await startScriptedHttpsServer(await ca.issue());
});
beforeEach(() => {
  states = new Map();
  now = BEGUN;
  answers = {
    [LIST]: { body: { value: [] } },
    [CREATE]: { body: job('notStarted') },
    [JOB]: { body: job('succeeded') },
    [SNAPSHOT]: { body: { id: 'snap-1', parameters: [], resources: CONTENT } },
  };
  graph.requests.length = 0;
  graph.answer = ({ method, path }) => answers[`${method} ${path.split('?')[0] ?? ''}`] ?? { status: 404 };
});
afterAll(async () => {
  distrust();
  await graph.close();
});

function both(reading: unknown) {
  return { casMailbox: reading, mailboxPermissions: reading };
}

describe('a snapshot of Exchange’s settings', () => {
  it('is asked for once, waited for, and read', async () => {
    const probe = snapshot();
    expect(await probe.mailbox()).toEqual(both(blindTo('not-attempted', 'first snapshot', 'under way')));
    await probe.refresh();
    expect(asked()).toEqual([LIST, CREATE]);
    expect(JSON.parse(graph.requests[1]?.body ?? '')).toEqual({
      displayName: expect.stringMatching(/^[A-Za-z0-9 ]{8,32}$/) as unknown,
      description: expect.any(String) as unknown,
      resources: ['microsoft.exchange.casmailboxsettings', 'microsoft.exchange.mailboxpermission'],
    });
    expect(await probe.mailbox()).toEqual(both(blindTo('not-attempted', 'under way')));
    answers[JOB] = { body: job('running') };
    now += 5 * MINUTE;
    await probe.refresh();
    expect(probe.state()).toMatchObject({ status: 'running', jobId: JOB_ID });
    answers[JOB] = { body: job('succeeded') };
    now += 5 * MINUTE;
    await probe.refresh();
    expect(asked().slice(2)).toEqual([JOB, JOB, SNAPSHOT]);
    expect(graph.requests[2]?.headers).toMatchObject({ prefer: 'include-unknown-enum-members' });
    const read = { readAt: BEGUN, source: 'graph-snapshot' };
    expect(await probe.mailbox()).toEqual({
      casMailbox: seen({ found: true, imapEnabled: false, popEnabled: true, ...read }),
      mailboxPermissions: seen({ allowed: [{ name: 'agents', members: ['anna@contoso.com'] }], denied: [], ...read }),
    });
  });

  it('keeps what concerns the watched mailboxes only', async () => {
    const probe = snapshot();
    await probe.refresh(2);
    expect(Object.keys(probe.state()?.rows ?? {})).toEqual([ADDRESS]);
    expect(JSON.stringify(probe.state())).not.toContain('eve@');
    expect(await probe.mailbox('other@contoso.com')).toEqual(both(blindTo('malformed', 'other@contoso.com')));
  });

  it('is not asked for again within a day, and then is', async () => {
    const probe = snapshot();
    await probe.refresh(2);
    now = BEGUN + DAY - 1;
    await probe.refresh(3);
    expect(asked().filter((one) => one === CREATE)).toHaveLength(1);
    now = BEGUN + DAY;
    await probe.refresh();
    expect(asked().filter((one) => one === CREATE)).toHaveLength(2);
    // Until the next is read, the last one answers.
    expect(await probe.mailbox()).toMatchObject({ casMailbox: { value: { readAt: BEGUN } } });
  });

  it('is put off where the quota of a month would not last', async () => {
    const filler = Array.from({ length: 6000 }, (_, i) => settings(`user${i}@contoso.com`));
    answers[SNAPSHOT] = { body: { resources: [...CONTENT, ...filler] } };
    const probe = snapshot();
    await probe.refresh(2);
    expect((probe.state()?.nextAt ?? 0) - BEGUN).toBeGreaterThan(9 * DAY);
    expect((probe.state()?.nextAt ?? 0) - BEGUN).toBeLessThan(10 * DAY);
  });

  it('that Graph has begun already is not asked for a second time', async () => {
    const old = job('succeeded', { id: 'old', createdDateTime: new Date(BEGUN - DAY).toISOString() });
    const another = { id: 'another', displayName: 'Backup', createdDateTime: 'never' };
    answers[LIST] = { body: { value: [another, old, job('running')] } };
    await snapshot().refresh();
    expect(asked()).toEqual([LIST]);
    expect(snapshot().state()).toMatchObject({ jobId: JOB_ID, nextAt: BEGUN + DAY });
  });

  it('is shared by the integrations of a tenant', async () => {
    const probe = snapshot();
    const second = { ...probe.integration, id: 'second', mailboxes: [{ address: 'other@contoso.com' }] };
    await probe.refreshAll([probe.integration, second]);
    await probe.refreshAll([probe.integration, second]);
    expect(asked()).toEqual([LIST, CREATE, JOB, SNAPSHOT]);
    expect(await probe.mailbox('other@contoso.com')).toMatchObject({ casMailbox: { value: { imapEnabled: true } } });
  });

  it('has no switch by default, and no permissions by halves', async () => {
    answers[SNAPSHOT] = {
      body: { resources: [settings(ADDRESS, { ImapEnabled: null }), permission(ADDRESS, 'a', { Deny: undefined })] },
    };
    const probe = snapshot();
    await probe.refresh(2);
    expect(await probe.mailbox()).toEqual({
      casMailbox: blindTo('malformed', 'settings'),
      mailboxPermissions: blindTo('malformed', 'permissions'),
    });
  });

  it('without rows of a mailbox is no proof that nobody has access', async () => {
    answers[SNAPSHOT] = { body: { resources: [settings(ADDRESS), permission('Support', 'a@contoso.com')] } };
    const probe = snapshot();
    await probe.refresh(2);
    expect(await probe.mailbox()).toMatchObject({
      casMailbox: { outcome: 'seen' },
      mailboxPermissions: { outcome: 'blind', reason: 'malformed' },
    });
  });

  it('does not hold service principals', async () => {
    expect(await snapshot().servicePrincipal()).toEqual(blindTo('not-configured', 'does not hold service principals'));
  });
});

describe('a snapshot job', () => {
  it('of an unknown status goes on, and is given up when the next one is due', async () => {
    answers[JOB] = { body: job('unknownFutureValue') };
    const probe = snapshot();
    await probe.refresh(3);
    expect(probe.state()).toMatchObject({ status: 'unknownFutureValue', jobId: JOB_ID });
    now = BEGUN + DAY;
    await probe.refresh();
    expect(asked().slice(-2)).toEqual([LIST, CREATE]);
  });

  it('that succeeded in part says what is missing', async () => {
    const errorDetails = ['Mailbox support could\nnot be read.'];
    answers[JOB] = { body: job('partiallySuccessful', { errorDetails }) };
    answers[SNAPSHOT] = { body: { resources: [settings(ADDRESS)] } };
    const probe = snapshot();
    await probe.refresh(2);
    expect(await probe.mailbox()).toMatchObject({
      casMailbox: { outcome: 'seen' },
      mailboxPermissions: blindTo('malformed', 'incomplete: Mailbox support could not be read.'),
    });
  });

  it.each([
    ['failed', { errorDetails: ['No access.'] }, 'No access.'],
    ['succeeded', { resourceLocation: '' }, 'succeeded'],
  ])('without a result (%s) is told, and leaves what was known', async (status, changes, word) => {
    answers[JOB] = { body: job(status, changes) };
    const fresh = snapshot();
    await fresh.refresh(3);
    expect(await fresh.mailbox()).toEqual(both(blindTo('malformed', word, '03b07b79', 'Global Reader')));
    expect(asked()).toEqual([LIST, CREATE, JOB]);

    states.clear();
    answers[JOB] = { body: job('succeeded') };
    const probe = snapshot();
    await probe.refresh(2);
    now = BEGUN + DAY;
    answers[JOB] = { body: job(status, changes) };
    await probe.refresh(2);
    expect(await probe.mailbox()).toMatchObject({ casMailbox: { outcome: 'seen', value: { readAt: BEGUN } } });
  });

  it.each<[string, string, ScriptedAnswer, unknown]>([
    ['the job', JOB, graphError(404, 'NotFound'), blindTo('malformed', 'HTTP 404')],
    ['the job', JOB, { body: { id: JOB_ID } }, blindTo('malformed', 'status')],
    ['the snapshot', SNAPSHOT, { status: 200, body: { resources: 'none' } }, blindTo('malformed', 'resources')],
    ['the snapshot', SNAPSHOT, 'break', blindTo('unreachable')],
  ])('is looked after again where %s could not be read', async (_, path, failure, expected) => {
    const works = answers[path];
    answers[path] = failure;
    const probe = snapshot();
    await probe.refresh(2);
    expect(await probe.mailbox()).toEqual(both(expected));
    answers[path] = works ?? failure;
    await probe.refresh();
    expect(await probe.mailbox()).toMatchObject({ casMailbox: { outcome: 'seen' } });
  });
});

describe('a snapshot that cannot be asked for', () => {
  const quota = {
    status: 403,
    body: { error: { code: 'Forbidden', message: 'The snapshot quota of the tenant has been exceeded.' } },
  };
  it.each<[string, Record<string, ScriptedAnswer>, unknown]>([
    [
      'without permission to read',
      { [LIST]: graphError(403, 'Authorization_RequestDenied') },
      blindTo('denied', 'ConfigurationMonitoring.Read.All'),
    ],
    [
      'without permission to create',
      { [CREATE]: graphError(403, 'Authorization_RequestDenied') },
      blindTo('denied', 'ConfigurationMonitoring.ReadWrite.All'),
    ],
    ['over its quota', { [CREATE]: quota }, blindTo('throttled', 'quota', '20,000')],
    ['in a cloud that has none', { [LIST]: graphError(404, 'ResourceNotFound') }, blindTo('malformed', 'HTTP 404')],
    ['without a connection', { [CREATE]: 'break' }, blindTo('unreachable')],
    ['with an odd answer', { [CREATE]: { body: {} } }, blindTo('malformed', 'id')],
  ])('%s is told, and tried again after an hour', async (_, failures, expected) => {
    const works = { ...answers };
    Object.assign(answers, failures);
    const probe = snapshot();
    await probe.refresh();
    expect(await probe.mailbox()).toEqual(both(expected));
    const before = asked().length;
    now += HOUR - 1;
    await probe.refresh();
    expect(asked()).toHaveLength(before);
    now += 1;
    Object.assign(answers, works);
    await probe.refresh(2);
    expect(await probe.mailbox()).toMatchObject({ casMailbox: { outcome: 'seen' } });
  });

  it('has no credential', async () => {
    const probe = snapshot({ credentialFor: () => undefined });
    await probe.refresh();
    expect(await probe.mailbox()).toEqual(both(blindTo('not-configured', 'monitor.signIn')));
  });

  it('in time is told', async () => {
    answers[LIST] = 'hang';
    const probe = snapshot({ deadlineMs: 30 });
    await probe.refresh();
    expect(await probe.mailbox()).toEqual(both(blindTo('timeout')));
  });
});

describe('a memory that fails', () => {
  const memory = {
    load: () => Promise.reject(new RangeError('The table is gone.')),
    save: () => Promise.reject(new RangeError('The table is gone.')),
  };

  it('makes the mailbox blind, and the refresh reject', async () => {
    const probe = snapshot({ memory });
    expect(await probe.mailbox()).toEqual(both(blindTo('crashed', 'RangeError')));
    await expect(probe.refresh()).rejects.toThrow('The table is gone.');
  });
});
