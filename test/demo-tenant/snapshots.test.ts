import { MAILBOX_CHECKS } from '../../shared/checks';
import { DELEGATED_TOKEN, NOT_CONNECTED } from '../../shared/checks/example-evidence';
import { diagnoseAll } from '../../shared/core/diagnose';
import type { ExchangeReading } from '../../shared/core/ports';
import { contextOf, type Integration } from '../../shared/core/subject';
import { HOUR } from '../../shared/core/time';
import { createGroupExpander } from '../../shared/probes/directory/group-members';
import { createExchangeAdminApi } from '../../shared/probes/exchange-settings/admin-api';
import { chooseExchange } from '../../shared/probes/exchange-settings/choose';
import { createExchangeSnapshot } from '../../shared/probes/exchange-settings/snapshot';
import type { SnapshotState } from '../../shared/probes/exchange-settings/snapshot-state';
import { NO_MAILBOX_EVIDENCE } from '../support/no-evidence';
import { startContosoBench, type ContosoBench } from './contoso-bench';

let bench: ContosoBench;
let desk: Integration;
beforeAll(async () => {
  bench = await startContosoBench();
  desk = bench.integration('jsm-service-desk');
});
beforeEach(() => {
  const { tenant } = bench.demo.world;
  tenant.snapshotJobs.length = 0;
  tenant.snapshotOutcome = 'succeeded';
});
afterAll(() => bench.close());

/** The adapter with a memory of its own, and a clock that the test sets. */
function adapter() {
  const clock = { now: Date.now() };
  const states = new Map<string, SnapshotState>();
  const { credentialFor } = bench;
  const expandGroup = createGroupExpander({ credentialFor });
  const memory = {
    load: async (tenant: string) => states.get(tenant),
    save: async (tenant: string, state: SnapshotState) => void states.set(tenant, state),
  };
  const snapshot = createExchangeSnapshot({ credentialFor, expandGroup, memory, now: () => clock.now });
  return {
    clock,
    snapshot,
    auto: chooseExchange(
      'auto',
      createExchangeAdminApi({ credentialFor, expandGroup, now: () => clock.now }),
      snapshot,
    ),
    state: () => [...states.values()][0],
    /** Asks for a snapshot and looks after it until it is there. */
    take: async () => {
      for (let step = 0; step < 3; step++) await snapshot.refresh([desk]);
    },
  };
}

function verdicts(exchange: ExchangeReading, address: string, now: number): string[] {
  const evidence = { ...NO_MAILBOX_EVIDENCE, accessToken: DELEGATED_TOKEN, imapSession: NOT_CONNECTED, ...exchange };
  const context = contextOf({ kind: 'mailbox', integrationId: desk.id, mailbox: address }, desk, now);
  return [...diagnoseAll(MAILBOX_CHECKS, evidence, context).values()].flatMap((diagnosis) =>
    diagnosis.verdict === 'diagnosed' ? [`${diagnosis.cause.id} ${diagnosis.cause.confidence}`] : [],
  );
}

