import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import type { SubjectReport } from '../shared/core/report';
import { ConfigurationError, monitor } from '../shared/monitor';

/** How many changes a mailbox's own answer shows. */
const HISTORY_SHOWN = 50;

/** The status of everything, of one integration, or of one mailbox or application of it, as remembered. */
app.http('status', {
  methods: ['GET'],
  route: 'status/{integration?}/{subject?}',
  authLevel: 'function',
  handler: status,
});

async function status(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  try {
    return await answer(parameter(request, 'integration'), parameter(request, 'subject')?.toLowerCase());
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return problem(503, 'The configuration is not valid', { file: error.file, problems: error.problems });
    }
    // Storage errors say what to do and hold no secret; see the store.
    const detail = error instanceof Error ? error.message : 'unknown failure';
    context.error(`status: ${detail}`);
    return problem(503, 'The status cannot be read', { detail });
  }
}

/** An optional part of the route; where it is left out the library may say an empty text. */
function parameter(request: HttpRequest, name: string): string | undefined {
  const value = request.params[name];
  return value === '' ? undefined : value;
}

async function answer(integrationId: string | undefined, subject: string | undefined): Promise<HttpResponseInit> {
  const report = await (await monitor()).status(integrationId);
  if (integrationId === undefined) return json(report);
  const integration = report.integrations.find(({ id }) => id === integrationId);
  if (integration === undefined) return problem(404, `There is no integration "${integrationId}" in the configuration`);
  const { generatedAt } = report;
  if (subject === undefined) return json({ generatedAt, ...integration });
  const found = [integration.application, ...integration.mailboxes].find(({ name }) => name === subject);
  if (found === undefined)
    return problem(404, `The integration "${integrationId}" has no mailbox or application "${subject}"`);
  return json({ generatedAt, integration: integrationId, ...found, history: await historyOf(integrationId, found) });
}

async function historyOf(integrationId: string, { kind, name }: SubjectReport) {
  const subject =
    kind === 'mailbox'
      ? ({ kind, integrationId, mailbox: name } as const)
      : ({ kind, integrationId, clientId: name } as const);
  const entries = await (await monitor()).history(subject, HISTORY_SHOWN);
  return entries.map(({ at, ...entry }) => ({ at: new Date(at).toISOString(), ...entry }));
}

function json(body: object): HttpResponseInit {
  return { jsonBody: body, headers: { 'Cache-Control': 'private, no-cache' } };
}

/** An error answer after RFC 9457. */
function problem(code: number, title: string, more: object = {}): HttpResponseInit {
  return {
    status: code,
    jsonBody: { title, status: code, ...more },
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
  };
}
