import { jsonSchemas, type SchemaName } from './api-schemas';

type Media = SchemaName | readonly SchemaName[] | 'text';
type Answers = Readonly<Record<number, { readonly says: string; readonly media?: Readonly<Record<string, Media>> }>>;

interface Operation {
  readonly method: 'get' | 'head' | 'post' | 'delete';
  readonly path: string;
  readonly id: string;
  readonly says: string;
  readonly parameters?: readonly string[];
  readonly body?: Readonly<Record<string, Media>>;
  readonly answers: Answers;
  /** Open to everybody, without a key. */
  readonly open?: true;
}

const HTML = { 'text/html': 'text' } as const;
const METRICS = { 'text/plain': 'text', 'application/openmetrics-text': 'text' } as const;
const PROBLEM = { 'application/problem+json': 'Problem' } as const;
const REFUSED: Answers = {
  401: { says: 'Sign in first', media: PROBLEM },
  403: { says: 'Shown to those who sign in only', media: PROBLEM },
  503: { says: 'The configuration is not valid, or the storage cannot be read', media: PROBLEM },
};
const NEGOTIATED: Answers = {
  304: { says: 'Nothing has changed since the ETag of the caller' },
  406: { says: 'There is no such format of this', media: PROBLEM },
  ...REFUSED,
};
const NOT_FOUND: Answers = { 404: { says: 'There is nothing of this name', media: PROBLEM } };

/** With `strict`, and as health+json always, what is broken is 503 with the same body as 200. */
function statusAnswers(json: readonly SchemaName[], more: Readonly<Record<string, Media>> = {}): Answers {
  const media = { 'application/json': json, ...HTML, ...more };
  return {
    ...NEGOTIATED,
    200: { says: 'The status as remembered; the worst of it is in the body', media },
    503: { says: 'With strict: something is broken. Or the storage cannot be read', media: { ...media, ...PROBLEM } },
  };
}

const ALL_FORMATS = { 'application/health+json': 'HealthAnswer', ...METRICS } as const;

const OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/status',
    id: 'getStatus',
    says: 'The status of everything',
    parameters: ['format', 'strict', 'brief', 'q', 'status', 'page'],
    answers: statusAnswers(['StatusAnswer', 'BriefStatusAnswer', 'SummaryAnswer'], ALL_FORMATS),
  },
  {
    method: 'get',
    path: '/status/{integration}',
    id: 'getIntegrationStatus',
    says: 'The status of one integration; mailbox-watch is Mailbox Watch itself',
    parameters: ['integration', 'format', 'strict', 'brief', 'q', 'status', 'page'],
    answers: { ...statusAnswers(['IntegrationAnswer', 'BriefIntegrationAnswer', 'MonitorAnswer', 'BriefMonitorAnswer'], ALL_FORMATS), ...NOT_FOUND },
  },
  {
    method: 'get',
    path: '/status/{integration}/{subject}',
    id: 'getSubjectStatus',
    says: 'The status of one mailbox or app registration, with its history',
    parameters: ['integration', 'subject', 'format', 'strict'],
    answers: { ...statusAnswers(['SubjectAnswer']), ...NOT_FOUND },
  },
  {
    method: 'get',
    path: '/metrics',
    id: 'getMetrics',
    says: 'What Prometheus scrapes',
    parameters: ['format'],
    answers: { ...NEGOTIATED, 200: { says: 'Metrics of what is remembered', media: METRICS } },
  },
  {
    method: 'get',
    path: '/badge',
    id: 'getBadge',
    says: 'The worst status as a badge; it names nobody',
    parameters: ['format'],
    answers: {
      ...NEGOTIATED,
      200: { says: 'The badge', media: { 'image/svg+xml': 'text', 'application/json': 'BadgeAnswer' } },
    },
  },
  {
    method: 'get',
    path: '/alerts',
    id: 'getAlerts',
    says: 'What is open, since when, what is silenced and why, and how the channels are',
    answers: { ...NEGOTIATED, 200: { says: 'The alerts', media: { 'application/json': 'AlertsAnswer' } } },
  },
  {
    method: 'post',
    path: '/alerts/test/{channel}',
    id: 'testChannel',
    says: 'Sends a test notice to a channel',
    parameters: ['channel'],
    answers: {
      ...REFUSED,
      ...NOT_FOUND,
      200: { says: 'It arrived', media: { 'application/json': 'TestAnswer' } },
      502: { says: 'It did not arrive', media: PROBLEM },
    },
  },
  {
    method: 'post',
    path: '/silences',
    id: 'addSilence',
    says: 'Holds notices back',
    body: { 'application/json': 'SilenceRequest' },
    answers: {
      ...REFUSED,
      201: { says: 'The silence', media: { 'application/json': 'SilenceAnswer' } },
      400: { says: 'What is asked for makes no sense', media: PROBLEM },
    },
  },
  {
    method: 'delete',
    path: '/silences/{id}',
    id: 'endSilence',
    says: 'Ends a silence before its time',
    parameters: ['id'],
    answers: { ...REFUSED, ...NOT_FOUND, 204: { says: 'It is over' } },
  },
  {
    method: 'get',
    path: '/remediations',
    id: 'getRemediations',
    says: 'Every cause that is known, with its remedy',
    parameters: ['format'],
    answers: {
      ...NEGOTIATED,
      200: { says: 'The catalogue', media: { 'application/json': 'RemediationsAnswer', ...HTML } },
    },
  },
  {
    method: 'get',
    path: '/remediations/{id}',
    id: 'getRemediation',
    says: 'One cause with its remedy',
    parameters: ['id', 'format'],
    answers: {
      ...NEGOTIATED,
      ...NOT_FOUND,
      200: { says: 'The cause', media: { 'application/json': 'Remediation', ...HTML } },
    },
  },
  ...(['get', 'post'] as const).map(
    (method): Operation => ({
      method,
      path: '/explain',
      id: method === 'get' ? 'explainLine' : 'explainText',
      says: 'The causes of what a helpdesk has logged; nothing but the text is looked at, and nothing is kept',
      parameters: method === 'get' ? ['text', 'product', 'flow', 'format'] : ['product', 'flow', 'format'],
      ...(method === 'post' && {
        body: {
          'application/json': 'ExplainRequest',
          'text/plain': 'text',
          'application/x-www-form-urlencoded': 'ExplainRequest',
        },
      }),
      answers: {
        ...REFUSED,
        200: { says: 'The causes', media: { 'application/json': 'ExplainAnswer', ...HTML } },
        400: { says: 'There is no text', media: PROBLEM },
        406: { says: 'There is no such format of this', media: PROBLEM },
      },
    }),
  ),
  ...(['live', 'ready'] as const).flatMap((which) =>
    (['get', 'head'] as const).map(
      (method): Operation => ({
        method,
        path: `/health/${which}`,
        id: `${method}${which === 'live' ? 'Live' : 'Ready'}`,
        says: 'Whether Mailbox Watch itself is well; a broken mailbox never makes it fail',
        open: true,
        answers: {
          200: { says: 'It is', media: { 'application/health+json': 'OwnHealthAnswer' } },
          503: { says: 'It is not', media: { 'application/health+json': 'OwnHealthAnswer' } },
        },
      }),
    ),
  ),
];

