import type { Cause } from '../../core/check';
import type { MonitorEvidence } from '../../core/monitor-evidence';
import { seen, valueOf } from '../../core/reading';
import { ownTokenWith } from './example-evidence';
import {
  APP_ROLE_PAGE,
  GRANT_APP_ROLE,
  granteeFacts,
  GRAPH_APP_ID,
  PERMISSIONS_PAGE,
  SEE_APP_ROLES,
  WAIT_FOR_TOKEN,
} from './grant-steps';
import { HAS_DIRECTORY, type MonitorCheck } from './monitor-check';
import { GRAPH_PERMISSIONS, type GraphPermission } from './permissions';

/** One check a permission, so that each lack is told, alerted and repaired by itself. */
export const permissionChecks: readonly MonitorCheck[] = GRAPH_PERMISSIONS.map((permission) => ({
  id: `monitor-${idOf(permission)}`,
  title: `Mailbox Watch may ${permission.lets} (${permission.name})`,
  needs: ['ownToken', 'refusedReads'],
  only: HAS_DIRECTORY,
  usedIn: permission.usedIn,
  after: ['monitor-sign-in'],
  healthy: (evidence) => holds(permission, evidence) === true,
  causes: [lacking(permission)],
}));

function idOf({ name }: GraphPermission): string {
  return name.toLowerCase().replaceAll('.', '-');
}

function claimsOf({ ownToken }: MonitorEvidence) {
  const token = valueOf(ownToken);
  return token?.issued === true ? token.claims : undefined;
}

/** Undefined where it cannot be told. A token of an application without any permission has no `roles`. */
function holds({ name, widerRoles, reads }: GraphPermission, evidence: MonitorEvidence): boolean | undefined {
  const claims = claimsOf(evidence);
  if (claims === undefined) return undefined;
  const roles = claims.roles ?? [];
  if (roles.includes(name)) return true;
  // A wider role counts as long as nothing was refused that it should have opened.
  const refused = valueOf(evidence.refusedReads) ?? [];
  const wasRefused = refused.some((path) => reads.some((read) => isAt(path, read)));
  return widerRoles.some((role) => roles.includes(role)) && !wasRefused;
}

function isAt(path: string, read: string): boolean {
  return read.endsWith('*') ? path.startsWith(read.slice(0, -1)) : path === read;
}

function lacking(permission: GraphPermission): Cause<MonitorEvidence> {
  const { name, why, without, blinds, reads } = permission;
  const others = GRAPH_PERMISSIONS.map((one) => one.name).filter((one) => one !== name);
  const narrower = others.filter((one) => !permission.widerRoles.includes(one));
  return {
    id: `monitor-lacks-${idOf(permission)}`,
    title: `Mailbox Watch lacks the permission ${name}`,
    severity: 'warning',
    why: `Mailbox Watch reads with it: ${why}. Without it ${without}. These checks see less: ${blinds.join(', ')}.`,
    opensAfter: 1,
    match: (evidence) => {
      const claims = claimsOf(evidence);
      if (claims === undefined || holds(permission, evidence) !== false) return undefined;
      const resource = { permission: name, resource: 'Microsoft Graph', resourceAppId: GRAPH_APP_ID };
      return { confidence: 'confirmed', facts: { ...granteeFacts(claims), ...resource } };
    },
    remedy: [GRANT_APP_ROLE, SEE_APP_ROLES, WAIT_FOR_TOKEN],
    sources: [PERMISSIONS_PAGE, APP_ROLE_PAGE],
    examples: [
      { says: 'The token does not carry it.', evidence: { ownToken: ownTokenWith(narrower), refusedReads: seen([]) } },
      ...reads.slice(0, 1).map((read) => ({
        says: 'A wider role is in the token, but the last run was refused.',
        evidence: { ownToken: ownTokenWith(others), refusedReads: seen([read.replace('*', 'svc@contoso.com')]) },
      })),
    ],
  };
}
