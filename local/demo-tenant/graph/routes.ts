import { findApp } from '../tenant';
import { nothingOf, owners, toApplication } from './application';
import { appManagementPolicy } from './app-management-policy';
import { badRequest, notFound, requestDenied, type GraphError } from './graph-error';
import { groupMembers, groups } from './group';
import { accessDenied, inbox } from './mail-folder';
import { page, single, type Entity } from './odata';
import type { GraphRequest } from './request';
import { exchangeHealth } from './service-health';
import {
  allPermissionGrants,
  appRoleAssignedTo,
  appRoleAssignments,
  permissionGrants,
  principalById,
  servicePrincipal,
} from './service-principal';
import { auditQuery, auditRecords, createAuditQuery } from './audit-log';
import { signIns } from './sign-ins';
import { createSnapshot, snapshot, snapshotJob, snapshotJobs } from './snapshots';
import { user } from './user';

/** Something that Graph answers. */
interface Route {
  /** v1.0 where absent. */
  readonly version?: 'beta';
  /** GET where absent. */
  readonly method?: 'POST';
  /** The path after the version; its group is the argument. */
  readonly path: RegExp;
  /**
   * Each of these application permissions opens it: the least that Microsoft documents. In truth Directory.Read.All opens most of
   * them; here the lack of any one shows.
   */
  readonly roles: readonly string[];
  /** Each of these delegated permissions opens it too. */
  readonly scopes?: readonly string[];
  /** What is answered without any of them; default: what the directory answers. */
  readonly denied?: () => GraphError;
  /** Throws GraphError. */
  readonly answer: (request: GraphRequest, argument: string) => Entity;
}

const APPLICATIONS = { collection: 'applications', type: 'microsoft.graph.application' };

export const SIGN_INS_PATH = '/beta/auditLogs/signIns';

const READ_SNAPSHOTS = ['ConfigurationMonitoring.Read.All', 'ConfigurationMonitoring.ReadWrite.All'];

