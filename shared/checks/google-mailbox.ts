import type { Cause, Check, Match } from '../core/check';
import type { MailboxEvidence } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import { EXAMPLE_NOW, imapFailed } from './example-evidence';
import { AUTHORISE_GOOGLE, GOOGLE_TOKEN } from './google-token';
import { mailboxOpened, mailFailure, serverSaid } from './mail-answers';
import { certificateNotTrusted, unreachable } from './mailbox-opens';
import { SEE_IT_HEALTHY } from './remedy-steps';
import { GMAIL_XOAUTH2 } from './sources';

const GOOGLE = { provider: 'google', flow: 'delegated' } as const;
const TOKEN = seen({ issued: true as const, expiresAt: EXAMPLE_NOW + 3_599_000, ms: 110 });

function refused(text: string) {
  return { accessToken: TOKEN, imapSession: imapFailed({ step: 'authenticate', kind: 'no', text }) };
}

/** The words of the step that failed: the answer, and the challenge before it where there was one. */
function challengeIn(evidence: MailboxEvidence): string {
  const steps = valueOf(evidence.imapSession)?.steps ?? valueOf(evidence.popSession)?.steps ?? [];
  return steps.find(({ outcome }) => outcome === 'failed')?.said ?? '';
}

const imapOff: Cause<MailboxEvidence> = {
  id: 'google-imap-disabled',
  title: 'IMAP or POP is switched off for the Google account',
  severity: 'critical',
  why: "The Google Workspace administrator has switched IMAP or POP off for this user, or allows only named mail clients; without it the setting is also gone from the user's own Gmail. Google then refuses the login although the token is right.",
  opensAfter: 1,
  match: (evidence) => {
    const failure = serverSaid(evidence, /not enabled for (?:IMAP|POP) (?:use|access)|IMAP access is disabled/i);
    return failure === undefined ? undefined : { confidence: 'confirmed', facts: { serverSays: failure.text } };
  },
  remedy: [
    {
      part: 'check',
      say: 'See whether it is on for the organizational unit of {mailbox}, and which mail clients are allowed. Google Admin console: Apps > Google Workspace > Gmail > End User Access > POP and IMAP access.',
      role: 'super administrator of Google Workspace',
    },
    {
      say: 'Switch it on for the organizational unit of {mailbox}. Google Admin console: Apps > Google Workspace > Gmail > End User Access > POP and IMAP access. If only named mail clients are allowed there, add the client ID {clientId}.',
      role: 'super administrator of Google Workspace',
    },
    { say: 'Let the user switch it on as well, where it is offered. Gmail: Settings > Forwarding and POP/IMAP.' },
    { part: 'verify', say: 'Wait: a change can take up to 24 hours.' },
    SEE_IT_HEALTHY,
  ],
  sources: ['https://support.google.com/a/answer/10547014', 'https://support.google.com/a/answer/105694'],
  examples: [
    {
      says: 'Google says so in an alert.',
      evidence: refused(
        'NO [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account for IMAP access. (Failure)',
      ),
      context: GOOGLE,
    },
  ],
};

const limitReached: Cause<MailboxEvidence> = {
  id: 'google-limit-reached',
  title: 'Google limits the connections or the traffic of this mailbox',
  severity: 'warning',
  why: 'Gmail allows 15 connections to one account at a time and a few gigabytes a day over IMAP. Something uses more, and every client of the mailbox is refused while that lasts.',
  opensAfter: 3,
  match: (evidence) => {
    const failure = serverSaid(evidence, /too many simultaneous connections|OVERQUOTA|bandwidth limits/i);
    return failure === undefined ? undefined : { confidence: 'confirmed', facts: { serverSays: failure.text } };
  },
  remedy: [
    { part: 'check', say: 'Google said: {serverSays} Mailbox Watch keeps to its own interval and tries no sooner.' },
    { part: 'check', say: 'Look for other programs that read {mailbox}, and stop those that are not needed.' },
    { say: 'In {product}, let the mailbox be read less often, and leave read mail out.' },
    {
      say: 'Where the limit of the day is reached, wait until it ends, or let a Google Workspace administrator lift it: Google Admin console: Directory > Users > (the user).',
      role: 'super administrator of Google Workspace',
    },
    SEE_IT_HEALTHY,
  ],
  sources: ['https://support.google.com/a/answer/1071518', 'https://github.com/jstedfast/MailKit/issues/377'],
  examples: [
    {
      says: 'Sixteen connections are open.',
      evidence: refused('NO [ALERT] Too many simultaneous connections. (Failure)'),
      context: GOOGLE,
    },
    {
      says: 'The traffic of the day is used up.',
      evidence: {
        accessToken: TOKEN,
        imapSession: imapFailed({
          step: 'examine',
          kind: 'no',
          text: 'NO [OVERQUOTA] Account exceeded command or bandwidth limits.',
        }),
      },
      context: GOOGLE,
    },
  ],
};

