import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startContosoBench, type ContosoBench } from './contoso-bench';

let bench: ContosoBench;
beforeAll(async () => {
  bench = await startContosoBench();
  bench.demo.world.tenant.snapshotJobs.push({
    id: 'job',
    snapshotId: 'snapshot',
    displayName: 'Mailbox Watch',
    description: '',
    resources: ['microsoft.exchange.casmailboxsettings'],
    createdAt: 0,
    looks: 2,
    content: [{ displayName: 'hr', resourceType: 'microsoft.exchange.casmailboxsettings', properties: {} }],
  });
});
afterAll(() => bench.close());

type Json = Readonly<Record<string, unknown>>;

async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; body: Json }> {
  const { graph } = bench.demo.endpoints;
  const bearer = await bench.bearerFor(`${graph}/.default`);
  const headers = { Authorization: `Bearer ${bearer}`, ...(init.headers as Record<string, string> | undefined) };
  const response = await fetch(graph + path, { ...init, headers });
  return { status: response.status, body: (await response.json()) as Json };
}

function batch(requests: unknown) {
  return ask('/v1.0/$batch', { method: 'POST', body: JSON.stringify({ requests }) });
}

const get = (id: string, url: string) => ({ id, method: 'GET', url });
const APP = "servicePrincipals(appId='a0000000-0000-4000-8000-000000000004')";
const MONITOR = "servicePrincipals(appId='a0000000-0000-4000-8000-000000000099')";

describe('$batch', () => {
  it('answers each part for itself, in an order of its own', async () => {
    const { status, body } = await batch([
      get('a', `/${APP}?$select=id,accountEnabled`),
      get('b', '/users/nobody@contoso.com'),
      { ...get('c', '/groups'), method: 'DELETE' },
    ]);
    expect(status).toBe(200);
    expect(body['responses']).toMatchObject([
      { id: 'c', status: 400 },
      { id: 'b', status: 404, body: { error: { code: 'Request_ResourceNotFound' } } },
      { id: 'a', status: 200, body: { id: 'e0000000-0000-4000-8000-000000000004', accountEnabled: true } },
    ]);
  });

  it.each([
    ['no parts', []],
    ['more than 20', Array.from({ length: 21 }, (_, i) => get(String(i), '/groups'))],
    ['the same id twice', [get('a', '/groups'), get('a', '/groups')]],
    ['no list', 'groups'],
  ])('with %s is a bad request', async (_, requests) => {
    expect(await batch(requests)).toMatchObject({ status: 400, body: { error: { code: 'BadRequest' } } });
  });

  it('is refused as a whole without a token', async () => {
    const { status } = await ask('/v1.0/$batch', { method: 'POST', body: '{}', headers: { Authorization: '' } });
    expect(status).toBe(401);
  });
});

describe('collections', () => {
  it('come in pages, in a batch too', async () => {
    const { body } = await batch([get('a', `/${MONITOR}/appRoleAssignments?$top=4`)]);
    const [{ body: first }] = body['responses'] as [{ body: Json }];
    expect(first['value']).toHaveLength(4);
    const next = new URL(String(first['@odata.nextLink']));
    const { body: second } = await ask(next.pathname + next.search);
    expect(second['value']).toHaveLength(4);
    expect(second).not.toHaveProperty('@odata.nextLink');
  });

  it.each([
    ["displayName eq 'HELPDESK AGENTS'", 1],
    ["displayName eq 'nobody' or mail eq 'helpdesk-agents@contoso.com'", 1],
    ["displayName eq 'it''s nobody'", 0],
    ["displayName ne 'nobody'", undefined],
    ["nonsense eq 'nobody'", undefined],
  ])('are filtered by %s', async (filter, found) => {
    const { status, body } = await ask(`/v1.0/groups?$filter=${encodeURIComponent(filter)}`);
    expect({ status, found: (body['value'] as unknown[] | undefined)?.length }).toEqual({
      status: found === undefined ? 400 : 200,
      found,
    });
  });

  it('are cast only with $count and ConsistencyLevel: eventual', async () => {
    const members = '/v1.0/groups/f0000000-0000-4000-8000-000000000001/transitiveMembers/microsoft.graph.user';
    const headers = { ConsistencyLevel: 'eventual' };
    for (const asked of [ask(members), ask(`${members}?$count=true`), ask(members, { headers })]) {
      expect(await asked).toMatchObject({ status: 400, body: { error: { code: 'Request_UnsupportedQuery' } } });
    }
    expect(await ask(`${members}?$count=true`, { headers })).toMatchObject({ body: { '@odata.count': 1 } });
  });
});