const ROUTES: readonly Route[] = [
  {
    path: /^\/applications$/,
    roles: ['Application.Read.All'],
    answer: ({ tenant, url }) => {
      const all = tenant.apps.map((app) => toApplication(app, tenant));
      return page(all, APPLICATIONS, url);
    },
  },
  {
    path: /^\/applications\(appId='([^']*)'\)$/,
    roles: ['Application.Read.All'],
    answer: ({ tenant, url }, appId) => {
      const app = findApp(tenant, appId);
      if (app === undefined) throw notFound(appId);
      return single(toApplication(app, tenant), APPLICATIONS, url);
    },
  },
  {
    path: /^\/applications\(appId='([^']*)'\)\/owners$/,
    roles: ['Application.Read.All'],
    answer: owners,
  },
  {
    path: /^\/applications\(appId='([^']*)'\)\/federatedIdentityCredentials$/,
    roles: ['Application.Read.All'],
    answer: nothingOf('federatedIdentityCredentials'),
  },
  {
    path: /^\/applications\(appId='([^']*)'\)\/appManagementPolicies$/,
    roles: ['Policy.Read.All'],
    answer: nothingOf('appManagementPolicies'),
  },
  { path: /^\/policies\/defaultAppManagementPolicy$/, roles: ['Policy.Read.All'], answer: appManagementPolicy },
  {
    path: /^\/servicePrincipals\(appId='([^']*)'\)$/,
    roles: ['Application.Read.All'],
    answer: servicePrincipal,
  },
  {
    path: /^\/servicePrincipals\(appId='([^']*)'\)\/appRoleAssignments$/,
    roles: ['Application.Read.All'],
    answer: appRoleAssignments,
  },
  {
    path: /^\/servicePrincipals\(appId='([^']*)'\)\/oauth2PermissionGrants$/,
    roles: ['Directory.Read.All'],
    answer: permissionGrants,
  },
  {
    path: /^\/servicePrincipals\(appId='([^']*)'\)\/appRoleAssignedTo$/,
    roles: ['Application.Read.All'],
    answer: appRoleAssignedTo,
  },
  { path: /^\/servicePrincipals\/([^/]+)$/, roles: ['Application.Read.All'], answer: principalById },
  { path: /^\/oauth2PermissionGrants$/, roles: ['Directory.Read.All'], answer: allPermissionGrants },
  { path: /^\/users\/([^/]+)$/, roles: ['User.Read.All'], answer: user },
  {
    path: /^\/users\/([^/]+)\/mailFolders\/inbox$/,
    roles: ['Mail.Read', 'Mail.ReadWrite'],
    scopes: ['Mail.Read', 'Mail.ReadWrite', 'Mail.Read.Shared', 'Mail.ReadWrite.Shared'],
    denied: accessDenied,
    answer: inbox,
  },
  { path: /^\/groups$/, roles: ['GroupMember.Read.All'], answer: groups },
  {
    path: /^\/groups\/([^/]+)\/transitiveMembers\/microsoft\.graph\.user$/,
    roles: ['GroupMember.ReadBasic.All', 'GroupMember.Read.All'],
    answer: groupMembers,
  },
  {
    path: /^\/admin\/serviceAnnouncement\/healthOverviews(?:\/|\(')([^/']+)(?:'\))?$/,
    roles: ['ServiceHealth.Read.All'],
    answer: exchangeHealth,
  },
  // v1.0 has the sign-ins of persons alone.
  { version: 'beta', path: /^\/auditLogs\/signIns$/, roles: ['AuditLog.Read.All'], answer: signIns },
  {
    version: 'beta',
    method: 'POST',
    path: /^\/security\/auditLog\/queries$/,
    roles: ['AuditLogsQuery-Exchange.Read.All'],
    answer: createAuditQuery,
  },
  {
    version: 'beta',
    path: /^\/security\/auditLog\/queries\/([^/]+)$/,
    roles: ['AuditLogsQuery-Exchange.Read.All'],
    answer: auditQuery,
  },
  {
    version: 'beta',
    path: /^\/security\/auditLog\/queries\/([^/]+)\/records$/,
    roles: ['AuditLogsQuery-Exchange.Read.All'],
    answer: auditRecords,
  },
  {
    method: 'POST',
    path: /^\/admin\/configurationManagement\/configurationSnapshots\/createSnapshot$/,
    roles: ['ConfigurationMonitoring.ReadWrite.All'],
    answer: createSnapshot,
  },
  {
    path: /^\/admin\/configurationManagement\/configurationSnapshotJobs$/,
    roles: READ_SNAPSHOTS,
    answer: snapshotJobs,
  },
  {
    path: /^\/admin\/configurationManagement\/configurationSnapshotJobs\('([^']+)'\)$/,
    roles: READ_SNAPSHOTS,
    answer: snapshotJob,
  },
  {
    path: /^\/admin\/configurationManagement\/configurationSnapshots\('([^']+)'\)$/,
    roles: READ_SNAPSHOTS,
    answer: snapshot,
  },
];

/** What Graph answers with. Throws GraphError. */
export function answerTo(request: GraphRequest): Entity {
  const { method, url, roles } = request;
  const [, version, path = ''] = /^\/(v1\.0|beta)(\/.*)$/.exec(decodeURIComponent(url.pathname)) ?? [];
  const found = ROUTES.find(
    (one) => (one.version ?? 'v1.0') === version && (one.method ?? 'GET') === method && one.path.test(path),
  );
  if (found === undefined) throw badRequest(`Resource not found for the segment '${path.split('/')[1] ?? ''}'.`);
  const scopes = request.delegate?.scopes ?? [];
  const isPermitted =
    found.roles.some((role) => roles.includes(role)) || found.scopes?.some((scope) => scopes.includes(scope)) === true;
  if (!isPermitted) throw (found.denied ?? requestDenied)();
  return found.answer(request, found.path.exec(path)?.[1] ?? '');
}
