import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { HOUR } from '../../../shared/core/time';
import { createClockProbe } from '../../../shared/probes/monitor/clock';
import { exampleIntegration } from '../../support/contexts';
import { freePort } from '../../support/free-port';

const THERE = Date.UTC(2026, 10, 25, 12);
let server: Server;
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((_, response) => {
    answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

beforeEach(() => {
  answer = (response) => response.writeHead(302, { Date: new Date(THERE).toUTCString() }).end();
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function look(now: number, { port = (server.address() as AddressInfo).port, deadlineMs = 5_000 } = {}) {
  const self = exampleIntegration({ loginAuthority: `http://127.0.0.1:${port}` });
  return createClockProbe({ now: () => now, deadlineMs })(self);
}

it.each([
  ['is right', 500],
  ['is ahead', HOUR],
  ['is behind', -HOUR],
])('a clock that %s', async (_, ahead) => {
  expect(await look(THERE + ahead)).toMatchObject({ outcome: 'seen', value: { aheadMs: ahead - 500 } });
});

it('is not told by an answer without a date', async () => {
  answer = (response) => {
    response.sendDate = false;
    response.writeHead(200).end();
  };
  expect(await look(THERE)).toMatchObject({ outcome: 'blind', reason: 'malformed' });
});

it('is not told where nobody answers, or not in time', async () => {
  expect(await look(THERE, { port: await freePort() })).toMatchObject({ outcome: 'blind', reason: 'unreachable' });
  answer = () => undefined;
  expect(await look(THERE, { deadlineMs: 50 })).toMatchObject({ outcome: 'blind', reason: 'timeout' });
});
