import type { QueueClient } from '@azure/storage-queue';
import { z } from 'zod';
import type { AppFunction } from './app-functions';
import type { InvocationResponse, TypedData } from './programming-model';
import { encode, withQueue } from './storage-queue';

/**
 * Puts what a function has put out on the queues of its output bindings, and tells of each such queue.
 * Rejects when the storage refuses; what was sent before then stays sent, as in Azure.
 */
export async function deliverOutputs(
  { outputs }: AppFunction,
  { outputData, returnValue }: InvocationResponse,
  onDelivered: (queue: QueueClient) => void,
): Promise<void> {
  for (const { name, data } of [...outputData, { name: '$return', data: returnValue }]) {
    const queue = outputs.get(name);
    if (queue === undefined || data == null) continue;
    for (const content of contentsOf(data)) await withQueue(queue, (to) => to.sendMessage(encode(content)));
    onDelivered(queue);
  }
}

/** An array makes one message of each element; everything else is one message. */
function contentsOf(data: TypedData): (string | Uint8Array)[] {
  if (data.json === undefined) return [data.string ?? data.bytes ?? String(data.int ?? data.double)];
  const value: unknown = JSON.parse(data.json);
  if (!Array.isArray(value)) return [data.json];
  return z
    .array(z.unknown())
    .parse(value)
    .map((element) => (typeof element === 'string' ? element : JSON.stringify(element)));
}
