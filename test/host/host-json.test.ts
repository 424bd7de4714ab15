import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHostJson } from '../../local/host/host-json';

const folder = mkdtempSync(join(tmpdir(), 'host-json-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function read(extensions: object) {
  const path = join(folder, 'host.json');
  writeFileSync(path, JSON.stringify({ version: '2.0', extensions }));
  return readHostJson(path);
}

describe('host.json', () => {
  test('has the defaults of Azure', () => {
    const defaults = { batchSize: 16, newBatchThreshold: 8, maxDequeueCount: 5, visibilityTimeout: 0 };
    expect(readHostJson(undefined)).toMatchObject({ routePrefix: 'api', queues: defaults });
    expect(read({})).toEqual(readHostJson(undefined));
  });

  test('of this app is understood', () => {
    expect(readHostJson('host.json')).toMatchObject({
      routePrefix: 'api',
      queues: { batchSize: 4, newBatchThreshold: 0, maxDequeueCount: 5, visibilityTimeout: 30 },
    });
  });

  test('gives the threshold as half of the batch, and times in seconds', () => {
    const { queues } = read({ queues: { batchSize: 3, visibilityTimeout: '01:02:03' } });
    expect(queues).toMatchObject({ newBatchThreshold: 1, visibilityTimeout: 3723 });
  });

  test.each([
    [{ batchSize: 33 }, 'batchSize'],
    [{ visibilityTimeout: '30' }, 'visibilityTimeout'],
    [{ messageEncoding: 'none' }, 'knows "base64" only'],
  ])('with %j is refused, naming it', (queues, named) => {
    expect(() => read({ queues })).toThrow(named);
  });
});
