import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { SecretUnavailableError } from '../../core/ports';

/** A certificate with the private key that signs in its name. Holds a secret: it never leaves the probes. */
export interface SigningCertificate {
  readonly certificate: X509Certificate;
  readonly privateKey: KeyObject;
}

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN (?:\w+ )*PRIVATE KEY-----[\s\S]+?-----END (?:\w+ )*PRIVATE KEY-----/;

/**
 * Reads a PEM text that holds a private key and its certificate, in any order, others of the chain allowed. Throws SecretUnavailableError,
 * whose message names `reference` and never the text: OpenSSL's own messages help nobody, and might cite it.
 */
export function readSigningCertificate(pem: string, reference: string): SigningCertificate {
  const certificates = certificatesIn(pem);
  const privateKey = privateKeyIn(pem);
  if (certificates === undefined || certificates.length === 0) throw unusable(reference, 'no certificate');
  if (privateKey === undefined) throw unusable(reference, 'no private key that can be read');
  // Entra ID takes RSA only (PS256): https://learn.microsoft.com/entra/identity-platform/certificate-credentials
  if (privateKey.asymmetricKeyType !== 'rsa') throw unusable(reference, 'a key that is not RSA');
  const certificate = certificates.find((one) => one.checkPrivateKey(privateKey));
  if (certificate === undefined) throw unusable(reference, 'a private key of another certificate');
  return { certificate, privateKey };
}

function certificatesIn(pem: string): X509Certificate[] | undefined {
  try {
    return (pem.match(CERTIFICATES) ?? []).map((text) => new X509Certificate(text));
  } catch {
    return undefined;
  }
}

function privateKeyIn(pem: string): KeyObject | undefined {
  const [text] = PRIVATE_KEY.exec(pem) ?? [];
  if (text === undefined) return undefined;
  try {
    return createPrivateKey(text);
  } catch {
    return undefined;
  }
}

function unusable(reference: string, holds: string): SecretUnavailableError {
  return new SecretUnavailableError(
    `${reference} holds ${holds}. Put the certificate and its private key there: a PEM text, RSA, without a password.`,
  );
}

/** Entra's name of a certificate: SHA-1, 40 hexadecimal digits in upper case. */
export function thumbprintOf({ fingerprint }: X509Certificate): string {
  return fingerprint.replaceAll(':', '');
}
