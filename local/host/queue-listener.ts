import type { DequeuedMessageItem } from '@azure/storage-queue';
import type { QueueFunction } from './app-functions';
import { workOn, type QueueWork } from './queue-message';
import { withQueue } from './storage-queue';

/** Seconds a message may be worked on before it can be received again. It is not renewed. */
const WORK_WITHIN_S = 600;
/** Milliseconds between two looks into an empty queue; doubles from look to look. */
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

export interface QueueListener {
  /** The URL of the queue. */
  readonly url: string;
  /** Looks at once: there is something new in the queue. */
  wake(): void;
  /** Receives nothing more; resolves when the messages being worked on are done. */
  stop(): Promise<void>;
}

/** Receives messages batch by batch and works on them side by side. A storage that is away is asked again and again. */
export function listenTo(fn: QueueFunction, work: QueueWork): QueueListener {
  const { options, log } = work;
  const working = new Set<Promise<void>>();
  let isStopping = false;
  let isAway = false;
  let pausing = new AbortController();

  async function listen(): Promise<void> {
    let pauseMs = SHORTEST_PAUSE_MS;
    for (;;) {
      while (working.size > options.newBatchThreshold) await Promise.race(working);
      if (isStopping) return;
      // Before looking, so that what comes meanwhile ends the pause that follows.
      pausing = new AbortController();
      const messages = await receive();
      for (const message of messages) start(message);
      if (messages.length === 0) await pause(pauseMs, pausing.signal);
      pauseMs = messages.length === 0 ? Math.min(pauseMs * 2, LONGEST_PAUSE_MS) : SHORTEST_PAUSE_MS;
    }
  }

  async function receive(): Promise<DequeuedMessageItem[]> {
    try {
      const { receivedMessageItems } = await withQueue(fn.messages, (queue) =>
        queue.receiveMessages({ numberOfMessages: options.batchSize, visibilityTimeout: WORK_WITHIN_S }),
      );
      if (isAway) log({ level: 'information', message: `The queue ${fn.queue} can be read again` });
      isAway = false;
      return receivedMessageItems;
    } catch (error) {
      if (!isAway) {
        log({ level: 'warning', message: `The queue ${fn.queue} cannot be read, trying on: ${messageOf(error)}` });
      }
      isAway = true;
      return [];
    }
  }

  function start(message: DequeuedMessageItem): void {
    const one = workOn(message, fn, work)
      .catch((error: unknown) => {
        const text = `The message ${message.messageId} of the queue ${fn.queue} comes again in ${WORK_WITHIN_S} s`;
        log({ level: 'warning', message: `${text}, for the storage did not take its outcome: ${messageOf(error)}` });
      })
      .finally(() => working.delete(one));
    working.add(one);
  }

  const listening = listen();
  return {
    url: fn.messages.url,
    wake: () => {
      pausing.abort();
    },
    stop: async () => {
      isStopping = true;
      pausing.abort();
      await listening;
      await Promise.all(working);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Resolves after the time or at the signal, whichever is first. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
