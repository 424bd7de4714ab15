import type { Application, KeyCredential, PasswordCredential, User } from '@microsoft/microsoft-graph-types';
import { findApp, type AppRegistration, type Certificate, type ClientSecret, type Tenant } from '../tenant';
import { dateTime } from './date-time';
import { notFound } from './graph-error';
import { page, type Entity } from './odata';
import type { GraphRequest } from './request';

/** An app registration as Graph v1.0 shows it. A secret's value is shown to nobody, only its first three characters. */
export function toApplication(app: AppRegistration, { domains }: Tenant) {
  return {
    id: app.objectId,
    deletedDateTime: null,
    appId: app.appId,
    createdDateTime: dateTime(app.createdAt),
    displayName: app.displayName,
    description: null,
    disabledByMicrosoftStatus: null,
    identifierUris: [],
    isFallbackPublicClient: null,
    notes: null,
    publisherDomain: domains[0] ?? null,
    signInAudience: 'AzureADMyOrg',
    tags: [],
    isDisabled: null,
    keyCredentials: app.certificates.map(toKeyCredential),
    passwordCredentials: app.secrets.map(toPasswordCredential),
  } satisfies Application & { readonly isDisabled: null };
}

function toPasswordCredential(secret: ClientSecret) {
  return {
    customKeyIdentifier: null,
    displayName: secret.displayName,
    endDateTime: dateTime(secret.endsAt),
    hint: secret.value.slice(0, 3),
    keyId: secret.keyId,
    secretText: null,
    startDateTime: dateTime(secret.startsAt),
  } satisfies PasswordCredential;
}

function toKeyCredential(certificate: Certificate) {
  return {
    customKeyIdentifier: certificate.thumbprint,
    displayName: certificate.displayName,
    endDateTime: dateTime(certificate.endsAt),
    key: null,
    keyId: certificate.keyId,
    startDateTime: dateTime(certificate.startsAt),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  } satisfies KeyCredential;
}

const OWNERS = { collection: 'directoryObjects', type: 'microsoft.graph.user' };

/** Throws GraphError. */
export function owners({ tenant, url }: GraphRequest, appId: string): Entity {
  const app = findApp(tenant, appId);
  if (app === undefined) throw notFound(appId);
  const users = tenant.users.filter(({ upn }) => app.owners.includes(upn));
  const found = users.map(({ id, displayName, upn }) => ({ id, displayName, userPrincipalName: upn }) satisfies User);
  return page(found, OWNERS, url);
}

/** A collection of which no app of the demo has anything. Its answer throws GraphError. */
export function nothingOf(collection: string): (request: GraphRequest, appId: string) => Entity {
  return ({ tenant, url }, appId) => {
    if (findApp(tenant, appId) === undefined) throw notFound(appId);
    return page([], { collection, type: `microsoft.graph.${collection}` }, url);
  };
}
