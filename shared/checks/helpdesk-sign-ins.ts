import type { Cause, Check, Facts, Match, NonEmpty, Step } from '../core/check';
import type { ApplicationEvidence, HelpdeskSignIns, LoggedSignIn } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import type { Context } from '../core/subject';
import { HOUR, MINUTE, momentText } from '../core/time';
import { ENTERPRISE_APPLICATION_CHECK } from './enterprise-application';
import { EXAMPLE_NOW } from './example-evidence';
import { ENTER_SECRET_IN_HELPDESK, MAKE_NEW_SECRET, SEE_IT_HEALTHY } from './remedy-steps';
import { AADSTS_PAGE, SIGN_IN_LOG_PAGE } from './sources';

const ASKED_FOR = { optionalEvidence: ['helpdesk-sign-ins'] } as const;
/** Entra ID refuses what the app proves its identity with: a wrong, expired or missing client secret, a wrong certificate or assertion. */
const CREDENTIAL_REFUSED: readonly number[] = [7000215, 7000222, 7000218, 7000216, 700027, 700024, 700213];
/** Tokens last 60 to 90 minutes, and the log is minutes late. */
const SILENT_AFTER = 12 * HOUR;

type Fared = 'well' | 'as-mailbox-watch' | 'refused' | 'silent' | 'unknown';

interface Judged {
  /** UPN of the delegate; empty in the application flow. */
  readonly user: string;
  readonly fared: Fared;
  readonly last?: LoggedSignIn;
}

/** How the helpdesk fares, for each user in whose name it signs in. */
function judge({ newest, since }: HelpdeskSignIns, { integration, now }: Context): Judged[] {
  const delegates = integration.mailboxes.flatMap(({ delegate }) => delegate ?? []);
  const users = integration.flow === 'application' ? [''] : [...new Set(delegates)];
  return users.map((user) => {
    const { helpdesk: last, mailboxWatch } = newest[user] ?? {};
    if (last === undefined) return { user, fared: since <= now - SILENT_AFTER ? 'silent' : 'unknown' };
    if (last.errorCode === 0) return { user, last, fared: last.at > now - SILENT_AFTER ? 'well' : 'silent' };
    // Refused alike, Mailbox Watch tells the cause from its own sign-in; what it did before the refusals began proves nothing.
    if (mailboxWatch?.errorCode === last.errorCode) return { user, last, fared: 'as-mailbox-watch' };
    const isProven = mailboxWatch !== undefined && mailboxWatch.at >= (last.refusedSince ?? last.at);
    return { user, last, fared: isProven ? 'refused' : 'unknown' };
  });
}

function judged(evidence: ApplicationEvidence, context: Context): Judged[] {
  const signIns = valueOf(evidence.helpdeskSignIns);
  return signIns === undefined ? [] : judge(signIns, context);
}

function refused(
  evidence: ApplicationEvidence,
  context: Context,
  isOfKind: (code: number) => boolean,
): Match | undefined {
  const found = judged(evidence, context).find(
    ({ fared, last }) => fared === 'refused' && isOfKind(last?.errorCode ?? 0),
  );
  return found?.last && { confidence: 'confirmed', facts: factsOf(found.user, found.last) };
}

function factsOf(user: string, { at, errorCode, said }: LoggedSignIn): Facts {
  return {
    signsInAs: user === '' ? 'itself' : user,
    code: `AADSTS${errorCode}`,
    said: said === undefined || said === '' ? 'nothing more' : said,
    refusedAt: momentText(at),
  };
}

const SEE_SIGN_INS: NonEmpty<Step> = [
  {
    part: 'check',
    say: "See the helpdesk's sign-ins: Entra admin center > Enterprise applications > the one with the application ID {clientId} > Sign-in logs > Service principal sign-ins.",
    role: 'Global Reader',
    only: { flow: ['application'] },
  },
  {
    part: 'check',
    say: "See the helpdesk's sign-ins: Entra admin center > Enterprise applications > the one with the application ID {clientId} > Sign-in logs > User sign-ins (non-interactive).",
    role: 'Global Reader',
    only: { flow: ['delegated'] },
  },
];

/** The next sign-in of the helpdesk has to come, and to reach the log. */
const SEE_NEXT_SIGN_IN: Step = {
  ...SEE_IT_HEALTHY,
  say: 'This check turns healthy after the next sign-in of the helpdesk, which Entra ID logs some minutes later. To look at once:',
};

