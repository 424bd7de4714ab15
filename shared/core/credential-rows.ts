import type { ApplicationEvidence } from './evidence';
import type { Reading } from './reading';

/** A client secret or certificate of an app. Times are milliseconds since 1970. */
export interface Credential {
  readonly kind: 'client-secret' | 'certificate';
  /** Display name of the app registration; absent where that is not known. */
  readonly app?: string;
  readonly name: string;
  readonly keyId: string;
  /** First characters of a secret, or the thumbprint of a certificate. */
  readonly hint?: string;
  readonly endsAt: number;
  /** True where it is the one in the configuration; undefined where that cannot be told. */
  readonly inUse?: boolean;
  readonly owners: readonly string[];
}

/** With the integration that it is of. */
export interface CredentialRow extends Credential {
  readonly integrationId: string;
  /** Name of the integration. */
  readonly integration: string;
  readonly clientId: string;
}

interface WithCredentials {
  readonly id: string;
  readonly name: string;
  readonly application?: { readonly name: string; readonly credentials?: readonly Credential[] };
}

/** Every credential that could be read, the one that ends first on top. Never throws. */
export function credentialRows(integrations: readonly WithCredentials[]): CredentialRow[] {
  return integrations
    .flatMap(({ id, name, application }) =>
      (application?.credentials ?? []).map((credential) => ({
        ...credential,
        integrationId: id,
        integration: name,
        clientId: application?.name ?? '',
      })),
    )
    .toSorted((a, b) => a.endsAt - b.endsAt);
}

type ApplicationReadings = Pick<
  ApplicationEvidence,
  'appRegistration' | 'enterpriseApplication' | 'configuredSecret' | 'configuredCertificate'
>;

/** Those of the app registration and of the enterprise application. Never throws. */
export function credentialsIn(read: ApplicationReadings): Credential[] {
  const registration = found(read.appRegistration);
  const principal = found(read.enterpriseApplication);
  const app = registration?.displayName ?? principal?.displayName;
  const inUse = {
    secret: seen(read.configuredSecret)?.hint,
    certificate: seen(read.configuredCertificate)?.thumbprint,
  };
  const common = { ...(app !== undefined && { app }), owners: seen(registration?.owners) ?? [] };
  const secrets = [...(registration?.passwords ?? []), ...(principal?.passwords ?? [])];
  const certificates = [...(registration?.keys ?? []), ...(principal?.keys ?? [])];
  const credential = (
    kind: Credential['kind'],
    one: Pick<Credential, 'keyId' | 'endsAt'> & { readonly displayName?: string },
    hint: string | undefined,
    configured: string | undefined,
  ): Credential => ({
    ...common,
    kind,
    name: one.displayName ?? 'without a name',
    keyId: one.keyId,
    endsAt: one.endsAt,
    ...(hint !== undefined && { hint }),
    ...(configured !== undefined && hint !== undefined && { inUse: hint === configured }),
  });
  return [
    ...secrets.map((one) => credential('client-secret', one, one.hint, inUse.secret)),
    ...certificates.map((one) => credential('certificate', one, one.thumbprint, inUse.certificate)),
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
