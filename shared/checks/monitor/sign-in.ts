import type { Cause } from '../../core/check';
import type { TokenRefused } from '../../core/evidence';
import { CREDENTIAL_UNREADABLE, NO_MANAGED_IDENTITY, type MonitorEvidence } from '../../core/monitor-evidence';
import { seen, valueOf } from '../../core/reading';
import { tokenRefused } from '../example-evidence';
import { SEE_MONITOR_HEALTHY } from './grant-steps';
import { AADSTS_PAGE } from '../sources';
import { MAKE_OWN_SECRET, PUT_SECRET_INTO_REFERENCE } from './own-secret-steps';
import { HAS_DIRECTORY, type MonitorCheck } from './monitor-check';
import { SEE_SECRETS } from '../remedy-steps';

/** What every one of these costs. */
const BLIND =
  'Until it signs in, nothing is read of app registrations, accounts, service health and Exchange: only the live logins still tell something.';

const NOT_OF_ENTRA = [NO_MANAGED_IDENTITY, CREDENTIAL_UNREADABLE];

function refusalOf({ ownToken }: MonitorEvidence): TokenRefused | undefined {
  const answer = valueOf(ownToken);
  return answer?.issued === false ? answer : undefined;
}

interface Refusal extends Pick<Cause<MonitorEvidence>, 'id' | 'title' | 'why' | 'remedy' | 'sources'> {
  /** Undefined: whatever Entra ID said. */
  readonly aadsts?: readonly number[];
  readonly said: string;
}

/** A cause that Entra ID itself names. */
function refused({ aadsts, said, why, ...texts }: Refusal): Cause<MonitorEvidence> {
  return {
    ...texts,
    why: `${why} ${BLIND}`,
    severity: 'warning',
    opensAfter: 2,
    match: (evidence) => {
      const refusal = refusalOf(evidence);
      if (refusal === undefined || NOT_OF_ENTRA.includes(refusal.error)) return undefined;
      if (aadsts !== undefined && !refusal.aadsts.some((number) => aadsts.includes(number))) return undefined;
      return { confidence: 'confirmed', facts: { said: refusal.description } };
    },
    examples: [
      { says: 'Entra ID says so.', evidence: { ownToken: tokenRefused('invalid_client', aadsts?.[0] ?? 90002, said) } },
    ],
  };
}

const secretExpired = refused({
  id: 'monitor-secret-expired',
  title: 'The client secret of Mailbox Watch has expired',
  aadsts: [7000222],
  said: 'The provided client secret keys for app are expired.',
  why: 'Entra ID refuses a client secret from the moment of its end date.',
  remedy: [SEE_SECRETS, MAKE_OWN_SECRET, PUT_SECRET_INTO_REFERENCE, SEE_MONITOR_HEALTHY],
  sources: ['https://aka.ms/NewClientSecret', AADSTS_PAGE],
});

const secretWrong = refused({
  id: 'monitor-secret-wrong',
  title: 'The client secret of Mailbox Watch is not one of its app registration',
  aadsts: [7000215],
  said: 'Invalid client secret provided.',
  why: "The secret was mistyped, cut off, removed, belongs to another app, or its ID was entered instead of its value: none of the app registration's secrets is it.",
  remedy: [SEE_SECRETS, MAKE_OWN_SECRET, PUT_SECRET_INTO_REFERENCE, SEE_MONITOR_HEALTHY],
  sources: [AADSTS_PAGE],
});

