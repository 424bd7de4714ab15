import type { Probes, Secrets } from '../core/ports';
import { blind, seen } from '../core/reading';
import { failedLook } from './failed-look';

/** Graph publishes as many characters of a client secret as its `hint`. */
const HINT_LENGTH = 3;
const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The probe that tells what may be told of the client secret in the configuration. Never rejects. */
export function createConfiguredSecretProbe(secrets: Pick<Secrets, 'read'>): Probes['configuredSecret'] {
  return async ({ credential: { kind, reference } }) => {
    if (kind !== 'client-secret') return blind('not-used', 'The app signs in without a client secret.');
    try {
      const secret = await secrets.read(reference);
      return seen({ hint: secret.slice(0, HINT_LENGTH), looksLikeSecretId: GUID.test(secret) });
    } catch (error) {
      return failedLook(error, `Reading the client secret at ${reference}`);
    }
  };
}