const secretRefused: Cause<ApplicationEvidence> = {
  id: 'helpdesk-credential-refused',
  title: 'The helpdesk signs in with a client secret or certificate that Entra ID refuses',
  severity: 'critical',
  why: 'Entra ID refused the latest sign-in of the helpdesk ({refusedAt}, {code}), and not that of Mailbox Watch: the helpdesk was not given the new client secret or certificate, or got another value. Mail stops when its last token ends.',
  opensAfter: 1,
  match: (evidence, context) => refused(evidence, context, (code) => CREDENTIAL_REFUSED.includes(code)),
  remedy: [
    ...SEE_SIGN_INS,
    {
      say: 'Take the value that Mailbox Watch has ({credentialReference}): Entra ID takes it.',
      only: { credential: ['client-secret'] },
    },
    {
      ...MAKE_NEW_SECRET,
      say: `Only where nobody can read that, give both a new one. ${MAKE_NEW_SECRET.say}`,
      only: { credential: ['client-secret'] },
    },
    ...ENTER_SECRET_IN_HELPDESK.map((step) => ({
      ...step,
      only: { ...step.only, credential: ['client-secret'] as const },
    })),
    {
      say: 'In {product}, enter the certificate with its private key that Mailbox Watch has ({credentialReference}): Entra ID takes it.',
      only: { credential: ['certificate'] },
    },
    {
      say: 'In {product}, see that the token of the other issuer is renewed, and has the issuer, subject and audience of the one that Mailbox Watch has ({credentialReference}).',
      only: { credential: ['federated'] },
    },
    SEE_NEXT_SIGN_IN,
  ],
  sources: [SIGN_IN_LOG_PAGE, AADSTS_PAGE],
  examples: [
    {
      says: 'Entra ID logs AADSTS7000215 for the helpdesk, and a success for Mailbox Watch.',
      evidence: signIns({ helpdesk: [4, 7000215, 'Invalid client secret provided.', 70], mailboxWatch: [9, 0] }),
      context: { flow: 'application', ...ASKED_FOR },
    },
    {
      says: 'Entra ID logs AADSTS7000222 for the helpdesk as the delegate, and a success for Mailbox Watch.',
      evidence: signIns(
        { helpdesk: [4, 7000222, 'The provided client secret keys are expired.', 70], mailboxWatch: [9, 0] },
        'svc-jira@contoso.com',
      ),
      context: { flow: 'delegated', ...ASKED_FOR },
    },
  ],
};

const signInRefused: Cause<ApplicationEvidence> = {
  id: 'helpdesk-sign-in-refused',
  title: "Entra ID refuses the helpdesk's own sign-in",
  severity: 'critical',
  why: 'Entra ID refused the latest sign-in of the helpdesk as {signsInAs} ({refusedAt}, {code}), and not so that of Mailbox Watch: the helpdesk has another authorisation, or comes from where a policy lets nobody in. Entra ID says: {said}',
  opensAfter: 1,
  match: (evidence, context) => refused(evidence, context, (code) => !CREDENTIAL_REFUSED.includes(code)),
  remedy: [
    ...SEE_SIGN_INS,
    {
      part: 'check',
      say: 'Read what the number means.',
      run: { shell: 'shell', command: 'mailbox-watch explain {code}' },
    },
    {
      say: 'In {product}, authorise the mail accounts of {integration} again. Sign in to Microsoft as {signsInAs}, not as yourself.',
      only: { flow: ['delegated'] },
    },
    {
      say: 'In {product}, enter tenant and client id of {integration} as Mailbox Watch has them: {tenant} and {clientId}.',
      only: { flow: ['application'] },
    },
    {
      say: 'If the log names a Conditional Access policy, except the address of the helpdesk or its service principal from it.',
      role: 'Conditional Access Administrator',
    },
    SEE_NEXT_SIGN_IN,
  ],
  sources: [SIGN_IN_LOG_PAGE, AADSTS_PAGE],
  examples: [
    {
      says: 'Entra ID logs AADSTS50173 for the helpdesk, and a success for Mailbox Watch.',
      evidence: signIns(
        { helpdesk: [4, 50173, 'The provided grant has expired due to it being revoked.', 70], mailboxWatch: [9, 0] },
        'svc-jira@contoso.com',
      ),
      context: { flow: 'delegated', ...ASKED_FOR },
    },
    {
      says: 'Entra ID logs AADSTS53003 (a Conditional Access policy) for the helpdesk, and a success for Mailbox Watch.',
      evidence: signIns({
        helpdesk: [4, 53003, 'Access has been blocked by Conditional Access policies.', 70],
        mailboxWatch: [9, 0],
      }),
      context: { flow: 'application', ...ASKED_FOR },
    },
  ],
};

