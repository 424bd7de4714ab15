import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createDirectoryProbe } from '../../shared/probes/directory';
import { createGroupExpander } from '../../shared/probes/directory/group-members';
import { exampleIntegration } from '../support/contexts';
import { READ_AT, signedIn, startDirectoryServer } from './directory-tenant';

/** Microsoft's published types, where they lie beside the repository. */
const PUBLISHED = path.join(__dirname, '../../../shared/graph/v1.0-types.json');

type Members = Readonly<Record<string, unknown>> & { readonly $BaseType?: string };
type Types = Readonly<Record<string, Members>>;

/** The type that a path leads to: its last part decides. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/\/microsoft\.graph\.user$|^\/users\/[^/]+$/, 'user'],
  [/^\/groups$/, 'group'],
  [/^\/applications\([^)]*\)$/, 'application'],
  // Owners are directory objects; those with a name to ask for are users.
  [/^\/applications\([^)]*\)\/owners$/, 'user'],
  [/^\/servicePrincipals\([^)]*\)$/, 'servicePrincipal'],
  [/^\/admin\/serviceAnnouncement\/healthOverviews\/[^/]+$/, 'serviceHealth'],
];

const NAVIGATIONS = [
  [/^\/applications\([^)]*\)\/(\w+)$/, 'application'],
  [/^\/servicePrincipals\([^)]*\)\/(\w+)$/, 'servicePrincipal'],
  [/^\/groups\/[^/]+\/(\w+)\//, 'group'],
] as const;

function has(types: Types, type: string, name: string): boolean {
  const members = types[type];
  if (members === undefined) return false;
  return (
    name in members || (members.$BaseType !== undefined && has(types, members.$BaseType.split('.').pop() ?? '', name))
  );
}

/** Names in `$select`, `$expand` and `$filter`; texts in quotes are no names. */
function namesIn({ searchParams }: URL): string[] {
  const list = (name: string) => searchParams.get(name)?.split(',') ?? [];
  const compared = (searchParams.get('$filter') ?? '').replaceAll(/'[^']*'/g, '').matchAll(/(\w+) eq/g);
  return [...list('$select'), ...list('$expand'), ...[...compared].map(([, name]) => name ?? '')];
}

async function everyUrl(): Promise<URL[]> {
  const graph = await startDirectoryServer();
  try {
    const integration = exampleIntegration({ graphEndpoint: graph.origin });
    const access = { credentialFor: () => signedIn, now: () => READ_AT };
    graph.pages = { '/v1.0/groups': { body: { value: [{ id: 'g' }] } } };
    await createDirectoryProbe(access)(integration);
    await createGroupExpander(access)(integration, 'Helpdesk agents');
    const gets = graph.requests
      .filter(({ method }) => method === 'GET')
      .map((request) => request.path.slice('/v1.0'.length));
    return [...graph.batches.flat(), ...gets].map((url) => new URL(url, graph.origin));
  } finally {
    await graph.close();
  }
}

/** Each name as `type.name`. */
function asked(url: URL): string[] {
  const type = TYPES.find(([pattern]) => pattern.test(url.pathname))?.[1] ?? url.pathname;
  const navigations = NAVIGATIONS.flatMap(([pattern, from]) => {
    const name = pattern.exec(url.pathname)?.[1];
    return name === undefined ? [] : [`${from}.${name}`];
  });
  return [...namesIn(url).map((name) => `${type}.${name}`), ...navigations];
}

describe('the names in the questions to Graph', () => {
  let names: string[];

  beforeAll(async () => {
    names = [...new Set((await everyUrl()).flatMap(asked))].sort();
  });

  it('are those that are needed', () => {
    expect(names).toEqual([
      'application.appManagementPolicies',
      'application.createdDateTime',
      'application.displayName',
      'application.federatedIdentityCredentials',
      'application.id',
      'application.isDisabled',
      'application.keyCredentials',
      'application.owners',
      'application.passwordCredentials',
      'group.displayName',
      'group.id',
      'group.mail',
      'group.transitiveMembers',
      'group.visibility',
      'serviceHealth.issues',
      'servicePrincipal.accountEnabled',
      'servicePrincipal.appRoleAssignmentRequired',
      'servicePrincipal.appRoleAssignments',
      'servicePrincipal.disabledByMicrosoftStatus',
      'servicePrincipal.displayName',
      'servicePrincipal.id',
      'servicePrincipal.keyCredentials',
      'servicePrincipal.oauth2PermissionGrants',
      'servicePrincipal.passwordCredentials',
      'user.accountEnabled',
      'user.assignedPlans',
      'user.displayName',
      'user.id',
      'user.userPrincipalName',
    ]);
  });

  if (existsSync(PUBLISHED)) {
    it('are published by Microsoft', () => {
      const types = (JSON.parse(readFileSync(PUBLISHED, 'utf8')) as { 'microsoft.graph': Types })['microsoft.graph'];
      const unknown = names.filter((name) => {
        const [type = '', member = ''] = name.split('.');
        return !has(types, type, member);
      });
      expect(unknown).toEqual([]);
    });
  }
});
