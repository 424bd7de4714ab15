import type { TenantAppManagementPolicy } from '@microsoft/microsoft-graph-types';
import { single, type Entity } from './odata';
import type { GraphRequest } from './request';

const POLICY = { collection: 'policies/defaultAppManagementPolicy', type: 'microsoft.graph.tenantAppManagementPolicy' };

/** The policy that every tenant has; it is switched off until somebody wants it. Throws GraphError. */
export function appManagementPolicy({ url }: GraphRequest): Entity {
  const policy = {
    id: '00000000-0000-0000-0000-000000000000',
    displayName: 'Default app management tenant policy',
    description:
      'Default tenant policy that enforces app management restrictions on applications and service principals.',
    isEnabled: false,
    applicationRestrictions: { passwordCredentials: [], keyCredentials: [] },
    servicePrincipalRestrictions: { passwordCredentials: [], keyCredentials: [] },
  } satisfies TenantAppManagementPolicy;
  return single(policy, POLICY, url);
}
