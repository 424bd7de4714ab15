import type { Check } from '../core/check';
import type { MailboxEvidence } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import { ACCESS_TOKEN } from './access-token';
import { TENANT_AND_CLOUD } from './tenant-and-cloud';
import { ageOf } from './evidence-age';
import { EXAMPLE_NOW, NOT_CONNECTED } from './example-evidence';
import { imapFlag, listed } from './exchange-facts';
import { mailboxOpened, refusedWithoutReason } from './mail-answers';
import { CHECK_IMAP_ENABLED, ENABLE_IMAP, WAIT_FOR_EXCHANGE } from './remedy-steps';
import { TOKEN_CLAIMS } from './token-claims';

export const IMAP_ENABLED = 'imap-enabled';

export const imapEnabled: Check<MailboxEvidence> = {
  id: IMAP_ENABLED,
  title: 'IMAP is enabled on the mailbox',
  needs: ['imapSession', 'casMailbox', 'mailboxPermissions'],
  only: { provider: ['microsoft365'] },
  after: [ACCESS_TOKEN, TENANT_AND_CLOUD, TOKEN_CLAIMS],
  healthy: (evidence) => mailboxOpened(evidence) || imapFlag(evidence) === true,
  causes: [
    {
      id: 'imap-disabled',
      title: 'IMAP is switched off on the mailbox',
      severity: 'critical',
      why: 'Exchange keeps a switch for IMAP on every mailbox. With the switch off, the server still accepts the token and then refuses every mailbox command.',
      opensAfter: 1,
      match: (evidence, context) => {
        const settings = valueOf(evidence.casMailbox);
        if (settings?.found === true) {
          return settings.imapEnabled ? undefined : { confidence: ageOf(settings, context).confidence };
        }
        // Access is there, nothing says that IMAP is on, and the mailbox is refused: little else is left.
        const leftOver = listed(evidence, context) === 'granted';
        return leftOver && refusedWithoutReason(evidence) !== undefined ? { confidence: 'inferred' } : undefined;
      },
      remedy: [CHECK_IMAP_ENABLED, ENABLE_IMAP, WAIT_FOR_EXCHANGE],
      sources: [
        'https://learn.microsoft.com/powershell/module/exchangepowershell/set-casmailbox',
        'https://faq.liveagent.com/414721-How-to-Fix-User-is-Authenticated-but-Not-Connected-IMAP-OAuth2-Error-with-Microsoft-ExchangeOffice-365-in-LiveAgent',
        'https://support.atlassian.com/jira/kb/fixing-imap-and-user-error-with-oauth-2-0-and-jira-data-center/',
      ],
      examples: [
        {
          says: 'Exchange says ImapEnabled = False, and the login is refused.',
          evidence: {
            casMailbox: seen({
              found: true,
              imapEnabled: false,
              popEnabled: true,
              readAt: EXAMPLE_NOW,
              source: 'admin-api',
            }),
            imapSession: NOT_CONNECTED,
          },
        },
      ],
    },
  ],
};
