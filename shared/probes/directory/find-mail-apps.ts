import type { AppRoleAssignment, OAuth2PermissionGrant, ServicePrincipal } from '@microsoft/microsoft-graph-types';
import type { TokenCredential } from '@azure/identity';
import * as z from 'zod';
import { seen, type Reading } from '../../core/reading';
import type { Integration } from '../../core/subject';
import { restOf } from './collection';
import { createGraphLooks, type Graph } from './graph';
import { APP_ROLES } from './grants';
import { askOnce, explain, type Question } from './question';
import { APPLICATIONS, RESOURCES } from './resource-ids';
import type { Shape } from './shape';

/** An app that may read mailboxes, as the directory has it. */
export interface MailApp {
  readonly clientId: string;
  readonly displayName: string;
  /** Application permissions, such as `IMAP.AccessAsApp`. */
  readonly roles: readonly string[];
  /** Delegated permissions that somebody consented to, such as `IMAP.AccessAsUser.All`. */
  readonly scopes: readonly string[];
}

const MAIL_ROLES = ['IMAP.AccessAsApp', 'POP.AccessAsApp', 'Mail.Read', 'Mail.ReadWrite'];
/** Nearly every app of a user has Mail.Read; these are what helpdesks ask for. */
const MAIL_SCOPES = ['IMAP.AccessAsUser.All', 'POP.AccessAsUser.All', 'Mail.Read.Shared', 'Mail.ReadWrite.Shared'];

const id = z.string().toLowerCase();
const Assigned = z.object({ appRoleId: id, principalId: id } satisfies Shape<AppRoleAssignment>);
const Consented = z.object({ clientId: id, scope: z.string().nullish() } satisfies Shape<OAuth2PermissionGrant>);
const Principal = z.object({ appId: id, displayName: z.string().nullish() } satisfies Shape<ServicePrincipal>);

const WITHIN_MS = 120_000;

/** Every app of the tenant that holds a permission to read mail, from a few requests. Never rejects. */
export async function findMailApps(
  of: Integration,
  credentialFor: (integration: Integration) => TokenCredential | undefined,
): Promise<Reading<MailApp[]>> {
  const graph = createGraphLooks({ credentialFor, deadlineMs: WITHIN_MS })(of);
  const found = new Map<string, { roles: Set<string>; scopes: Set<string> }>();
  const entry = (principal: string) => {
    const known = found.get(principal) ?? { roles: new Set(), scopes: new Set() };
    found.set(principal, known);
    return known;
  };
  for (const resource of RESOURCES) {
    const { appId, name } = APPLICATIONS[resource];
    const assigned = await all(graph, Assigned, {
      url: `/servicePrincipals(appId='${appId}')/appRoleAssignedTo?$select=appRoleId,principalId`,
      what: `who holds application permissions of ${name}`,
      permission: 'Application.Read.All',
    });
    if (assigned.outcome === 'blind') return assigned;
    for (const { appRoleId, principalId } of assigned.value) {
      const role = APP_ROLES[appRoleId];
      if (role !== undefined && MAIL_ROLES.includes(role)) entry(principalId).roles.add(role);
    }
  }
  const consented = await all(graph, Consented, {
    url: '/oauth2PermissionGrants?$select=clientId,scope',
    what: 'the delegated consents',
    permission: 'Directory.Read.All',
  });
  if (consented.outcome === 'blind') return consented;
  for (const { clientId, scope } of consented.value) {
    const scopes = (scope ?? '').split(' ').filter((one) => MAIL_SCOPES.includes(one));
    for (const one of scopes) entry(clientId).scopes.add(one);
  }
  const apps: MailApp[] = [];
  for (const [principalId, { roles, scopes }] of found) {
    const principal = await askOnce(
      graph,
      {
        url: `/servicePrincipals/${principalId}?$select=appId,displayName`,
        what: `the enterprise application ${principalId}`,
        permission: 'Application.Read.All',
      },
      Principal,
    );
    if (principal.outcome === 'blind') return principal;
    const { appId, displayName } = principal.value;
    apps.push({ clientId: appId, displayName: displayName ?? appId, roles: [...roles], scopes: [...scopes] });
  }
  return seen(apps.toSorted((a, b) => a.displayName.localeCompare(b.displayName)));
}

async function all<T>(graph: Graph, item: z.ZodType<T>, question: Question): Promise<Reading<T[]>> {
  try {
    return await restOf(graph, question, item, await graph.get(question.url));
  } catch (error) {
    return explain(error, question, graph);
  }
}
