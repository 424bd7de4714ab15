import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { monitor } from '../shared/monitor';
import { AUTH_LEVEL, guarded } from './guard';
import { cacheable } from './negotiate';
import { problem } from './problem';

/** What is open, since when, and how the channels are. */
app.http('alerts', {
  methods: ['GET'],
  route: 'alerts',
  authLevel: AUTH_LEVEL,
  handler: (request, context: InvocationContext) =>
    guarded(request, context, 'alerts', async (shown) => {
      if (shown !== 'details') return problem(403, 'Alerts are shown to those who sign in');
      const { generatedAt, ...report } = await (await monitor()).alerts();
      const text = JSON.stringify({ generatedAt, ...report });
      const headers = { 'Content-Type': 'application/json' };
      return cacheable(request, { text, headers, version: JSON.stringify(report) });
    }),
});

/** Sends a test notice to one channel. */
app.http('testChannel', {
  methods: ['POST'],
  route: 'alerts/test/{channel}',
  authLevel: AUTH_LEVEL,
  handler: (request, context: InvocationContext) =>
    guarded(request, context, 'testChannel', async (shown) =>
      shown === 'details' ? test(request) : problem(403, 'Channels are tested by those who sign in'),
    ),
});

async function test(request: HttpRequest): Promise<HttpResponseInit> {
  const id = request.params['channel'] ?? '';
  const result = await (await monitor()).testChannel(id);
  if (result === undefined) return problem(404, `There is no channel "${id}" under notify in the configuration`);
  return result.sent
    ? { jsonBody: { sent: true, channel: id } }
    : problem(502, `The test did not arrive: ${result.detail}`);
}
