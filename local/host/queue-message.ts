import type { DequeuedMessageItem } from '@azure/storage-queue';
import type { QueueFunction } from './app-functions';
import type { QueueOptions } from './host-json';
import type { InvocationResult, TriggerInput } from './invocation';
import type { LogEntry } from './messages';
import type { TypedData } from './programming-model';
import { decode, withQueue } from './storage-queue';

/** What runs the functions and keeps the log. */
export interface QueueWork {
  readonly options: QueueOptions;
  readonly invoke: (fn: QueueFunction, input: TriggerInput) => Promise<InvocationResult>;
  readonly log: (entry: LogEntry) => void;
}

/**
 * Runs the function for one received message. A message is deleted when that succeeds, else it comes back;
 * what has failed too often, or is not base64, goes to the poison queue. Rejects when the storage refuses.
 */
export async function workOn(
  message: DequeuedMessageItem,
  fn: QueueFunction,
  { options, invoke, log }: QueueWork,
): Promise<void> {
  const { messageId, popReceipt, messageText, dequeueCount } = message;

  async function giveUp(reason: string): Promise<void> {
    await withQueue(fn.poison, (poison) => poison.sendMessage(messageText));
    await fn.messages.deleteMessage(messageId, popReceipt);
    log({ level: 'error', message: `The message ${messageId} ${reason}: it is now in the queue ${fn.poison.name}` });
  }

  const content = decode(messageText);
  if (content === undefined) return giveUp(`of the queue ${fn.queue} is not base64`);
  const tooOften = `has failed ${options.maxDequeueCount} times in ${fn.name}`;
  // Its last attempt ended with the process.
  if (dequeueCount > options.maxDequeueCount) return giveUp(tooOften);
  const { succeeded } = await invoke(fn, { data: { string: content }, metadata: metadataOf(message) });
  if (succeeded) await fn.messages.deleteMessage(messageId, popReceipt);
  else if (dequeueCount >= options.maxDequeueCount) await giveUp(tooOften);
  else await fn.messages.updateMessage(messageId, popReceipt, undefined, options.visibilityTimeout);
}

function metadataOf(message: DequeuedMessageItem): Record<string, TypedData> {
  const json = (value: Date | number) => ({ json: JSON.stringify(value) });
  return {
    Id: { string: message.messageId },
    PopReceipt: { string: message.popReceipt },
    DequeueCount: json(message.dequeueCount),
    InsertionTime: json(message.insertedOn),
    ExpirationTime: json(message.expiresOn),
    NextVisibleTime: json(message.nextVisibleOn),
  };
}
