import { chooseExchange } from '../../shared/probes/exchange-settings/choose';
import type { ExchangeReading, ExchangeSettings } from '../../shared/core/ports';
import { blind, seen, type BlindReason } from '../../shared/core/reading';
import { exampleIntegration } from '../support/contexts';

const integration = exampleIntegration();

function settings(source: 'admin-api' | 'graph-snapshot', shut?: BlindReason): ExchangeSettings & { asked: number } {
  const at = { readAt: 0, source };
  const away = shut === undefined ? undefined : blind(shut, `${source} is ${shut}`);
  const reading: ExchangeReading = {
    casMailbox: away ?? seen({ found: true, imapEnabled: true, popEnabled: false, ...at }),
    mailboxPermissions: away ?? seen({ allowed: [], denied: [], ...at }),
  };
  const self = {
    asked: 0,
    mailbox: async () => {
      self.asked++;
      return reading;
    },
    servicePrincipal: async () => away ?? seen({ registered: false as const, ...at }),
  };
  return self;
}

async function sourceOf(evidence: Parameters<typeof chooseExchange>[0], now?: BlindReason, before?: BlindReason) {
  const chosen = chooseExchange(evidence, settings('admin-api', now), settings('graph-snapshot', before));
  const { casMailbox } = await chosen.mailbox(integration, 'support@contoso.com');
  return casMailbox.outcome === 'seen' ? casMailbox.value.source : casMailbox.detail;
}

describe('exchangeEvidence', () => {
  it.each([
    ['admin-api', undefined, undefined, 'admin-api'],
    ['admin-api', 'denied', undefined, 'admin-api is denied'],
    ['graph-snapshot', undefined, undefined, 'graph-snapshot'],
    ['auto', undefined, undefined, 'admin-api'],
    ['auto', 'denied', undefined, 'graph-snapshot'],
    // What passes by itself is waited for: an old snapshot would say less.
    ['auto', 'throttled', undefined, 'admin-api is throttled'],
    ['auto', 'denied', 'not-attempted', 'admin-api is denied'],
  ] as const)('%s, admin-api %s, snapshot %s: %s', async (evidence, now, before, expected) => {
    expect(await sourceOf(evidence, now, before)).toBe(expected);
  });

  it('none asks nobody, and says so', async () => {
    expect(await sourceOf('none')).toContain('exchangeEvidence: none');
  });

  it('auto asks for no snapshot where the administration answers', async () => {
    const snapshot = settings('graph-snapshot');
    await chooseExchange('auto', settings('admin-api'), snapshot).mailbox(integration, 'support@contoso.com');
    expect(snapshot.asked).toBe(0);
  });
});
