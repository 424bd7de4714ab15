import type { DiagnosedCause, Diagnosis } from './diagnose';
import type { BlindReason } from './reading';

/** Stands for the cause while nothing can be seen: an alert of its own, since what is not seen is not known to be well. */
export const BLIND_CAUSE: DiagnosedCause = {
  id: 'cannot-be-seen',
  severity: 'warning',
  confidence: 'confirmed',
  facts: {},
};
export const BLIND_TITLE = 'Mailbox Watch cannot see whether it is well';

/** What somebody has chosen, and knows of. */
const CHOSEN: readonly BlindReason[] = ['not-configured', 'not-used', 'not-attempted'];

/** Whether a verdict is unclear for a reason that somebody can repair, or that has to pass. */
export function isBlindness(diagnosis: Diagnosis): boolean {
  return diagnosis.verdict === 'unclear' && diagnosis.missing.some(({ reason }) => !CHOSEN.includes(reason));
}
