import { request } from 'node:http';
import { builtHost, type HostProcess } from './host-process';

const start = builtHost(require.resolve('./sample-app'), {
  version: '2.0',
  extensions: { http: { routePrefix: 'v1' } },
});
const TIME: unknown = expect.stringMatching(/Z$/);
const EVERY_SECOND = { TICK_SCHEDULE: '* * * * * *' };
const NEVER = { TICK_SCHEDULE: '0 0 0 1 1 *' };

describe('the local host', () => {
  let host: HostProcess;
  beforeAll(async () => {
    host = await start(EVERY_SECOND);
  });

  test('lists what the app registered', async () => {
    expect(host.functions).toEqual(
      expect.arrayContaining([
        { name: 'echo', trigger: 'http', methods: ['GET', 'POST'], route: 'v1/echo/{name}/{times:int?}' },
        { name: 'nothing', trigger: 'http', methods: ['DELETE'], route: 'v1/nothing' },
        { name: 'tick', trigger: 'timer', schedule: '* * * * * *' },
      ]),
    );
    const listed: unknown = await (await fetch(`${host.address}/admin/functions`)).json();
    expect(listed).toEqual(host.functions);
    expect((await host.logged(({ level }) => level === 'warning')).message).toMatch(/"unknown" is left out/);
  });

  test('gives the request to the function and its answer to the client', async () => {
    const response = await fetch(`${host.address}/v1/Echo/a%2Fb/12/?x=1&x=2&empty=`, {
      method: 'POST',
      headers: { 'X-Sample': 'seen' },
      body: 'größer',
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-method')).toBe('POST');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({
      params: { name: 'a/b', times: '12' },
      query: { x: '1,2', empty: '' },
      header: 'seen',
      body: 'größer',
    });
    expect(await host.logged(({ name, level }) => name === 'echo' && level === 'warning')).toMatchObject({
      message: 'heard a/b',
    });
  });

  test.each([
    ['a literal wins over a parameter', 'GET', '/v1/echo/plain', 200, 'plain'],
    ['an optional parameter may be missing', 'GET', '/v1/echo/x', 201, /"params":\{"name":"x"\}/],
    ['a constraint has to be met', 'GET', '/v1/echo/x/y', 404, ''],
    ['a path that nobody has', 'GET', '/v1/missing', 404, ''],
    ['the prefix belongs to the path', 'GET', '/echo/x', 404, ''],
    ['a method that is not taken', 'PUT', '/v1/echo/x', 405, ''],
    ['HEAD is GET without body', 'HEAD', '/v1/echo/plain', 200, ''],
    ['an answer without content', 'DELETE', '/v1/nothing', 204, ''],
    ['a failure keeps its detail to itself', 'GET', '/v1/fails', 500, ''],
    ['a hook may turn a failure into an answer', 'GET', '/v1/forgiven', 299, ''],
    ['a timer is not run by GET', 'GET', '/admin/functions/tick', 405, ''],
    ['an HTTP function is not run by name', 'POST', '/admin/functions/echo', 404, /without HTTP trigger/],
  ])('%s', async (_title, method, path, status, body) => {
    const response = await fetch(host.address + path, { method });
    expect(response.status).toBe(status);
    expect(await response.text()).toEqual(typeof body === 'string' ? body : expect.stringMatching(body));
  });

  test('tells which methods a path takes', async () => {
    const response = await fetch(`${host.address}/v1/echo/plain`, { method: 'PATCH' });
    expect(response.headers.get('allow')?.split(', ').toSorted()).toEqual(['GET', 'POST']);
  });

  test('writes the stack of a failure to the log, with its place in the source', async () => {
    await fetch(`${host.address}/v1/fails`);
    const { message } = await host.logged(({ name, level }) => name === 'fails' && level === 'error');
    expect(message).toMatch(/secret detail[^]*sample-app\.ts/);
    expect(await host.invocation(({ name, state }) => name === 'fails' && state === 'failed')).toMatchObject({
      error: 'secret detail',
    });
  });

  test('refuses a body that is too large', async () => {
    const response = await fetch(`${host.address}/v1/echo/x`, { method: 'POST', body: Buffer.alloc(11 * 2 ** 20) });
    expect(response.status).toBe(413);
  });

  test('survives a client that goes away while it sends', async () => {
    const client = request(`${host.address}/v1/echo/x`, { method: 'POST', headers: { 'Content-Length': 100 } });
    client.on('error', () => client.destroy());
    client.write('some', () => client.destroy());
    await host.logged(({ message }) => message.includes('aborted'));
    expect((await fetch(`${host.address}/v1/echo/plain`)).status).toBe(200);
  });

  test('runs hooks around every invocation, sharing data', async () => {
    await fetch(`${host.address}/v1/echo/plain`);
    await host.logged(({ name, level, message }) => name === 'plain' && level === 'debug' && message === 'after plain');
  });

  test('runs a timer at its ticks, but not while it still runs', async () => {
    const ticks = await host.until(() => {
      const informed = host.logs().filter(({ name, level }) => name === 'tick' && level === 'information');
      return informed.length < 3 ? undefined : informed;
    });
    expect(JSON.parse(ticks.at(-1)?.message ?? '')).toMatchObject({
      isPastDue: false,
      schedule: { adjustForDST: true },
      scheduleStatus: { last: TIME, next: TIME },
    });
    // By its runOnStartup.
    expect(host.invocations().filter(({ name, state }) => name === 'holds' && state === 'started')).toHaveLength(1);
  });
});

