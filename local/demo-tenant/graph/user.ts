import type { AssignedPlan, User as GraphUser } from '@microsoft/microsoft-graph-types';
import type { User } from '../tenant';
import { notFound } from './graph-error';
import { single, type Entity } from './odata';
import type { GraphRequest } from './request';

export const USERS = { collection: 'users', type: 'microsoft.graph.user' };

/** Exchange Online (Plan 2). */
const EXCHANGE_PLAN = 'efb87545-963c-4e0d-99df-69c6916d9eb0';

/** The user with this UPN or object id. Throws GraphError. */
export function user({ tenant, url }: GraphRequest, name: string): Entity {
  const wanted = name.toLowerCase();
  const found = tenant.users.find(({ id, upn }) => id === wanted || upn === wanted);
  if (found === undefined) throw notFound(name);
  return single(toUser(found), USERS, url);
}

export function toUser({ id, upn, displayName, accountEnabled, exchangePlan }: User) {
  return {
    id,
    deletedDateTime: null,
    accountEnabled,
    assignedPlans: exchangePlan === undefined ? [] : [toPlan(exchangePlan)],
    displayName,
    mail: upn,
    userPrincipalName: upn,
    userType: 'Member',
  } satisfies GraphUser;
}

function toPlan(capabilityStatus: string) {
  return {
    assignedDateTime: '2025-01-15T08:00:00Z',
    capabilityStatus,
    service: 'exchange',
    servicePlanId: EXCHANGE_PLAN,
  } satisfies AssignedPlan;
}
