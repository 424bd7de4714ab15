import * as z from 'zod';
import { silenceRequestSchema } from '../../shared/alerts/read-silence';
import { PRODUCTS, FLOWS, PROTOCOLS, CREDENTIAL_KINDS, CLOUDS, PROVIDERS } from '../../shared/core/subject';
import { SEVERITIES } from '../../shared/core/severity';
import { STATUSES } from '../../shared/core/status';

/**
 * What the functions answer, field by field: openapi.json is made of it, and the tests hold every answer against it. Nothing of it is
 * deployed. Objects are strict, so that a field that is not described here fails a test.
 */
const registry = z.registry<{ readonly id: string }>();

function named<T extends z.ZodType>(id: string, schema: T): T {
  registry.add(schema, { id });
  return schema;
}

const moment = z.iso.datetime().describe('ISO 8601, UTC');
const id = z.string().min(1);
const Status = named('Status', z.enum(STATUSES).describe('Worst first: critical, warning, unclear, info, healthy'));
const Severity = named('Severity', z.enum(SEVERITIES));
const Confidence = named(
  'Confidence',
  z
    .enum(['confirmed', 'inferred', 'possible'])
    .describe('confirmed: a source states it; inferred: the evidence leaves little else; possible: one of several'),
);
const Verdict = named('Verdict', z.enum(['healthy', 'diagnosed', 'blocked', 'unclear']));
const Shell = z.enum(['exchange-powershell', 'graph-powershell', 'az', 'shell']);
const SubjectKind = z.enum(['mailbox', 'application', 'monitor']);

const RemedyStep = named(
  'RemedyStep',
  z.strictObject({
    part: z.enum(['check', 'repair', 'verify']),
    say: z.string().describe('What to do, with the role that it needs'),
    commands: z.array(z.strictObject({ shell: Shell, text: z.string() })),
  }),
);

const Reading = named(
  'Reading',
  z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('seen'), value: z.unknown().describe('As the probe saw it; no secret') }),
    z.strictObject({
      outcome: z.literal('blind'),
      reason: z.enum([
        'timeout',
        'unreachable',
        'throttled',
        'denied',
        'server-error',
        'malformed',
        'crashed',
        'not-configured',
        'not-used',
        'not-attempted',
      ]),
      detail: z.string().describe('What was tried, what happened, what would let it be seen'),
    }),
  ]),
);

const Cause = named(
  'Cause',
  z.strictObject({ id, title: z.string(), severity: Severity, confidence: Confidence }),
);

const CheckReport = named(
  'Check',
  z.strictObject({
    id,
    title: z.string().describe('True when the check is healthy'),
    status: Status,
    verdict: Verdict,
    since: moment,
    lastHealthyAt: moment.optional(),
    cause: Cause.optional(),
    why: z.string().optional(),
    alsoPossible: z.array(Cause).optional(),
    wouldDecide: z.array(z.string()).optional().describe('What could not be seen and would make the cause certain'),
    blockedBy: id.optional(),
    reason: z.string().optional().describe('Why the verdict is unclear'),
    evidence: z.record(z.string(), Reading),
    remediation: z.strictObject({ steps: z.array(RemedyStep), sources: z.array(z.url()) }).optional(),
  }),
);

const Credential = named(
  'Credential',
  z.strictObject({
    kind: z.enum(['client-secret', 'certificate']),
    app: z.string().optional(),
    name: z.string(),
    keyId: z.string(),
    hint: z.string().optional().describe('First characters of a secret, or the thumbprint of a certificate'),
    endsAt: z.number().describe('Milliseconds since 1970'),
    inUse: z.boolean().optional().describe('Absent where that cannot be told'),
    owners: z.array(z.string()),
  }),
);

const overviewFields = {
  kind: SubjectKind,
  name: z.string().describe('Address of the mailbox, client id of the app registration, or tenant'),
  status: Status,
  headline: z.string(),
  cause: Cause.optional().describe('The one verdict'),
  checkedAt: moment.optional().describe('Absent where it was never checked'),
  stale: z.boolean(),
  days: z
    .string()
    .regex(/^[cwuih-]{90}$/)
    .describe('The worst status of each of the last 90 days, the oldest first; - where nobody looked'),
  unseen: z.array(z.string()).describe('What was refused, and which grant would show it'),
  credentials: z.array(Credential).optional(),
};
const subjectFields = { ...overviewFields, checks: z.array(CheckReport) };
const Subject = named('Subject', z.strictObject(subjectFields));
const SubjectOverview = named('SubjectOverview', z.strictObject(overviewFields));

