import * as z from 'zod';
import type { AppAuthorization } from '../../core/evidence';
import { seen, type Reading } from '../../core/reading';
import type { AdminSession } from './admin-session';
import { saysNotFound, type Answer } from './answer';
import { rowsOf } from './rows';

const flag = z.union([z.boolean(), z.stringbool()]);
const texts = z.union([z.string().transform((text) => text.split(/[,;]\s*/)), z.array(z.string())]);
const Authorization = z.object({ RoleName: z.string(), GrantedPermissions: texts, InScope: flag });

/**
 * What Test-ServicePrincipalAuthorization says of the app and a mailbox
 * (https://learn.microsoft.com/powershell/module/exchange/test-serviceprincipalauthorization). Who is not in Exchange's list of service
 * principals has no role there.
 */
export function appAuthorizationOf(
  answer: Answer,
  { clientId, address }: { readonly clientId: string; readonly address: string },
  session: AdminSession,
): Reading<Pick<AppAuthorization, 'roles'>> {
  if (saysNotFound(answer)) return seen({ roles: [] });
  const what = `whether Exchange lets app ${clientId} read ${address}`;
  const list = rowsOf(answer, Authorization, { what, cmdlet: 'Test-ServicePrincipalAuthorization' }, session);
  if (list.outcome === 'blind') return list;
  return seen({
    roles: list.value.rows.map(({ RoleName, GrantedPermissions, InScope }) => ({
      role: RoleName,
      permissions: GrantedPermissions,
      inScope: InScope,
    })),
  });
}
