import type { Cause, Check } from '../core/check';
import type { MailboxEvidence } from '../core/evidence';
import { seen } from '../core/reading';
import { ACCESS_TOKEN } from './access-token';
import { EXAMPLE_NOW, LOGIN_REFUSED, NOT_CONNECTED } from './example-evidence';
import { mailboxOpened, mailFailure, refusedWithoutReason } from './mail-answers';
import { certificateNotTrusted, exchangeUnavailable, throttled, unreachable } from './mailbox-opens';
import { AUTHORISE_AGAIN, SEE_IT_HEALTHY } from './remedy-steps';
import { LIVEAGENT_NOT_CONNECTED, OUTLOOK_COM_SETTINGS } from './sources';

const OUTLOOK_COM = { provider: 'outlook.com', flow: 'delegated' } as const;
/** Personal accounts get opaque tokens. */
const TOKEN = seen({ issued: true as const, expiresAt: EXAMPLE_NOW + 3_599_000, ms: 110 });

const imapOff: Cause<MailboxEvidence> = {
  id: 'outlook-com-imap-disabled',
  title: 'Refused: IMAP or POP is off in the Outlook.com settings',
  severity: 'critical',
  why: 'Outlook.com keeps IMAP and POP off until its owner switches them on. The server then accepts the token and refuses the mailbox. It says the same when too many programs have the mailbox open, when the account needs attention, and during faults on Microsoft’s side; the wire does not tell which.',
  opensAfter: 2,
  match: (evidence) => {
    const failure = refusedWithoutReason(evidence);
    return failure === undefined ? undefined : { confidence: 'inferred', facts: { serverSays: failure.text } };
  },
  remedy: [
    {
      say: 'Sign in to Outlook.com as {mailbox}, open Settings > Mail > Forwarding and IMAP, switch on "Let devices and apps use IMAP" (for POP: "Let devices and apps use POP"), and save.',
    },
    {
      say: 'If it is on, switch it off, wait ten minutes, and switch it on again.',
    },
    {
      part: 'check',
      say: 'Look whether the account needs attention: https://account.live.com/activity. Confirm the entries of {product} with "This was me".',
    },
    { say: 'Close other programs that read {mailbox} over IMAP, and wait an hour.' },
    ...AUTHORISE_AGAIN,
    SEE_IT_HEALTHY,
  ],
  sources: [OUTLOOK_COM_SETTINGS, LIVEAGENT_NOT_CONNECTED],
  examples: [
    {
      says: 'The token is accepted, the mailbox is not.',
      evidence: { accessToken: TOKEN, imapSession: NOT_CONNECTED },
      context: OUTLOOK_COM,
    },
  ],
};

const loginRefused: Cause<MailboxEvidence> = {
  id: 'outlook-com-login-refused',
  title: 'Outlook.com refuses the login',
  severity: 'critical',
  why: 'Microsoft issued the token, and the mail server does not take it. Known reasons: the token is for another service or another account than the mailbox, or the account has withdrawn its consent.',
  opensAfter: 2,
  match: (evidence) => {
    const failure = mailFailure(evidence);
    if (failure?.step !== 'authenticate' || failure.kind !== 'no') return undefined;
    return { confidence: 'possible', facts: { serverSays: failure.text } };
  },
  remedy: [
    {
      say: 'Set the scopes in {product} to exactly: {wantedScopes} (now: {scopes}).',
    },
    {
      part: 'check',
      say: 'See that the account that signs in is {mailbox} itself, and that it still lets the app in: https://account.live.com/consent/Manage',
    },
    ...AUTHORISE_AGAIN,
    SEE_IT_HEALTHY,
  ],
  sources: [OUTLOOK_COM_SETTINGS, 'https://github.com/jstedfast/MailKit/issues/1811'],
  examples: [
    {
      says: 'The server says NO to the token.',
      evidence: { accessToken: TOKEN, imapSession: LOGIN_REFUSED },
      context: OUTLOOK_COM,
    },
  ],
};

export const outlookComMailbox: Check<MailboxEvidence> = {
  id: 'outlook-com-mailbox-opens',
  title: 'The Outlook.com mailbox opens',
  needs: ['accessToken', 'imapSession', 'popSession'],
  only: { provider: ['outlook.com'], protocol: ['imap', 'pop'] },
  after: [ACCESS_TOKEN],
  healthy: mailboxOpened,
  causes: [throttled, exchangeUnavailable, imapOff, loginRefused, certificateNotTrusted, unreachable],
};
