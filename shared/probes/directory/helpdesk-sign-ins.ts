import { GraphError } from '@microsoft/microsoft-graph-client';
import type { SignIn, SignInStatus } from '@microsoft/microsoft-graph-types';
import * as z from 'zod';
import type { HelpdeskSignIns, LoggedSignIn } from '../../core/evidence';
import { blind, seen, type Reading } from '../../core/reading';
import type { Integration } from '../../core/subject';
import { DAY } from '../../core/time';
import { oneLine } from '../one-line';
import { isOwnCorrelationId } from '../entra/own-requests';
import { pageOf } from './collection';
import type { Graph } from './graph';
import { explain, type Question } from './question';
import type { Shape } from './shape';

/** A helpdesk needs a new token every hour or so. */
const LOOKS_BACK = DAY;
const A_PAGE = 100;
/** Enough for ten delegates for a day; who has more is seen as far back as that. */
const MAX_PAGES = 5;
/** Of each of the 500 sign-ins that may be kept. */
const MAX_SAID = 200;

const Logged = z.object({
  createdDateTime: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  correlationId: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  status: z.object({
    errorCode: z.int(),
    failureReason: z.string().nullish(),
  } satisfies Shape<SignInStatus>),
} satisfies Shape<SignIn>);

/**
 * Reads the newest sign-ins of the app, newest first: one request where the log is short, five at most. Only the log of /beta knows
 * those of service principals and those without a person; it takes one kind a request
 * (https://learn.microsoft.com/graph/api/signin-list?view=graph-rest-beta). Never rejects.
 */
export async function readHelpdeskSignIns(
  graph: Graph,
  { clientId, flow, optionalEvidence }: Pick<Integration, 'clientId' | 'flow' | 'optionalEvidence'>,
  now: () => number,
): Promise<Reading<HelpdeskSignIns>> {
  if (!optionalEvidence.includes('helpdesk-sign-ins')) {
    return blind('not-used', 'The sign-in log is not read: optionalEvidence does not name helpdesk-sign-ins.');
  }
  const from = now() - LOOKS_BACK;
  const kind = flow === 'application' ? 'servicePrincipal' : 'nonInteractiveUser';
  const filter = [
    `signInEventTypes/any(t:t eq '${kind}')`,
    `appId eq '${clientId}'`,
    `createdDateTime ge ${new Date(from).toISOString()}`,
  ].join(' and ');
  const question: Question = {
    url: `${graph.endpoint}/beta/auditLogs/signIns?$filter=${encodeURIComponent(filter)}&$top=${A_PAGE}`,
    what: `the sign-in log of app ${clientId}`,
    permission: 'AuditLog.Read.All',
  };
  const log: Entry[] = [];
  let next: string | undefined = question.url;
  let oldest = from;
  for (let pages = 0; next !== undefined && pages < MAX_PAGES; pages++) {
    const page = await pageAt(graph, next, question);
    if (page.outcome === 'blind') return page;
    log.push(...page.value.items);
    oldest = page.value.items.at(-1)?.createdDateTime ?? oldest;
    next = page.value.next;
  }
  const newest = newestOf(log);
  // Its own requests have to be told from the helpdesk's, or a success of its own would look like one.
  if (Object.values(newest).every(({ mailboxWatch }) => mailboxWatch === undefined)) {
    return blind(
      'not-attempted',
      `There is no sign-in of Mailbox Watch in ${question.what} yet, by which it tells the helpdesk's from its own. Entra ID logs them some minutes late: the next look will tell.`,
    );
  }
  return seen({ newest, since: next === undefined ? from : oldest, readAt: now() });
}

/** Graph's code where the licence is lacking, as reported in https://github.com/microsoftgraph/msgraph-sdk-dotnet/issues/1006. */
const WITHOUT_LICENCE = 'Authentication_RequestFromNonPremiumTenantOrB2CTenant';

async function pageAt(graph: Graph, url: string, question: Question): Promise<ReturnType<typeof pageOf<Entry>>> {
  try {
    return pageOf(await graph.get(url), graph, question, Logged);
  } catch (error) {
    if (!(error instanceof GraphError && error.code === WITHOUT_LICENCE)) return explain(error, question, graph);
    return blind(
      'denied',
      `Reading ${question.what} was refused: the tenant has no Entra ID P1 licence, which Microsoft wants for it. Take helpdesk-sign-ins out of optionalEvidence.`,
    );
  }
}

type Entry = z.infer<typeof Logged>;

/** Of each user the newest sign-in of the helpdesk and of Mailbox Watch. The log begins with the newest, says Microsoft; that is not relied on. */
function newestOf(log: readonly Entry[]): HelpdeskSignIns['newest'] {
  const users = Map.groupBy(log, ({ userPrincipalName }) => userPrincipalName?.toLowerCase() ?? '');
  return Object.fromEntries(
    [...users].map(([user, entries]) => {
      const isOwn = ({ correlationId }: Entry) => isOwnCorrelationId(correlationId ?? '');
      const helpdesk = lastOf(entries.filter((one) => !isOwn(one)));
      const mailboxWatch = lastOf(entries.filter(isOwn));
      return [
        user,
        { ...(helpdesk !== undefined && { helpdesk }), ...(mailboxWatch !== undefined && { mailboxWatch }) },
      ];
    }),
  );
}

function lastOf(entries: readonly Entry[]): LoggedSignIn | undefined {
  const newestFirst = entries.toSorted((a, b) => b.createdDateTime - a.createdDateTime);
  const [last] = newestFirst;
  if (last === undefined) return undefined;
  const { createdDateTime: at, status } = last;
  if (status.errorCode === 0) return { at, errorCode: 0 };
  const succeeded = newestFirst.findIndex((one) => one.status.errorCode === 0);
  const refusals = succeeded < 0 ? newestFirst : newestFirst.slice(0, succeeded);
  return {
    at,
    errorCode: status.errorCode,
    said: oneLine(status.failureReason ?? '', MAX_SAID),
    refusedSince: refusals.at(-1)?.createdDateTime ?? at,
  };
}
