import type { Group as GraphGroup } from '@microsoft/microsoft-graph-types';
import type { Group } from '../tenant';
import { GraphError, notFound } from './graph-error';
import { filtered, page, type Entity } from './odata';
import type { GraphRequest } from './request';
import { toUser, USERS } from './user';

const GROUPS = { collection: 'groups', type: 'microsoft.graph.group' };
/** Who has neither learns of a user no more than the object id. */
const READS_USERS = ['User.ReadBasic.All', 'User.Read.All'];

/** Groups, all or those that $filter names. Throws GraphError. */
export function groups({ tenant, url }: GraphRequest): Entity {
  return page(filtered(tenant.groups.map(toGroup), GROUPS, url), GROUPS, url);
}

function toGroup({ id, displayName, mail }: Group) {
  return {
    id,
    deletedDateTime: null,
    displayName,
    groupTypes: [],
    mail,
    mailEnabled: true,
    mailNickname: mail.split('@')[0] ?? '',
    securityEnabled: true,
    visibility: null,
  } satisfies GraphGroup;
}

/** The users in a group; groups in groups there are none here. Throws GraphError. */
export function groupMembers({ tenant, url, eventual, roles }: GraphRequest, groupId: string): Entity {
  const group = tenant.groups.find(({ id }) => id === groupId.toLowerCase());
  if (group === undefined) throw notFound(groupId);
  if (!eventual || url.searchParams.get('$count') !== 'true') {
    throw new GraphError(
      400,
      'Request_UnsupportedQuery',
      'A cast in the path needs the header ConsistencyLevel: eventual and $count=true.',
    );
  }
  const members = tenant.users.filter(({ upn }) => group.members.includes(upn)).map(toUser);
  const isReadable = roles.some((role) => READS_USERS.includes(role));
  return page(isReadable ? members : members.map(hidden), USERS, url);
}

function hidden(user: ReturnType<typeof toUser>): Entity {
  return { ...Object.fromEntries(Object.keys(user).map((name) => [name, null])), id: user.id };
}
