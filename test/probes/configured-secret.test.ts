import { createConfiguredSecretProbe } from '../../shared/probes/configured-secret';
import { exampleIntegration } from '../support/contexts';
import { memorySecrets } from '../support/memory-secrets';

const integration = exampleIntegration();
const probeOf = (secrets: Readonly<Record<string, string>>) =>
  createConfiguredSecretProbe(memorySecrets(secrets))(integration);

describe('the configured secret', () => {
  it.each([
    ['Q8x~a-value-as-entra-makes-them', { hint: 'Q8x', looksLikeSecretId: false }],
    ['3f2a1b0c-6f2b-4f3c-8a57-0D9F5F0B1C00', { hint: '3f2', looksLikeSecretId: true }],
    ['3f2a1b0c-6f2b-4f3c-8a57-0d9f5f0b1c00~', { hint: '3f2', looksLikeSecretId: false }],
    ['', { hint: '', looksLikeSecretId: false }],
  ])('%p', async (secret, value) => {
    expect(await probeOf({ [integration.credential.reference]: secret })).toEqual({ outcome: 'seen', value });
  });

  it('is blind where there is none, in the words of the settings', async () => {
    expect(await probeOf({})).toEqual({
      outcome: 'blind',
      reason: 'not-configured',
      detail: 'env:JIRA_CLIENT_SECRET is not set. Set it.',
    });
  });
});
