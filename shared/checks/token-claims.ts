import type { Only } from '../core/applies';
import type { Cause, Check, Step } from '../core/check';
import type { MailboxEvidence, TokenClaims } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import { isGraphApp, type Context, type Flow, type Protocol } from '../core/subject';
import { ACCESS_TOKEN } from './access-token';
import { EXAMPLE_NOW, graphRefused, LOGIN_REFUSED, tokenIssued } from './example-evidence';
import { graphLooked, graphRefusal, KEPT_OUT_TEXT, mailRoles, tokenAccepted } from './mail-answers';
import { isFor, mailPermission, RESOURCE_NAMES, wantedScopes, type MailPermission } from './mail-permission';
import { AUTHORISE_AGAIN, GRANT_MAIL_PERMISSION, LET_APP_READ_THIS_MAILBOX, SEE_IT_HEALTHY } from './remedy-steps';
import { GRAPH_MAIL_FOLDERS, MSIMAP } from './sources';
import { TENANT_AND_CLOUD } from './tenant-and-cloud';

export const TOKEN_CLAIMS = 'token-claims';

function claimsOf(evidence: MailboxEvidence): TokenClaims | undefined {
  const answer = valueOf(evidence.accessToken);
  return answer?.issued === true ? answer.claims : undefined;
}

function permissionsIn(claims: TokenClaims, flow: Flow): readonly string[] {
  return (flow === 'delegated' ? claims.scp : claims.roles) ?? [];
}

function permits(claims: TokenClaims, { accepted }: MailPermission, flow: Flow): boolean {
  const held = permissionsIn(claims, flow);
  return accepted.some((permission) => held.includes(permission));
}

/** True where the token itself permits to read the mailbox. */
export function tokenPermits(evidence: MailboxEvidence, context: Context): boolean {
  const claims = claimsOf(evidence);
  return claims !== undefined && permits(claims, mailPermission(context, claims.user), context.integration.flow);
}

const tokenForOtherResource: Cause<MailboxEvidence> = {
  id: 'token-for-other-resource',
  title: 'The token is for another service',
  severity: 'critical',
  why: 'An access token is good for one service only, named in its audience. IMAP and POP need one for Exchange Online; the Azure portal shows their permissions under Microsoft Graph too, and with that scope the token is for Graph and the mail server refuses it. Only the mail API of Microsoft Graph takes a token for Graph.',
  opensAfter: 1,
  match: (evidence, context) => {
    const claims = claimsOf(evidence);
    if (claims?.aud === undefined) return undefined;
    const permission = mailPermission(context, claims.user);
    if (isFor(permission.resource, claims.aud)) return undefined;
    const facts = { audience: claims.aud, wantedScopes: wantedScopes(permission, context.integration) };
    return { confidence: 'confirmed', facts };
  },
  remedy: [
    { part: 'check', say: 'The token is for {audience}. Set the scopes in {product} to exactly: {wantedScopes}' },
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
    {
      says: 'The helpdesk reads over Graph, with a token for Exchange.',
      evidence: { accessToken: tokenIssued({ aud: 'https://outlook.office.com', scp: ['Mail.Read'] }) },
      context: { protocol: 'graph' },
    },
  ],
};

interface Told {
  readonly title: string;
  readonly why: string;
  readonly sources: Cause<MailboxEvidence>['sources'];
  readonly examples: Cause<MailboxEvidence>['examples'];
}

function deniedWithoutReason(evidence: MailboxEvidence): boolean {
  const refusal = graphRefusal(evidence);
  return refusal?.status === 403 && !KEPT_OUT_TEXT.test(refusal.message);
}

const APPLICATION_FLOW: Only = { flow: ['application'] };

const GRANT_FOR_GRAPH: readonly Step[] = [
  ...LET_APP_READ_THIS_MAILBOX.map((step) => ({ ...step, only: APPLICATION_FLOW })),
  {
    say: 'Or let the app read every mailbox of the organization: open API permissions of the app registration, add {resource} > Application permissions > {permission}, and press Grant admin consent.',
    role: 'Privileged Role Administrator',
    only: APPLICATION_FLOW,
  },
];

function permissionNotInToken(protocol: Protocol, id: string, told: Told): Cause<MailboxEvidence> {
  return {
    id,
    severity: 'critical',
    opensAfter: 1,
    ...told,
    match: (evidence, context) => {
      const { flow } = context.integration;
      const claims = claimsOf(evidence);
      if (claims === undefined || context.integration.protocol !== protocol) return undefined;
      const permission = mailPermission(context, claims.user);
      if (permits(claims, permission, flow)) return undefined;
      const facts = {
        permission: permission.accepted[0],
        inToken: permissionsIn(claims, flow).join(', ') || 'none',
        resource: RESOURCE_NAMES[permission.resource],
        wantedScopes: wantedScopes(permission, context.integration),
      };
      if (!isGraphApp(context.integration)) return { confidence: 'confirmed', facts };
      const roles = mailRoles(evidence);
      // Where Exchange gave the app a role, its scope tells why: see graph-mailbox.
      if (!deniedWithoutReason(evidence) || (roles?.length ?? 0) > 0) return undefined;
      return { confidence: roles === undefined ? 'inferred' : 'confirmed', facts };
    },
    remedy: [
      { part: 'check', say: 'The token needs {permission}; it carries: {inToken}.' },
      ...(protocol === 'graph' ? GRANT_FOR_GRAPH : [{ ...GRANT_MAIL_PERMISSION, only: APPLICATION_FLOW }]),
      {
        say: 'Ask for the scopes {wantedScopes} in {product} (now: {scopes}), and add the delegated permission {permission} to the app registration.',
        only: { flow: ['delegated'] },
      },
      ...AUTHORISE_AGAIN,
      {
        part: 'verify',
        say: 'A token that was issued before stays in use for up to 90 minutes. Then this check turns healthy by itself.',
      },
    ],
  };
}

