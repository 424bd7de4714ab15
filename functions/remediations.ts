import { app, type InvocationContext } from '@azure/functions';
import { remediations } from '../shared/formats/remediations';
import { AUTH_LEVEL, guarded } from './guard';
import { cacheable } from './negotiate';
import { problem } from './problem';

/** The catalogue: every cause that is known, with its remedy. It names nobody, so whoever may ask sees all of it. */
app.http('remediations', {
  methods: ['GET'],
  route: 'remediations/{id?}',
  authLevel: AUTH_LEVEL,
  handler: (request, context: InvocationContext) =>
    guarded(request, context, 'remediations', async () => {
      const { id } = request.params;
      const all = remediations();
      const shown = id === undefined ? all : all.find((one) => one.id === id);
      if (shown === undefined) return problem(404, `There is no cause "${id ?? ''}"; /api/remediations lists them all`);
      return cacheable(request, { text: JSON.stringify(shown), headers: { 'Content-Type': 'application/json' } });
    }),
});
