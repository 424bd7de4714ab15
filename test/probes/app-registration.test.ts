import type { BlindReason } from '../../shared/core/reading';
import { DAY } from '../../shared/core/time';
import { createAppRegistrationProbe } from '../../shared/probes/directory';
import { exampleIntegration } from '../support/contexts';
import {
  blindTo,
  CONTOSO_APP,
  denied,
  graphError,
  notFound,
  ok,
  signedIn,
  startDirectoryServer,
} from './directory-tenant';
import type { DirectoryServer, Part } from './directory-tenant';

const PATHS = {
  application: CONTOSO_APP,
  owners: `${CONTOSO_APP}/owners`,
  federated: `${CONTOSO_APP}/federatedIdentityCredentials`,
  ownPolicy: `${CONTOSO_APP}/appManagementPolicies`,
  policy: '/policies/defaultAppManagementPolicy',
};
const SECRET = { keyId: '00000000-0000-4000-8000-000000000001', hint: 'Q8x', endDateTime: '2027-05-20T09:30:00Z' };
const application = (changes: object = {}): Part =>
  ok({
    id: 'a',
    passwordCredentials: [SECRET],
    keyCredentials: [],
    createdDateTime: '2026-01-01T00:00:00Z',
    ...changes,
  });

let graph: DirectoryServer;
beforeAll(async () => {
  graph = await startDirectoryServer();
});
beforeEach(() => {
  graph.reset();
});
afterAll(() => graph.close());

function look() {
  const probe = createAppRegistrationProbe({ credentialFor: () => signedIn });
  return probe(exampleIntegration({ graphEndpoint: graph.origin }));
}

describe('the app registration', () => {
  it('is read in one batch of five questions', async () => {
    await look();
    expect(graph.requests).toHaveLength(1);
    expect(graph.batches.flat().toSorted()).toEqual(
      [
        `${PATHS.application}?$select=id,displayName,createdDateTime,isDisabled,passwordCredentials,keyCredentials`,
        `${PATHS.owners}?$select=displayName,userPrincipalName`,
        PATHS.federated,
        PATHS.ownPolicy,
        PATHS.policy,
      ].toSorted(),
    );
  });

  it('shows every secret and certificate, its owners, whose tokens it trusts, and the policy', async () => {
    expect(await look()).toEqual({
      outcome: 'seen',
      value: {
        found: true,
        objectId: '7c1d7f0e-1111-4222-8333-444455556666',
        displayName: 'Contoso helpdesk mail',
        disabled: false,
        passwords: [
          {
            keyId: '00000000-0000-4000-8000-000000000001',
            displayName: 'jira 2026',
            hint: 'Q8x',
            startsAt: Date.UTC(2026, 4, 20, 9, 30),
            endsAt: Date.UTC(2027, 4, 20, 9, 30, 0, 123),
          },
          { keyId: '00000000-0000-4000-8000-000000000002', endsAt: Date.UTC(2026, 0, 1) },
        ],
        keys: [
          {
            keyId: '00000000-0000-4000-8000-000000000003',
            displayName: 'CN=contoso',
            thumbprint: '52ED9B5038A47B9E2E2190715CC238359D4F8F73',
            startsAt: Date.UTC(2026, 4, 20, 9, 30),
            endsAt: Date.UTC(2027, 4, 20, 9, 30),
          },
        ],
        owners: { outcome: 'seen', value: ['mail-admin@contoso.com', 'Provisioning'] },
        federatedCredentials: {
          outcome: 'seen',
          value: [
            {
              name: 'kubernetes',
              issuer: 'https://oidc.contoso.example/',
              subject: 'system:serviceaccount:helpdesk:mail',
              audiences: ['api://AzureADTokenExchange'],
            },
          ],
        },
        credentialPolicy: { outcome: 'seen', value: { secretsForbidden: false } },
      },
    });
  });

  it('is not found where Graph does not know it', async () => {
    graph.parts = Object.fromEntries(Object.values(PATHS).map((path) => [path, notFound]));
    expect(await look()).toEqual({ outcome: 'seen', value: { found: false } });
  });

  it.each<[string, Part, BlindReason, string]>([
    ['no rights', denied, 'denied', 'Application.Read.All'],
    ['an answer without an id', application({ id: undefined }), 'malformed', 'id'],
    ['no list of certificates', application({ keyCredentials: undefined }), 'malformed', 'keyCredentials'],
    [
      'a secret without an end',
      application({ passwordCredentials: [{ ...SECRET, endDateTime: null }] }),
      'malformed',
      'passwordCredentials.0.endDateTime',
    ],
    [
      'a secret that ends at no time',
      application({ passwordCredentials: [{ ...SECRET, endDateTime: 'never' }] }),
      'malformed',
      'passwordCredentials.0.endDateTime',
    ],
    ['an outage', graphError(503, 'Busy'), 'server-error', 'HTTP 503'],
  ])('is blind to %s', async (_, part, reason, words) => {
    graph.parts = { [PATHS.application]: part };
    expect(await look()).toEqual(blindTo(reason, words));
  });

  it.each([
    ['owners', PATHS.owners, 'owners', 'Application.Read.All'],
    ['federated credentials', PATHS.federated, 'federatedCredentials', 'Application.Read.All'],
    ["the tenant's policy", PATHS.policy, 'credentialPolicy', 'Policy.Read.All'],
    ["the app's own policy", PATHS.ownPolicy, 'credentialPolicy', 'Policy.Read.All'],
  ])('is blind to %s alone, where they may not be read', async (_, path, name, permission) => {
    graph.parts = { [path]: denied };
    expect(await look()).toMatchObject({
      outcome: 'seen',
      value: { passwords: [{}, {}], [name]: blindTo('denied', permission) },
    });
  });

  it('does not take owners without names for none', async () => {
    graph.parts = { [PATHS.owners]: ok({ value: [{ displayName: null, userPrincipalName: null }] }) };
    expect(await look()).toMatchObject({ value: { owners: blindTo('denied', 'User.ReadBasic.All') } });
  });

  it('tells when it was deactivated', async () => {
    graph.parts = { [PATHS.application]: application({ isDisabled: true }) };
    expect(await look()).toMatchObject({ value: { disabled: true } });
  });
});

