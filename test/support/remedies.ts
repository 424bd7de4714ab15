import type { Cause, Facts } from '../../shared/core/check';
import { fillText, renderRemedy } from '../../shared/core/remedy';
import type { Context } from '../../shared/core/subject';

/** Places where a step needs somebody's leave. */
export const ROLE_PLACES =
  /Azure portal|admin center|Google (?:Admin|Cloud) console|Function app >|Storage account >|App registrations >|Key vaults >|Access control/;

/** Fails unless the remedy has steps for this integration, verifies, and has every value filled in. */
export function expectUsable(cause: Pick<Cause<never>, 'remedy' | 'why'>, facts: Facts, where: Context): void {
  const steps = renderRemedy(cause.remedy, facts, where);
  expect(steps.map(({ part }) => part)).toContain('verify');
  expect(steps.filter(({ part }) => part !== 'verify').length).toBeGreaterThan(0);
  const text = JSON.stringify(steps) + fillText(cause.why, facts, where);
  expect(text).not.toMatch(/<[a-zA-Z]+>|\{[a-zA-Z]+\}|undefined/);
}
