import type { TokenCredential } from '@azure/identity';
import { valueOf } from '../../shared/core/reading';
import type { Integration } from '../../shared/core/subject';
import { createDirectoryProbe } from '../../shared/probes/directory';
import { createAuthority } from '../support/certificates';
import { exampleIntegration } from '../support/contexts';
import {
  startScriptedHttpsServer,
  trust,
  type ScriptedAnswer,
  type ScriptedHttpsServer,
} from '../support/scripted-https-server';

const CLIENT_ID = '11111111-2222-4333-8444-555555555555';
export const BEARER = 'eyJ-the-token-of-the-monitor';
export const READ_AT = Date.UTC(2026, 10, 25, 12);
export const PRINCIPAL_ID = '0a0a0a0a-1111-4222-8333-444455556666';
const EXCHANGE_ID = '01DEB58A-0000-4000-8000-00000000000E';
const GRAPH_ID = '01deb58a-0000-4000-8000-000000000003';
export const DELEGATE_ID = 'de1e9a7e-0000-4000-8000-000000000001';

/** One part of an answered batch; `forget` leaves it out. */
export type Part =
  'forget' | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };

export const signedIn: TokenCredential = {
  getToken: async () => ({ token: BEARER, expiresOnTimestamp: Date.now() + 3_600_000 }),
};

export function graphError(status: number, code: string): { status: number; body: unknown } {
  const innerError = { date: '2026-11-25T12:00:00', 'request-id': 'r', 'client-request-id': 'c' };
  return { status, body: { error: { code, message: 'A sentence of Graph.', innerError } } };
}

export const notFound = graphError(404, 'Request_ResourceNotFound');
export const denied = graphError(403, 'Authorization_RequestDenied');

export const ok = (body: unknown): Part => ({ status: 200, headers: { 'Content-Type': 'application/json' }, body });
/** The path of the app registration. */
export const CONTOSO_APP = `/applications(appId='${CLIENT_ID}')`;
const application = `/servicePrincipals(appId='${CLIENT_ID}')`;

