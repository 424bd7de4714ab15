import type { Cause, Check, Match, NonEmpty, Step } from '../core/check';
import type { MailboxEvidence } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import { ENTER_SECRET_IN_HELPDESK, ENTER_SECRET_IN_MONITOR, SEE_IT_HEALTHY } from './remedy-steps';
import { GOOGLE_OAUTH } from './sources';

/** Every check of a Google mailbox that cannot be judged without a token waits for this one. */
export const GOOGLE_TOKEN = 'google-token';

/** Matches when Google's token endpoint gave this error, and in these words where some are given. */
function refusedWith(error: string | readonly string[], words = /(?:)/) {
  return (evidence: MailboxEvidence): Match | undefined => {
    const answer = valueOf(evidence.accessToken);
    if (answer?.issued !== false || ![error].flat().includes(answer.error) || !words.test(answer.description))
      return undefined;
    return { confidence: 'confirmed', facts: { googleSays: `${answer.error}: ${answer.description}` } };
  };
}

function googleRefused(error: string, description: string): Pick<MailboxEvidence, 'accessToken'> {
  return { accessToken: seen({ issued: false, error, aadsts: [], description, ms: 90 }) };
}

/** Where a Google account is authorised anew; the account's owner has to be there. */
export const AUTHORISE_GOOGLE: NonEmpty<Step> = [
  {
    say: 'In {product}, open the incoming mail account of {mailbox} and authorise it again. Sign in to Google as {delegate}, not as yourself, and leave every box ticked.',
  },
  { say: 'Give Mailbox Watch a fresh refresh token of {delegate} in the same way; the old one is dead too.' },
];

const EXAMPLE = { provider: 'google', flow: 'delegated' } as const;

const grantEnded: Cause<MailboxEvidence> = {
  id: 'google-authorisation-ended',
  title: 'The authorisation of the Google account has ended',
  severity: 'critical',
  why: 'Google no longer takes the refresh token of this connection. It ends when the password changes, when somebody removes the access of the app, after six months without use, when the account has given out too many tokens, and after seven days while the app stands in "Testing".',
  opensAfter: 1,
  match: refusedWith('invalid_grant'),
  remedy: [
    {
      part: 'check',
      say: 'See whether the app is in "Testing": then every authorisation ends after seven days. Google Cloud console: Google Auth Platform > Audience > Publishing status. Publish the app, or make its user type Internal.',
      role: 'editor of the Google Cloud project',
    },
    ...AUTHORISE_GOOGLE,
    SEE_IT_HEALTHY,
  ],
  sources: [GOOGLE_OAUTH, 'https://github.com/joeyates/imap-backup/issues/94'],
  examples: [
    {
      says: 'Google says that the token has expired or was revoked.',
      evidence: googleRefused('invalid_grant', 'Token has been expired or revoked.'),
      context: EXAMPLE,
    },
  ],
};

const clientWrong: Cause<MailboxEvidence> = {
  id: 'google-client-refused',
  title: 'Google refuses the OAuth client or its secret',
  severity: 'critical',
  why: 'The client ID and the client secret do not belong together, or the OAuth client was deleted or disabled in the Google Cloud console. Nothing is wrong with the mailbox.',
  opensAfter: 1,
  match: refusedWith(['invalid_client', 'deleted_client', 'disabled_client']),
  remedy: [
    {
      part: 'check',
      say: 'Open the client {clientId}. Google Cloud console: Google Auth Platform > Clients. Google said: {googleSays}',
      role: 'editor of the Google Cloud project',
    },
    {
      say: 'If it is there, add a client secret and copy it: it is shown only once. If it is gone, make a new client, and authorise every mailbox again.',
    },
    ...ENTER_SECRET_IN_HELPDESK,
    ENTER_SECRET_IN_MONITOR,
    SEE_IT_HEALTHY,
  ],
  sources: [GOOGLE_OAUTH, 'https://support.google.com/cloud/answer/15549257'],
  examples: [
    {
      says: 'The secret is wrong.',
      evidence: googleRefused('invalid_client', 'The provided client secret is invalid.'),
      context: EXAMPLE,
    },
    {
      says: 'The client was deleted.',
      evidence: googleRefused('deleted_client', 'The OAuth client was deleted.'),
      context: EXAMPLE,
    },
  ],
};

const otherClient: Cause<MailboxEvidence> = {
  id: 'google-token-of-other-client',
  title: 'The refresh token belongs to another OAuth client',
  severity: 'critical',
  why: 'A refresh token works only with the OAuth client it was issued to. The client was replaced in the helpdesk or in the configuration, and the mailbox was not authorised again.',
  opensAfter: 1,
  match: refusedWith('unauthorized_client'),
  remedy: [{ part: 'check', say: 'The configured client is {clientId}.' }, ...AUTHORISE_GOOGLE, SEE_IT_HEALTHY],
  sources: [GOOGLE_OAUTH],
  examples: [
    {
      says: 'Google calls the client unauthorized for this token.',
      evidence: googleRefused('unauthorized_client', 'Unauthorized'),
      context: EXAMPLE,
    },
  ],
};

const blockedByAdmin: Cause<MailboxEvidence> = {
  id: 'google-app-blocked-by-admin',
  title: 'The Google Workspace administrator blocks the app',
  severity: 'critical',
  why: 'The organization allows only some apps to reach Gmail, and this OAuth client is not among them.',
  opensAfter: 1,
  match: refusedWith(['admin_policy_enforced', 'org_internal', 'access_denied']),
  remedy: [
    {
      part: 'check',
      say: 'See whether the client {clientId} is blocked. Google Admin console: Security > Access and data control > API controls > Manage app access.',
      role: 'super administrator of Google Workspace',
    },
    {
      say: 'Trust the client {clientId} there.',
      role: 'super administrator of Google Workspace',
    },
    ...AUTHORISE_GOOGLE,
    SEE_IT_HEALTHY,
  ],
  sources: [GOOGLE_OAUTH, 'https://support.google.com/a/answer/7281227'],
  examples: [
    {
      says: 'A policy of the organization is enforced.',
      evidence: googleRefused('admin_policy_enforced', 'Access to this app is restricted by your organization.'),
      context: EXAMPLE,
    },
  ],
};

export const googleToken: Check<MailboxEvidence> = {
  id: GOOGLE_TOKEN,
  title: 'Google issues an access token',
  needs: ['accessToken'],
  only: { provider: ['google'] },
  after: [],
  healthy: (evidence) => valueOf(evidence.accessToken)?.issued === true,
  causes: [grantEnded, clientWrong, otherClient, blockedByAdmin],
};
