import { X509Certificate } from 'node:crypto';
import { SecretUnavailableError, type Probes, type Secrets } from '../core/ports';
import { blind, seen } from '../core/reading';
import { failedLook } from './failed-look';

/** The probe that tells what may be told of the certificate in the configuration. Never rejects. */
export function createConfiguredCertificateProbe(secrets: Secrets): Probes['configuredCertificate'] {
  return async ({ credential: { kind, reference } }) => {
    if (kind !== 'certificate') return blind('not-configured', 'The app signs in without a certificate.');
    try {
      const certificate = readCertificate(await secrets.read(reference), reference);
      return seen({
        // Entra's thumbprint is the SHA-1 of the certificate, without Node's colons.
        thumbprint: certificate.fingerprint.replaceAll(':', ''),
        startsAt: Date.parse(certificate.validFrom),
        endsAt: Date.parse(certificate.validTo),
      });
    } catch (error) {
      return failedLook(error, `Reading the certificate at ${reference}`);
    }
  };
}

function readCertificate(pem: string, reference: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    // OpenSSL's message tells nothing that helps, and might cite the text.
    throw new SecretUnavailableError(
      `${reference} holds no certificate: expected a PEM text with the certificate and its private key.`,
    );
  }
}
