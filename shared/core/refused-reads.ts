import type { ApplicationEvidence } from './evidence';

/**
 * Which reads of an application were refused, as paths such as `appRegistration` and `enterpriseApplication.consents`.
 * Pure; never throws.
 */
export function refusedReads(evidence: ApplicationEvidence): string[] {
  return Object.entries(evidence).flatMap(([name, reading]) => refusedIn(name, reading));
}

function refusedIn(path: string, value: unknown): string[] {
  if (!isReading(value)) return [];
  if (value.outcome === 'blind') return value.reason === 'denied' ? [path] : [];
  if (typeof value.value !== 'object' || value.value === null) return [];
  return Object.entries(value.value).flatMap(([name, inner]) => refusedIn(`${path}.${name}`, inner));
}

function isReading(value: unknown): value is { outcome: unknown; reason?: unknown; value?: unknown } {
  return typeof value === 'object' && value !== null && 'outcome' in value;
}
