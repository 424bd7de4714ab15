import type { Cause, Check } from '../core/check';
import type { MailboxEvidence, TokenClaims } from '../core/evidence';
import { valueOf } from '../core/reading';
import type { Flow } from '../core/subject';
import { ACCESS_TOKEN } from './access-token';
import { TENANT_AND_CLOUD } from './tenant-and-cloud';
import { LOGIN_REFUSED, tokenIssued } from './example-evidence';
import { tokenAccepted } from './mail-answers';
import { AUTHORISE_AGAIN, GRANT_IMAP_AS_APP, SEE_IT_HEALTHY } from './remedy-steps';
import { MSIMAP } from './sources';

export const TOKEN_CLAIMS = 'token-claims';

/**
 * Hosts that Exchange Online takes as a token's audience, in every cloud. `outlook.office365.com` was captured in 2026-09,
 * the other worldwide ones in MailKit#1811; the national ones are the clouds' documented resources.
 */
const EXCHANGE_AUDIENCES = [
  'outlook.office365.com',
  'outlook.office.com',
  'ps.outlook.com',
  'outlook.office365.us',
  'outlook-dod.office365.us',
  'partner.outlook.cn',
  '00000002-0000-0ff1-ce00-000000000000',
];

function claimsOf(evidence: MailboxEvidence): TokenClaims | undefined {
  const answer = valueOf(evidence.accessToken);
  return answer?.issued === true ? answer.claims : undefined;
}

function isForExchange(aud: string): boolean {
  const host = aud.replace(/^https:\/\//, '').replace(/\/$/, '');
  return EXCHANGE_AUDIENCES.includes(host.toLowerCase());
}

/** The permission that opens IMAP; the delegated one is a scope of the user, the other an app role. */
export const IMAP_PERMISSION: Readonly<Record<Flow, string>> = {
  delegated: 'IMAP.AccessAsUser.All',
  application: 'IMAP.AccessAsApp',
};

function permissionsIn(claims: TokenClaims, flow: Flow): readonly string[] {
  return (flow === 'delegated' ? claims.scp : claims.roles) ?? [];
}

const tokenForOtherResource: Cause<MailboxEvidence> = {
  id: 'token-for-other-resource',
  title: 'The token is for another service than Exchange',
  severity: 'critical',
  why: 'An access token is good for one service only, named in its audience. IMAP needs one for Exchange Online; the Azure portal shows the IMAP permission under Microsoft Graph, and with that scope the token is for Graph and the mail server refuses it.',
  opensAfter: 1,
  match: (evidence) => {
    const aud = claimsOf(evidence)?.aud;
    if (aud === undefined || isForExchange(aud)) return undefined;
    return { confidence: 'confirmed', facts: { audience: aud } };
  },
  remedy: [
    {
      say: 'The token is for {audience}. Set the scopes in {product} to exactly: https://outlook.office.com/IMAP.AccessAsUser.All offline_access',
      only: { flow: ['delegated'] },
    },
    {
      say: 'The token is for {audience}. Set the scope in {product} to exactly: https://outlook.office365.com/.default',
      only: { flow: ['application'] },
    },
    { say: 'Enter the same scopes for {integration} in the configuration of Mailbox Watch (now: {scopes}).' },
    ...AUTHORISE_AGAIN,
    SEE_IT_HEALTHY,
  ],
  sources: [
    'https://github.com/MicrosoftDocs/office-developer-exchange-docs/issues/87',
    'https://support.atlassian.com/jira/kb/imap-setup-fails-with-authenticate-failed-error-in-logs-in-jira-server-when-using-oauth/',
    MSIMAP,
  ],
  examples: [
    {
      says: 'The scope was taken from Microsoft Graph.',
      evidence: {
        accessToken: tokenIssued({ aud: 'https://graph.microsoft.com', scp: ['IMAP.AccessAsUser.All'] }),
        imapSession: LOGIN_REFUSED,
      },
    },
  ],
};

const imapPermissionMissing: Cause<MailboxEvidence> = {
  id: 'imap-permission-not-in-token',
  title: 'The token carries no permission for IMAP',
  severity: 'critical',
  why: 'Entra ID issues a token for Exchange even when the IMAP permission was never granted or consented: the token just does not contain it, and the mail server then refuses the login without a reason.',
  opensAfter: 1,
  match: (evidence, { integration: { flow } }) => {
    const claims = claimsOf(evidence);
    if (claims === undefined || permissionsIn(claims, flow).includes(IMAP_PERMISSION[flow])) return undefined;
    const inToken = permissionsIn(claims, flow).join(', ');
    return { confidence: 'confirmed', facts: { permission: IMAP_PERMISSION[flow], inToken: inToken || 'none' } };
  },
  remedy: [
    { say: 'The token needs {permission}; it carries: {inToken}.' },
    { ...GRANT_IMAP_AS_APP, only: { flow: ['application'] } },
    {
      say: 'Ask for the scopes https://outlook.office.com/IMAP.AccessAsUser.All offline_access in {product} (now: {scopes}), and add the delegated permission IMAP.AccessAsUser.All to the app registration.',
      only: { flow: ['delegated'] },
    },
    ...AUTHORISE_AGAIN,
    {
      say: 'A token that was issued before stays in use for up to 90 minutes. Then this check turns healthy by itself.',
    },
  ],
  sources: [MSIMAP, 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow'],
  examples: [
    {
      says: 'Admin consent for IMAP.AccessAsApp was never given.',
      evidence: {
        accessToken: tokenIssued({ aud: 'https://outlook.office365.com' }),
        imapSession: LOGIN_REFUSED,
      },
      context: { flow: 'application' },
    },
    {
      says: 'The delegated token was asked for sending mail only.',
      evidence: {
        accessToken: tokenIssued({ aud: 'https://outlook.office.com', scp: ['SMTP.Send'] }),
        imapSession: LOGIN_REFUSED,
      },
      context: { flow: 'delegated' },
    },
  ],
};

export const tokenClaims: Check<MailboxEvidence> = {
  id: TOKEN_CLAIMS,
  title: 'The access token is for Exchange and permits IMAP',
  needs: ['accessToken', 'imapSession'],
  only: { provider: ['microsoft365'] },
  after: [ACCESS_TOKEN, TENANT_AND_CLOUD],
  healthy: (evidence, { integration: { flow } }) => {
    // The mail server's word counts more than our reading of the claims, and opaque tokens have none.
    if (tokenAccepted(evidence)) return true;
    const claims = claimsOf(evidence);
    return (
      claims?.aud !== undefined &&
      isForExchange(claims.aud) &&
      permissionsIn(claims, flow).includes(IMAP_PERMISSION[flow])
    );
  },
  causes: [tokenForOtherResource, imapPermissionMissing],
};
