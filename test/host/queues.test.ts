import { QueueClient } from '@azure/storage-queue';
import { freePort } from '../support/free-port';
import { azuriteForTests } from '../support/azurite';
import { builtHost, type HostProcess } from './host-process';

const ANYTHING: unknown = expect.any(String);
const TIME: unknown = expect.stringMatching(/Z$/);

const storage = azuriteForTests();
const start = builtHost(require.resolve('./queue-app'), {
  extensions: { queues: { batchSize: 2, newBatchThreshold: 1, maxDequeueCount: 5, visibilityTimeout: '00:00:00' } },
});

describe('queue functions', () => {
  let host: HostProcess;
  beforeAll(async () => {
    host = await start({ STORAGE: storage() });
  });

  test('get what another function returns, with what is known of the message', async () => {
    host.send({ type: 'invoke', name: 'returns' });
    const { message } = await host.logged(({ name, message }) => name === 'reads' && message.includes('größer'));
    expect(JSON.parse(message)).toEqual({
      message: 'größer',
      id: ANYTHING,
      popReceipt: ANYTHING,
      dequeueCount: 1,
      insertionTime: TIME,
      expirationTime: TIME,
      nextVisibleTime: TIME,
    });
  });

  test('get each element of an output as a message, and work side by side within their bound', async () => {
    host.send({ type: 'invoke', name: 'fansOut' });
    const own = () => host.invocations().filter(({ name }) => name === 'worksOn');
    for (let done = 0; done < 6;) {
      await host.until(() => own().length > 2 * done || undefined);
      host.kill('SIGUSR2');
      const before = done;
      done = await host.until(() => {
        const succeeded = own().filter(({ state }) => state === 'succeeded').length;
        return succeeded > before ? succeeded : undefined;
      });
    }
    const got = host
      .logs()
      .flatMap(({ name, level, message }) => (name === 'worksOn' && level === 'information' ? [message] : []));
    expect(got.toSorted()).toEqual([1, 2, 3, 4, 5, 6].map((n) => JSON.stringify({ n })));
    expect(mostAtOnce(own())).toBeGreaterThanOrEqual(2);
    expect(mostAtOnce(own())).toBeLessThanOrEqual(3);
  });

  test('get a message five times when they fail, and then the poison queue has it', async () => {
    await send('texts', Buffer.from('bad').toString('base64'));
    await host.logged(({ message }) => message.includes('texts-poison'));
    const failures = host.invocations().filter(({ name, state }) => name === 'reads' && state === 'failed');
    expect(failures.map(({ error }) => error)).toEqual([1, 2, 3, 4, 5].map((n) => `attempt ${n}`));
    expect(await textsIn('texts-poison')).toEqual([Buffer.from('bad').toString('base64')]);
  });

  test('never get what is not base64', async () => {
    await send('work', 'plain text');
    await host.logged(({ message }) => message.includes('is not base64'));
    expect(await textsIn('work-poison')).toEqual(['plain text']);
  });

  test('finish their message before the host ends, and it is gone from the queue', async () => {
    await send('work', Buffer.from('"last"').toString('base64'));
    await host.logged(({ message }) => message === '"last"');
    host.send({ type: 'drain' });
    await host.logged(({ message }) => message.startsWith('Ending, after worksOn'));
    host.kill('SIGUSR2');
    expect(await host.ended).toMatchObject({ code: 0 });
    for (const name of ['work', 'texts']) {
      expect(await queue(name).getProperties()).toMatchObject({ approximateMessagesCount: 0 });
    }
  });
});

test('without its storage the host stays up, says so once for each queue, and tries on', async () => {
  const away = storage().replace(
    /QueueEndpoint=http:\/\/127.0.0.1:\d+/,
    `QueueEndpoint=http://127.0.0.1:${await freePort()}`,
  );
  const host = await start({ STORAGE: away });
  host.send({ type: 'invoke', name: 'returns' });
  const { error } = await host.invocation(({ name, state }) => name === 'returns' && state === 'failed');
  expect(error).toContain('ECONNREFUSED');
  await host.logged(({ message }) => message.startsWith('The queue work cannot be read, trying on: '));
  await host.logged(({ message }) => message.startsWith('The queue texts cannot be read, trying on: '));
  host.send({ type: 'drain' });
  expect(await host.ended).toMatchObject({ code: 0 });
  expect(host.logs().filter(({ level }) => level === 'warning')).toHaveLength(2);
});

function queue(name: string) {
  return new QueueClient(storage(), name);
}

async function send(name: string, text: string) {
  await queue(name).createIfNotExists();
  await queue(name).sendMessage(text);
}

async function textsIn(name: string) {
  const { peekedMessageItems } = await queue(name).peekMessages({ numberOfMessages: 32 });
  return peekedMessageItems.map(({ messageText }) => messageText);
}

function mostAtOnce(events: readonly { readonly state: string }[]): number {
  let running = 0;
  return Math.max(...events.map(({ state }) => (running += state === 'started' ? 1 : -1)));
}