function loginRefused(evidence: MailboxEvidence, confidence: Match['confidence']): Match | undefined {
  const failure = mailFailure(evidence);
  if (failure?.step !== 'authenticate' || failure.kind !== 'no') return undefined;
  return { confidence, facts: { serverSays: failure.text } };
}

const tokenRefused: Cause<MailboxEvidence> = {
  id: 'google-scope-missing',
  title: 'Google refuses the token: its scope does not open mail, or it is another account’s',
  severity: 'critical',
  why: 'IMAP and POP need the scope https://mail.google.com/. A token with a narrower scope, such as gmail.modify, or one of another account than the mailbox is refused with the same words; before them Google sends the scope that it wants.',
  opensAfter: 2,
  match: (evidence) =>
    challengeIn(evidence).includes('mail.google.com') ? loginRefused(evidence, 'inferred') : undefined,
  remedy: [
    { say: 'Set the scope in {product} to exactly: https://mail.google.com/ (now: {scopes}).' },
    {
      say: 'Let the app ask for it. Google Cloud console: Google Auth Platform > Data Access > Add or remove scopes.',
      role: 'editor of the Google Cloud project',
    },
    ...AUTHORISE_GOOGLE,
    {
      part: 'check',
      say: 'See that the account that signs in is {mailbox} itself: Gmail opens no mailbox for somebody else.',
    },
    SEE_IT_HEALTHY,
  ],
  sources: [GMAIL_XOAUTH2, 'https://github.com/google/gmail-oauth2-tools/issues/78'],
  examples: [
    {
      says: 'The challenge names the scope that is wanted.',
      evidence: refused(
        'NO [AUTHENTICATIONFAILED] Invalid credentials (Failure) Challenge: {"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}',
      ),
      context: GOOGLE,
    },
  ],
};

const refusedUnexplained: Cause<MailboxEvidence> = {
  id: 'google-login-refused',
  title: 'Google refuses the login without a reason',
  severity: 'critical',
  why: 'Google issued the token and the mail server does not take it. Known reasons: the account that authorised is another one than the mailbox, or is suspended, or the scope does not open mail.',
  opensAfter: 2,
  match: (evidence) => loginRefused(evidence, 'possible'),
  remedy: [
    {
      part: 'check',
      say: 'See that the account is active. Google Admin console: Directory > Users > (the user).',
      role: 'super administrator of Google Workspace',
    },
    {
      part: 'check',
      say: 'See that the account that signs in is {mailbox} itself, and that the scope is https://mail.google.com/.',
    },
    ...AUTHORISE_GOOGLE,
    SEE_IT_HEALTHY,
  ],
  sources: [GMAIL_XOAUTH2],
  examples: [
    {
      says: 'No challenge tells more.',
      evidence: refused('NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)'),
      context: GOOGLE,
    },
  ],
};

export const googleMailbox: Check<MailboxEvidence> = {
  id: 'google-mailbox-opens',
  title: 'The Google mailbox opens',
  needs: ['accessToken', 'imapSession', 'popSession'],
  only: { provider: ['google'] },
  after: [GOOGLE_TOKEN],
  healthy: mailboxOpened,
  causes: [imapOff, limitReached, tokenRefused, refusedUnexplained, certificateNotTrusted, unreachable],
};
