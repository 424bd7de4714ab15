import type { Probes, Secrets } from '../core/ports';
import { blind, seen } from '../core/reading';
import { readSigningCertificate, thumbprintOf } from './entra/certificate';
import { failedLook } from './failed-look';

/** The probe that tells what may be told of the certificate in the configuration. Never rejects. */
export function createConfiguredCertificateProbe(secrets: Pick<Secrets, 'read'>): Probes['configuredCertificate'] {
  return async ({ credential: { kind, reference } }) => {
    if (kind !== 'certificate') return blind('not-used', 'The app signs in without a certificate.');
    try {
      const { certificate } = readSigningCertificate(await secrets.read(reference), reference);
      return seen({
        thumbprint: thumbprintOf(certificate),
        startsAt: certificate.validFromDate.getTime(),
        endsAt: certificate.validToDate.getTime(),
      });
    } catch (error) {
      return failedLook(error, `Reading the certificate at ${reference}`);
    }
  };
}