const PARAMETERS: Readonly<Record<string, { readonly in: 'path' | 'query'; readonly says: string; readonly schema: object }>> =
  {
    integration: { in: 'path', says: 'Id of an integration', schema: { type: 'string' } },
    subject: { in: 'path', says: 'Address of a mailbox, or client id', schema: { type: 'string' } },
    channel: { in: 'path', says: 'Id of a channel under notify', schema: { type: 'string' } },
    id: { in: 'path', says: 'Its id', schema: { type: 'string' } },
    format: { in: 'query', says: 'Instead of the header Accept', schema: { type: 'string' } },
    strict: { in: 'query', says: 'Answers 503 where something is broken', schema: { type: 'string' } },
    brief: { in: 'query', says: 'Of the JSON: 1 without checks and evidence, 0 with them; they are left out by themselves above 500 mailboxes and apps', schema: { type: 'string' } },
  q: { in: 'query', says: 'Of the page: a part of a name or of a headline', schema: { type: 'string' } },
    status: { in: 'query', says: 'Of the page: this status only', schema: { $ref: '#/components/schemas/Status' } },
    page: { in: 'query', says: 'Of the page: counted from 1', schema: { type: 'integer', minimum: 1 } },
    text: { in: 'query', says: 'What was logged', schema: { type: 'string' } },
    product: { in: 'query', says: 'The helpdesk', schema: { type: 'string' } },
    flow: { in: 'query', says: 'delegated or application', schema: { type: 'string' } },
  };

function schemaOf(media: Media): object {
  if (media === 'text') return { type: 'string' };
  if (typeof media === 'string') return { $ref: `#/components/schemas/${media}` };
  const [first, ...others] = media;
  return first !== undefined && others.length === 0 ? schemaOf(first) : { anyOf: media.map(schemaOf) };
}

function contentOf(media: Readonly<Record<string, Media>>): object {
  return Object.fromEntries(Object.entries(media).map(([type, one]) => [type, { schema: schemaOf(one) }]));
}

function operationOf({ id, says, parameters = [], body, answers, open }: Operation): object {
  return {
    operationId: id,
    summary: says,
    ...(open && { security: [] }),
    ...(parameters.length > 0 && { parameters: parameters.map((name) => ({ $ref: `#/components/parameters/${name}` })) }),
    ...(body !== undefined && { requestBody: { required: true, content: contentOf(body) } }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([code, { says: description, media }]) => [
        code,
        { description, ...(media !== undefined && { content: contentOf(media) }) },
      ]),
    ),
  };
}

/** What the functions answer, as OpenAPI 3.1: https://spec.openapis.org/oas/v3.1.1 */
export function openApi(): object {
  const paths = Map.groupBy(OPERATIONS, ({ path }) => path);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mailbox Watch',
      version: '1',
      summary: 'Whether helpdesks can read their mailboxes, and what to do where they cannot',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/api' }],
    security: [{ keyInHeader: [] }, { keyInAddress: [] }],
    paths: Object.fromEntries(
      [...paths].map(([path, operations]) => [
        path,
        Object.fromEntries(operations.map((operation) => [operation.method, operationOf(operation)])),
      ]),
    ),
    components: {
      securitySchemes: {
        keyInHeader: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
        keyInAddress: { type: 'apiKey', in: 'query', name: 'code' },
      },
      parameters: Object.fromEntries(
        Object.entries(PARAMETERS).map(([name, { in: where, says, schema }]) => [
          name,
          { name, in: where, description: says, required: where === 'path', schema },
        ]),
      ),
      schemas: jsonSchemas(),
    },
  };
}
