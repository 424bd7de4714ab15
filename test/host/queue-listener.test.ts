import type { DequeuedMessageItem } from '@azure/storage-queue';
import type { QueueFunction } from '../../local/host/app-functions';
import type { LogEntry } from '../../local/host/messages';
import { listenTo } from '../../local/host/queue-listener';

const OPTIONS = { batchSize: 2, newBatchThreshold: 1, maxDequeueCount: 5, visibilityTimeout: 30 };

/** Listens to a queue in memory, which is away for the first looks; records what is done with it and when it is looked into. */
function listen(messages: readonly DequeuedMessageItem[], awayLooks = 0) {
  const left = [...messages];
  const done: string[] = [];
  const looks: number[] = [];
  const logs: LogEntry[] = [];
  const work: ((succeeded: boolean) => void)[] = [];
  const client = {
    receiveMessages: async ({ numberOfMessages }: { numberOfMessages: number }) => {
      looks.push(Date.now());
      if (looks.length <= awayLooks) throw new Error('away');
      return { receivedMessageItems: left.splice(0, numberOfMessages) };
    },
    deleteMessage: async (id: string) => done.push(`${id} deleted`),
    updateMessage: async (id: string, _receipt: string, _text: undefined, seconds: number) =>
      done.push(`${id} again in ${seconds} s`),
  };
  const poison = { name: 'work-poison', sendMessage: async (text: string) => done.push(`${text} poisoned`) };
  const listener = listenTo({ name: 'worker', queue: 'work', messages: client, poison } as unknown as QueueFunction, {
    options: OPTIONS,
    log: (entry) => logs.push(entry),
    invoke: async () => {
      const succeeded = await new Promise<boolean>((finish) => work.push(finish));
      return succeeded ? { succeeded, response: { outputData: [] } } : { succeeded };
    },
  });
  return { listener, done, looks, logs, work };
}

function message(messageId: string, dequeueCount = 1): DequeuedMessageItem {
  const now = new Date();
  const times = { insertedOn: now, expiresOn: now, nextVisibleOn: now };
  return { messageId, popReceipt: 'receipt', messageText: 'dGV4dA==', dequeueCount, ...times };
}

describe('a queue listener', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('looks into an empty queue less and less often, at once when woken, and no more when stopped', async () => {
    const { listener, looks } = listen([]);
    await jest.advanceTimersByTimeAsync(8000);
    expect(looks).toEqual([0, 100, 300, 700, 1500, 3100, 5100, 7100]);
    listener.wake();
    await jest.advanceTimersByTimeAsync(0);
    expect(looks.at(-1)).toBe(8000);
    await listener.stop();
    await jest.advanceTimersByTimeAsync(8000);
    expect(looks.at(-1)).toBe(8000);
  });

  test('looks often again once there was a message', async () => {
    const { looks, work } = listen([message('a')], 4);
    await jest.advanceTimersByTimeAsync(1500);
    work[0]?.(true);
    await jest.advanceTimersByTimeAsync(100);
    expect(looks.slice(4)).toEqual([1500, 1500, 1600]);
  });

  test('works on a batch and the threshold at once, never more', async () => {
    const { looks, work } = listen(['a', 'b', 'c', 'd', 'e'].map((id) => message(id)));
    await jest.advanceTimersByTimeAsync(5000);
    expect(work).toHaveLength(2);
    work[1]?.(true);
    await jest.advanceTimersByTimeAsync(5000);
    expect(work).toHaveLength(4);
    work[0]?.(true);
    await jest.advanceTimersByTimeAsync(5000);
    expect(work).toHaveLength(4);
    expect(looks).toHaveLength(2);
  });

  test('deletes what succeeded, gives back what failed, and gives up what failed too often', async () => {
    const { done, work } = listen([message('good'), message('bad'), message('worst', 5), message('crashed', 6)]);
    await jest.advanceTimersByTimeAsync(0);
    work[0]?.(true);
    work[1]?.(false);
    await jest.advanceTimersByTimeAsync(0);
    work[2]?.(false);
    await jest.advanceTimersByTimeAsync(0);
    expect(work).toHaveLength(3);
    expect(done.slice(0, 2).toSorted()).toEqual(['bad again in 30 s', 'good deleted']);
    expect(done.filter((one) => one.endsWith('poisoned'))).toHaveLength(2);
    expect(done).toEqual(expect.arrayContaining(['worst deleted', 'crashed deleted']));
  });

  test('says once that the storage is away, and once that it is back', async () => {
    const { logs, looks } = listen([], 3);
    await jest.advanceTimersByTimeAsync(1000);
    expect(looks.length).toBeGreaterThan(3);
    expect(logs.map(({ level, message: text }) => `${level}: ${text}`)).toEqual([
      'warning: The queue work cannot be read, trying on: away',
      'information: The queue work can be read again',
    ]);
  });

  test('waits for what it works on when it is stopped', async () => {
    const { listener, done, work } = listen([message('a')]);
    await jest.advanceTimersByTimeAsync(0);
    const stopped = listener.stop().then(() => [...done]);
    work[0]?.(true);
    expect(await stopped).toEqual(['a deleted']);
  });
});
