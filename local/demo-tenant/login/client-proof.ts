import { X509Certificate } from 'node:crypto';
import { decodeProtectedHeader, errors, importX509, jwtVerify } from 'jose';
import type { AppRegistration } from '../tenant';
import { EntraError } from './entra-error';
import type { TokenRequest } from './token-request';

/** Verifies that the client is the app that it says it is, by its secret or by a text that it signed. Throws EntraError. */
export async function verifyClient(app: AppRegistration, request: TokenRequest): Promise<void> {
  const { client_assertion: assertion } = request.parameters;
  if (assertion === undefined) verifySecret(app, request);
  else await verifyAssertion(app, assertion, request.now);
}

function verifySecret({ appId, secrets }: AppRegistration, { parameters, now }: TokenRequest): void {
  const { client_secret } = parameters;
  if (client_secret === undefined) {
    throw new EntraError(
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  const secret = secrets.find(({ value }) => value === client_secret);
  if (secret === undefined) {
    throw new EntraError(
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${appId}'.`,
    );
  }
  if (now < secret.endsAt) return;
  throw new EntraError(
    7000222,
    `The provided client secret keys for app '${appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  );
}

/** Of Entra ID's sentence only the beginning is documented; the reasons in brackets are as they were reported. */
function signatureFailed(reason: string): EntraError {
  return new EntraError(700027, `Client assertion failed signature validation. [Reason - ${reason}]`);
}

/** https://learn.microsoft.com/entra/identity-platform/certificate-credentials */
async function verifyAssertion(
  { appId, certificates }: AppRegistration,
  assertion: string,
  now: number,
): Promise<void> {
  const { 'x5t#S256': wanted } = decodeProtectedHeader(assertion) as { 'x5t#S256'?: string };
  const used = certificates.find(({ certificate }) => certificate !== '' && sha256Of(certificate) === wanted);
  if (used === undefined) throw signatureFailed('The key was not found.');
  if (now >= used.endsAt) throw signatureFailed('The key used is expired.');
  try {
    await jwtVerify(assertion, await importX509(used.certificate, 'PS256'), {
      issuer: appId,
      subject: appId,
      currentDate: new Date(now),
      // Entra ID allows for clocks that differ by minutes.
      clockTolerance: 300,
    });
  } catch (error) {
    if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) {
      throw new EntraError(700024, 'Client assertion is not within its valid time range.');
    }
    throw signatureFailed('The signature is not valid.');
  }
}

function sha256Of(pem: string): string {
  const { fingerprint256 } = new X509Certificate(pem);
  return Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
}
