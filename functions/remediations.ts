import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { remediations } from '../shared/formats/remediations';
import { remediationPage, remediationsPage } from '../shared/page';
import { PAGE_HEADERS } from '../shared/page/document';
import { AUTH_LEVEL, guarded } from './guard';
import { cacheable, chooseFormat, type Format } from './negotiate';
import { problem } from './problem';

/** The catalogue: every cause that is known, with its remedy. It names nobody, so whoever may ask sees all of it. */
app.http('remediations', {
  methods: ['GET'],
  route: 'remediations/{id?}',
  authLevel: AUTH_LEVEL,
  handler: (request, context: InvocationContext) => guarded(request, context, 'remediations', () => answer(request)),
});

const FORMATS: readonly (Format & { readonly name: 'json' | 'html' })[] = [
  { name: 'json', mediaType: 'application/json' },
  { name: 'html', mediaType: 'text/html' },
];

async function answer(request: HttpRequest): Promise<HttpResponseInit> {
  const { format, refusal } = chooseFormat(request, FORMATS);
  if (format === undefined) return refusal;
  const { id = '' } = request.params;
  const all = remediations();
  const one = all.find((cause) => cause.id === id);
  if (id !== '' && one === undefined)
    return problem(404, `There is no cause "${id}"; /api/remediations lists them all`);
  if (format.name === 'json') {
    const headers = { 'Content-Type': format.mediaType };
    return cacheable(request, { text: JSON.stringify(one ?? all), headers });
  }
  const address = new URL(request.url);
  const text = await (one === undefined ? remediationsPage(all, address) : remediationPage(one, address));
  return cacheable(request, { text, headers: PAGE_HEADERS });
}
