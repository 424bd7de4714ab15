import type { Group, User } from '@microsoft/microsoft-graph-types';
import * as z from 'zod';
import { blind, seen, type Reading } from '../../core/reading';
import type { Integration } from '../../core/subject';
import { restOf } from './collection';
import { createGraphLooks, type Graph, type GraphAccess } from './graph';
import { explain, grantTo, type Question } from './question';
import { selected, type Shape } from './shape';

/** A group with more members is not expanded: six requests. */
const MOST_MEMBERS = 5000;

const group = { id: z.string(), visibility: z.string().nullish() } satisfies Shape<Group>;
// Null where the user may not be read.
const member = { userPrincipalName: z.string().toLowerCase().nullish() } satisfies Shape<User>;
// Both are needed for a cast in the path (https://learn.microsoft.com/graph/aad-advanced-queries).
const ADVANCED_QUERY = { parameter: '$count=true', headers: { ConsistencyLevel: 'eventual' } };

/**
 * Finds a group by display name or mail address, and gives the UPNs (lower case) of the users in it and in the groups in it.
 * Never rejects.
 */
export function createGroupExpander(access: GraphAccess) {
  const lookAt = createGraphLooks(access);

  return async (integration: Integration, name: string): Promise<Reading<readonly string[]>> => {
    const graph = lookAt(integration);
    const groups = await getAll(graph, groupsNamed(name), z.object(group));
    if (groups.outcome === 'blind') return groups;
    const [found, another] = groups.value;
    if (found === undefined) {
      return blind(
        'malformed',
        `Entra ID has no group named ${name}, so that its members are not known. Groups of Exchange alone, such as dynamic distribution groups, are not in Entra ID: give Full Access to a mail-enabled security group, or to the user.`,
      );
    }
    if (another !== undefined) {
      return blind(
        'malformed',
        `Entra ID has ${groups.value.length} groups named ${name}, so that the members of the right one are not known. Rename the others.`,
      );
    }
    return membersOf(graph, name, found);
  };
}

async function membersOf(
  graph: Graph,
  name: string,
  { id, visibility }: z.output<z.ZodObject<typeof group>>,
): Promise<Reading<readonly string[]>> {
  const question: Question = {
    url: `/groups/${encodeURIComponent(id)}/transitiveMembers/microsoft.graph.user?${ADVANCED_QUERY.parameter}&${selected(member)}&$top=999`,
    what: `the members of the group ${name}`,
    permission: 'GroupMember.ReadBasic.All',
    headers: ADVANCED_QUERY.headers,
  };
  const members = await getAll(graph, question, z.object(member), MOST_MEMBERS);
  if (members.outcome === 'blind') return members;
  const names = members.value.map(({ userPrincipalName }) => userPrincipalName);
  if (!names.every((upn) => typeof upn === 'string')) {
    return blind(
      'denied',
      `Microsoft Graph does not tell the names of all members of the group ${name}. ${grantTo('User.ReadBasic.All')}`,
    );
  }
  // Graph answers with no members, not with a refusal, to who may not see hidden ones.
  if (visibility === 'HiddenMembership' && names.length === 0) {
    return blind('denied', `The group ${name} hides its members. ${grantTo('Member.Read.Hidden')}`);
  }
  return seen(names);
}

function groupsNamed(name: string): Question {
  const quoted = `'${name.replaceAll("'", "''")}'`;
  return {
    url: `/groups?$filter=${encodeURIComponent(`displayName eq ${quoted} or mail eq ${quoted}`)}&${selected(group)}`,
    what: `the group ${name}`,
    permission: 'GroupMember.Read.All',
  };
}

async function getAll<T>(graph: Graph, question: Question, item: z.ZodType<T>, limit?: number): Promise<Reading<T[]>> {
  try {
    const firstPage = await graph.get(question.url, question.headers);
    return await restOf(graph, question, item, firstPage, limit);
  } catch (error) {
    return explain(error, question, graph);
  }
}