/** What Contoso's Graph answers where all is well, by path. */
const CONTOSO: Readonly<Record<string, Part>> = {
  [CONTOSO_APP]: ok({
    '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#applications(...)/$entity',
    id: '7c1d7f0e-1111-4222-8333-444455556666',
    displayName: 'Contoso helpdesk mail',
    createdDateTime: '2024-05-20T09:30:00Z',
    isDisabled: null,
    passwordCredentials: [
      {
        customKeyIdentifier: null,
        displayName: 'jira 2026',
        endDateTime: '2027-05-20T09:30:00.1234567Z',
        hint: 'Q8x',
        keyId: '00000000-0000-4000-8000-000000000001',
        secretText: null,
        startDateTime: '2026-05-20T09:30:00Z',
      },
      {
        customKeyIdentifier: null,
        displayName: null,
        endDateTime: '2026-01-01T00:00:00Z',
        hint: null,
        keyId: '00000000-0000-4000-8000-000000000002',
        secretText: null,
        startDateTime: null,
      },
    ],
    keyCredentials: [
      {
        customKeyIdentifier: '52ED9B5038A47B9E2E2190715CC238359D4F8F73',
        displayName: 'CN=contoso',
        endDateTime: '2027-05-20T09:30:00Z',
        key: null,
        keyId: '00000000-0000-4000-8000-000000000003',
        startDateTime: '2026-05-20T09:30:00Z',
        type: 'AsymmetricX509Cert',
        usage: 'Verify',
      },
    ],
  }),
  [`${CONTOSO_APP}/owners`]: ok({
    value: [
      { displayName: 'Mail admin', userPrincipalName: 'mail-admin@contoso.com' },
      { '@odata.type': '#microsoft.graph.servicePrincipal', displayName: 'Provisioning' },
    ],
  }),
  [`${CONTOSO_APP}/federatedIdentityCredentials`]: ok({
    value: [
      {
        id: 'f',
        name: 'kubernetes',
        issuer: 'https://oidc.contoso.example/',
        subject: 'system:serviceaccount:helpdesk:mail',
        audiences: ['api://AzureADTokenExchange'],
      },
    ],
  }),
  [`${CONTOSO_APP}/appManagementPolicies`]: ok({ value: [] }),
  '/policies/defaultAppManagementPolicy': ok({
    id: '00000000-0000-0000-0000-000000000000',
    isEnabled: false,
    applicationRestrictions: {
      passwordCredentials: [{ restrictionType: 'passwordAddition', state: 'enabled', maxLifetime: null }],
      keyCredentials: [],
    },
  }),
  [application]: ok({
    id: PRINCIPAL_ID,
    displayName: 'Contoso helpdesk mail',
    accountEnabled: true,
    disabledByMicrosoftStatus: null,
    appRoleAssignmentRequired: false,
    passwordCredentials: [
      { keyId: '00000000-0000-4000-8000-000000000004', hint: 'aB3', endDateTime: '2027-05-20T09:30:00Z' },
    ],
    keyCredentials: [
      {
        keyId: '00000000-0000-4000-8000-000000000005',
        customKeyIdentifier: 'Uu2bUDikep4uISkHFcwjhZ1Pj3M=',
        endDateTime: '2027-05-20T09:30:00Z',
      },
    ],
  }),
  [`${application}/appRoleAssignments`]: ok({
    value: [
      assignment('5E5ADDCD-3e8d-4e90-baf5-964efab2b20a', EXCHANGE_ID.toLowerCase()),
      assignment('99999999-0000-4000-8000-000000000000', EXCHANGE_ID.toLowerCase()),
      assignment('810c84a8-4a9e-49e6-bf7d-12d183f40d01', GRAPH_ID),
      assignment('5e5addcd-3e8d-4e90-baf5-964efab2b20a', 'ffffffff-0000-4000-8000-000000000000'),
    ],
  }),
  [`${application}/oauth2PermissionGrants`]: ok({
    value: [
      grant({ resourceId: GRAPH_ID, scope: ' offline_access IMAP.AccessAsUser.All ' }),
      grant({ resourceId: EXCHANGE_ID, consentType: 'Principal', principalId: DELEGATE_ID }),
      grant({ resourceId: EXCHANGE_ID, scope: null }),
      grant({ resourceId: 'ffffffff-0000-4000-8000-000000000000' }),
    ],
  }),
  "/servicePrincipals(appId='00000002-0000-0ff1-ce00-000000000000')": ok({ id: EXCHANGE_ID }),
  "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')": ok({ id: GRAPH_ID }),
  '/admin/serviceAnnouncement/healthOverviews/Exchange%20Online': ok({
    service: 'Exchange Online',
    id: 'Exchange',
    status: 'ServiceDegradation',
    issues: [
      issue('EX1', '2026-11-23T10:00:00Z'),
      { ...issue('EX2', '2026-11-20T10:00:00Z'), isResolved: true },
      issue('EX3', '2026-11-24T10:00:00.1234567Z'),
    ],
  }),
  '/users/svc-jira%40contoso.com': user([{ service: 'exchange', capabilityStatus: 'Enabled', servicePlanId: 'e' }]),
};

export const PATHS = {
  application,
  roles: `${application}/appRoleAssignments`,
  consents: `${application}/oauth2PermissionGrants`,
  exchange: "/servicePrincipals(appId='00000002-0000-0ff1-ce00-000000000000')",
  graph: "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')",
  health: '/admin/serviceAnnouncement/healthOverviews/Exchange%20Online',
  delegate: '/users/svc-jira%40contoso.com',
} as const;

function assignment(appRoleId: string, resourceId: string) {
  return { id: 'a', appRoleId, principalId: PRINCIPAL_ID, principalType: 'ServicePrincipal', resourceId };
}

export function grant(changes: Readonly<Record<string, unknown>>) {
  return {
    id: 'g',
    clientId: PRINCIPAL_ID,
    consentType: 'AllPrincipals',
    principalId: null,
    resourceId: EXCHANGE_ID,
    scope: 'IMAP.AccessAsUser.All',
    ...changes,
  };
}

