import type { Application, FederatedIdentityCredential, User } from '@microsoft/microsoft-graph-types';
import * as z from 'zod';
import type { AppRegistration, FederatedCredential } from '../../core/evidence';
import { blind, seen, type Reading } from '../../core/reading';
import type { Ask } from './batch';
import { askAll } from './collection';
import { readCredentialPolicy } from './credential-policy';
import type { Graph } from './graph';
import { grantTo, parse } from './question';
import { registeredCredentials } from './registered-credentials';
import { selected, type Shape } from './shape';

/** `isDisabled` is newer than Microsoft's types for TypeScript: https://learn.microsoft.com/entra/identity/enterprise-apps/deactivate-app-registration */
type Registration = Application & { readonly isDisabled?: boolean };

const application = {
  id: z.string(),
  displayName: z.string().nullish(),
  createdDateTime: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .nullish(),
  isDisabled: z.boolean().nullish(),
  ...registeredCredentials,
} satisfies Shape<Registration>;

/**
 * Reads the app registration of a client id, its credentials, owners, and what the tenant's policy says of its credentials: five
 * questions. Never rejects.
 */
export async function readAppRegistration(ask: Ask, graph: Graph, clientId: string): Promise<Reading<AppRegistration>> {
  const url = `/applications(appId='${encodeURIComponent(clientId)}')`;
  const what = `the app registration ${clientId}`;
  const question = { url: `${url}?${selected(application)}`, what, permission: 'Application.Read.All' };
  // All are asked before the first is awaited, so that they share a batch.
  const [answer, owners, federatedCredentials, policyOf] = await Promise.all([
    ask(question),
    readOwners(ask, graph, url, what),
    readFederatedCredentials(ask, graph, url, what),
    readCredentialPolicy(ask, graph, url, what),
  ]);
  if (answer.outcome === 'blind') return answer;
  if (!answer.value.found) return seen({ found: false });
  const registration = parse(z.object(application), answer.value.body, question);
  if (registration.outcome === 'blind') return registration;
  const { id, displayName, createdDateTime, isDisabled, passwordCredentials, keyCredentials } = registration.value;
  return seen({
    found: true,
    objectId: id,
    displayName: displayName ?? '',
    disabled: isDisabled === true,
    passwords: passwordCredentials,
    keys: keyCredentials,
    owners,
    federatedCredentials,
    credentialPolicy: policyOf(createdDateTime ?? undefined),
  });
}

// Null where the reader may not see the user, absent for an owner that is a service principal.
const owner = { displayName: z.string().nullish(), userPrincipalName: z.string().nullish() } satisfies Shape<User>;

/** UPNs, or else names. */
async function readOwners(ask: Ask, graph: Graph, url: string, name: string): Promise<Reading<string[]>> {
  const what = `the owners of ${name}`;
  const question = { url: `${url}/owners?${selected(owner)}`, what, permission: 'Application.Read.All' };
  const owners = await askAll(ask, graph, question, z.object(owner));
  if (owners.outcome === 'blind') return owners;
  const names = owners.value.flatMap(({ userPrincipalName, displayName }) => userPrincipalName ?? displayName ?? []);
  if (names.length === 0 && owners.value.length > 0) {
    return blind('denied', `Microsoft Graph does not tell the names of ${what}. ${grantTo('User.ReadBasic.All')}`);
  }
  return seen(names);
}

/** One with a claims matching expression instead of a subject has none (in preview). */
const Federated = z.object({
  name: z.string(),
  issuer: z.string(),
  subject: z.string().nullish(),
  audiences: z.array(z.string()),
} satisfies Shape<FederatedIdentityCredential>);

async function readFederatedCredentials(
  ask: Ask,
  graph: Graph,
  url: string,
  name: string,
): Promise<Reading<FederatedCredential[]>> {
  const question = {
    url: `${url}/federatedIdentityCredentials`,
    what: `the federated credentials of ${name}`,
    permission: 'Application.Read.All',
  };
  const credentials = await askAll(ask, graph, question, Federated);
  if (credentials.outcome === 'blind') return credentials;
  return seen(credentials.value.map(({ subject, ...rest }) => ({ ...rest, subject: subject ?? '' })));
}