/** Microsoft's published metadata; not everybody who builds the project has it. */
const METADATA = join(__dirname, '../../../shared/graph/v1.0-types.json');
const ANSWERS: readonly (readonly [type: string, path: string])[] = [
  ['application', '/v1.0/applications'],
  [
    'application',
    "/v1.0/applications(appId='a0000000-0000-4000-8000-000000000004')?$select=id,displayName,createdDateTime,isDisabled",
  ],
  ['user', "/v1.0/applications(appId='a0000000-0000-4000-8000-000000000004')/owners"],
  ['tenantAppManagementPolicy', '/v1.0/policies/defaultAppManagementPolicy'],
  ['servicePrincipal', `/v1.0/${APP}`],
  ['servicePrincipal', "/v1.0/servicePrincipals(appId='00000002-0000-0ff1-ce00-000000000000')"],
  ['appRoleAssignment', `/v1.0/${MONITOR}/appRoleAssignments`],
  [
    'oAuth2PermissionGrant',
    "/v1.0/servicePrincipals(appId='a0000000-0000-4000-8000-000000000001')/oauth2PermissionGrants",
  ],
  ['user', '/v1.0/users/svc-jira@contoso.com'],
  ['group', '/v1.0/groups'],
  ['serviceHealth', "/v1.0/admin/serviceAnnouncement/healthOverviews('Exchange Online')?$expand=issues"],
  ['serviceHealth', '/v1.0/admin/serviceAnnouncement/healthOverviews/Exchange%20Online'],
  ['configurationSnapshotJob', '/v1.0/admin/configurationManagement/configurationSnapshotJobs'],
  ['configurationSnapshotJob', "/v1.0/admin/configurationManagement/configurationSnapshotJobs('job')"],
  ['configurationBaseline', "/v1.0/admin/configurationManagement/configurationSnapshots('snapshot')"],
];

describe('answers', () => {
  it.each(ANSWERS)('are there: %s at %s', async (_, path) => {
    const { status, body } = await ask(path);
    expect(status).toBe(200);
    expect(entitiesIn(body)).not.toEqual([]);
  });

  if (existsSync(METADATA)) {
    const { 'microsoft.graph': types } = JSON.parse(readFileSync(METADATA, 'utf8')) as Metadata;

    it('of the sign-in log have them too, and the one more that /beta has', async () => {
      const filter =
        "signInEventTypes/any(t:t eq 'servicePrincipal') and appId eq 'a0000000-0000-4000-8000-000000000004' and createdDateTime ge 2020-01-01T00:00:00Z";
      const { status, body } = await ask(`/beta/auditLogs/signIns?$filter=${encodeURIComponent(filter)}`);
      expect(status).toBe(200);
      const unknown = entitiesIn(body).flatMap((entity) => unknownIn(entity, 'signIn', types));
      expect(new Set(unknown)).toEqual(new Set(['signIn/signInEventTypes']));
    });

    it.each(ANSWERS)("have the properties of Microsoft's metadata and no others: %s at %s", async (type, path) => {
      const { body } = await ask(path);
      expect(entitiesIn(body).flatMap((entity) => unknownIn(entity, type, types))).toEqual([]);
    });
  }
});

interface Metadata {
  readonly 'microsoft.graph': Types;
}
type Types = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function entitiesIn(body: Json): Json[] {
  return Array.isArray(body['value']) ? (body['value'] as Json[]) : [body];
}

/** Paths of the properties that the type does not have, nested ones included. */
function unknownIn(entity: Json, type: string, types: Types): string[] {
  return Object.entries(entity)
    .filter(([name]) => !name.startsWith('@odata.'))
    .flatMap(([name, value]) => {
      const property = propertyOf(type, name, types);
      if (property === undefined) return [`${type}/${name}`];
      const inner = (property.$Type ?? '').replace(/^graph\./, '');
      if (!(inner in types) || types[inner]?.['$Kind'] === 'EnumType') return [];
      return [value].flat().flatMap((one) => (one === null ? [] : unknownIn(one as Json, inner, types)));
    });
}

function propertyOf(type: string, name: string, types: Types): { readonly $Type?: string } | undefined {
  const definition = types[type];
  if (definition === undefined) return undefined;
  const own = definition[name];
  if (own !== undefined) return own as { readonly $Type?: string };
  const base = definition['$BaseType'];
  return typeof base === 'string' ? propertyOf(base.replace(/^graph\./, ''), name, types) : undefined;
}