const assertionRefused = refused({
  id: 'monitor-certificate-refused',
  title: 'The certificate of Mailbox Watch is not accepted',
  // Signature or thumbprint; outside its valid time; the same in older words.
  aadsts: [700027, 700024, 50012],
  said: 'The certificate with identifier used to sign the client assertion is not registered on application.',
  why: 'The certificate is not registered on the app registration, has ended, or the clock of this machine is wrong, so that what it signed is not valid now.',
  remedy: [
    { part: 'check', say: 'Entra ID says: {said}' },
    {
      part: 'check',
      say: 'See which certificates are registered, and until when. Compare the thumbprint with that of the certificate at {credentialReference}.',
      role: 'Global Reader',
      run: { shell: 'az', command: 'az ad app credential list --id {clientId} --cert --output table' },
    },
    {
      say: 'If it is missing, register the public part of the certificate.',
      role: 'Cloud Application Administrator, or an owner of the app',
      run: {
        shell: 'az',
        command: 'az ad app credential reset --id {clientId} --append --cert "$(cat certificate.pem)"',
      },
    },
    SEE_MONITOR_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/entra/identity-platform/certificate-credentials', AADSTS_PAGE],
});

const federationRefused = refused({
  id: 'monitor-federation-mismatch',
  title: 'The app registration of Mailbox Watch does not trust its federated token',
  aadsts: [700213, 700211, 700212, 70021, 700030],
  said: 'No matching federated identity record found for presented assertion.',
  why: "The app registration trusts tokens by issuer, subject and audience, each to the letter. The token's do not match any federated credential.",
  remedy: [
    { part: 'check', say: 'Entra ID says: {said}' },
    {
      part: 'check',
      say: 'See issuer, subject and audience of each federated credential, and compare them with those of the token.',
      role: 'Global Reader',
      run: { shell: 'az', command: 'az ad app federated-credential list --id {clientId}' },
    },
    SEE_MONITOR_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust', AADSTS_PAGE],
});

const appMissing = refused({
  id: 'monitor-app-not-in-tenant',
  title: 'The app of Mailbox Watch is not in this tenant, or is disabled there',
  aadsts: [700016, 7000112, 7000229],
  said: 'Application was not found in the directory.',
  why: 'An app registration of one tenant signs in to another only where an administrator consented to it and its enterprise application is enabled.',
  remedy: [
    { part: 'check', say: 'Entra ID says: {said}' },
    {
      part: 'check',
      say: 'See whether the enterprise application is in {tenant}, and enabled.',
      role: 'Global Reader',
      run: {
        shell: 'az',
        command: 'az ad sp show --id {clientId} --query "{name:displayName, enabled:accountEnabled}"',
      },
    },
    {
      say: 'If it is missing, make it there, and grant its permissions: each has a check of its own here.',
      role: 'Cloud Application Administrator',
      run: { shell: 'az', command: 'az ad sp create --id {clientId}' },
    },
    SEE_MONITOR_HEALTHY,
  ],
  sources: [AADSTS_PAGE],
});

const otherwise = refused({
  id: 'monitor-sign-in-refused',
  title: 'Entra ID refuses the sign-in of Mailbox Watch',
  said: 'Tenant not found.',
  why: 'Entra ID answered, and the answer was no.',
  remedy: [
    { part: 'check', say: 'Entra ID says: {said}' },
    { say: 'Correct monitor.signIn in the configuration, or what it says of {tenant} and {loginAuthority}.' },
    SEE_MONITOR_HEALTHY,
  ],
  sources: [AADSTS_PAGE],
});

/** A cause that Mailbox Watch itself found out when it tried to sign in. */
function failed({ error, said, why, ...texts }: Omit<Refusal, 'aadsts'> & { error: string }): Cause<MonitorEvidence> {
  return {
    ...texts,
    why: `${why} ${BLIND}`,
    severity: 'warning',
    opensAfter: 2,
    match: (evidence) => {
      const refusal = refusalOf(evidence);
      if (refusal?.error !== error) return undefined;
      return { confidence: 'confirmed', facts: { said: refusal.description } };
    },
    examples: [
      {
        says: 'There is nothing to sign in with.',
        evidence: { ownToken: seen({ issued: false, error, aadsts: [], description: said, ms: 20 }) },
      },
    ],
  };
}

const noManagedIdentity = failed({
  id: 'monitor-has-no-managed-identity',
  title: 'Mailbox Watch has no managed identity',
  error: NO_MANAGED_IDENTITY,
  said: 'CredentialUnavailableError',
  why: 'Azure gave no token for the managed identity: it is not switched on, not assigned to this function app, or the configuration names another one.',
  remedy: [
    { part: 'check', say: 'Azure says: {said}' },
    {
      part: 'check',
      say: 'See which identities the function app has. Fill in its name and its resource group.',
      role: 'Reader on the resource',
      run: { shell: 'az', command: 'az functionapp identity show --name NAME --resource-group GROUP' },
    },
    {
      say: 'Switch it on. If the configuration names one (monitor.clientId), assign that one instead: Function app > Settings > Identity > User assigned.',
      role: 'Contributor on the function app',
      run: { shell: 'az', command: 'az functionapp identity assign --name NAME --resource-group GROUP' },
    },
    {
      say: 'A machine of your own has no managed identity: use signIn: client-secret, certificate or federated there.',
    },
    SEE_MONITOR_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/azure/app-service/overview-managed-identity'],
});

const credentialMissing = failed({
  id: 'monitor-credential-missing',
  title: 'What Mailbox Watch signs in with cannot be read',
  error: CREDENTIAL_UNREADABLE,
  said: 'The secret at env:MONITOR_SECRET is not set. Add the app setting.',
  why: 'The configuration says where the secret, certificate or token is kept, and it is not there.',
  remedy: [
    { part: 'check', say: '{said}' },
    { say: 'Put it to {credentialReference}, or name another place in monitor of the configuration.' },
    SEE_MONITOR_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/azure/azure-functions/functions-how-to-use-azure-function-app-settings'],
});

export const signIn: MonitorCheck = {
  id: 'monitor-sign-in',
  title: 'Mailbox Watch signs in to Microsoft Graph',
  needs: ['ownToken'],
  only: HAS_DIRECTORY,
  usedIn: () => true,
  after: [],
  healthy: ({ ownToken }) => valueOf(ownToken)?.issued === true,
  causes: [
    secretExpired,
    secretWrong,
    assertionRefused,
    federationRefused,
    appMissing,
    noManagedIdentity,
    credentialMissing,
    otherwise,
  ],
};
