import { createPrivateKey, X509Certificate } from 'node:crypto';
import { decodeJwt, importX509, jwtVerify } from 'jose';
import { FLOWS, type AppCredential } from '../../shared/core/subject';
import { selfSigned } from '../support/certificates';
import { CONFIDENTIAL, issued, jwt, tokenBench } from './token-bench';

const bench = tokenBench();
const CLIENT_ID = '11111111-2222-4333-8444-555555555555';
const CERTIFICATE: AppCredential = { kind: 'certificate', reference: 'file:jira.pem' };
const FEDERATED: AppCredential = { kind: 'federated', reference: 'file:/var/run/secrets/azure-identity-token' };

const identity = selfSigned({ rsa: true });
const another = selfSigned({ rsa: true });
const elliptic = selfSigned();

function assertionIn(form: Readonly<Record<string, string>> | undefined): string {
  expect(form).toMatchObject({ client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' });
  expect(form).not.toHaveProperty('client_secret');
  return form?.['client_assertion'] ?? '';
}

/** MSAL rounds the present second up. */
const TOLERANCE = { algorithms: ['PS256'], clockTolerance: 1 };

describe('a certificate', () => {
  beforeEach(async () => {
    const { cert, key } = await identity;
    bench.secrets.values.set(CERTIFICATE.reference, `${key}\n${cert}`);
    bench.answer = () => issued(CONFIDENTIAL.opaqueToken);
  });

  it.each(FLOWS)('signs for the app as Entra ID wants it, %s flow', async (flow) => {
    const { bearer } = await bench.probe()({ flow, credential: CERTIFICATE });
    expect(bearer).toBe(CONFIDENTIAL.opaqueToken);
    const { cert } = await identity;
    const { payload, protectedHeader } = await jwtVerify(
      assertionIn(bench.asked[0]),
      await importX509(cert, 'PS256'),
      TOLERANCE,
    );
    const sha256 = Buffer.from(new X509Certificate(cert).fingerprint256.replaceAll(':', ''), 'hex');
    expect(protectedHeader).toMatchObject({ 'x5t#S256': sha256.toString('base64url') });
    expect(payload).toMatchObject({
      iss: CLIENT_ID,
      sub: CLIENT_ID,
      aud: `${bench.origin()}/contoso.onmicrosoft.com/oauth2/v2.0/token`,
    });
    expect((payload.exp ?? 0) - Date.now() / 1000).toBeGreaterThan(0);
    expect(bench.asked[0]).toMatchObject(
      flow === 'delegated'
        ? { grant_type: 'refresh_token', refresh_token: CONFIDENTIAL.refreshToken }
        : { grant_type: 'client_credentials' },
    );
  });

  it('shares one token as long as it is the same, and is used at once when it is another', async () => {
    const ask = bench.probe();
    await ask({ credential: CERTIFICATE });
    await ask({ credential: CERTIFICATE });
    expect(bench.asked).toHaveLength(1);
    const { cert, key } = await another;
    bench.secrets.values.set(CERTIFICATE.reference, cert + key);
    await ask({ credential: CERTIFICATE });
    expect(bench.asked).toHaveLength(2);
  });

  it('is found among others of its chain', async () => {
    const [{ cert, key }, other] = await Promise.all([identity, another]);
    bench.secrets.values.set(CERTIFICATE.reference, other.cert + cert + key);
    await bench.probe()({ credential: CERTIFICATE });
    await expect(
      jwtVerify(assertionIn(bench.asked[0]), await importX509(cert, 'PS256'), TOLERANCE),
    ).resolves.toBeDefined();
  });

  it.each([
    ['the certificate alone', 'no private key', async () => (await identity).cert],
    ['the private key alone', 'no certificate', async () => (await identity).key],
    ['something else', 'no certificate', async () => CONFIDENTIAL.clientSecret],
    [
      'a certificate cut short',
      'no certificate',
      async () => `-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n${(await identity).key}`,
    ],
    ['a key of another certificate', 'another certificate', async () => (await identity).cert + (await another).key],
    ['an elliptic curve', 'not RSA', async () => (await elliptic).cert + (await elliptic).key],
    [
      'a key with a password',
      'no private key',
      async () => {
        const { cert, key } = await identity;
        const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
        return cert + createPrivateKey(key).export(cipher).toString();
      },
    ],
  ])('that cannot sign is named by its place, never by its content: %s', async (_, what, content) => {
    const text = await content();
    bench.secrets.values.set(CERTIFICATE.reference, text);
    const { reading } = await bench.probe()({ credential: CERTIFICATE });
    expect(reading).toMatchObject({ outcome: 'blind', reason: 'not-configured' });
    expect(reading).toHaveProperty('detail', expect.stringContaining(CERTIFICATE.reference));
    expect(reading).toHaveProperty('detail', expect.stringContaining(what));
    const lines = text.split('\n').filter((line) => line.length > 20);
    for (const line of lines) expect(JSON.stringify(reading)).not.toContain(line);
    expect(bench.asked).toEqual([]);
  });
});

describe('a federated credential', () => {
  const first = jwt({ iss: 'https://issuer.example', sub: 'system:serviceaccount:helpdesk:jira', jti: '1' });
  const second = jwt({ iss: 'https://issuer.example', sub: 'system:serviceaccount:helpdesk:jira', jti: '2' });

  it.each(FLOWS)('is shown as it stands, and read anew for every request, %s flow', async (flow) => {
    bench.answer = () => issued(CONFIDENTIAL.opaqueToken);
    const ask = bench.probe();
    bench.secrets.values.set(FEDERATED.reference, `${first}\n`);
    await ask({ flow, credential: FEDERATED });
    expect(assertionIn(bench.asked[0])).toBe(first);

    // The issuer renews it: the access token is still good, so nobody is asked.
    bench.secrets.values.set(FEDERATED.reference, second);
    await ask({ flow, credential: FEDERATED });
    expect(bench.asked).toHaveLength(1);

    bench.now += 3_600_000;
    await ask({ flow, credential: FEDERATED });
    expect(decodeJwt(assertionIn(bench.asked[1]))).toMatchObject({ jti: '2' });
  });

  it('is told to nobody when an endpoint repeats it', async () => {
    bench.secrets.values.set(FEDERATED.reference, first);
    bench.answer = (form) => ({
      status: 400,
      body: { error: 'invalid_request', error_description: `Got ${form['client_assertion']}.` },
    });
    const { reading } = await bench.probe()({ credential: FEDERATED });
    expect(reading).toMatchObject({ value: { description: 'Got <withheld>.' } });
  });
});
