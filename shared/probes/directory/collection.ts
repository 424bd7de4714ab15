import * as z from 'zod';
import { blind, seen, type Reading } from '../../core/reading';
import type { Ask } from './batch';
import type { Graph } from './graph';
import { explain, parse, type Question } from './question';

/** A collection that goes on for longer is given up: what is read in part must not look like all. */
const MAX_PAGES = 100;

/** All items of a collection, asked for in the batch; further pages are fetched by themselves. Never rejects. */
export async function askAll<T>(ask: Ask, graph: Graph, question: Question, item: z.ZodType<T>): Promise<Reading<T[]>> {
  const answer = await ask(question);
  if (answer.outcome === 'blind') return answer;
  if (!answer.value.found) return blind('malformed', `Microsoft Graph knows nothing of ${question.what}.`);
  return restOf(graph, question, item, answer.value.body);
}

/** All items of a collection from its first page on, `limit` at most: more are a blind reading. Never rejects. */
export async function restOf<T>(
  graph: Graph,
  question: Question,
  item: z.ZodType<T>,
  firstPage: unknown,
  limit = 10_000,
): Promise<Reading<T[]>> {
  const items: T[] = [];
  let body = firstPage;
  for (let pages = 1; ; pages++) {
    const page = pageOf(body, graph, question, item);
    if (page.outcome === 'blind') return page;
    items.push(...page.value.items);
    const { next } = page.value;
    if (items.length > limit || (next !== undefined && pages === MAX_PAGES)) return tooMany(question, limit);
    if (next === undefined) return seen(items);
    try {
      body = await graph.get(next, question.headers);
    } catch (error) {
      return explain(error, question, graph);
    }
  }
}

/** One page of a collection, and the address of the next one. */
export function pageOf<T>(
  body: unknown,
  { endpoint }: Pick<Graph, 'endpoint'>,
  question: Question,
  item: z.ZodType<T>,
): Reading<{ items: T[]; next: string | undefined }> {
  const Page = z.object({ value: z.array(item), '@odata.nextLink': z.string().nullish() });
  const page = parse(Page, body, question);
  if (page.outcome === 'blind') return page;
  const next = page.value['@odata.nextLink'] ?? undefined;
  // The token goes nowhere else.
  if (next !== undefined && !next.startsWith(`${endpoint}/`)) return foreign(question);
  return seen({ items: page.value.value, next });
}

function tooMany({ what }: Question, limit: number) {
  return blind(
    'malformed',
    `Mailbox Watch gave up on ${what}: it reads ${limit} entries on ${MAX_PAGES} pages at most, and there are more.`,
  );
}

function foreign({ what }: Question) {
  return blind('malformed', `Microsoft Graph points to another host for the rest of ${what}, which is not followed.`);
}
