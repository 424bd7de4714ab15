import { execFileSync } from 'node:child_process';
import type { Step } from '../../shared/core/check';
import { CLOUD_DEFAULTS } from '../../shared/core/clouds';
import { fillText, renderRemedy } from '../../shared/core/remedy';
import { CLOUDS } from '../../shared/core/subject';
import { exampleContext } from '../support/contexts';

const HOSTILE = [
  "o'brien+test@contoso.com",
  "a'; Remove-Mailbox -Identity 'ceo",
  '$(touch /tmp/pwned) `id` "x" \\ $HOME',
  'new\nline',
  '\u2019; evil \u2018\u201a\u201b',
];

describe('remedies', () => {
  it('shows only the steps of the product and flow', () => {
    const steps = [
      { say: 'all' },
      { say: 'jira', only: { product: ['jira'] as const } },
      { say: 'jsm', only: { product: ['jsm'] as const } },
      { say: 'application', only: { flow: ['application'] as const } },
    ];
    const shown = renderRemedy(steps, {}, exampleContext('mailbox', { product: 'jsm', flow: 'delegated' }));
    expect(shown.map(({ say }) => say)).toEqual(['all', 'jsm']);
  });

  it("fills in the administrator's own names", () => {
    const [step] = renderRemedy(
      [
        {
          say: 'Enable IMAP on {mailbox}.',
          role: 'Exchange Administrator',
          run: { shell: 'exchange-powershell', command: 'Set-CASMailbox -Identity {mailbox}' },
        },
      ],
      {},
      exampleContext(),
    );
    expect(step).toEqual({
      part: 'repair',
      say: 'Enable IMAP on support@contoso.com. (Exchange Administrator)',
      commands: [
        { shell: 'exchange-powershell', text: 'Connect-ExchangeOnline' },
        { shell: 'exchange-powershell', text: "Set-CASMailbox -Identity 'support@contoso.com'" },
      ],
    });
  });

  const SIGN_INS = {
    worldwide: ['az login', 'Connect-ExchangeOnline'],
    'us-gov-high': [
      "az cloud set --name 'AzureUSGovernment' && az login",
      "-ExchangeEnvironmentName 'O365USGovGCCHigh'",
    ],
    'us-gov-dod': ["--endpoint-microsoft-graph-resource-id 'https://dod-graph.microsoft.us'", "'O365USGovDoD'"],
    china: ["az cloud set --name 'AzureChinaCloud' && az login", "-ExchangeEnvironmentName 'O365China'"],
  } as const;

  it.each(CLOUDS)('signs in once for each shell, in the cloud %s', (cloud) => {
    const steps: Step[] = [
      { say: 'a', run: { shell: 'exchange-powershell', command: 'X (az ad sp show)' } },
      { say: 'b', run: { shell: 'exchange-powershell', command: 'Y' } },
      { say: 'c', run: { shell: 'az', command: 'az ad app list' } },
    ];
    const graphEndpoint = CLOUD_DEFAULTS[cloud].graph;
    const [first, ...others] = renderRemedy(steps, {}, exampleContext('mailbox', { cloud, graphEndpoint }));
    const [azure, exchange, own] = first?.commands.map(({ text }) => text) ?? [];
    expect(azure).toContain(SIGN_INS[cloud][0]);
    expect(azure).toContain("az login --tenant 'contoso.onmicrosoft.com' --allow-no-subscriptions");
    expect(exchange).toContain(SIGN_INS[cloud][1]);
    expect(own).toBe('X (az ad sp show)');
    expect(others.map(({ commands }) => commands.length)).toEqual([1, 1]);
  });

  it('fills in nothing twice: a value with braces stays as it is', () => {
    expect(fillText('{a}', { a: '{mailbox}' }, exampleContext())).toBe('{mailbox}');
  });

  it.each(HOSTILE)('keeps %j one word of the shell', (value) => {
    const [step] = renderRemedy(
      [{ say: 's', run: { shell: 'shell', command: 'printf %s {value}' } }],
      { value },
      exampleContext(),
    );
    const command = step?.commands[0]?.text ?? '';
    expect(execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' })).toBe(value);
  });

  it.each(HOSTILE)('keeps %j one word of PowerShell', (value) => {
    const [step] = renderRemedy(
      [{ say: 's', run: { shell: 'exchange-powershell', command: 'X {value}' } }],
      { value },
      exampleContext(),
    );
    const command = step?.commands.at(-1)?.text ?? '';
    // PowerShell's grammar: a single-quoted text ends at the first quote of any of these that is not doubled.
    const quoted = /^X '((?:[^'\u2018-\u201b]|['\u2018-\u201b]['\u2018-\u201b])*)'$/.exec(command)?.[1];
    expect(quoted?.replace(/(['\u2018-\u201b])['\u2018-\u201b]/g, '$1')).toBe(value);
  });
});
