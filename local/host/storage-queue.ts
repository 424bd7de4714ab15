import { QueueClient, RestError } from '@azure/storage-queue';

/** Milliseconds one request may take. Who asks tries again in their own time. */
const REQUEST_WITHIN_MS = 10_000;

/** Throws when the connection string is not valid. Asks nothing yet. */
export function openQueue(connectionString: string, name: string): QueueClient {
  return new QueueClient(connectionString, name, { retryOptions: { maxTries: 1, tryTimeoutInMs: REQUEST_WITHIN_MS } });
}

/** Does something with a queue; creates the queue first if it is missing. */
export async function withQueue<T>(queue: QueueClient, action: (queue: QueueClient) => Promise<T>): Promise<T> {
  try {
    return await action(queue);
  } catch (error) {
    if (!(error instanceof RestError) || error.code !== 'QueueNotFound') throw error;
    await queue.createIfNotExists();
    return action(queue);
  }
}

/** Messages are base64, as the Functions runtime has them by default. */
export function encode(content: string | Uint8Array): string {
  return Buffer.from(content).toString('base64');
}

/** Undefined when the text is not base64. */
export function decode(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes.toString('utf8') : undefined;
}