const integrationFields = <S extends z.ZodType>(subject: S) => ({
  id,
  name: z.string(),
  product: z.enum(PRODUCTS),
  status: Status,
  application: subject.optional(),
  mailboxes: z.array(subject),
});
const Counts = named('Counts', z.strictObject(Object.fromEntries(STATUSES.map((one) => [one, z.int().min(0)]))));

const statusOf = <S extends z.ZodType>(subject: S) =>
  z.strictObject({
    status: Status,
    generatedAt: moment,
    counts: Counts,
    integrations: z.array(z.strictObject(integrationFields(subject))),
    monitor: z.array(subject).describe('Mailbox Watch itself, in each tenant'),
  });
const StatusAnswer = named('StatusAnswer', statusOf(Subject));
const BriefStatusAnswer = named('BriefStatusAnswer', statusOf(SubjectOverview));
const SummaryAnswer = named(
  'SummaryAnswer',
  z.strictObject({ generatedAt: moment, status: Status, counts: Counts }).describe('For those who may see no names'),
);
const integrationOf = <S extends z.ZodType>(subject: S) =>
  z.strictObject({ generatedAt: moment, ...integrationFields(subject) });
const IntegrationAnswer = named('IntegrationAnswer', integrationOf(Subject));
const BriefIntegrationAnswer = named('BriefIntegrationAnswer', integrationOf(SubjectOverview));
const monitorOf = <S extends z.ZodType>(subject: S) =>
  z.strictObject({ generatedAt: moment, id, name: z.string(), status: Status, tenants: z.array(subject) });
const MonitorAnswer = named('MonitorAnswer', monitorOf(Subject));
const BriefMonitorAnswer = named('BriefMonitorAnswer', monitorOf(SubjectOverview));

const AlertEvent = z.strictObject({
  kind: z.enum(['opened', 'reminded', 'stepped', 'replaced', 'resolved']),
  key: z.string(),
  cause: id,
  severity: Severity,
  openedAt: moment,
  flapping: z.literal(true).optional(),
});
const SubjectAnswer = named(
  'SubjectAnswer',
  z.strictObject({
    generatedAt: moment,
    integration: id,
    ...subjectFields,
    history: z
      .array(
        z.strictObject({ at: moment, check: id, verdict: Verdict, cause: id.optional(), events: z.array(AlertEvent) }),
      )
      .describe('Changes, the newest first'),
  }),
);

const HealthWord = z.enum(['pass', 'warn', 'fail']);
const HealthAnswer = named(
  'HealthAnswer',
  z.strictObject({
    status: HealthWord,
    description: z.string(),
    output: z.string().optional(),
    checks: z.record(
      z.string(),
      z.array(
        z.strictObject({
          componentId: z.string(),
          componentType: SubjectKind,
          status: HealthWord,
          time: moment.optional(),
          output: z.string().optional(),
          since: moment,
          errorCode: id.optional(),
        }),
      ),
    ),
  }),
);
const OwnHealthAnswer = named(
  'OwnHealthAnswer',
  z.strictObject({ status: z.enum(['pass', 'fail']), output: z.string().optional() }),
);

const Match = z.strictObject({
  integration: id.optional(),
  subject: z.string().optional(),
  cause: id.optional(),
});
const silenceFields = { id, match: Match, until: moment, reason: z.string(), author: z.string() };
const AlertsAnswer = named(
  'AlertsAnswer',
  z.strictObject({
    generatedAt: moment,
    open: z.array(
      z.strictObject({
        integration: id,
        subject: z.strictObject({ kind: SubjectKind, name: z.string() }),
        check: id,
        cause: z.strictObject({ id, title: z.string() }),
        severity: Severity,
        openedAt: moment,
        lastNoticeAt: moment,
        muted: z
          .strictObject({
            by: z.enum(['silence', 'maintenance', 'root-cause', 'ignore']),
            reason: z.string(),
            until: moment.optional(),
            author: z.string().optional(),
          })
          .optional(),
        untold: z.boolean(),
        onItsWayTo: z.array(id),
      }),
    ),
    channels: z.array(
      z.strictObject({
        id,
        kind: z.string(),
        status: z.enum(['ok', 'failing', 'untried']),
        lastSentAt: moment.optional(),
        failure: z.strictObject({ at: moment, detail: z.string() }).optional(),
        waiting: z.int().min(0),
      }),
    ),
    silences: z.array(z.strictObject(silenceFields)),
  }),
);
const SilenceAnswer = named('SilenceAnswer', z.strictObject({ ...silenceFields, createdAt: moment }));
const SilenceRequest = named('SilenceRequest', silenceRequestSchema);
const TestAnswer = named('TestAnswer', z.strictObject({ sent: z.literal(true), channel: id }));

