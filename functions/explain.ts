import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import * as z from 'zod';
import { FLOWS, PRODUCTS } from '../shared/core/subject';
import { explain, type Question } from '../shared/explain/explain';
import { AUTH_LEVEL, guarded } from './guard';
import { problem } from './problem';

/** Names the causes of what a helpdesk has logged: `?text=` for a line, a POST for more. Looks at nothing but the text. */
app.http('explain', {
  methods: ['GET', 'POST'],
  route: 'explain',
  authLevel: AUTH_LEVEL,
  handler: (request, context: InvocationContext) => guarded(request, context, 'explain', () => answer(request)),
});

const Choices = { product: z.enum(PRODUCTS).optional(), flow: z.enum(FLOWS).optional() };
const Body = z.object({ text: z.string(), ...Choices });
const Query = z.object(Choices);

async function answer(request: HttpRequest): Promise<HttpResponseInit> {
  const question = await questionIn(request);
  if (question === undefined || question.text.trim() === '') {
    return problem(
      400,
      'Give the text that the helpdesk has logged: GET ?text=..., or POST it as text/plain or as JSON {"text": "..."}',
    );
  }
  return { jsonBody: explain(question), headers: { 'Cache-Control': 'no-store' } };
}

async function questionIn(request: HttpRequest): Promise<Question | undefined> {
  const choices = Query.safeParse(Object.fromEntries(request.query)).data;
  if (choices === undefined) return undefined;
  if (request.method === 'GET') return { ...choices, text: request.query.get('text') ?? '' };
  const text = await request.text();
  if (!(request.headers.get('content-type') ?? '').includes('json')) return { ...choices, text };
  try {
    return Body.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
