import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { slices } from '../../core/batches';
import { blind, seen, valueOf, type Reading } from '../../core/reading';
import { retryAfterMs } from '../retry-after';
import type { Graph } from './graph';
import { explain, explainStatus, type Question } from './question';

/** Graph's own limit (https://learn.microsoft.com/graph/json-batching). */
const BATCH_SIZE = 20;

/** What Graph knows of the thing asked for. */
type Answer = { readonly found: true; readonly body: unknown } | { readonly found: false };

/** Asks one question. Never rejects. */
export type Ask = (question: Question) => Promise<Reading<Answer>>;

/** Makes an `Ask` whose questions of one turn of the event loop leave together, in $batch requests of 20. */
export function createAsk(graph: Graph): Ask {
  let waiting: { question: Question; answer: (reading: Reading<Answer>) => void }[] = [];

  const sendAll = async () => {
    const asked = waiting;
    waiting = [];
    for (const slice of slices(asked, BATCH_SIZE)) {
      const questions = slice.map(({ question }) => question);
      const parts = await send(graph, questions);
      for (const { question, answer } of slice) answer(answerOf(parts.get(question), question, graph));
    }
  };

  return (question) =>
    new Promise((answer) => {
      if (waiting.length === 0) setImmediate(() => void sendAll());
      waiting.push({ question, answer });
    });
}

const Part = z.object({
  id: z.string(),
  status: z.number(),
  headers: z.record(z.string(), z.unknown()).nullish(),
  body: z.unknown().optional(),
});
type Part = z.output<typeof Part>;
/** By question; one that the answer forgot is not in it. */
type Parts = ReadonlyMap<Question, Reading<Part>>;

// A part that is no part costs its own question, not the others.
const BatchAnswer = z.object({ responses: z.array(Part.nullable().catch(null)) });
const ErrorBody = z.object({ error: z.object({ code: z.string() }) });

/** Sends one batch; what Graph throttles in it and names a wait for is asked once more, if the time allows. */
async function send(graph: Graph, questions: readonly Question[]): Promise<Parts> {
  const parts = await post(graph, questions);
  const busy = new Map(
    questions.flatMap((question) => {
      const wait = waitOf(parts.get(question));
      return wait === undefined ? [] : [[question, wait] as const];
    }),
  );
  const wait = Math.max(0, ...busy.values());
  if (busy.size === 0 || Date.now() + wait >= graph.deadline) return parts;
  await pause(wait);
  return new Map([...parts, ...(await post(graph, [...busy.keys()]))]);
}

async function post(graph: Graph, questions: readonly Question[]): Promise<Parts> {
  const requests = questions.map(({ url }, index) => ({ id: String(index + 1), method: 'GET', url }));
  let body: unknown;
  try {
    body = await graph.post('/$batch', { requests });
  } catch (error) {
    return new Map(questions.map((question) => [question, explain(error, question, graph)]));
  }
  const { data } = BatchAnswer.safeParse(body);
  return new Map(
    data?.responses.flatMap((part) => {
      const question = questions[Number(part?.id) - 1];
      return part === null || question === undefined ? [] : [[question, seen(part)] as const];
    }),
  );
}

/** Milliseconds; undefined for a part that Graph does not ask to repeat. */
function waitOf(reading: Reading<Part> | undefined): number | undefined {
  const part = reading && valueOf(reading);
  if (part?.status !== 429 && part?.status !== 503) return undefined;
  const header = Object.entries(part.headers ?? {}).find(([name]) => name.toLowerCase() === 'retry-after');
  return header && retryAfterMs(String(header[1]), Date.now());
}

function answerOf(reading: Reading<Part> | undefined, question: Question, { endpoint }: Graph): Reading<Answer> {
  if (reading === undefined) {
    return blind(
      'malformed',
      `Microsoft Graph answered a batch of questions, but not the one for ${question.what}. It is read again later.`,
    );
  }
  if (reading.outcome === 'blind') return reading;
  const { status, body } = reading.value;
  if (status >= 200 && status < 300) return seen({ found: true, body });
  const code = ErrorBody.safeParse(body).data?.error.code;
  if (status === 404 && code === 'Request_ResourceNotFound') return seen({ found: false });
  return explainStatus(status, code, question, endpoint);
}
