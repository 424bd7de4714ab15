import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { badgeOf, badgeSvg } from '../shared/formats/badge';
import { monitor } from '../shared/monitor';
import { AUTH_LEVEL, guarded } from './guard';
import { cacheable, chooseFormat, type Format } from './negotiate';

/** The worst status for a wiki or a wall. It names nobody, so whoever may ask sees all of it. */
app.http('badge', {
  methods: ['GET'],
  route: 'badge',
  authLevel: AUTH_LEVEL,
  handler: (request, context: InvocationContext) => guarded(request, context, 'badge', () => badge(request)),
});

const FORMATS: readonly (Format & { readonly name: 'svg' | 'json' })[] = [
  { name: 'svg', mediaType: 'image/svg+xml' },
  { name: 'json', mediaType: 'application/json' },
];

async function badge(request: HttpRequest): Promise<HttpResponseInit> {
  const { format, refusal } = chooseFormat(request, FORMATS);
  if (format === undefined) return refusal;
  const shown = badgeOf(await (await monitor()).overview());
  const text = format.name === 'svg' ? badgeSvg(shown) : JSON.stringify(shown);
  return cacheable(request, { text, headers: { 'Content-Type': format.mediaType } });
}
