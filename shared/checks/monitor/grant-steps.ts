import type { Step } from '../../core/check';
import type { TokenClaims } from '../../core/evidence';

/** Ids of the resources, the same in every tenant. */
export const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';
export const EXCHANGE_APP_ID = '00000002-0000-0ff1-ce00-000000000000';

export const APP_ROLE_PAGE = 'https://learn.microsoft.com/graph/permissions-grant-via-msgraph';
export const PERMISSIONS_PAGE = 'https://learn.microsoft.com/graph/permissions-reference';

/** Whom to grant something to, for GRANT_APP_ROLE: the token names its holder. */
export function granteeFacts({ oid = '', appid = '' }: TokenClaims) {
  return { principalId: oid, ownAppId: appid };
}

/** Serves managed identities and app registrations alike. Its facts: granteeFacts, `permission`, `resourceAppId`, `resource`. */
export const GRANT_APP_ROLE: Step = {
  say: 'Grant the application permission {permission} on {resource} to Mailbox Watch.',
  role: 'Privileged Role Administrator',
  run: {
    shell: 'graph-powershell',
    command: [
      'Connect-MgGraph -Environment {graphEnvironment} -TenantId {tenant} -Scopes Application.Read.All, AppRoleAssignment.ReadWrite.All',
      '$resource = Get-MgServicePrincipal -Filter "appId eq {resourceAppId}"',
      '$role = $resource.AppRoles | Where-Object Value -eq {permission}',
      'New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {principalId} -PrincipalId {principalId} -ResourceId $resource.Id -AppRoleId $role.Id',
    ].join('\n'),
  },
};

export const SEE_APP_ROLES: Step = {
  part: 'check',
  say: 'See what is granted to it.',
  role: 'Global Reader',
  run: {
    shell: 'graph-powershell',
    command:
      'Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {principalId} | Format-Table ResourceDisplayName, AppRoleId, CreatedDateTime',
  },
};

/** What Mailbox Watch sees of itself, at once. */
const LOOK_NOW = { shell: 'shell', command: 'mailbox-watch doctor' } as const;

export const SEE_MONITOR_HEALTHY: Step = {
  part: 'verify',
  say: 'This check turns healthy by itself at the next run. To look at once:',
  run: LOOK_NOW,
};

export const WAIT_FOR_TOKEN: Step = {
  part: 'verify',
  say: 'Wait for the next token: with a client secret, a certificate or a federated credential it comes within an hour. Azure keeps the token of a managed identity for up to 24 hours, and restarting does not shorten that. This check then turns healthy by itself. To look at once:',
  run: LOOK_NOW,
};
