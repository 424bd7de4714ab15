import type { Resource } from './tenant';

const MAIL_SCOPES = ['IMAP.AccessAsUser.All', 'POP.AccessAsUser.All', 'SMTP.Send'];

/** Office 365 Exchange Online. `servicePrincipalId` is its object id in the tenant. */
export function newExchangeResource(servicePrincipalId: string): Resource {
  return {
    appId: '00000002-0000-0ff1-ce00-000000000000',
    displayName: 'Office 365 Exchange Online',
    servicePrincipalId,
    identifiers: ['https://outlook.office365.com', 'https://outlook.office.com', 'https://ps.outlook.com'],
    scopes: MAIL_SCOPES,
    appRoleIds: {
      'Exchange.ManageAsApp': 'dc50a0fb-09a3-484d-be87-e023b12c6440',
      'IMAP.AccessAsApp': '5e5addcd-3e8d-4e90-baf5-964efab2b20a',
      'POP.AccessAsApp': 'cb842b43-da6e-4506-86fe-bb12199c656d',
    },
  };
}

/** Microsoft Graph. `servicePrincipalId` is its object id in the tenant. */
export function newGraphResource(servicePrincipalId: string): Resource {
  return {
    appId: '00000003-0000-0000-c000-000000000000',
    displayName: 'Microsoft Graph',
    servicePrincipalId,
    identifiers: ['https://graph.microsoft.com'],
    scopes: [...MAIL_SCOPES, 'Mail.Read', 'Mail.Read.Shared', 'User.Read'],
    appRoleIds: {
      'Application.Read.All': '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
      'AuditLog.Read.All': 'b0afded3-3588-46d8-8b3d-9842eff778da',
      // Microsoft's own ids of these two are not known to the demo.
      'AuditLogsQuery-Exchange.Read.All': 'c0f19000-0000-4000-8000-000000000002',
      'ConfigurationMonitoring.ReadWrite.All': 'c0f19000-0000-4000-8000-000000000001',
      'Directory.Read.All': '7ab1d382-f21e-4acd-a863-ba3e13f7da61',
      'GroupMember.Read.All': '98830695-27a2-44f7-8c18-0c3ebc9698f6',
      'Mail.Read': '810c84a8-4a9e-49e6-bf7d-12d183f40d01',
      'Policy.Read.All': '246dd0d5-5bd0-4def-940b-0421030a5b68',
      'ServiceHealth.Read.All': '79c261e0-fe76-4144-aad5-bdc68fbe4037',
      'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
    },
  };
}
