import * as z from 'zod';
import type { HttpAnswer } from '../loopback-http';
import { badRequest } from './graph-error';

/** Graph's own limit (https://learn.microsoft.com/graph/json-batching). */
const MAX_PARTS = 20;

const Part = z.object({
  id: z.string().min(1),
  method: z.string(),
  url: z.string().min(1),
  headers: z.record(z.string(), z.string()).default({}),
});
export type BatchPart = z.output<typeof Part>;
const Batch = z.object({ requests: z.array(Part).min(1) });

/** The parts of a $batch, which name no order among themselves here. Throws GraphError. */
export function partsOf(body: unknown): BatchPart[] {
  const { data } = Batch.safeParse(body);
  if (data === undefined) throw badRequest('Invalid batch payload format.');
  const { requests } = data;
  if (requests.length > MAX_PARTS)
    throw badRequest(`Number of batch request steps exceeds the maximum value of ${MAX_PARTS}.`);
  if (new Set(requests.map(({ id }) => id)).size < requests.length)
    throw badRequest('Request Id has to be unique in a batch.');
  return requests;
}

/** The answer to a batch. Graph promises no order: here the last comes first. */
export function batchAnswer(answers: readonly (readonly [BatchPart, HttpAnswer])[]) {
  const responses = answers.map(([{ id }, { status, headers, body }]) => ({ id, status, headers, body }));
  return { responses: responses.reverse() };
}
