import { GRAPH_PERMISSIONS } from '../checks/monitor/permissions';
import { CLOUD_TOOLS } from '../core/cloud-tools';
import { quotePowerShell as quote } from '../core/remedy';
import type { Integration } from '../core/subject';
import type { WatchedTenant } from '../core/watched-tenant';

/** Whom the script grants to: Mailbox Watch's own enterprise application, a managed identity's included. */
export interface Grantee {
  /** Object id of the enterprise application; not that of the app registration. */
  readonly objectId: string;
  /** Application (client) id. */
  readonly clientId: string;
}

/** What Mailbox Watch runs of Exchange, and no more. */
const CMDLETS = ['Get-CASMailbox', 'Get-Mailbox', 'Get-MailboxPermission', 'Get-ServicePrincipal'];

/**
 * A PowerShell script that grants Mailbox Watch exactly what the configuration of this tenant needs. It can be run again: what is there
 * is left alone. `-WhatIf` changes nothing, `-Remove` takes everything back. Pure; holds no secret.
 */
export function setupScript(tenant: WatchedTenant, grantee: Grantee): string {
  const { self, exchangeEvidence, integrations } = tenant;
  const usesAdminApi = exchangeEvidence === 'auto' || exchangeEvidence === 'admin-api';
  const asApplication = integrations.filter(({ flow, protocol }) => flow === 'application' && protocol !== 'graph');
  const usesExchange = usesAdminApi || asApplication.length > 0;
  const parts = [
    head(self, grantee, usesExchange),
    graphPart(
      self,
      GRAPH_PERMISSIONS.filter(({ usedIn }) => usedIn(tenant)).map(({ name }) => name),
      usesAdminApi,
    ),
    ...(usesExchange ? [connectExchange(self)] : []),
    ...(usesAdminApi ? [EXCHANGE_PART] : []),
    ...asApplication.map((integration) => helpdeskPart(integration)),
    ...(usesExchange ? ['Disconnect-ExchangeOnline -Confirm:$false'] : []),
    "Write-Host 'Done. A token that was issued before holds the old permissions: up to an hour, with a managed identity up to 24 hours.'",
  ];
  return `${parts.join('\n\n')}\n`;
}

function head({ tenant }: Integration, { objectId, clientId }: Grantee, usesExchange: boolean): string {
  const modules = ['Microsoft.Graph.Applications', ...(usesExchange ? ['ExchangeOnlineManagement'] : [])];
  return `#Requires -Version 7.4
#Requires -Modules ${modules.join(', ')}
<#
.SYNOPSIS
Grants Mailbox Watch what it needs in ${commentText(tenant)}, and no more. Made from its configuration: make it again when that changes.
.DESCRIPTION
Run it as Privileged Role Administrator${usesExchange ? ' and Exchange Administrator' : ''}. Run it as often as you like: what is there is left alone.
-WhatIf shows what it would do. -Remove takes back what it grants.
#>
[CmdletBinding(SupportsShouldProcess)]
param([switch] $Remove)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$tenant = ${quote(tenant)}
$objectId = ${quote(objectId)}
$clientId = ${quote(clientId)}`;
}

/** Text that cannot end a comment. */
function commentText(text: string): string {
  return text.replaceAll('#>', '# >');
}

function graphPart({ cloud }: Integration, permissions: readonly string[], usesAdminApi: boolean): string {
  const roles = [
    ...permissions.map((name) => ['00000003-0000-0000-c000-000000000000', name] as const),
    ...(usesAdminApi ? [['00000002-0000-0ff1-ce00-000000000000', 'Exchange.ManageAsApp'] as const] : []),
  ];
  const list = roles.map(([resource, name]) => `  @{ Resource = ${quote(resource)}; Name = ${quote(name)} }`);
  return `# Application permissions, least privileged first.
Connect-MgGraph -Environment ${CLOUD_TOOLS[cloud].graphEnvironment} -TenantId $tenant -Scopes 'Application.Read.All', 'AppRoleAssignment.ReadWrite.All' -NoWelcome
$principal = Get-MgServicePrincipal -ServicePrincipalId $objectId
if ($principal.AppId -ne $clientId) { throw "The enterprise application $objectId has the client ID $($principal.AppId), not $clientId." }
$permissions = @(
${list.join('\n')}
)
foreach ($permission in $permissions) {
  $resource = Get-MgServicePrincipal -Filter "appId eq '$($permission.Resource)'"
  $role = $resource.AppRoles | Where-Object { $_.Value -eq $permission.Name -and $_.AllowedMemberTypes -contains 'Application' }
  $granted = Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $objectId -All | Where-Object { $_.AppRoleId -eq $role.Id -and $_.ResourceId -eq $resource.Id }
  if ($Remove) {
    foreach ($one in $granted) {
      if ($PSCmdlet.ShouldProcess($permission.Name, 'Remove')) {
        Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $objectId -AppRoleAssignmentId $one.Id
      }
    }
  } elseif (-not $granted) {
    if ($PSCmdlet.ShouldProcess($permission.Name, 'Grant')) {
      $null = New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $objectId -PrincipalId $objectId -ResourceId $resource.Id -AppRoleId $role.Id
    }
  }
}
$null = Disconnect-MgGraph`;
}

