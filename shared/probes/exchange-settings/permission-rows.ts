import type { PermissionHolder } from '../../core/evidence';
import { valueOf, type Reading } from '../../core/reading';

/** One row of Get-MailboxPermission. */
export interface PermissionRow {
  /** UPN, or the name of a group or service principal. */
  readonly User: string;
  /** Some elements hold several rights, joined by commas. */
  readonly AccessRights: readonly string[];
  readonly Deny: boolean;
  readonly IsInherited: boolean;
}

/** Names as Exchange writes them, each once. */
export interface FullAccessNames {
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
}

/** Gives the UPNs of a group's members. Never rejects. */
export type ExpandGroup = (group: string) => Promise<Reading<readonly string[]>>;

/** Groups of one mailbox that are expanded; each costs two requests and more. */
const MOST_GROUPS = 20;
const SYSTEM_ACCOUNT = /^NT AUTHORITY\\/i;
/** An account that is gone leaves its security identifier. */
const ORPHAN = /^S-1-5-[\d-]+$/i;

/** Who is given or denied Full Access by a row of the mailbox's own. */
export function fullAccessNames(rows: readonly PermissionRow[]): FullAccessNames {
  const direct = rows.filter(
    ({ User, AccessRights, IsInherited }) =>
      !IsInherited && !SYSTEM_ACCOUNT.test(User) && !ORPHAN.test(User) && grantsFullAccess(AccessRights),
  );
  const names = (deny: boolean) => [...new Set(direct.filter(({ Deny }) => Deny === deny).map(({ User }) => User))];
  return { allowed: names(false), denied: names(true) };
}

function grantsFullAccess(rights: readonly string[]): boolean {
  return rights.some((element) => element.split(/,\s*/).some((right) => right.toLowerCase() === 'fullaccess'));
}

/**
 * The same as holders of the evidence: in lower case, groups with their members. Every name without @ may be a group's, except
 * `knownNames` (lower case). The first 20 are expanded; the others, and those that could not be, keep their members to themselves.
 */
export async function holdersOf(
  { allowed, denied }: FullAccessNames,
  expand: ExpandGroup,
  knownNames: readonly string[] = [],
): Promise<{ allowed: PermissionHolder[]; denied: PermissionHolder[] }> {
  const groups = [...new Set([...denied, ...allowed])].filter(
    (name) => !name.includes('@') && !knownNames.includes(name.toLowerCase()),
  );
  const expanded = await Promise.all(
    groups.slice(0, MOST_GROUPS).map(async (name) => [name, valueOf(await expand(name))] as const),
  );
  const members = new Map(expanded);
  const toHolder = (name: string): PermissionHolder => {
    const found = members.get(name);
    return { name: name.toLowerCase(), ...(found !== undefined && { members: found }) };
  };
  return { allowed: allowed.map(toHolder), denied: denied.map(toHolder) };
}
