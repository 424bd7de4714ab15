import type { SubjectRecord } from '../../shared/core/ports';
import type { Context } from '../../shared/core/subject';
import { scrubber } from './scrub';

/** Scrubbed evidence and the verdicts on it, as test/cases/ holds them. */
export interface RecordedCase {
  readonly note: string;
  readonly source: string;
  /** When it was looked at, ISO 8601 in UTC. */
  readonly recordedAt: string;
  readonly integration: Readonly<Record<string, unknown>>;
  readonly evidence: unknown;
  /** By check: `<cause> <confidence>`, `blocked by <check>`, `healthy` or `unclear`. */
  readonly expected: Readonly<Record<string, string>>;
}

/** What was seen of a mailbox, with stand-ins for every name, address, id and host of the administrator's own. Pure. */
export function recordedCase({ checks, evidence, checkedAt }: SubjectRecord, context: Context): RecordedCase {
  const { integration, delegate, subject } = context;
  const scrub = scrubber([
    ...(subject.kind === 'mailbox' ? [[subject.mailbox, 'support@contoso.com'] as const] : []),
    ...(delegate === undefined ? [] : [[delegate, 'svc-jira@contoso.com'] as const]),
    [integration.clientId, '11111111-2222-4333-8444-555555555555'],
    [integration.tenant, 'contoso.com'],
    [integration.name, 'Contoso helpdesk'],
  ]);
  const { product, provider, flow, protocol, cloud, scopes } = integration;
  return {
    note: 'Say in one sentence what was broken.',
    source: 'mailbox-watch record',
    recordedAt: new Date(checkedAt).toISOString(),
    integration: { product, provider, flow, protocol, cloud, scopes },
    evidence: scrub(evidence),
    expected: Object.fromEntries(
      checks.map(({ check, diagnosis }) => {
        if (diagnosis.verdict === 'diagnosed') return [check, `${diagnosis.cause.id} ${diagnosis.cause.confidence}`];
        return [check, diagnosis.verdict === 'blocked' ? `blocked by ${diagnosis.by}` : diagnosis.verdict];
      }),
    ),
  };
}