function connectExchange({ cloud }: Integration): string {
  return `Connect-ExchangeOnline -ExchangeEnvironmentName ${CLOUD_TOOLS[cloud].exchangeEnvironment} -Organization $tenant -ShowBanner:$false`;
}

const EXCHANGE_PART = `# A role of Exchange that holds ${CMDLETS.length} cmdlets which only read.
$roleName = 'Mailbox Watch'
$cmdlets = ${CMDLETS.map(quote).join(', ')}
$known = Get-ServicePrincipal | Where-Object { $_.AppId -eq $clientId }
$assigned = Get-ManagementRoleAssignment -Role $roleName -ErrorAction SilentlyContinue
$role = Get-ManagementRole -Identity $roleName -ErrorAction SilentlyContinue
if ($Remove) {
  foreach ($one in $assigned) { if ($PSCmdlet.ShouldProcess($roleName, 'Remove assignment')) { $one | Remove-ManagementRoleAssignment -Confirm:$false } }
  if ($role -and $PSCmdlet.ShouldProcess($roleName, 'Remove role')) { Remove-ManagementRole -Identity $roleName -Confirm:$false }
  if ($known -and $PSCmdlet.ShouldProcess($clientId, 'Remove service principal')) { Remove-ServicePrincipal -Identity $clientId -Confirm:$false }
} else {
  if (-not $known -and $PSCmdlet.ShouldProcess($clientId, 'Register service principal')) {
    $null = New-ServicePrincipal -AppId $clientId -ObjectId $objectId -DisplayName 'Mailbox Watch'
  }
  if (-not $role -and $PSCmdlet.ShouldProcess($roleName, 'Make role')) {
    $null = New-ManagementRole -Name $roleName -Parent 'View-Only Recipients' -EnabledCmdlets $cmdlets
  }
  if (-not $assigned -and $PSCmdlet.ShouldProcess($roleName, 'Assign role')) {
    $null = New-ManagementRoleAssignment -Role $roleName -App $objectId
  }
}`;

/** What the helpdesk's own app needs of Exchange in the application flow. Mailbox Watch signs in as that app. */
function helpdeskPart({ name, clientId, mailboxes }: Integration): string {
  return `# ${commentText(name).replaceAll(/\s+/g, ' ')}: the helpdesk signs in as its own app, which Exchange has to know by the object ID of the enterprise application.
$helpdesk = Get-ServicePrincipal | Where-Object { $_.AppId -eq ${quote(clientId)} }
if (-not $helpdesk) { Write-Warning ('Exchange does not know the app ' + ${quote(clientId)} + '. Register it: New-ServicePrincipal -AppId <client ID> -ObjectId <object ID of the enterprise application> -DisplayName <name>') }
foreach ($mailbox in @(${mailboxes.map(({ address }) => quote(address)).join(', ')})) {
  if ($helpdesk -and -not $Remove -and -not (Get-MailboxPermission -Identity $mailbox -User $helpdesk.Identity -ErrorAction SilentlyContinue)) {
    Write-Warning "The app has no Full Access on $mailbox. Grant it: Add-MailboxPermission -Identity '$($mailbox -replace "'", "''")' -User '$($helpdesk.Identity -replace "'", "''")' -AccessRights FullAccess"
  }
}`;
}
