// @peculiar/x509 does not load without it.
import 'reflect-metadata';
import { randomUUID, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { DAY } from '../../shared/core/time';
import type { Certificate } from './tenant';

/** What the demo's servers show, and what a client has to trust for it. PEM texts. */
export interface LoopbackIdentity {
  readonly authority: string;
  readonly cert: string;
  readonly key: string;
}

x509.cryptoProvider.set(webcrypto);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAYS_VALID = 30;

/** Makes a certificate authority and one certificate of it for localhost and 127.0.0.1. The keys are never on a disk. */
export async function createLoopbackIdentity(): Promise<LoopbackIdentity> {
  const notBefore = new Date(Date.now() - DAY);
  const notAfter = new Date(Date.now() + DAYS_VALID * DAY);
  const [authorityKeys, serverKeys] = await Promise.all([generateKeys(), generateKeys()]);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    // A name of its own: whoever trusts two demos finds the right authority by it.
    name: `CN=Contoso demo authority ${randomUUID()}`,
    keys: authorityKeys,
    notBefore,
    notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const server = await x509.X509CertificateGenerator.create({
    subject: 'CN=localhost',
    issuer: authority.subject,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    notBefore,
    notAfter,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', serverKeys.privateKey);
  return {
    authority: authority.toString('pem'),
    cert: server.toString('pem'),
    key: x509.PemConverter.encode(key, 'PRIVATE KEY'),
  };
}

/** A certificate that an app signs in with. */
export interface AppCertificate {
  /** What the helpdesk and Mailbox Watch keep: certificate and private key, PEM. */
  readonly pem: string;
  /** What the app registration shows. */
  readonly registered: Certificate;
}

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
};

/** A certificate of its own issuer, as Entra ID takes them. Milliseconds since 1970. */
export async function createAppCertificate(startsAt: number, endsAt: number): Promise<AppCertificate> {
  const keys = await webcrypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=contoso helpdesk',
    keys,
    notBefore: new Date(startsAt),
    notAfter: new Date(endsAt),
  });
  const certificate = made.toString('pem');
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const thumbprint = Buffer.from(await made.getThumbprint('SHA-1'))
    .toString('hex')
    .toUpperCase();
  const common = { keyId: randomUUID(), displayName: 'CN=contoso helpdesk', startsAt, endsAt };
  return {
    pem: `${certificate}\n${x509.PemConverter.encode(key, 'PRIVATE KEY')}`,
    registered: { ...common, thumbprint, certificate },
  };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}
