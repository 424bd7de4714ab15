import { X509Certificate } from 'node:crypto';
import { createConfiguredCertificateProbe } from '../../shared/probes/configured-certificate';
import { createConfiguredSecretProbe } from '../../shared/probes/configured-secret';
import { selfSigned } from '../support/certificates';
import { exampleIntegration } from '../support/contexts';
import { memorySecrets } from '../support/memory-secrets';

const REFERENCE = 'file:jira.pem';
const withCertificate = exampleIntegration({ credential: { kind: 'certificate', reference: REFERENCE } });
const probeOf = (secrets: Readonly<Record<string, string>>) =>
  createConfiguredCertificateProbe(memorySecrets(secrets))(withCertificate);

describe('the configured certificate', () => {
  it('tells its thumbprint as Entra ID does, and its dates', async () => {
    const validUntil = new Date('2027-03-01T10:00:00Z');
    const { cert, key } = await selfSigned({ rsa: true, validUntil });
    const { raw } = new X509Certificate(cert);
    const sha1 = Buffer.from(await crypto.subtle.digest('SHA-1', raw))
      .toString('hex')
      .toUpperCase();
    const { validFrom } = new X509Certificate(cert);
    expect(await probeOf({ [REFERENCE]: key + cert })).toEqual({
      outcome: 'seen',
      value: { thumbprint: sha1, startsAt: Date.parse(validFrom), endsAt: validUntil.getTime() },
    });
  });

  it('is blind where it cannot sign, and tells nothing of what stands there', async () => {
    const { cert } = await selfSigned({ rsa: true });
    expect(await probeOf({ [REFERENCE]: cert })).toEqual({
      outcome: 'blind',
      reason: 'not-configured',
      detail:
        'file:jira.pem holds no private key that can be read. Put the certificate and its private key there: a PEM text, RSA, without a password.',
    });
  });

  it('is blind where there is none, in the words of the settings', async () => {
    expect(await probeOf({})).toMatchObject({ outcome: 'blind', detail: 'file:jira.pem is not set. Set it.' });
  });

  it('is not looked for where the app has another credential, and no secret where it has a certificate', async () => {
    const secrets = memorySecrets({ [REFERENCE]: 'x', 'env:JIRA_CLIENT_SECRET': 'Q8x~' });
    const read = jest.spyOn(secrets, 'read');
    expect(await createConfiguredCertificateProbe(secrets)(exampleIntegration())).toMatchObject({
      outcome: 'blind',
      reason: 'not-used',
    });
    expect(await createConfiguredSecretProbe(secrets)(withCertificate)).toMatchObject({
      outcome: 'blind',
      reason: 'not-used',
    });
    expect(read).not.toHaveBeenCalled();
  });
});
