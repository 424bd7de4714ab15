import type { Configuration } from '@azure/msal-node';
import type { Secrets } from '../../core/ports';
import type { AppCredential } from '../../core/subject';
import { readSigningCertificate, type SigningCertificate } from './certificate';

/** What an app proves its identity with, read. Holds a secret: it never leaves this folder. */
export type ReadCredential =
  | { readonly kind: 'client-secret'; readonly clientSecret: string }
  | ({ readonly kind: 'certificate' } & SigningCertificate)
  | { readonly kind: 'federated'; readonly assertion: string };

/** Reads it anew from its reference: issuers of federated tokens renew them every hour or so. Throws SecretUnavailableError. */
export async function readCredential(
  { kind, reference }: AppCredential,
  secrets: Pick<Secrets, 'read'>,
): Promise<ReadCredential> {
  const content = await secrets.read(reference);
  switch (kind) {
    case 'client-secret':
      return { kind, clientSecret: content };
    case 'certificate':
      return { kind, ...readSigningCertificate(content, reference) };
    case 'federated':
      return { kind, assertion: content.trim() };
  }
}

/** The credential in MSAL's words. With a certificate it signs its assertion by PS256 and names it by x5t#S256. */
export function msalCredential(
  credential: ReadCredential,
): Pick<Configuration['auth'], 'clientSecret' | 'clientCertificate' | 'clientAssertion'> {
  switch (credential.kind) {
    case 'client-secret':
      return { clientSecret: credential.clientSecret };
    case 'certificate':
      return {
        clientCertificate: {
          thumbprintSha256: credential.certificate.fingerprint256.replaceAll(':', ''),
          privateKey: credential.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        },
      };
    case 'federated':
      return { clientAssertion: credential.assertion };
  }
}

/** What tells one credential from the next for as long as tokens are kept: a federated one is told by its place, for it is ever new. */
export function identityOf(credential: ReadCredential, { kind, reference }: AppCredential): readonly string[] {
  switch (credential.kind) {
    case 'client-secret':
      return [kind, credential.clientSecret];
    case 'certificate':
      return [kind, credential.certificate.fingerprint256];
    case 'federated':
      return [kind, reference];
  }
}
