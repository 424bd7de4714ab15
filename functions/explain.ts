import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import * as z from 'zod';
import { FLOWS, PRODUCTS } from '../shared/core/subject';
import { explain, type Question } from '../shared/explain/explain';
import { redacted } from '../shared/explain/redact';
import { explainPage } from '../shared/page';
import { PAGE_HEADERS } from '../shared/page/document';
import { AUTH_LEVEL, guarded } from './guard';
import { chooseFormat, type Format } from './negotiate';
import { problem } from './problem';

/** Names the causes of what a helpdesk has logged: `?text=` for a line, a POST for more. Looks at nothing but the text. */
app.http('explain', {
  methods: ['GET', 'POST'],
  route: 'explain',
  authLevel: AUTH_LEVEL,
  handler: (request, context: InvocationContext) => guarded(request, context, 'explain', () => answer(request)),
});

const FORMATS: readonly (Format & { readonly name: 'json' | 'html' })[] = [
  { name: 'json', mediaType: 'application/json' },
  { name: 'html', mediaType: 'text/html' },
];
const Choices = { product: z.enum(PRODUCTS).optional(), flow: z.enum(FLOWS).optional() };
const Asked = z.object({ text: z.string(), ...Choices });
const NO_STORE = { 'Cache-Control': 'no-store' };
/** The longest text that the form shows again. */
const SHOWN_AGAIN = 20_000;

async function answer(request: HttpRequest): Promise<HttpResponseInit> {
  const { format, refusal } = chooseFormat(request, FORMATS);
  if (format === undefined) return refusal;
  const question = await questionIn(request);
  const isAsked = question !== undefined && question.text.trim() !== '';
  if (format.name === 'json') {
    if (isAsked) return { jsonBody: explain(question), headers: NO_STORE };
    return problem(
      400,
      'Give the text that the helpdesk has logged: GET ?text=..., or POST it as text/plain or as JSON {"text": "..."}',
    );
  }
  const { text = '', product = 'other' } = question ?? {};
  const asked = { text: redacted(text.slice(0, SHOWN_AGAIN)), product };
  const body = await explainPage(isAsked ? { ...asked, explanation: explain(question) } : asked, new URL(request.url));
  return { body, headers: { ...PAGE_HEADERS, ...NO_STORE } };
}

async function questionIn(request: HttpRequest): Promise<Question | undefined> {
  const query = Object.fromEntries(request.query);
  if (request.method === 'GET') return Asked.safeParse({ text: '', ...query }).data;
  const body = await request.text();
  const type = request.headers.get('content-type') ?? '';
  if (type.includes('json')) return Asked.safeParse(jsonOf(body)).data;
  if (type.includes('x-www-form-urlencoded')) {
    return Asked.safeParse(Object.fromEntries(new URLSearchParams(body))).data;
  }
  return Asked.safeParse({ ...query, text: body }).data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
