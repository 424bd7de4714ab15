import { listed, readFunction } from '../../local/host/app-functions';

const STORAGE = 'UseDevelopmentStorage=true';

function registered(trigger: object, more: object = {}) {
  const bindings = { trigger1: { direction: 'in', ...trigger }, ...more } as never;
  return { metadata: { name: 'sample', bindings }, callback: () => undefined };
}

function read(trigger: object, settings: Record<string, string> = {}, more: object = {}) {
  return readFunction(registered(trigger, more), settings, 'api');
}

describe('a registered function', () => {
  test.each([
    [
      { type: 'httpTrigger', methods: ['get'] },
      { name: 'sample', trigger: 'http', methods: ['GET'], route: 'api/sample' },
    ],
    [
      { type: 'timerTrigger', schedule: '%EVERY% * * * *' },
      { name: 'sample', trigger: 'timer', schedule: '0 */5 * * * *' },
    ],
    [
      { type: 'queueTrigger', queueName: 'work-%STAGE%', connection: 'OTHER' },
      { name: 'sample', trigger: 'queue', queue: 'work-test' },
    ],
  ])('%j has its settings in place', (trigger, expected) => {
    const fn = read(trigger, { EVERY: '0 */5', STAGE: 'test', OTHER: STORAGE });
    expect(fn && listed(fn)).toEqual(expected);
  });

  test('with a trigger that is not known is left out', () => {
    const output = { out: { type: 'blob', direction: 'out' } };
    expect(read({ type: 'blobTrigger', path: 'a' }, {}, output)).toBeUndefined();
  });

  test.each([
    ['a missing setting', { type: 'timerTrigger', schedule: '%EVERY%' }, /the app setting EVERY is missing/],
    ['a schedule of five fields', { type: 'timerTrigger', schedule: '* * * * *' }, /its schedule .* has 5 fields/],
    [
      'a missing connection',
      { type: 'queueTrigger', queueName: 'a' },
      /the app setting AzureWebJobsStorage is missing/,
    ],
    [
      'a strange connection',
      { type: 'queueTrigger', queueName: 'a', connection: 'BAD' },
      /the app setting BAD is not the connection string/,
    ],
    ['a strange route', { type: 'httpTrigger', methods: ['GET'], route: '{a:odd}' }, /the segment "\{a:odd\}"/],
    ['no schedule', { type: 'timerTrigger' }, /schedule/],
  ])('is refused for %s, by name', (_title, trigger, problem) => {
    const reading = () => read(trigger, { BAD: 'nonsense' });
    expect(reading).toThrow(/^The function "sample" cannot run: /);
    expect(reading).toThrow(problem);
  });

  test('is refused for an output that cannot be delivered', () => {
    const trigger = { type: 'timerTrigger', schedule: '0 * * * * *' };
    expect(() => read(trigger, {}, { out: { type: 'blob', direction: 'out' } })).toThrow(
      /no output of the type "blob"/,
    );
  });
});
