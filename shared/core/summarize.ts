import { credentialsIn } from './credential-rows';
import type { Diagnosis } from './diagnose';
import type { Evidence } from './evidence';
import type { SubjectRecord } from './ports';
import type { Reading } from './reading';
import { statusOf, worst } from './status';
import type { SubjectSummary } from './summary';
import { whatWasSeen } from './what-was-seen';

/** What a summary takes from the catalogue. */
export interface SummaryCatalogue {
  readonly checks: readonly { readonly id: string; readonly needs: readonly string[] }[];
}

/** A summary has to stay small, whatever a tenant puts into it. */
const MOST = { text: 600, unseen: 20, credentials: 60, alerts: 40 };

/** Pure; never throws. */
export function summarize(record: SubjectRecord, catalogue: SummaryCatalogue): SubjectSummary {
  const { subject, checkedAt, checks, evidence, days } = record;
  const status = worst(checks.map(({ diagnosis }) => statusOf(diagnosis)));
  const decisive = checks.find(({ diagnosis }) => statusOf(diagnosis) === status && diagnosis.verdict !== 'blocked');
  const needs = catalogue.checks.find(({ id }) => id === decisive?.check)?.needs ?? [];
  return {
    subject,
    checkedAt,
    status,
    ...(decisive !== undefined && {
      decisive: { check: decisive.check, ...outcomeOf(decisive.diagnosis, evidence, needs) },
    }),
    ...(days !== undefined && { days }),
    unseen: refusedIn(evidence).slice(0, MOST.unseen),
    ...('delegateAccounts' in evidence && {
      credentials: credentialsIn(evidence)
        .toSorted((a, b) => a.endsAt - b.endsAt)
        .slice(0, MOST.credentials),
    }),
    alerts: checks
      .flatMap(({ check, alert: { open } }) => (open === undefined ? [] : [{ check, ...open }]))
      .slice(0, MOST.alerts),
  };
}

function outcomeOf(diagnosis: Diagnosis, evidence: Evidence, needs: readonly string[]) {
  if (diagnosis.verdict === 'diagnosed') {
    const { id, severity, confidence } = diagnosis.cause;
    return { cause: { id, severity, confidence } };
  }
  return diagnosis.verdict === 'unclear' ? { reason: reasonOf(diagnosis, evidence, needs).slice(0, MOST.text) } : {};
}

/** Why a verdict is unclear, and what would make it clear. */
export function reasonOf(
  { missing }: Extract<Diagnosis, { verdict: 'unclear' }>,
  evidence: Evidence,
  needs: readonly string[],
): string {
  return [...missing.map(({ detail }) => detail), ...whatWasSeen(evidence, needs)].join(' ');
}

/** Only what a grant or a setting would show; what was not tried or timed out once is told where it happened. */
function refusedIn(evidence: Evidence): string[] {
  const readings: readonly Reading<unknown>[] = Object.values(evidence);
  return [
    ...new Set(
      readings.flatMap((one) =>
        one.outcome === 'blind' && one.reason === 'denied' ? [one.detail.slice(0, MOST.text)] : [],
      ),
    ),
  ];
}
