import { CATALOGUE } from '../checks';
import type { Step } from '../core/check';

/** A cause of the catalogue with its remedy. `{name}` in a text stands for the administrator's own value. */
export interface Remediation {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly why: string;
  /** Ids of the checks that can find it. */
  readonly checks: readonly string[];
  readonly steps: readonly Step[];
  readonly sources: readonly string[];
}

/** Every cause once, in the order in which a login meets them. */
export function remediations(): Remediation[] {
  const all = CATALOGUE.flatMap((check) => check.causes.map((cause) => ({ check: check.id, cause })));
  return [...Map.groupBy(all, ({ cause }) => cause.id).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { id, title, severity, why, remedy, sources } = first.cause;
    return [{ id, title, severity, why, checks: same.map(({ check }) => check), steps: remedy, sources }];
  });
}
