import type { AppRegistration, EnterpriseApplication } from './evidence';
import type { Reading } from './reading';
import type { IntegrationReport } from './report';

/** A client secret or certificate of an app. Times are milliseconds since 1970. */
export interface CredentialRow {
  readonly kind: 'client-secret' | 'certificate';
  readonly integrationId: string;
  /** Name of the integration. */
  readonly integration: string;
  readonly clientId: string;
  /** Display name of the app registration; its client id where that is not known. */
  readonly app: string;
  readonly name: string;
  readonly keyId: string;
  /** First characters of a secret, or the thumbprint of a certificate. */
  readonly hint?: string;
  readonly endsAt: number;
  /** True where it is the one in the configuration; undefined where that cannot be told. */
  readonly inUse?: boolean;
  readonly owners: readonly string[];
}

/** Every credential that could be read, the one that ends first on top. Never throws. */
export function credentialRows(integrations: readonly IntegrationReport[]): CredentialRow[] {
  return integrations.flatMap((integration) => rowsOf(integration)).toSorted((a, b) => a.endsAt - b.endsAt);
}

interface ApplicationReadings {
  readonly appRegistration?: Reading<AppRegistration>;
  readonly enterpriseApplication?: Reading<EnterpriseApplication>;
  readonly configuredSecret?: Reading<{ readonly hint: string }>;
  readonly configuredCertificate?: Reading<{ readonly thumbprint: string }>;
}

function rowsOf({ id, name: integration, application }: IntegrationReport): CredentialRow[] {
  if (application === undefined) return [];
  const read = Object.assign({}, ...application.checks.map(({ evidence }) => evidence)) as ApplicationReadings;
  const registration = found(read.appRegistration);
  const principal = found(read.enterpriseApplication);
  const app = registration?.displayName ?? principal?.displayName ?? application.name;
  const hint = seen(read.configuredSecret)?.hint;
  const thumbprint = seen(read.configuredCertificate)?.thumbprint;
  const owners = seen(registration?.owners) ?? [];
  const common = { integrationId: id, integration, clientId: application.name, app, owners };
  const secrets = [...(registration?.passwords ?? []), ...(principal?.passwords ?? [])];
  const certificates = [...(registration?.keys ?? []), ...(principal?.keys ?? [])];
  return [
    ...secrets.map(({ displayName, keyId, hint: own, endsAt }): CredentialRow => ({
      ...common,
      kind: 'client-secret',
      name: displayName ?? 'without a name',
      keyId,
      endsAt,
      ...(own !== undefined && { hint: own }),
      ...(hint !== undefined && own !== undefined && { inUse: own === hint }),
    })),
    ...certificates.map(({ displayName, keyId, thumbprint: own, endsAt }): CredentialRow => ({
      ...common,
      kind: 'certificate',
      name: displayName ?? 'without a name',
      keyId,
      endsAt,
      ...(own !== undefined && { hint: own }),
      ...(thumbprint !== undefined && own !== undefined && { inUse: own === thumbprint }),
    })),
  ];
}

function seen<T>(reading: Reading<T> | undefined): T | undefined {
  return reading?.outcome === 'seen' ? reading.value : undefined;
}

function found<T extends { readonly found: boolean }>(
  reading: Reading<T> | undefined,
): Extract<T, { found: true }> | undefined {
  const value = seen(reading);
  return value?.found === true ? (value as Extract<T, { found: true }>) : undefined;
}
