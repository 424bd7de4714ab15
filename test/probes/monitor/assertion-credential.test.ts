import { X509Certificate } from 'node:crypto';
import { decodeProtectedHeader, importX509, jwtVerify } from 'jose';
import { createMonitorCredential } from '../../../shared/probes/monitor-credential';
import type { MonitorSignIn } from '../../../shared/core/subject';
import { selfSigned } from '../../support/certificates';
import { CONFIDENTIAL, issued, tokenBench } from '../token-bench';

const CLIENT_ID = '99999999-2222-4333-8444-555555555555';
const GRAPH_SCOPE = 'https://graph.microsoft.com/.default';
const CERTIFICATE: MonitorSignIn = {
  kind: 'certificate',
  clientId: CLIENT_ID,
  certificateReference: 'file:monitor.pem',
};
const FEDERATED: MonitorSignIn = { kind: 'federated', clientId: CLIENT_ID, assertionReference: 'file:token' };
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const bench = tokenBench();

function credential(signIn: MonitorSignIn) {
  const where = { loginAuthority: bench.origin(), tenant: 'contoso.onmicrosoft.com' };
  const created = createMonitorCredential(signIn, where, bench.secrets);
  if (created === undefined) throw new Error('there is a sign-in');
  return created;
}

async function newCertificate() {
  const { cert, key } = await selfSigned({ rsa: true });
  return { certificate: cert, pem: `${cert}\n${key}` };
}

it('signs with the certificate, and asks once for many', async () => {
  const { certificate, pem } = await newCertificate();
  bench.secrets.values.set('file:monitor.pem', pem);
  bench.answer = () => issued(CONFIDENTIAL.opaqueToken);
  const signIn = credential(CERTIFICATE);
  expect(await signIn.getToken(GRAPH_SCOPE)).toMatchObject({ token: CONFIDENTIAL.opaqueToken });
  await signIn.getToken(GRAPH_SCOPE);
  expect(bench.asked).toMatchObject([
    {
      client_id: CLIENT_ID,
      scope: GRAPH_SCOPE,
      grant_type: 'client_credentials',
      client_assertion_type: ASSERTION_TYPE,
    },
  ]);
  const assertion = bench.asked[0]?.['client_assertion'] ?? '';
  const { alg = '' } = decodeProtectedHeader(assertion);
  const signed = await jwtVerify(assertion, await importX509(certificate, alg), { clockTolerance: 5 });
  expect(signed.payload).toMatchObject({ iss: CLIENT_ID, sub: CLIENT_ID });
});

it('follows a certificate that was renewed', async () => {
  const [old, renewed] = [await newCertificate(), await newCertificate()];
  bench.answer = () => issued(CONFIDENTIAL.opaqueToken);
  const signIn = credential(CERTIFICATE);
  for (const { pem } of [old, renewed]) {
    bench.secrets.values.set('file:monitor.pem', pem);
    await signIn.getToken(GRAPH_SCOPE);
  }
  expect(bench.asked).toHaveLength(2);
  const thumbprints = bench.asked.map((form) => decodeProtectedHeader(form['client_assertion'] ?? '')['x5t#S256']);
  expect(thumbprints).toEqual([old, renewed].map(({ certificate }) => thumbprintOf(certificate)));
});

it('presents the token of another issuer as it is now', async () => {
  bench.secrets.values.set('file:token', 'the-token-of-the-cluster');
  bench.answer = () => issued(CONFIDENTIAL.opaqueToken, { expires_in: 1 });
  const signIn = credential(FEDERATED);
  await signIn.getToken(GRAPH_SCOPE);
  bench.secrets.values.set('file:token', 'its-successor');
  await signIn.getToken(GRAPH_SCOPE);
  expect(bench.asked.map((form) => form['client_assertion'])).toEqual(['the-token-of-the-cluster', 'its-successor']);
});

it('asks in the tenant that a vault names', async () => {
  bench.secrets.values.set('file:token', 'the-token-of-the-cluster');
  bench.answer = (form) => issued(CONFIDENTIAL.opaqueToken, { scope: form['scope'] });
  const signIn = credential(FEDERATED);
  const vaults = 'https://vault.azure.net/.default';
  await signIn.getToken(vaults, { tenantId: 'fabrikam.onmicrosoft.com' });
  await signIn.getToken(vaults);
  // Another tenant's token is not taken for this one's.
  expect(bench.asked).toHaveLength(2);
});

describe('in vain', () => {
  it('tells what Entra ID said', async () => {
    bench.secrets.values.set('file:token', 'the-token-of-the-cluster');
    bench.answer = () => ({
      status: 401,
      body: { error: 'invalid_client', error_description: 'AADSTS700213: No matching record.', error_codes: [700213] },
    });
    await expect(credential(FEDERATED).getToken(GRAPH_SCOPE)).rejects.toMatchObject({
      name: 'SignInError',
      reading: { reason: 'denied', detail: expect.stringMatching(/as app 9999.*AADSTS700213.*file:token/) as string },
      refusal: { issued: false, error: 'invalid_client', aadsts: [700213] },
    });
  });

  it.each<[string, MonitorSignIn, string | undefined, object]>([
    ['no certificate', CERTIFICATE, undefined, { reason: 'not-configured' }],
    ['what is none', CERTIFICATE, 'hello', { reason: 'not-configured', detail: /file:monitor\.pem.*PEM/ }],
    ['no assertion', FEDERATED, undefined, { reason: 'not-configured', detail: /file:token/ }],
  ])('says where there is %s', async (_, signIn, content, { reason, detail }: { reason?: string; detail?: RegExp }) => {
    if (content !== undefined) bench.secrets.values.set('file:monitor.pem', content);
    const failure: unknown = await credential(signIn)
      .getToken(GRAPH_SCOPE)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(failure).toMatchObject({ name: 'SignInError', reading: { reason } });
    if (detail !== undefined) expect(String(failure)).toMatch(detail);
    expect(bench.asked).toEqual([]);
  });

  it('tells a server error apart', async () => {
    bench.secrets.values.set('file:token', 'the-token-of-the-cluster');
    bench.answer = () => ({ status: 503 });
    await expect(credential(FEDERATED).getToken(GRAPH_SCOPE)).rejects.toMatchObject({
      reading: { reason: 'server-error' },
    });
  });
});

function thumbprintOf(certificate: string): string {
  const hex = new X509Certificate(certificate).fingerprint256.replaceAll(':', '');
  return Buffer.from(hex, 'hex').toString('base64url');
}
