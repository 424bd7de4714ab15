import type { ServicePrincipal } from '@microsoft/microsoft-graph-types';
import * as z from 'zod';
import type { EnterpriseApplication } from '../../core/evidence';
import { seen, type Reading } from '../../core/reading';
import type { Ask } from './batch';
import { askAll } from './collection';
import { Assignment, consentsOn, Grant, rolesOn } from './grants';
import type { Graph } from './graph';
import { parse } from './question';
import type { Resource, ResourceId } from './resource-ids';
import { registeredCredentials } from './registered-credentials';
import { selected, type Shape } from './shape';

const shape = {
  id: z.string(),
  displayName: z.string().nullish(),
  accountEnabled: z.boolean(),
  disabledByMicrosoftStatus: z.string().nullish(),
  appRoleAssignmentRequired: z.boolean(),
  ...registeredCredentials,
} satisfies Shape<ServicePrincipal>;

/** Reads the enterprise application of a client id, and what is granted to it: three questions and the resources'. Never rejects. */
export async function readEnterpriseApplication(
  ask: Ask,
  graph: Graph,
  clientId: string,
  resourceId: (resource: Resource) => Promise<Reading<ResourceId>>,
  now: () => number,
): Promise<Reading<EnterpriseApplication>> {
  const url = `/servicePrincipals(appId='${encodeURIComponent(clientId)}')`;
  const name = `the enterprise application ${clientId}`;
  const question = { url: `${url}?${selected(shape)}`, what: name, permission: 'Application.Read.All' };
  const roles = {
    url: `${url}/appRoleAssignments`,
    what: `the app roles granted to ${name}`,
    permission: 'Application.Read.All',
  };
  const consents = {
    url: `${url}/oauth2PermissionGrants`,
    what: `the delegated permissions consented to ${name}`,
    permission: 'Directory.Read.All',
  };
  // All are asked before the first is awaited, so that they share a batch.
  const [answer, assignments, grants, exchange, graphItself] = await Promise.all([
    ask(question),
    askAll(ask, graph, roles, Assignment),
    askAll(ask, graph, consents, Grant),
    resourceId('exchange'),
    resourceId('graph'),
  ]);
  if (answer.outcome === 'blind') return answer;
  if (!answer.value.found) return seen({ found: false, readAt: now() });
  const principal = parse(z.object(shape), answer.value.body, question);
  if (principal.outcome === 'blind') return principal;
  const { id, displayName, accountEnabled, disabledByMicrosoftStatus, appRoleAssignmentRequired } = principal.value;
  const { passwordCredentials: passwords, keyCredentials: keys } = principal.value;
  return seen({
    found: true,
    objectId: id,
    displayName: displayName ?? '',
    enabled: accountEnabled,
    ...(isDisabled(disabledByMicrosoftStatus) && { disabledByMicrosoft: disabledByMicrosoftStatus }),
    assignmentRequired: appRoleAssignmentRequired,
    exchangeRoles: rolesOn(exchange, assignments),
    graphRoles: rolesOn(graphItself, assignments),
    consents: consentsOn({ exchange, graph: graphItself }, grants),
    passwords,
    keys,
    readAt: now(),
  });
}

/** Graph writes null or `NotDisabled` for what Microsoft did not disable. */
function isDisabled(status: string | null | undefined): status is string {
  return typeof status === 'string' && status.toLowerCase() !== 'notdisabled';
}