describe('runs a timer when asked', () => {
  let host: HostProcess;
  beforeAll(async () => {
    host = await start(NEVER);
  });

  test('by the admin endpoint', async () => {
    const response = await fetch(`${host.address}/admin/functions/tick`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(202);
    await host.invocation(({ name, state }) => name === 'tick' && state === 'succeeded');
  });

  test('by its parent', async () => {
    const ids = new Set(host.invocations().map(({ id }) => id));
    host.send({ type: 'invoke', name: 'tick' });
    await host.invocation(({ name, state, id }) => name === 'tick' && state === 'succeeded' && !ids.has(id));
    host.send({ type: 'invoke', name: 'missing' });
    await host.logged(({ level, message }) => level === 'error' && message.includes('"missing"'));
  });

  test('but not with a body that it cannot read', async () => {
    const response = await fetch(`${host.address}/admin/functions/tick`, { method: 'POST', body: '{"input": 1}' });
    expect(response.status).toBe(400);
  });
});

describe('ends', () => {
  test.each([
    [
      'when its parent asks',
      (host: HostProcess) => {
        host.send({ type: 'drain' });
      },
    ],
    [
      'at SIGTERM',
      (host: HostProcess) => {
        host.kill('SIGTERM');
      },
    ],
    [
      'when its parent is gone',
      (host: HostProcess) => {
        host.disconnect();
      },
    ],
  ])('%s, after what runs and the hooks', async (_title, end) => {
    const host = await start(NEVER);
    await host.invocation(({ name }) => name === 'holds');
    end(host);
    const waits = 'Ending, after holds';
    // Without a parent it writes lines instead.
    await host.until(
      () => host.stdout().includes(waits) || host.logs().some(({ message }) => message.startsWith(waits)) || undefined,
    );
    await expect(fetch(host.address)).rejects.toThrow();
    host.kill('SIGUSR2');
    const { code, stdout } = await host.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('terminated: good bye');
  });

  test('no later than its parent allows, and says what it cut off', async () => {
    const host = await start(NEVER);
    await host.invocation(({ name }) => name === 'holds');
    host.send({ type: 'drain', withinMs: 50 });
    await host.logged(
      ({ level, message }) => level === 'warning' && message.startsWith('Cut off after 50 ms: holds ('),
    );
    const { code, stdout } = await host.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('terminated: good bye');
  });

  test('with exit code 1 at a rejection that nobody handles, and says what was cut off', async () => {
    const host = await start(NEVER);
    await Promise.allSettled([fetch(`${host.address}/v1/crashes`)]);
    const { code, stderr } = await host.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/crashed \(unhandledRejection\)[^]*nobody caught me/);
    expect(stderr).toMatch(/cut off: .*crashes \(/);
  });

  test('before it has begun when a setting is missing, naming function and setting', async () => {
    await expect(start({ TICK_SCHEDULE: '' })).rejects.toThrow(/"tick" cannot run: the app setting TICK_SCHEDULE/);
  });
});
