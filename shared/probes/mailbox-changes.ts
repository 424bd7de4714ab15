import type { MailboxChanges } from '../core/evidence';
import { blind, seen, type Reading } from '../core/reading';
import type { Integration } from '../core/subject';
import type { SubjectSummary } from '../core/summary';
import { createGraphLooks, tenantKey, type Graph, type GraphAccess } from './directory/graph';
import { failedLook } from './failed-look';
import { createQuery, readQuery, readRecords } from './mailbox-changes/search-graph';
import { asked, failed, finished, nextStep, NO_SEARCH, unseen, type SearchState } from './mailbox-changes/search-state';
import type { TenantMemory } from './tenant-memory';

export interface MailboxChangesOptions extends GraphAccess {
  readonly memory: TenantMemory<SearchState>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface MailboxChangeLog {
  /**
   * Takes the next step for the tenant of these integrations: asks the audit log, looks after the search under way, or waits. `faultSince`:
   * when the newest fault began that a change may explain. Of Graph it takes every answer; rejects where the memory does.
   */
  readonly refresh: (
    integrations: readonly Integration[],
    faultSince: (of: Integration) => number | undefined,
  ) => Promise<void>;
  /** What the last search found of a mailbox, under any of its names (lower case). Never rejects. */
  readonly of: (integration: Integration, names: readonly string[]) => Promise<Reading<MailboxChanges>>;
}

/** Changes of one mailbox that its evidence holds. */
const MOST_OF_ONE = 20;

/** Who changed a mailbox, from the audit log: searches take minutes to hours, so they are asked for now and read at a later run. */
export function createMailboxChangeLog({
  memory,
  now,
  credentialFor,
  deadlineMs,
}: MailboxChangesOptions): MailboxChangeLog {
  const lookAt = createGraphLooks({ credentialFor, ...(deadlineMs !== undefined && { deadlineMs }) });

  const ask = async (state: SearchState, graph: Graph): Promise<SearchState> => {
    const query = await createQuery(graph, now());
    return query.outcome === 'blind' ? failed(state, query, now()) : asked(state, query.value.id, now());
  };

  const poll = async (state: SearchState, id: string, graph: Graph): Promise<SearchState> => {
    const query = await readQuery(graph, id);
    if (query.outcome === 'blind') return unseen(state, query);
    const { status } = query.value;
    if (status === 'failed' || status === 'cancelled') return failed(state, ended(status), now());
    if (status !== 'succeeded') return state;
    const found = await readRecords(graph, id);
    return found.outcome === 'blind' ? unseen(state, found) : finished(state, found.value);
  };

  return {
    async refresh(integrations, faultSince) {
      const tenants = new Map(
        integrations.filter(isSearched).map((integration) => [tenantKey(integration), integration]),
      );
      for (const [tenant, integration] of tenants) {
        const before = (await memory.load(tenant)) ?? NO_SEARCH;
        const step = nextStep(before, faultSince(integration), now());
        if (step === 'wait') continue;
        const graph = lookAt(integration);
        const { queryId } = before;
        const after =
          step === 'poll' && queryId !== undefined ? await poll(before, queryId, graph) : await ask(before, graph);
        if (after !== before) await memory.save(tenant, after);
      }
    },

    async of(integration, names) {
      if (integration.cloud !== 'worldwide') {
        return blind(
          'not-used',
          'Microsoft lets the audit log be searched through Graph in the worldwide cloud alone.',
        );
      }
      try {
        const { changes, searchedFrom, searchedTo, problem } = (await memory.load(tenantKey(integration))) ?? NO_SEARCH;
        if (searchedTo === undefined || searchedFrom === undefined) return problem ?? underWay(integration);
        const own = changes.filter(({ of }) => of.some((name) => names.includes(name))).slice(0, MOST_OF_ONE);
        return seen({
          changes: own.map(({ at, operation, by, parameters }) => ({ at, operation, by, parameters })),
          searchedFrom,
          readAt: searchedTo,
        });
      } catch (error) {
        return failedLook(error, `Reading what the audit log of ${integration.tenant} told from the storage`);
      }
    },
  };
}

/** Whether the audit log is searched for this integration: it is asked for, and Microsoft offers it there. Pure. */
export function isSearched({ optionalEvidence, cloud }: Integration): boolean {
  return optionalEvidence.includes('mailbox-changes') && cloud === 'worldwide';
}

/** Causes that somebody may have brought about on the mailbox. */
const BROUGHT_ABOUT: readonly string[] = [
  'imap-disabled',
  'pop-disabled',
  'full-access-missing',
  'full-access-denied',
  'mailbox-refused',
];

/**
 * When the newest open alert of the tenant's mailboxes began that a change may explain, milliseconds since 1970; undefined where there is
 * none. Pure.
 */
export function newestFault(
  all: readonly Integration[],
  of: Integration,
  summaries: readonly SubjectSummary[],
): number | undefined {
  const ids = new Set(all.filter((one) => tenantKey(one) === tenantKey(of)).map(({ id }) => id));
  const opened = summaries
    .filter(({ subject }) => subject.kind === 'mailbox' && ids.has(subject.integrationId))
    .flatMap(({ alerts }) =>
      alerts.filter(({ cause }) => BROUGHT_ABOUT.includes(cause)).map(({ openedAt }) => openedAt),
    );
  return opened.length === 0 ? undefined : Math.max(...opened);
}

function underWay({ tenant }: Integration) {
  return blind(
    'not-attempted',
    `Who changed the mailbox is not known yet: the audit log of ${tenant} is searched once the fault has been seen, which takes Microsoft minutes to hours.`,
  );
}

function ended(status: string) {
  return blind(
    'malformed',
    `Microsoft Graph ended the search of the audit log without a result (${status}). It is asked again in an hour.`,
  );
}
