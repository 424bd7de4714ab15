import { createGroupExpander } from '../../shared/probes/directory/group-members';
import { exampleIntegration } from '../support/contexts';
import { BEARER, blindTo, denied, signedIn, startDirectoryServer, type DirectoryServer } from './directory-tenant';

const ID = '9f9f9f9f-0000-4000-8000-000000000001';
const GROUPS = '/v1.0/groups';
const MEMBERS = `/v1.0/groups/${ID}/transitiveMembers/microsoft.graph.user`;

describe('the members of a group', () => {
  let graph: DirectoryServer;

  function expand(name = 'Helpdesk agents', options: { deadlineMs?: number } = {}) {
    const expander = createGroupExpander({ credentialFor: () => signedIn, ...options });
    return expander(exampleIntegration({ graphEndpoint: graph.origin }), name);
  }

  const page = (items: readonly unknown[], next?: string) => ({
    body: { value: items, ...(next !== undefined && { '@odata.nextLink': `${graph.origin}${MEMBERS}?${next}` }) },
  });
  const users = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ userPrincipalName: `user${i}@contoso.com` }));

  beforeAll(async () => {
    graph = await startDirectoryServer();
  });
  beforeEach(() => {
    graph.reset();
    graph.pages = {
      [GROUPS]: page([{ id: ID, visibility: null }]),
      [MEMBERS]: page([{ userPrincipalName: 'Ann@Contoso.com' }, { userPrincipalName: 'bob@contoso.com' }]),
    };
  });
  afterAll(() => graph.close());

  it('are the users in it, nested groups included, in lower case', async () => {
    expect(await expand()).toEqual({ outcome: 'seen', value: ['ann@contoso.com', 'bob@contoso.com'] });
    expect(graph.requests).toMatchObject([
      { method: 'GET', headers: { authorization: `Bearer ${BEARER}` } },
      { method: 'GET', headers: { consistencylevel: 'eventual' } },
    ]);
    expect(graph.requests[1]?.path).toBe(`${MEMBERS}?$count=true&$select=userPrincipalName&$top=999`);
  });

  it('are found by display name or mail address, whatever is in it', async () => {
    await expand("O'Hara & Sons = 100%");
    const { searchParams } = new URL(graph.requests[0]?.path ?? '', graph.origin);
    expect(searchParams.get('$filter')).toBe(
      "displayName eq 'O''Hara & Sons = 100%' or mail eq 'O''Hara & Sons = 100%'",
    );
    expect(searchParams.get('$select')).toBe('id,visibility');
  });

  it('are read to the last page', async () => {
    graph.pages = {
      ...graph.pages,
      [MEMBERS]: ({ searchParams }) =>
        searchParams.has('$skiptoken')
          ? page([{ userPrincipalName: 'z@contoso.com' }])
          : page(users(2), '$count=true&$skiptoken=x'),
    };
    expect(await expand()).toEqual({
      outcome: 'seen',
      value: ['user0@contoso.com', 'user1@contoso.com', 'z@contoso.com'],
    });
    expect(graph.requests[2]?.headers).toMatchObject({ consistencylevel: 'eventual' });
  });

  it('are nobody in an empty group', async () => {
    graph.pages = { ...graph.pages, [MEMBERS]: page([]) };
    expect(await expand()).toEqual({ outcome: 'seen', value: [] });
  });

  it.each([
    [5000, 'seen'],
    [5001, 'blind'],
  ])('of whom there are %d are %s', async (count, outcome) => {
    graph.pages = { ...graph.pages, [MEMBERS]: page(users(count)) };
    expect(await expand()).toMatchObject({ outcome });
  });

  const rows: Record<string, [path: string, items: readonly unknown[], reason: string, words: string]> = {
    'a name that no group has': [GROUPS, [], 'malformed', 'no group named Helpdesk agents'],
    'a name that two groups have': [GROUPS, [{ id: 'a' }, { id: 'b' }], 'malformed', '2 groups named Helpdesk agents'],
    'members whose names are hidden': [MEMBERS, [{ userPrincipalName: null }], 'denied', 'User.ReadBasic.All'],
    'members without names': [MEMBERS, [{ id: 'x' }], 'denied', 'User.ReadBasic.All'],
    'members that are no objects': [MEMBERS, ['x'], 'malformed', 'value.0'],
  };

  it.each(Object.entries(rows))('are not known for %s', async (_what, [path, items, reason, words]) => {
    graph.pages = { ...graph.pages, [path]: page(items) };
    expect(await expand()).toEqual(blindTo(reason, words));
  });

  it('are not known where the group hides them', async () => {
    graph.pages = { [GROUPS]: page([{ id: ID, visibility: 'HiddenMembership' }]), [MEMBERS]: page([]) };
    expect(await expand()).toEqual(blindTo('denied', 'Member.Read.Hidden'));
  });

  it.each([
    [GROUPS, 'GroupMember.Read.All'],
    [MEMBERS, 'GroupMember.ReadBasic.All'],
  ])('are not known when %s is denied', async (path, permission) => {
    graph.pages = { ...graph.pages, [path]: denied };
    expect(await expand()).toEqual(blindTo('denied', permission));
  });

  it('are not known when Graph hangs', async () => {
    graph.pages = { ...graph.pages, [MEMBERS]: 'hang' };
    expect(await expand('Helpdesk agents', { deadlineMs: 500 })).toEqual(blindTo('timeout', 'Helpdesk agents'));
  });

  it('are not known without a sign-in', async () => {
    const expander = createGroupExpander({ credentialFor: () => undefined });
    expect(await expander(exampleIntegration(), 'Helpdesk agents')).toEqual(
      blindTo('not-configured', 'monitor.signIn'),
    );
  });
});
