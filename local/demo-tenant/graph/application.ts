import type { Application, KeyCredential, PasswordCredential } from '@microsoft/microsoft-graph-types';
import type { AppRegistration, Certificate, ClientSecret, Tenant } from '../tenant';
import { dateTime } from './date-time';

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
    keyCredentials: app.certificates.map(toKeyCredential),
    passwordCredentials: app.secrets.map(toPasswordCredential),
  } satisfies Application;
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
