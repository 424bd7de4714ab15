import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { readSilence } from '../shared/alerts/read-silence';
import { monitor } from '../shared/monitor';
import { AUTH_LEVEL, guardedDetails } from './guard';
import { cacheable } from './negotiate';
import { problem } from './problem';

/** What is open, since when, and how the channels are. */
app.http('alerts', {
  methods: ['GET'],
  route: 'alerts',
  authLevel: AUTH_LEVEL,
  handler: (request, context: InvocationContext) =>
    guardedDetails(request, context, 'alerts', {
      refusal: 'Alerts are shown to those who sign in',
      answer: () => alerts(request),
    }),
});

/** Sends a test notice to one channel. */
app.http('testChannel', {
  methods: ['POST'],
  route: 'alerts/test/{channel}',
  authLevel: AUTH_LEVEL,
  handler: (request, context: InvocationContext) =>
    guardedDetails(request, context, 'testChannel', {
      refusal: 'Channels are tested by those who sign in',
      answer: () => test(request),
    }),
});

/** Holds notices back: what, until when, why, and by whom. */
app.http('addSilence', {
  methods: ['POST'],
  route: 'silences',
  authLevel: AUTH_LEVEL,
  handler: (request, context: InvocationContext) =>
    guardedDetails(request, context, 'addSilence', {
      refusal: 'Silences are made by those who sign in',
      answer: () => addSilence(request),
    }),
});

/** Ends a silence before its time. */
app.http('endSilence', {
  methods: ['DELETE'],
  route: 'silences/{id}',
  authLevel: AUTH_LEVEL,
  handler: (request, context: InvocationContext) =>
    guardedDetails(request, context, 'endSilence', {
      refusal: 'Silences are ended by those who sign in',
      answer: () => endSilence(request),
    }),
});

async function alerts(request: HttpRequest): Promise<HttpResponseInit> {
  const { generatedAt, ...report } = await (await monitor()).alerts();
  const text = JSON.stringify({ generatedAt, ...report });
  const headers = { 'Content-Type': 'application/json' };
  return cacheable(request, { text, headers, version: [JSON.stringify(report)] });
}

async function endSilence(request: HttpRequest): Promise<HttpResponseInit> {
  const { id = '' } = request.params;
  return (await (await monitor()).endSilence(id)) ? { status: 204 } : problem(404, `There is no silence "${id}"`);
}

async function addSilence(request: HttpRequest): Promise<HttpResponseInit> {
  const wanted = readSilence(await request.text(), Date.now());
  if (typeof wanted === 'string') return problem(400, wanted);
  const { until, createdAt, ...silence } = await (await monitor()).silence(wanted);
  const moments = { until: new Date(until).toISOString(), createdAt: new Date(createdAt).toISOString() };
  return { status: 201, jsonBody: { ...silence, ...moments } };
}

async function test(request: HttpRequest): Promise<HttpResponseInit> {
  const id = request.params['channel'] ?? '';
  const result = await (await monitor()).testChannel(id);
  if (result === undefined) return problem(404, `There is no channel "${id}" under notify in the configuration`);
  return result.sent
    ? { jsonBody: { sent: true, channel: id } }
    : problem(502, `The test did not arrive: ${result.detail}`);
}
