import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { METRICS_FORMATS, metricsText, type MetricsFormat } from '../shared/formats/metrics';
import { monitor } from '../shared/monitor';
import { AUTH_LEVEL, guarded } from './guard';
import { cacheable, chooseFormat, type Format } from './negotiate';
import { problem } from './problem';

/** What Prometheus scrapes: taken from what is remembered, so that a scrape looks at no mailbox. */
app.http('metrics', {
  methods: ['GET'],
  route: 'metrics',
  authLevel: AUTH_LEVEL,
  handler: (request, context: InvocationContext) =>
    guarded(request, context, 'metrics', async (shown) =>
      shown === 'details' ? metrics(request) : problem(403, 'Metrics are given to those who sign in'),
    ),
});

const FORMATS: readonly (Format & { readonly name: MetricsFormat })[] = [
  { name: 'prometheus', mediaType: METRICS_FORMATS.prometheus },
  { name: 'openmetrics', mediaType: METRICS_FORMATS.openmetrics },
];

async function metrics(request: HttpRequest): Promise<HttpResponseInit> {
  const { format, refusal } = chooseFormat(request, FORMATS);
  if (format === undefined) return refusal;
  const text = await metricsText(await (await monitor()).status(), format.name);
  return cacheable(request, { text, headers: { 'Content-Type': format.mediaType } });
}
