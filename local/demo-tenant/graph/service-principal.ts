import type { AppRoleAssignment, OAuth2PermissionGrant, ServicePrincipal } from '@microsoft/microsoft-graph-types';
import { findApp, RESOURCE_NAMES, type AppRegistration, type Resource, type Tenant } from '../tenant';
import { dateTime } from './date-time';
import { notFound } from './graph-error';
import { page, single, type Entity } from './odata';
import type { GraphRequest } from './request';

const SERVICE_PRINCIPALS = { collection: 'servicePrincipals', type: 'microsoft.graph.servicePrincipal' };
const ASSIGNMENTS = { collection: 'appRoleAssignments', type: 'microsoft.graph.appRoleAssignment' };
const GRANTS = { collection: 'oauth2PermissionGrants', type: 'microsoft.graph.oAuth2PermissionGrant' };

/** The enterprise application of a client id, of this tenant's or Microsoft's own. Throws GraphError. */
export function servicePrincipal({ tenant, url }: GraphRequest, appId: string): Entity {
  const app = findApp(tenant, appId);
  const found = app ?? Object.values(tenant.resources).find((resource) => resource.appId === appId.toLowerCase());
  if (found === undefined) throw notFound(appId);
  return single(toServicePrincipal(found, app?.enabled ?? true), SERVICE_PRINCIPALS, url);
}

function toServicePrincipal(of: AppRegistration | Resource, accountEnabled: boolean) {
  return {
    id: of.servicePrincipalId,
    deletedDateTime: null,
    accountEnabled,
    appDisplayName: of.displayName,
    appId: of.appId,
    appRoleAssignmentRequired: false,
    disabledByMicrosoftStatus: null,
    displayName: of.displayName,
    servicePrincipalType: 'Application',
    signInAudience: 'secrets' in of ? 'AzureADMyOrg' : 'AzureADMultipleOrgs',
    tags: [],
    // Credentials of an app stand on its app registration; the portal shows none here.
    keyCredentials: [],
    passwordCredentials: [],
  } satisfies ServicePrincipal;
}

/** The application permissions that were granted to an app. Throws GraphError. */
export function appRoleAssignments({ tenant, url }: GraphRequest, appId: string): Entity {
  return page(assignmentsOf(appOf(tenant, appId), tenant), ASSIGNMENTS, url);
}

/** Who holds the application permissions of a resource. Throws GraphError. */
export function appRoleAssignedTo({ tenant, url }: GraphRequest, appId: string): Entity {
  const resource = Object.values(tenant.resources).find((one) => one.appId === appId.toLowerCase());
  if (resource === undefined) throw notFound(appId);
  const all = tenant.apps.flatMap((app) => assignmentsOf(app, tenant));
  return page(
    all.filter(({ resourceId }) => resourceId === resource.servicePrincipalId),
    ASSIGNMENTS,
    url,
  );
}

/** An enterprise application of this tenant by its object id. Throws GraphError. */
export function principalById({ tenant, url }: GraphRequest, objectId: string): Entity {
  const app = tenant.apps.find(({ servicePrincipalId }) => servicePrincipalId === objectId.toLowerCase());
  if (app === undefined) throw notFound(objectId);
  return single(toServicePrincipal(app, app.enabled), SERVICE_PRINCIPALS, url);
}

/** The delegated permissions of every app that were consented to for everybody. */
export function allPermissionGrants({ tenant, url }: GraphRequest): Entity {
  return page(
    tenant.apps.flatMap((app) => grantsOf(app, tenant)),
    GRANTS,
    url,
  );
}

function assignmentsOf(app: AppRegistration, tenant: Tenant) {
  return RESOURCE_NAMES.flatMap((name) => {
    const resource = tenant.resources[name];
    return app.appRoles[name].map((role) => toAssignment(app, resource, role));
  });
}

function toAssignment(app: AppRegistration, resource: Resource, role: string) {
  const appRoleId = resource.appRoleIds[role];
  if (appRoleId === undefined) throw new Error(`${resource.displayName} of the demo tenant has no app role ${role}.`);
  return {
    id: opaqueId(app.servicePrincipalId, appRoleId),
    deletedDateTime: null,
    appRoleId,
    createdDateTime: dateTime(app.createdAt),
    principalDisplayName: app.displayName,
    principalId: app.servicePrincipalId,
    principalType: 'ServicePrincipal',
    resourceDisplayName: resource.displayName,
    resourceId: resource.servicePrincipalId,
  } satisfies AppRoleAssignment;
}

/** The delegated permissions that were consented to for everybody. Throws GraphError. */
export function permissionGrants({ tenant, url }: GraphRequest, appId: string): Entity {
  return page(grantsOf(appOf(tenant, appId), tenant), GRANTS, url);
}

function grantsOf(app: AppRegistration, tenant: Tenant) {
  return RESOURCE_NAMES.filter((name) => app.consents[name].length > 0).map((name) => {
    const { servicePrincipalId: resourceId } = tenant.resources[name];
    return {
      id: opaqueId(app.servicePrincipalId, resourceId),
      clientId: app.servicePrincipalId,
      consentType: 'AllPrincipals',
      principalId: null,
      resourceId,
      scope: app.consents[name].join(' '),
    } satisfies OAuth2PermissionGrant;
  });
}

function appOf(tenant: Tenant, appId: string): AppRegistration {
  const app = findApp(tenant, appId);
  if (app === undefined) throw notFound(appId);
  return app;
}

/** Grants have no GUID for an id, but a text in base64url. */
function opaqueId(...guids: readonly string[]): string {
  return Buffer.from(guids.map((guid) => guid.replaceAll('-', '')).join(''), 'hex').toString('base64url');
}
