import { EXAMPLE_NOW } from '../../shared/checks/example-evidence';
import type { Notice } from '../../shared/core/notice';
import { DAY } from '../../shared/core/time';

export function exampleNotice(changes: Partial<Notice> = {}): Notice {
  return {
    id: 'a1b2c3',
    alertKey: 'service-desk/mailbox/hr@contoso.com/imap-enabled/imap-disabled',
    kind: 'opened',
    severity: 'critical',
    headline: 'IMAP is switched off on the mailbox: hr@contoso.com',
    integration: { id: 'service-desk', name: 'Contoso service desk' },
    subject: { kind: 'mailbox', name: 'hr@contoso.com' },
    check: { id: 'imap-enabled', title: 'IMAP is enabled on the mailbox' },
    cause: { id: 'imap-disabled', title: 'IMAP is switched off on the mailbox' },
    confidence: 'confirmed',
    why: 'Exchange keeps a switch for IMAP on every mailbox.',
    at: EXAMPLE_NOW,
    openedAt: EXAMPLE_NOW,
    steps: [
      {
        part: 'repair',
        say: 'Enable IMAP on hr@contoso.com. (Exchange Administrator)',
        commands: [
          { shell: 'exchange-powershell', text: "Set-CASMailbox -Identity 'hr@contoso.com' -ImapEnabled $true" },
        ],
      },
    ],
    link: 'https://watch.contoso.com/api/status/service-desk/hr@contoso.com?format=html',
    nextNoticeAt: EXAMPLE_NOW + DAY,
    ...changes,
  };
}
