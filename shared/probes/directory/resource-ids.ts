import * as z from 'zod';
import { seen, type Reading } from '../../core/reading';
import type { Integration } from '../../core/subject';
import type { Ask } from './batch';
import { tenantKey } from './graph';
import { parse } from './question';

/** The resources that hold mail permissions: their application ids are the same in every tenant and cloud. */
export const APPLICATIONS = {
  exchange: { appId: '00000002-0000-0ff1-ce00-000000000000', name: 'Office 365 Exchange Online' },
  graph: { appId: '00000003-0000-0000-c000-000000000000', name: 'Microsoft Graph' },
} as const;
export type Resource = keyof typeof APPLICATIONS;
export const RESOURCES: readonly Resource[] = ['exchange', 'graph'];

/** Object id in lower case, different in every tenant; undefined where the tenant does not have the resource: nothing is granted on it. */
export type ResourceId = string | undefined;

const ResourcePrincipal = z.object({ id: z.string().toLowerCase() });

/** Looks up a resource's object id, which grants name. Once seen it is remembered for the tenant. Never rejects. */
export function createResourceIds() {
  const known = new Map<string, string>();

  return async (ask: Ask, integration: Integration, resource: Resource): Promise<Reading<ResourceId>> => {
    const key = `${tenantKey(integration)}/${resource}`;
    const remembered = known.get(key);
    if (remembered !== undefined) return seen(remembered);
    const { appId, name } = APPLICATIONS[resource];
    const question = {
      url: `/servicePrincipals(appId='${appId}')?$select=id`,
      what: `the object id of ${name}`,
      permission: 'Application.Read.All',
    };
    const answer = await ask(question);
    if (answer.outcome === 'blind') return answer;
    if (!answer.value.found) return seen(undefined);
    const principal = parse(ResourcePrincipal, answer.value.body, question);
    if (principal.outcome === 'blind') return principal;
    known.set(key, principal.value.id);
    return seen(principal.value.id);
  };
}
