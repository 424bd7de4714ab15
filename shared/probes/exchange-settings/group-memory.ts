import type { Reading } from '../../core/reading';
import type { Integration } from '../../core/subject';
import { HOUR, MINUTE } from '../../core/time';
import { tenantKey } from '../directory/graph';

type ExpandGroup = (integration: Integration, group: string) => Promise<Reading<readonly string[]>>;

/** Exchange itself follows a changed membership within a day only. */
const MEMBERS_KEPT = HOUR;
const FAILURE_KEPT = 5 * MINUTE;

/**
 * The same expansion, but a group that stands on many mailboxes is asked for once an hour in its tenant, and after a failure once in
 * five minutes. `now`: milliseconds since 1970.
 */
export function rememberGroups(expandGroup: ExpandGroup, now: () => number): ExpandGroup {
  const remembered = new Map<string, { members: ReturnType<ExpandGroup>; until: number }>();

  return async (integration, group) => {
    const key = `${tenantKey(integration)}/${group.toLowerCase()}`;
    for (const [old, { until }] of remembered) if (until <= now()) remembered.delete(old);
    const known = remembered.get(key);
    if (known !== undefined) return known.members;
    const entry = { members: expandGroup(integration, group), until: now() + MEMBERS_KEPT };
    remembered.set(key, entry);
    const reading = await entry.members;
    if (reading.outcome === 'blind') entry.until = now() + FAILURE_KEPT;
    return reading;
  };
}
