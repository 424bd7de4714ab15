import type { ServiceHealth as GraphServiceHealth, ServiceHealthIssue } from '@microsoft/microsoft-graph-types';
import * as z from 'zod';
import type { ServiceHealth } from '../../core/evidence';
import { blind, seen, type Reading } from '../../core/reading';
import type { Ask } from './batch';
import { restOf } from './collection';
import type { Graph } from './graph';
import { parse } from './question';
import type { Shape } from './shape';

const Health = z.object({
  status: z.string(),
  issues: z.array(z.unknown()),
  'issues@odata.nextLink': z.string().nullish(),
} satisfies Shape<GraphServiceHealth & Record<'issues@odata.nextLink', string>>);

const Issue = z.object({
  id: z.string(),
  title: z.string(),
  isResolved: z.boolean(),
  startDateTime: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
} satisfies Shape<ServiceHealthIssue>);

/** What Graph says of a service that works; written in several cases in Microsoft's own samples, so compared in lower case. */
const HEALTHY = ['serviceoperational', 'servicerestored', 'postincidentreviewpublished', 'falsepositive', 'resolved'];

const question = {
  // Resolved issues come too: this API has no filter on what is expanded.
  url: '/admin/serviceAnnouncement/healthOverviews/Exchange%20Online?$expand=issues',
  what: "Microsoft's service health of Exchange Online",
  permission: 'ServiceHealth.Read.All',
};

/** Reads what Microsoft says of Exchange Online: one question. Never rejects. */
export async function readServiceHealth(ask: Ask, graph: Graph, now: () => number): Promise<Reading<ServiceHealth>> {
  const answer = await ask(question);
  if (answer.outcome === 'blind') return answer;
  if (!answer.value.found) return blind('malformed', `Microsoft Graph does not know ${question.what} in this tenant.`);
  const health = parse(Health, answer.value.body, question);
  if (health.outcome === 'blind') return health;
  const { status, issues, 'issues@odata.nextLink': next } = health.value;
  const all = await restOf(graph, question, Issue, { value: issues, '@odata.nextLink': next });
  if (all.outcome === 'blind') return all;
  return seen({
    healthy: HEALTHY.includes(status.toLowerCase()),
    status,
    issues: all.value
      .filter(({ isResolved }) => !isResolved)
      .map(({ id, title, startDateTime }) => ({ id, title, startedAt: startDateTime }))
      .sort((a, b) => b.startedAt - a.startedAt),
    readAt: now(),
  });
}
