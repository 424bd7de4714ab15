import '../../functions/main';
import { OPENAPI } from '../support/documented';

interface Registration {
  readonly metadata: {
    readonly name: string;
    readonly bindings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
}

// The shim that stands for the Functions host; see jest.config.cjs.
const { functions } = jest.requireActual<{ functions: ReadonlyMap<string, Registration> }>('@azure/functions-core');

function bindingsOf(name: string) {
  return Object.values(functions.get(name)?.metadata.bindings ?? {});
}

describe('the functions that the app registers', () => {
  it('are these', () => {
    expect([...functions.keys()].toSorted()).toEqual([
      'addSilence',
      'alerts',
      'badge',
      'checkApplications',
      'checkMailboxBatch',
      'checkMailboxes',
      'checkMonitor',
      'endSilence',
      'explain',
      'live',
      'metrics',
      'ready',
      'remediations',
      'sendNotices',
      'status',
      'testChannel',
    ]);
  });

  it('answer what openapi.json describes, and nothing else', () => {
    const routes = [...functions.keys()].flatMap((name) =>
      bindingsOf(name)
        .filter(({ type }) => type === 'httpTrigger')
        .flatMap(({ route, methods }) => {
          const [required = '', ...optional] = String(route).split(/\/(?=\{\w+\?\})/);
          const paths = optional.map((_, i) => [required, ...optional.slice(0, i + 1)].join('/').replaceAll('?', ''));
          return [required, ...paths].flatMap((path) =>
            (methods as string[]).map((method) => `${method.toLowerCase()} /${path}`),
          );
        }),
    );
    const described = Object.entries(OPENAPI.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    expect(routes.toSorted()).toEqual(described.toSorted());
  });

  it('checkMailboxes runs on the schedule of the settings and puts batches on the queue', () => {
    expect(bindingsOf('checkMailboxes')).toEqual([
      expect.objectContaining({ type: 'timerTrigger', direction: 'in', schedule: '%CHECK_MAILBOXES_SCHEDULE%' }),
      expect.objectContaining({
        type: 'queue',
        direction: 'out',
        queueName: 'mailbox-watch-batches',
        connection: 'AzureWebJobsStorage',
      }),
    ]);
  });

  it('checkMailboxBatch takes them from the same queue', () => {
    expect(bindingsOf('checkMailboxBatch')).toEqual([
      expect.objectContaining({
        type: 'queueTrigger',
        queueName: 'mailbox-watch-batches',
        connection: 'AzureWebJobsStorage',
      }),
    ]);
  });

  it('checkApplications runs on its own schedule, never at start-up', () => {
    const [timer] = bindingsOf('checkApplications');
    expect(timer).toMatchObject({ type: 'timerTrigger', schedule: '%CHECK_APPLICATIONS_SCHEDULE%' });
    expect(timer?.['runOnStartup']).not.toBe(true);
  });

  it('checkMonitor runs on its own schedule, never at start-up', () => {
    const [timer] = bindingsOf('checkMonitor');
    expect(timer).toMatchObject({ type: 'timerTrigger', schedule: '%CHECK_MONITOR_SCHEDULE%' });
    expect(timer?.['runOnStartup']).not.toBe(true);
  });

  it('alerts answers GET only, a test is a POST, and both want a key', () => {
    const http = { type: 'httpTrigger', authLevel: 'function' };
    expect(bindingsOf('alerts')[0]).toMatchObject({ ...http, methods: ['GET'], route: 'alerts' });
    expect(bindingsOf('testChannel')[0]).toMatchObject({
      ...http,
      methods: ['POST'],
      route: 'alerts/test/{channel}',
    });
  });

  it('health is open to everybody', () => {
    for (const name of ['live', 'ready']) {
      expect(bindingsOf(name)[0]).toMatchObject({
        type: 'httpTrigger',
        authLevel: 'anonymous',
        methods: ['GET', 'HEAD'],
        route: `health/${name}`,
      });
    }
  });

  it('sendNotices runs every minute', () => {
    expect(bindingsOf('sendNotices')[0]).toMatchObject({ type: 'timerTrigger', schedule: '15 * * * * *' });
  });

  it('status answers GET only, and wants a key', () => {
    expect(bindingsOf('status')).toEqual([
      expect.objectContaining({
        type: 'httpTrigger',
        methods: ['GET'],
        route: 'status/{integration?}/{subject?}',
        authLevel: 'function',
      }),
      expect.objectContaining({ type: 'http', direction: 'out' }),
    ]);
  });
});