const silent: Cause<ApplicationEvidence> = {
  id: 'helpdesk-silent',
  title: 'The helpdesk has not signed in for twelve hours',
  severity: 'warning',
  why: 'A helpdesk that fetches mail needs a new token every 60 to 90 minutes. Entra ID has logged none for {signsInAs}: the helpdesk is stopped, its mail account is switched off, or it uses another app registration.',
  opensAfter: 2,
  match: (evidence, context) => {
    const found = judged(evidence, context).find(({ fared }) => fared === 'silent');
    return found && { confidence: 'inferred', facts: { signsInAs: found.user === '' ? 'the app' : found.user } };
  },
  remedy: [
    ...SEE_SIGN_INS,
    {
      part: 'check',
      say: 'In {product}, see whether its mail accounts are switched on, and what its log says of them.',
    },
    { say: 'If {integration} is no longer in use, take it out of the configuration of Mailbox Watch.' },
    { say: 'If it uses another app registration, enter its client id in the configuration of Mailbox Watch.' },
    SEE_NEXT_SIGN_IN,
  ],
  sources: [SIGN_IN_LOG_PAGE],
  examples: [
    {
      says: 'In a day nobody but Mailbox Watch has signed in as the delegate.',
      evidence: signIns({ mailboxWatch: [9, 0] }, 'svc-jira@contoso.com'),
      context: { flow: 'delegated', ...ASKED_FOR },
    },
    {
      says: 'The log of a day holds sign-ins of Mailbox Watch alone.',
      evidence: signIns({ mailboxWatch: [9, 0] }),
      context: { flow: 'application', ...ASKED_FOR },
    },
  ],
};

/** Minutes ago, AADSTS number, and Entra's sentence. */
type Told = readonly [minutesAgo: number, errorCode: number, said?: string, refusedMinutes?: number];

function signIns(
  told: { readonly helpdesk?: Told; readonly mailboxWatch?: Told },
  user = '',
): Partial<ApplicationEvidence> {
  const logged = ([minutesAgo, errorCode, said, refusedMinutes]: Told): LoggedSignIn => ({
    at: EXAMPLE_NOW - minutesAgo * MINUTE,
    errorCode,
    ...(said !== undefined && { said }),
    ...(refusedMinutes !== undefined && { refusedSince: EXAMPLE_NOW - refusedMinutes * MINUTE }),
  });
  const { helpdesk, mailboxWatch } = told;
  return {
    helpdeskSignIns: seen({
      newest: {
        [user]: {
          ...(helpdesk !== undefined && { helpdesk: logged(helpdesk) }),
          ...(mailboxWatch !== undefined && { mailboxWatch: logged(mailboxWatch) }),
        },
      },
      since: EXAMPLE_NOW - 24 * HOUR,
      readAt: EXAMPLE_NOW,
    }),
  };
}

/**
 * Whether what Mailbox Watch sees of its own sign-in holds for the helpdesk's: where both are refused alike it does, and the checks that
 * judge the sign-in tell the cause.
 */
export const helpdeskSignIns: Check<ApplicationEvidence> = {
  id: 'helpdesk-sign-ins',
  title: "The helpdesk's own sign-ins fare as those of Mailbox Watch",
  needs: ['helpdeskSignIns'],
  only: ASKED_FOR,
  // Where one of these fails, the helpdesk's sign-in fails of it.
  after: ['client-secret', 'certificate', 'federated-credential', ENTERPRISE_APPLICATION_CHECK, 'mail-consent'],
  healthy: (evidence, context) => {
    const all = judged(evidence, context);
    return all.length > 0 && all.every(({ fared }) => fared === 'well' || fared === 'as-mailbox-watch');
  },
  causes: [secretRefused, signInRefused, silent],
};