describe('a snapshot of Contoso', () => {
  it('is asked for, looked after and read in three steps, and once a day only', async () => {
    const { snapshot, state, clock, take } = adapter();
    await snapshot.refresh([desk]);
    expect(state()).toMatchObject({ status: 'notStarted' });
    expect(await snapshot.mailbox(desk, 'hr@contoso.com')).toMatchObject({ casMailbox: { reason: 'not-attempted' } });
    await snapshot.refresh([desk]);
    expect(state()).toMatchObject({ status: 'running' });
    await snapshot.refresh([desk]);
    expect(state()).toMatchObject({ status: 'succeeded', problem: undefined });
    await take();
    expect(bench.demo.world.tenant.snapshotJobs).toHaveLength(1);
    clock.now += 25 * HOUR;
    await snapshot.refresh([desk]);
    expect(bench.demo.world.tenant.snapshotJobs).toHaveLength(2);
  });

  it.each([
    ['hr@contoso.com', 'imap-disabled'],
    ['facilities@contoso.com', 'full-access-missing'],
  ])('tells what is wrong with %s: confirmed while it is fresh, inferred later', async (address, cause) => {
    const { snapshot, clock, take } = adapter();
    await take();
    const reading = await snapshot.mailbox(desk, address);
    expect(reading).toMatchObject({ casMailbox: { value: { found: true, source: 'graph-snapshot' } } });
    expect(verdicts(reading, address, clock.now)).toEqual([`${cause} confirmed`]);
    expect(verdicts(reading, address, clock.now + 20 * HOUR)).toEqual([`${cause} inferred`]);
  });

  it('expands groups that have Full Access', async () => {
    const { snapshot, take } = adapter();
    await take();
    expect(await snapshot.mailbox(desk, 'it@contoso.com')).toMatchObject({
      mailboxPermissions: {
        value: {
          allowed: expect.arrayContaining([{ name: 'helpdesk agents', members: ['svc-jira@contoso.com'] }]) as unknown,
          denied: [],
        },
      },
    });
  });

  it('that is incomplete shows what it holds, and is blind to the rest', async () => {
    bench.demo.world.tenant.snapshotOutcome = 'partiallySuccessful';
    const { snapshot, take, state } = adapter();
    await take();
    expect(state()).toMatchObject({ status: 'partiallySuccessful' });
    const { casMailbox, mailboxPermissions } = await snapshot.mailbox(desk, 'facilities@contoso.com');
    expect(casMailbox).toMatchObject({ value: { imapEnabled: true } });
    expect(mailboxPermissions).toMatchObject({
      outcome: 'blind',
      detail: expect.stringContaining('is incomplete') as unknown,
    });
  });

  it('that failed says what to set up', async () => {
    bench.demo.world.tenant.snapshotOutcome = 'failed';
    const { snapshot, take } = adapter();
    await take();
    const { casMailbox } = await snapshot.mailbox(desk, 'hr@contoso.com');
    expect(casMailbox).toMatchObject({ outcome: 'blind', detail: expect.stringContaining('Global Reader') as unknown });
  });

  it('is not taken without the permission, nor beyond the quota', async () => {
    const { appRoles } = bench.monitorApp;
    const before = appRoles.graph;
    appRoles.graph = before.filter((role) => !role.startsWith('ConfigurationMonitoring'));
    const denied = adapter();
    await denied.take();
    appRoles.graph = before;
    expect(await denied.snapshot.mailbox(desk, 'hr@contoso.com')).toMatchObject({ casMailbox: { reason: 'denied' } });

    const { tenant } = bench.demo.world;
    const job = {
      displayName: 'Of somebody else',
      description: '',
      resources: [],
      createdAt: 0,
      looks: 0,
      content: [],
    };
    tenant.snapshotJobs.push(...Array.from({ length: 12 }, (_, i) => ({ ...job, id: `${i}`, snapshotId: `s${i}` })));
    const full = adapter();
    await full.take();
    expect(await full.snapshot.mailbox(desk, 'hr@contoso.com')).toMatchObject({ casMailbox: { reason: 'throttled' } });
  });
});

describe('without a role in Exchange', () => {
  it('the last snapshot stands in for the administration', async () => {
    const { auto, snapshot, take, clock } = adapter();
    await take();
    await bench.demo.breakAgain('exchange-admin-denied');
    try {
      const reading = await auto.mailbox(desk, 'hr@contoso.com');
      expect(reading).toEqual(await snapshot.mailbox(desk, 'hr@contoso.com'));
      expect(verdicts(reading, 'hr@contoso.com', clock.now)).toEqual(['imap-disabled confirmed']);
    } finally {
      await bench.demo.repair('exchange-admin-denied');
    }
    expect(await auto.mailbox(desk, 'hr@contoso.com')).toMatchObject({
      casMailbox: { value: { source: 'admin-api' } },
    });
  });
});