export function issue(id: string, startDateTime: string) {
  return { id, title: `About ${id}`, isResolved: false, startDateTime, endDateTime: null, posts: [] };
}

export function user(assignedPlans: readonly unknown[], changes: Readonly<Record<string, unknown>> = {}): Part {
  const userPrincipalName = 'svc-jira@contoso.com';
  return ok({ id: DELEGATE_ID, userPrincipalName, accountEnabled: true, assignedPlans, ...changes });
}

/** Graph on loopback: it answers a batch part by part, and a GET by its path. */
export interface DirectoryServer extends ScriptedHttpsServer {
  /** The URLs of each batch so far. */
  readonly batches: string[][];
  /** Answers of this test, by path, before those of CONTOSO; the count says how often this path was asked for before. */
  parts: Readonly<Record<string, Part | ((before: number) => Part)>>;
  /** The answers to requests that are no batch, by path without query. */
  pages: Readonly<Record<string, ScriptedAnswer | ((url: URL) => ScriptedAnswer)>>;
  reset(): void;
}

export async function startDirectoryServer(): Promise<DirectoryServer> {
  const authority = await createAuthority();
  const distrust = trust(authority.certificate);
  const server = await startScriptedHttpsServer(await authority.issue());
  const stop = server.close.bind(server);
  const answered = new Map<string, number>();

  const answerPart = (url: string): Part => {
    const path = url.split('?')[0] ?? '';
    const before = answered.get(path) ?? 0;
    answered.set(path, before + 1);
    const part = directory.parts[path] ?? CONTOSO[path] ?? notFound;
    return typeof part === 'function' ? part(before) : part;
  };

  const answer: ScriptedHttpsServer['answer'] = ({ method, path, body }) => {
    const url = new URL(path, server.origin);
    if (method === 'POST' && url.pathname === '/v1.0/$batch') {
      const { requests } = JSON.parse(body) as { requests: { id: string; method: string; url: string }[] };
      directory.batches.push(requests.map((request) => request.url));
      const responses = requests.flatMap(({ id, url: asked }) => {
        const part = answerPart(asked);
        return part === 'forget' ? [] : [{ id, ...part }];
      });
      // Graph answers in any order.
      return { body: { responses: responses.reverse() } };
    }
    const page = directory.pages[url.pathname] ?? { status: 404 };
    return typeof page === 'function' ? page(url) : page;
  };

  const directory: DirectoryServer = Object.assign(server, {
    batches: [],
    parts: {},
    pages: {},
    reset: () => {
      answered.clear();
      server.requests.length = 0;
      directory.batches.length = 0;
      directory.parts = {};
      directory.pages = {};
      directory.answer = answer;
    },
    close: async () => {
      distrust();
      await stop();
    },
  });
  directory.reset();
  return directory;
}

export interface Look {
  readonly credential?: TokenCredential;
  readonly deadlineMs?: number;
  readonly integration?: Partial<Integration>;
}

/** Runs the probe once, and names each of its readings. No reading holds the token. */
export async function lookAt(graph: DirectoryServer, { credential = signedIn, integration, ...rest }: Look = {}) {
  const probe = createDirectoryProbe({ credentialFor: () => credential, now: () => READ_AT, ...rest });
  const reading = await probe(exampleIntegration({ graphEndpoint: graph.origin, ...integration }));
  expect(JSON.stringify(reading)).not.toContain(BEARER);
  const { enterpriseApplication: application, delegateAccounts: accounts, serviceHealth: health } = reading;
  const entry = valueOf(application);
  return {
    application,
    ...(entry?.found === true && {
      roles: entry.exchangeRoles,
      graphRoles: entry.graphRoles,
      consents: entry.consents,
    }),
    account: accounts['svc-jira@contoso.com'],
    accounts,
    health,
  };
}

/** A blind reading whose detail has all these words, in any order. */
export function blindTo(reason: string, ...words: string[]): unknown {
  const detail: unknown = expect.stringMatching(words.map((word) => `(?=.*${word})`).join(''));
  return expect.objectContaining({ outcome: 'blind', reason, detail });
}
