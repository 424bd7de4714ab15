import type { AppRoleAssignment, OAuth2PermissionGrant } from '@microsoft/microsoft-graph-types';
import * as z from 'zod';
import type { DelegatedConsent } from '../../core/evidence';
import { seen, type Reading } from '../../core/reading';
import { RESOURCES, type Resource, type ResourceId } from './resource-ids';
import type { Shape } from './shape';

const id = z.string().toLowerCase();

/** An app role granted to a service principal, as Graph describes it. */
export const Assignment = z.object({ appRoleId: id, resourceId: id } satisfies Shape<AppRoleAssignment>);

const consented = { resourceId: id, scope: z.string().nullish() } satisfies Shape<OAuth2PermissionGrant>;
/** A delegated permission grant. One for a single user that does not name the user must not look like one for everybody. */
export const Grant = z.discriminatedUnion('consentType', [
  z.object({ ...consented, consentType: z.literal('AllPrincipals') }),
  z.object({ ...consented, consentType: z.literal('Principal'), principalId: z.string() }),
]);

/** App roles of Office 365 Exchange Online, and those of Microsoft Graph that read mail, by the ids that they have in every tenant. */
export const APP_ROLES: Readonly<Record<string, string>> = {
  '5e5addcd-3e8d-4e90-baf5-964efab2b20a': 'IMAP.AccessAsApp',
  'cb842b43-da6e-4506-86fe-bb12199c656d': 'POP.AccessAsApp',
  'dc50a0fb-09a3-484d-be87-e023b12c6440': 'Exchange.ManageAsApp',
  'dc890d15-9560-4a4c-9b7f-a736ec74ec40': 'full_access_as_app',
  '810c84a8-4a9e-49e6-bf7d-12d183f40d01': 'Mail.Read',
  'e2a3a72e-5f79-4c64-b1b1-878b674786c9': 'Mail.ReadWrite',
};

/** The app roles granted on one resource, by value where it is known, else by id. */
export function rolesOn(
  resource: Reading<ResourceId>,
  assignments: Reading<readonly z.output<typeof Assignment>[]>,
): Reading<readonly string[]> {
  if (assignments.outcome === 'blind') return assignments;
  if (resource.outcome === 'blind') return resource;
  return seen(
    assignments.value
      .filter(({ resourceId }) => resourceId === resource.value)
      .map(({ appRoleId }) => APP_ROLES[appRoleId] ?? appRoleId),
  );
}

/** The scopes consented on the resources that hold mail permissions; grants on others are left out. */
export function consentsOn(
  resourceIds: Readonly<Record<Resource, Reading<ResourceId>>>,
  grants: Reading<readonly z.output<typeof Grant>[]>,
): Reading<readonly DelegatedConsent[]> {
  if (grants.outcome === 'blind') return grants;
  const consents: DelegatedConsent[] = [];
  for (const resource of RESOURCES) {
    const resourceId = resourceIds[resource];
    if (resourceId.outcome === 'blind') return resourceId;
    for (const grant of grants.value) {
      if (grant.resourceId !== resourceId.value) continue;
      consents.push({
        resource,
        scopes: grant.scope?.split(' ').filter((scope) => scope !== '') ?? [],
        ...(grant.consentType === 'Principal' && { userId: grant.principalId }),
      });
    }
  }
  return seen(consents);
}
