import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** How messages of a queue are taken; the defaults are Azure's. */
export interface QueueOptions {
  /** Messages that are received at once. */
  readonly batchSize: number;
  /** The next batch is received when no more messages than this are being worked on. */
  readonly newBatchThreshold: number;
  /** Attempts before a message goes to the poison queue. */
  readonly maxDequeueCount: number;
  /** Seconds until a message that failed can be received again. */
  readonly visibilityTimeout: number;
}

export interface HostJson {
  readonly routePrefix: string;
  readonly queues: QueueOptions;
}

const SECONDS = z
  .string()
  .regex(/^\d\d:[0-5]\d:[0-5]\d$/, 'expected hh:mm:ss')
  .transform((text) => text.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0));

const SCHEMA = z.object({
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      queues: z
        .object({
          batchSize: z.int().min(1).max(32).default(16),
          newBatchThreshold: z.int().min(0).optional(),
          maxDequeueCount: z.int().min(1).default(5),
          visibilityTimeout: SECONDS.prefault('00:00:00'),
          messageEncoding: z.literal('base64', 'the local host knows "base64" only').default('base64'),
        })
        .prefault({}),
    })
    .prefault({}),
});

/**
 * The part of host.json that the local host keeps to; without a file the defaults.
 * Throws when the file is no JSON or a value is out of range, naming it.
 */
export function readHostJson(path: string | undefined): HostJson {
  const parsed = SCHEMA.safeParse(path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path ?? 'host.json'}: ${z.prettifyError(parsed.error)}`);
  const { http, queues } = parsed.data.extensions;
  const newBatchThreshold = queues.newBatchThreshold ?? Math.floor(queues.batchSize / 2);
  return { routePrefix: http.routePrefix, queues: { ...queues, newBatchThreshold } };
}
