import { MONITOR_ID, type WatchedTenant } from '../../shared/core/watched-tenant';
import { setupScript } from '../../shared/setup/setup-script';
import { exampleIntegration } from '../support/contexts';
import { syntaxFaults } from '../support/syntax';

const GRANTEE = { objectId: 'e0000000-0000-4000-8000-000000000099', clientId: 'a0000000-0000-4000-8000-000000000099' };

function tenant(changes: Partial<WatchedTenant> = {}, name = 'contoso.onmicrosoft.com'): WatchedTenant {
  const integrations = changes.integrations ?? [exampleIntegration()];
  return {
    subject: { kind: 'monitor', integrationId: MONITOR_ID, tenant: name },
    self: exampleIntegration({ ...integrations[0], id: MONITOR_ID, name: 'Mailbox Watch', tenant: name }),
    signIn: 'managed-identity',
    exchangeEvidence: 'auto',
    integrations,
    ...changes,
  };
}

const permissionsIn = (script: string) => [...script.matchAll(/; Name = '([^']+)'/g)].map(([, name]) => name);

describe('what the script grants', () => {
  it.each<[string, Partial<WatchedTenant>, string[]]>([
    [
      'a delegated helpdesk, Exchange read through its administration',
      {},
      [
        'ServiceHealth.Read.All',
        'Application.Read.All',
        'Directory.Read.All',
        'User.Read.All',
        'GroupMember.Read.All',
        'Policy.Read.All',
        'Exchange.ManageAsApp',
      ],
    ],
    [
      'an application, no evidence of Exchange',
      { integrations: [exampleIntegration({ flow: 'application' })], exchangeEvidence: 'none' },
      ['ServiceHealth.Read.All', 'Application.Read.All', 'Policy.Read.All'],
    ],
    [
      'snapshots',
      { integrations: [exampleIntegration({ flow: 'application' })], exchangeEvidence: 'graph-snapshot' },
      [
        'ServiceHealth.Read.All',
        'Application.Read.All',
        'GroupMember.Read.All',
        'Policy.Read.All',
        'ConfigurationMonitoring.ReadWrite.All',
      ],
    ],
  ])('is what is needed and no more: %s', (_, changes, expected) => {
    expect(permissionsIn(setupScript(tenant(changes), GRANTEE))).toEqual(expected);
  });

  it('limits the role of Exchange to four cmdlets that only read', () => {
    const script = setupScript(tenant(), GRANTEE);
    expect(script).toContain(
      "$cmdlets = 'Get-CASMailbox', 'Get-Mailbox', 'Get-MailboxPermission', 'Get-ServicePrincipal'",
    );
    expect(script).not.toMatch(/Global Reader|Exchange Administrator'/);
  });

  it('leaves Exchange alone where nothing of it is used', () => {
    const changes = { exchangeEvidence: 'none' } as const;
    expect(setupScript(tenant(changes), GRANTEE)).not.toContain('ExchangeOnline');
  });

  it('speaks to the cloud of the tenant', () => {
    const script = setupScript(tenant({ integrations: [exampleIntegration({ cloud: 'us-gov-high' })] }), GRANTEE);
    expect(script).toContain('-Environment USGov ');
    expect(script).toContain('-ExchangeEnvironmentName O365USGovGCCHigh ');
  });
});

describe('its text', () => {
  const hostile = [
    "o'brien+test@contoso.com",
    '’; Remove-Mailbox x; ’@contoso.com',
    '$(calc)@contoso.com',
    '`n"@contoso.com',
  ];
  const scripts = [
    setupScript(tenant(), GRANTEE),
    setupScript(tenant({ exchangeEvidence: 'none' }), GRANTEE),
    setupScript(
      tenant(
        {
          integrations: [
            exampleIntegration({
              flow: 'application',
              name: '#> Remove-Mailbox x\n Remove-Mailbox y',
              mailboxes: hostile.map((address) => ({ address })),
            }),
          ],
        },
        "con'toso.com",
      ),
      GRANTEE,
    ),
  ];

  it('is sound PowerShell', () => {
    expect(syntaxFaults(scripts.map((text) => ({ language: 'powershell', text })))).toEqual(scripts.map(() => []));
  });

  it('would show a fault of syntax', () => {
    expect(syntaxFaults([{ language: 'powershell', text: "if ($a { 'b' " }])).not.toEqual([[]]);
  });

  it('lets no name out of its quotes or comments', () => {
    const script = scripts[2] ?? '';
    expect(script).toContain(
      "@('o''brien+test@contoso.com', '’’; Remove-Mailbox x; ’’@contoso.com', '$(calc)@contoso.com', '`n\"@contoso.com')",
    );
    // The name of the integration stands in one comment line.
    expect(script).toContain('# # > Remove-Mailbox x Remove-Mailbox y: the helpdesk signs in');
    expect(script).toContain("$tenant = 'con''toso.com'");
  });

  it('changes nothing without asking ShouldProcess', () => {
    for (const script of scripts) {
      for (const line of script.split('\n')) {
        const asks = line.includes('ShouldProcess');
        const changes =
          /(?:New|Remove)-(?:Mg|Management|ServicePrincipal)/.test(line) && !line.includes('Write-Warning');
        const inAsked = line.startsWith('    ');
        if (changes) expect(asks || inAsked).toBe(true);
      }
    }
  });
});
