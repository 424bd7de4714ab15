// @peculiar/x509 does not load without it.
import 'reflect-metadata';
import { randomUUID, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { DAY } from '../../shared/core/time';

/** What a TLS server shows: PEM texts, as tls.createServer takes them. */
export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
}

interface CertificateRequest {
  /** Also the common name, the first one. Default: `localhost`. */
  readonly dnsNames?: readonly [string, ...string[]];
  /** Default: `127.0.0.1` and `::1`. */
  readonly addresses?: readonly string[];
  /** Default: tomorrow. */
  readonly validUntil?: Date;
  /** With an RSA key, the only kind that Entra ID takes to sign in with; else an elliptic curve's, which is quicker. */
  readonly rsa?: boolean;
}

/** A certificate authority that only lives in memory. */
export interface CertificateAuthority {
  /** What a client must trust: PEM. */
  readonly certificate: string;
  issue(request?: CertificateRequest): Promise<ServerIdentity>;
}

x509.cryptoProvider.set(webcrypto);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
};

export async function createAuthority(
  name = `Mailbox Watch test authority ${randomUUID()}`,
): Promise<CertificateAuthority> {
  const keys = await generateKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    notBefore: daysFromNow(-3),
    notAfter: daysFromNow(1),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  return {
    certificate: authority.toString('pem'),
    issue: (request = {}) => issue(request, { subject: authority.subject, key: keys.privateKey }),
  };
}

/** A certificate that is its own issuer, as appliances come with. */
export function selfSigned(request: CertificateRequest = {}): Promise<ServerIdentity> {
  return issue(request);
}

async function issue(
  {
    dnsNames = ['localhost'],
    addresses = ['127.0.0.1', '::1'],
    validUntil = daysFromNow(1),
    rsa = false,
  }: CertificateRequest,
  issuer?: { readonly subject: string; readonly key: webcrypto.CryptoKey },
): Promise<ServerIdentity> {
  const keys = await (rsa ? webcrypto.subtle.generateKey(RSA, true, ['sign', 'verify']) : generateKeys());
  const subject = `CN=${dnsNames[0]}`;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: issuer?.subject ?? subject,
    publicKey: keys.publicKey,
    signingKey: issuer?.key ?? keys.privateKey,
    notBefore: daysFromNow(-3),
    notAfter: validUntil,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
        ...addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * DAY);
}
