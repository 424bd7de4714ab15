import type { Check } from '../core/check';
import type { CasMailbox, MailboxChanges, MailboxEvidence } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import { DAY } from '../core/time';
import { ACCESS_TOKEN } from './access-token';
import { ageOf } from './evidence-age';
import { EXAMPLE_NOW, NOT_CONNECTED, POP_REFUSED } from './example-evidence';
import { listed, protocolFlag } from './exchange-facts';
import { mailboxOpened, refusedWithoutReason } from './mail-answers';
import { CHECK_PROTOCOL_ENABLED, ENABLE_PROTOCOL, WAIT_FOR_EXCHANGE } from './remedy-steps';
import { LIVEAGENT_NOT_CONNECTED } from './sources';
import { TENANT_AND_CLOUD } from './tenant-and-cloud';
import { TOKEN_CLAIMS } from './token-claims';
import { switchedTo, whoChanged } from './who-changed';

/** The check that Exchange lets a mailbox be opened over this protocol; Graph has no such switch. */
export const PROTOCOL_ENABLED = { imap: 'imap-enabled', pop: 'pop-enabled' } as const;

interface Switch {
  readonly protocol: keyof typeof PROTOCOL_ENABLED;
  readonly name: string;
  readonly cause: string;
  /** What the server does with the switch off. */
  readonly answers: string;
  readonly off: CasMailbox;
  readonly refused: Partial<MailboxEvidence>;
}

const READ = { found: true, readAt: EXAMPLE_NOW, source: 'admin-api' } as const;

function switchedOff(parameter: 'ImapEnabled' | 'PopEnabled'): MailboxChanges {
  const change = {
    at: EXAMPLE_NOW - DAY,
    operation: 'Set-CASMailbox',
    by: 'anna.admin@contoso.com',
    parameters: { [parameter]: 'False' },
  };
  return { changes: [change], searchedFrom: EXAMPLE_NOW - 30 * DAY, readAt: EXAMPLE_NOW };
}

function protocolEnabled({ protocol, name, cause, answers, off, refused }: Switch): Check<MailboxEvidence> {
  const session = protocol === 'imap' ? 'imapSession' : 'popSession';
  const parameter = protocol === 'imap' ? 'ImapEnabled' : 'PopEnabled';
  const historyOf = (evidence: MailboxEvidence) =>
    whoChanged(
      evidence,
      () => `switched ${name} off`,
      (change) => switchedTo(parameter, change) !== undefined,
      (change) => switchedTo(parameter, change) === 'false',
    );
  return {
    id: PROTOCOL_ENABLED[protocol],
    title: `${name} is enabled on the mailbox`,
    needs: [session, 'casMailbox', 'mailboxPermissions', 'mailboxChanges'],
    only: { provider: ['microsoft365'], protocol: [protocol] },
    after: [ACCESS_TOKEN, TENANT_AND_CLOUD, TOKEN_CLAIMS],
    healthy: (evidence, context) => mailboxOpened(evidence) || protocolFlag(evidence, context) === true,
    causes: [
      {
        id: cause,
        title: `${name} is switched off on the mailbox`,
        severity: 'critical',
        why: `Exchange keeps a switch for ${name} on every mailbox. ${answers}`,
        opensAfter: 1,
        match: (evidence, context) => {
          const settings = valueOf(evidence.casMailbox);
          if (settings?.found === true) {
            const isOn = protocolFlag(evidence, context) === true;
            return isOn ? undefined : { confidence: ageOf(settings, context).confidence, ...historyOf(evidence) };
          }
          // Access is there, nothing says that the protocol is on, and the mailbox is refused: little else is left.
          const leftOver = listed(evidence, context) === 'granted';
          return leftOver && refusedWithoutReason(evidence) !== undefined
            ? { confidence: 'inferred', ...historyOf(evidence) }
            : undefined;
        },
        remedy: [...CHECK_PROTOCOL_ENABLED, ...ENABLE_PROTOCOL, WAIT_FOR_EXCHANGE],
        sources: [
          'https://learn.microsoft.com/powershell/module/exchangepowershell/set-casmailbox',
          LIVEAGENT_NOT_CONNECTED,
          'https://support.atlassian.com/jira/kb/fixing-imap-and-user-error-with-oauth-2-0-and-jira-data-center/',
        ],
        examples: [
          {
            says: `Exchange says that ${name} is off, and the mailbox is refused.`,
            evidence: { casMailbox: seen(off), ...refused },
            context: { protocol },
          },
          {
            says: `Exchange says that ${name} is off, and the audit log who switched it off.`,
            evidence: { casMailbox: seen(off), ...refused, mailboxChanges: seen(switchedOff(parameter)) },
            context: { protocol, optionalEvidence: ['mailbox-changes'] },
          },
        ],
      },
    ],
  };
}

export const imapEnabled = protocolEnabled({
  protocol: 'imap',
  name: 'IMAP',
  cause: 'imap-disabled',
  answers: 'With the switch off, the server still accepts the token and then refuses every mailbox command.',
  off: { ...READ, imapEnabled: false, popEnabled: true },
  refused: { imapSession: NOT_CONNECTED },
});

export const popEnabled = protocolEnabled({
  protocol: 'pop',
  name: 'POP',
  cause: 'pop-disabled',
  answers: 'With the switch off, the server refuses the login with the words of a wrong password.',
  off: { ...READ, imapEnabled: true, popEnabled: false },
  refused: { popSession: POP_REFUSED },
});