const CLIENT_CREDENTIALS = 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow';

const imapPermissionMissing = permissionNotInToken('imap', 'imap-permission-not-in-token', {
  title: 'The token carries no permission for IMAP',
  why: 'Entra ID issues a token for Exchange even when the IMAP permission was never granted or consented: the token just does not contain it, and the mail server then refuses the login without a reason.',
  sources: [MSIMAP, CLIENT_CREDENTIALS],
  examples: [
    {
      says: 'Admin consent for IMAP.AccessAsApp was never given.',
      evidence: { accessToken: tokenIssued({ aud: 'https://outlook.office365.com' }), imapSession: LOGIN_REFUSED },
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
});

const popPermissionMissing = permissionNotInToken('pop', 'pop-permission-not-in-token', {
  title: 'The token carries no permission for POP',
  why: 'POP has a permission of its own: one for IMAP does not open it. Entra ID issues the token without it, and the mail server then refuses the login with the words of a wrong password.',
  sources: [MSIMAP, CLIENT_CREDENTIALS],
  examples: [
    {
      says: 'Only IMAP was granted.',
      evidence: { accessToken: tokenIssued({ aud: 'https://outlook.office365.com', roles: ['IMAP.AccessAsApp'] }) },
      context: { flow: 'application', protocol: 'pop' },
    },
    {
      says: 'Only IMAP was consented to.',
      evidence: {
        accessToken: tokenIssued({ aud: 'https://outlook.office.com', scp: ['IMAP.AccessAsUser.All'] }),
      },
      context: { flow: 'delegated', protocol: 'pop' },
    },
  ],
});

const graphPermissionMissing = permissionNotInToken('graph', 'graph-mail-permission-not-in-token', {
  title: 'The token carries no permission to read mail over Microsoft Graph',
  why: 'Microsoft Graph opens a mailbox only for Mail.Read or Mail.ReadWrite; the mailbox of somebody else only for Mail.Read.Shared or Mail.ReadWrite.Shared. The token holds none of them. (An app can also be let in by Exchange itself, RBAC for Applications; that shows in no token.)',
  sources: [GRAPH_MAIL_FOLDERS, 'https://learn.microsoft.com/graph/outlook-share-messages-folders'],
  examples: [
    {
      says: 'The app role was never granted, and the mailbox is refused.',
      evidence: {
        accessToken: tokenIssued({ aud: 'https://graph.microsoft.com', roles: ['User.Read.All'] }),
        graphMail: graphRefused(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.'),
      },
      context: { flow: 'application', protocol: 'graph' },
    },
    {
      says: 'The app role was never granted, and Exchange has given the app none either.',
      evidence: {
        accessToken: tokenIssued({ aud: 'https://graph.microsoft.com', roles: [] }),
        graphMail: graphRefused(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.'),
        appAuthorization: seen({ roles: [], readAt: EXAMPLE_NOW, source: 'admin-api' }),
      },
      context: { flow: 'application', protocol: 'graph' },
    },
    {
      says: 'The mailbox is a shared one, and the scope is for the own mailbox only.',
      evidence: {
        accessToken: tokenIssued({
          aud: 'https://graph.microsoft.com',
          scp: ['Mail.Read'],
          user: 'svc-jira@contoso.com',
        }),
      },
      context: { flow: 'delegated', protocol: 'graph' },
    },
  ],
});

function fits(evidence: MailboxEvidence, context: Context): boolean {
  const claims = claimsOf(evidence);
  if (claims?.aud === undefined) return false;
  const permission = mailPermission(context, claims.user);
  if (!isFor(permission.resource, claims.aud)) return false;
  if (permits(claims, permission, context.integration.flow)) return true;
  return isGraphApp(context.integration) && (graphLooked(evidence) || (mailRoles(evidence)?.length ?? 0) > 0);
}

export const tokenClaims: Check<MailboxEvidence> = {
  id: TOKEN_CLAIMS,
  title: 'The access token is for the right service and permits to read mail',
  needs: ['accessToken', 'imapSession', 'popSession', 'graphMail', 'appAuthorization'],
  only: { provider: ['microsoft365'] },
  after: [ACCESS_TOKEN, TENANT_AND_CLOUD],
  // The mail server's word counts more than our reading of the claims, and opaque tokens have none.
  healthy: (evidence, context) => tokenAccepted(evidence) || fits(evidence, context),
  causes: [tokenForOtherResource, imapPermissionMissing, popPermissionMissing, graphPermissionMissing],
};