const Only = z.strictObject({
  product: z.array(z.enum(PRODUCTS)).optional(),
  flow: z.array(z.enum(FLOWS)).optional(),
  protocol: z.array(z.enum(PROTOCOLS)).optional(),
  provider: z.array(z.enum(PROVIDERS)).optional(),
  cloud: z.array(z.enum(CLOUDS)).optional(),
  credential: z.array(z.enum(CREDENTIAL_KINDS)).optional(),
});
const Remediation = named(
  'Remediation',
  z.strictObject({
    id,
    title: z.string(),
    severity: Severity,
    why: z.string(),
    checks: z.array(id),
    steps: z.array(
      z.strictObject({
        part: z.enum(['check', 'repair', 'verify']).optional().describe('A repair where absent'),
        say: z.string().describe('{name} stands for a value of the administrator'),
        role: z.string().optional(),
        run: z.strictObject({ shell: Shell, command: z.string() }).optional(),
        only: Only.optional().describe('For whom the step is; for all where absent'),
      }),
    ),
    sources: z.array(z.url()),
  }),
);
const RemediationsAnswer = named('RemediationsAnswer', z.array(Remediation));

const ExplainRequest = named(
  'ExplainRequest',
  z.object({ text: z.string(), product: z.enum(PRODUCTS).optional(), flow: z.enum(FLOWS).optional() }),
);
const ExplainAnswer = named(
  'ExplainAnswer',
  z.strictObject({
    found: z.array(z.strictObject({ line: z.int().min(1), excerpt: z.string() })),
    causes: z
      .array(
        z.strictObject({
          id,
          title: z.string(),
          why: z.string(),
          confidence: Confidence,
          steps: z.array(RemedyStep),
          sources: z.array(z.url()),
        }),
      )
      .describe('The likeliest first'),
    traceId: z.string().optional(),
    correlationId: z.string().optional(),
    unknown: z.string().optional(),
    cut: z.boolean(),
  }),
);

const BadgeAnswer = named(
  'BadgeAnswer',
  z
    .strictObject({
      schemaVersion: z.literal(1),
      label: z.string(),
      message: z.string(),
      color: z.string(),
      isError: z.boolean(),
      cacheSeconds: z.int(),
    })
    .describe('https://shields.io/badges/endpoint-badge'),
);

const Problem = named(
  'Problem',
  z
    .looseObject({ title: z.string(), status: z.int().min(400), detail: z.string().optional() })
    .describe('RFC 9457; the title says what to do'),
);

export const SCHEMAS = {
  StatusAnswer,
  BriefStatusAnswer,
  SummaryAnswer,
  IntegrationAnswer,
  BriefIntegrationAnswer,
  MonitorAnswer,
  BriefMonitorAnswer,
  SubjectAnswer,
  HealthAnswer,
  OwnHealthAnswer,
  AlertsAnswer,
  SilenceRequest,
  SilenceAnswer,
  TestAnswer,
  Remediation,
  RemediationsAnswer,
  ExplainRequest,
  ExplainAnswer,
  BadgeAnswer,
  Problem,
};
export type SchemaName = keyof typeof SCHEMAS;

/** JSON Schemas (2020-12) by name, pointing at one another within an OpenAPI document. */
export function jsonSchemas(): Readonly<Record<string, object>> {
  const { schemas } = z.toJSONSchema(registry, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
    uri: (name) => `#/components/schemas/${name}`,
  });
  // Each names itself and its dialect, which the document does.
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$id' && key !== '$schema')),
    ]),
  );
}