describe('the policy for credentials', () => {
  const rule = (restrictionType: string, changes: object = {}) => ({ restrictionType, state: 'enabled', ...changes });
  const tenant = (passwordCredentials: object[], keyCredentials: object[] = [], isEnabled = true): Part =>
    ok({ id: 'p', isEnabled, applicationRestrictions: { passwordCredentials, keyCredentials } });
  const own = (passwordCredentials: object[], isEnabled = true): Part =>
    ok({ value: [{ id: 'o', isEnabled, restrictions: { passwordCredentials, keyCredentials: [] } }] });
  const CAPPED = rule('passwordLifetime', { maxLifetime: 'P90D' });
  const LATER = { restrictForAppsCreatedAfterDateTime: '2026-06-01T00:00:00Z' };

  it.each<[string, Record<string, Part>, object]>([
    ['is switched off', { [PATHS.policy]: tenant([CAPPED], [], false) }, { secretsForbidden: false }],
    ['caps secrets', { [PATHS.policy]: tenant([CAPPED]) }, { secretsForbidden: false, longestSecretLife: 90 * DAY }],
    [
      'caps certificates',
      { [PATHS.policy]: tenant([], [rule('asymmetricKeyLifetime', { maxLifetime: 'P180D' })]) },
      { secretsForbidden: false, longestCertificateLife: 180 * DAY },
    ],
    ['forbids secrets', { [PATHS.policy]: tenant([rule('passwordAddition')]) }, { secretsForbidden: true }],
    [
      'has a rule that is disabled',
      { [PATHS.policy]: tenant([rule('passwordAddition', { state: 'disabled' })]) },
      { secretsForbidden: false },
    ],
    [
      'has a rule for newer apps',
      { [PATHS.policy]: tenant([rule('passwordAddition', LATER)]), [PATHS.application]: application() },
      { secretsForbidden: false },
    ],
    [
      'has a rule for newer apps, and nobody tells how old this one is',
      {
        [PATHS.policy]: tenant([rule('passwordAddition', LATER)]),
        [PATHS.application]: application({ createdDateTime: null }),
      },
      { secretsForbidden: true },
    ],
    [
      'is replaced by the app’s own, type by type',
      {
        [PATHS.policy]: tenant([CAPPED, rule('passwordAddition')]),
        [PATHS.ownPolicy]: own([rule('passwordLifetime', { maxLifetime: 'P365D' })]),
      },
      { secretsForbidden: true, longestSecretLife: 365 * DAY },
    ],
    [
      'stands where the app’s own is switched off',
      { [PATHS.policy]: tenant([CAPPED]), [PATHS.ownPolicy]: own([rule('passwordAddition')], false) },
      { secretsForbidden: false, longestSecretLife: 90 * DAY },
    ],
  ])('%s', async (_, parts, expected) => {
    graph.parts = parts;
    expect(await look()).toMatchObject({ value: { credentialPolicy: { outcome: 'seen', value: expected } } });
  });
});
