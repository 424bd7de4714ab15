import type { ExchangeSettings } from '../../core/ports';
import { blind, seen, type Blind, type Reading } from '../../core/reading';
import type { Integration } from '../../core/subject';
import { DAY } from '../../core/time';
import { createGraphLooks, tenantKey, type Graph, type GraphAccess } from '../directory/graph';
import { failedLook } from '../failed-look';
import { oneLine } from '../one-line';
import type { TenantMemory } from '../tenant-memory';
import { holdersOf } from './permission-rows';
import { createJob, findJob, readJob, readSnapshot } from './snapshot-graph';
import {
  failed,
  finished,
  nextMove,
  NO_SNAPSHOT,
  refused,
  started,
  underWay,
  unseen,
  type SnapshotJob,
  type SnapshotState,
} from './snapshot-state';

export interface ExchangeSnapshotOptions extends GraphAccess {
  readonly memory: TenantMemory<SnapshotState>;
  /** Gives the UPNs of a group's members, lower case. Never rejects. */
  readonly expandGroup: (integration: Integration, group: string) => Promise<Reading<readonly string[]>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds between two snapshots of a tenant, at least; large tenants get fewer. */
  readonly everyMs?: number;
}

export interface ExchangeSnapshot extends ExchangeSettings {
  /**
   * Takes the next step for each tenant of these integrations, which have to be all that there are: asks for a snapshot, looks after
   * the one under way, or waits. Of Graph it takes every answer; rejects where the memory does.
   */
  readonly refresh: (integrations: readonly Integration[]) => Promise<void>;
}

const source = 'graph-snapshot';
/** A snapshot holds the whole tenant: its download may take a while. */
const DEADLINE = 120_000;

/** Reads Exchange's settings from Graph's Tenant Configuration Management: supported, but slow, and of the whole tenant. */
export function createExchangeSnapshot(options: ExchangeSnapshotOptions): ExchangeSnapshot {
  const { memory, expandGroup, now, everyMs = DAY, credentialFor, deadlineMs = DEADLINE } = options;
  const lookAt = createGraphLooks({ credentialFor, deadlineMs });

  const ask = async (state: SnapshotState, graph: Graph): Promise<SnapshotState> => {
    // Graph may know of a job that the memory has lost: an answer that did not arrive must not cost a second snapshot.
    const known = await findJob(graph, now() - everyMs);
    if (known.outcome === 'blind') return refused(state, known, now());
    const job = known.value === undefined ? await createJob(graph) : seen(known.value);
    return job.outcome === 'blind' ? refused(state, job, now()) : started(state, job.value, everyMs);
  };

  const poll = async (state: SnapshotState, jobId: string, graph: Graph, addresses: readonly string[]) => {
    const job = await readJob(graph, jobId);
    if (job.outcome === 'blind') return unseen(state, job);
    const { status, snapshotId } = job.value;
    if (status === 'failed') return failed(state, job.value, withoutResult(job.value));
    if (status !== 'succeeded' && status !== 'partiallySuccessful') return underWay(state, job.value);
    if (snapshotId === undefined) return failed(state, job.value, withoutResult(job.value));
    const snapshot = await readSnapshot(graph, snapshotId, addresses);
    if (snapshot.outcome === 'blind') return unseen(state, snapshot);
    return finished(state, job.value, snapshot.value, status === 'succeeded' ? undefined : inPart(job.value));
  };

  const step = (state: SnapshotState, integration: Integration, addresses: readonly string[]) => {
    const move = nextMove(state, now());
    if (move === 'wait') return state;
    const graph = lookAt(integration);
    return move === 'poll' && state.jobId !== undefined
      ? poll(state, state.jobId, graph, addresses)
      : ask(state, graph);
  };

  return {
    async refresh(integrations) {
      const tenants = new Map(integrations.map((integration) => [tenantKey(integration), integration]));
      for (const [tenant, integration] of tenants) {
        const addresses = integrations
          .filter((one) => tenantKey(one) === tenant)
          .flatMap(({ mailboxes }) => mailboxes.map(({ address }) => address));
        const before = (await memory.load(tenant)) ?? NO_SNAPSHOT;
        const after = await step(before, integration, addresses);
        if (after !== before) await memory.save(tenant, after);
      }
    },

    async mailbox(integration, address) {
      const remembered = await recall(memory, integration);
      if (remembered.outcome === 'blind') return { casMailbox: remembered, mailboxPermissions: remembered };
      const { rows, readAt, problem } = remembered.value;
      const { settings, permissions } = rows[address] ?? {};
      const read = { readAt, source } as const;
      const missing = (what: string) => problem ?? notIn(what, address, readAt);
      return {
        casMailbox: settings === undefined ? missing('settings') : seen({ found: true, ...settings, ...read }),
        mailboxPermissions:
          permissions === undefined
            ? missing('permissions')
            : seen({ ...(await holdersOf(permissions, (name) => expandGroup(integration, name))), ...read }),
      };
    },

    servicePrincipal: () =>
      Promise.resolve(
        blind(
          'not-configured',
          'The snapshot of Microsoft Graph does not hold service principals of Exchange: set exchangeEvidence: admin-api to read them.',
        ),
      ),
  };
}

type Read = SnapshotState & Required<Pick<SnapshotState, 'readAt'>>;

async function recall(memory: TenantMemory<SnapshotState>, integration: Integration): Promise<Reading<Read>> {
  try {
    const { readAt, ...state } = (await memory.load(tenantKey(integration))) ?? NO_SNAPSHOT;
    if (readAt !== undefined) return seen({ ...state, readAt });
    return (
      state.problem ??
      blind(
        'not-attempted',
        `The first snapshot of ${integration.tenant} is under way: Microsoft Graph takes minutes to hours for it.`,
      )
    );
  } catch (error) {
    return failedLook(error, `Reading the last snapshot of ${integration.tenant} from the storage`);
  }
}

function notIn(what: string, address: string, readAt: number): Blind {
  return blind(
    'malformed',
    `The snapshot of ${new Date(readAt).toISOString()} holds no ${what} of ${address} that can be read: it names mailboxes by user principal name, and newer ones it does not hold.`,
  );
}

function withoutResult(job: SnapshotJob): Blind {
  return blind(
    'malformed',
    `Microsoft Graph could not take the snapshot ${job.id} (${job.status})${said(job)}. Check that the service principal 03b07b79-c5bc-4b5e-9bfa-13acf4a99998 exists, with the application permission Exchange.ManageAsApp and the Entra role Global Reader: https://learn.microsoft.com/graph/utcm-authentication-setup`,
  );
}

function inPart(job: SnapshotJob): Blind {
  return blind('malformed', `The snapshot ${job.id} of Microsoft Graph is incomplete${said(job)}.`);
}

/** The first of Graph's sentences, in short. */
function said({ errors }: SnapshotJob): string {
  const text = oneLine(errors.slice(0, 3).join(' '), 512);
  return text === '' ? '' : `: ${text}`;
}
