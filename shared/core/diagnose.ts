import { applies } from './applies';
import type { Check, Confidence, Facts } from './check';
import type { Severity } from './severity';
import type { Blind, Reading } from './reading';
import type { Context } from './subject';

export interface DiagnosedCause {
  readonly id: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly facts: Facts;
  readonly noticeStep?: number;
  readonly credential?: string;
  readonly history?: string;
}

export type Diagnosis =
  | { readonly verdict: 'healthy' }
  | { readonly verdict: 'diagnosed'; readonly cause: DiagnosedCause; readonly alsoPossible: readonly DiagnosedCause[] }
  /** A prerequisite failed; `by` is the check that did, at the root of the chain. */
  | { readonly verdict: 'blocked'; readonly by: string }
  /** The evidence proves nothing: `missing` names what could not be seen; empty when all was seen and nothing matched. */
  | { readonly verdict: 'unclear'; readonly missing: readonly MissingEvidence[] };

export interface MissingEvidence {
  readonly evidence: string;
  readonly reason: Blind['reason'];
  readonly detail: string;
}

/** Judges every check that applies to the subject, in the order given, over the same evidence. Pure; never throws. */
export function diagnoseAll<E extends object>(
  checks: readonly Check<E>[],
  evidence: E,
  context: Context,
): ReadonlyMap<string, Diagnosis> {
  const diagnoses = new Map<string, Diagnosis>();
  for (const check of checks) {
    if (applies(check.only, context.integration))
      diagnoses.set(check.id, diagnose(check, evidence, context, diagnoses));
  }
  return diagnoses;
}

function diagnose<E extends object>(
  check: Check<E>,
  evidence: E,
  context: Context,
  earlier: ReadonlyMap<string, Diagnosis>,
): Diagnosis {
  if (check.healthy(evidence, context)) return { verdict: 'healthy' };
  const [cause, ...alsoPossible] = matchesOf(check, evidence, context);
  const by = check.after.map((id) => blockerOf(id, earlier.get(id))).find((blocker) => blocker !== undefined);
  // A confirmed cause stands by itself; an inferred one yields to the prerequisite that failed.
  if (by !== undefined && cause?.confidence !== 'confirmed') return { verdict: 'blocked', by };
  if (cause !== undefined) return { verdict: 'diagnosed', cause, alsoPossible };
  return { verdict: 'unclear', missing: missingOf(check, evidence) };
}

function blockerOf(id: string, diagnosis: Diagnosis | undefined): string | undefined {
  if (diagnosis?.verdict === 'diagnosed') return id;
  return diagnosis?.verdict === 'blocked' ? diagnosis.by : undefined;
}

function matchesOf<E>(check: Check<E>, evidence: E, context: Context): DiagnosedCause[] {
  return check.causes.flatMap((cause) => {
    const match = cause.match(evidence, context);
    if (match === undefined) return [];
    const { confidence, facts = {}, severity = cause.severity, ...rest } = match;
    return [{ id: cause.id, severity, confidence, facts, ...rest }];
  });
}

function missingOf<E extends object>(check: Check<E>, evidence: E): MissingEvidence[] {
  return check.needs.flatMap((name) => {
    const reading = evidence[name] as Reading<unknown>;
    return reading.outcome === 'blind' && reading.reason !== 'not-used'
      ? [{ evidence: name, reason: reading.reason, detail: reading.detail }]
      : [];
  });
}
