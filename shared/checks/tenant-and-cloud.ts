import type { Cause, Check } from '../core/check';
import { CLOUD_DEFAULTS } from '../core/clouds';
import type { MailboxEvidence } from '../core/evidence';
import { valueOf } from '../core/reading';
import { CLOUDS, type Cloud, type Integration } from '../core/subject';
import { ACCESS_TOKEN } from './access-token';
import { LOGIN_REFUSED, tokenIssued } from './example-evidence';
import { tokenAccepted } from './mail-answers';
import { AUTHORISE_AGAIN, SEE_IT_HEALTHY } from './remedy-steps';
import { CLOUDS_PAGE } from './sources';
import { WRONG_CLOUD } from './token-endpoint-causes';

export const TENANT_AND_CLOUD = 'tenant-and-cloud';

const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

const CLOUD_NAMES: Readonly<Record<Cloud, string>> = {
  worldwide: 'Microsoft 365 worldwide (with GCC)',
  'us-gov-high': 'GCC High',
  'us-gov-dod': 'DoD',
  china: 'Microsoft 365 operated by 21Vianet (China)',
};

/** Clouds that have this host; the two US government clouds share some. Empty for a host that is none of Microsoft's. */
function cloudsOf(host: string): Cloud[] {
  return CLOUDS.filter((cloud) => {
    const { login, graph, exchange, mailHost, mailResource } = CLOUD_DEFAULTS[cloud];
    const origins = [login, graph, exchange, mailResource.delegated, mailResource.application];
    return [mailHost, ...origins.map((origin) => new URL(origin).hostname)].includes(host.toLowerCase());
  });
}

/** What of the connection belongs to another cloud than the tenant. */
function foreignPart({ cloud, scopes, mailServer, loginAuthority }: Integration) {
  const scopeHosts = scopes.filter((scope) => URL.canParse(scope)).map((scope) => new URL(scope).hostname);
  return [
    ...scopeHosts.map((host) => ({ part: 'scope', host })),
    { part: 'mail server', host: mailServer.host },
    { part: 'sign-in address', host: new URL(loginAuthority).hostname },
  ]
    .map(({ part, host }) => ({ part, host, of: cloudsOf(host) }))
    .find(({ of }) => of.length > 0 && !of.includes(cloud));
}

/** The tenant that issued the token, where that can be held against the configured one: a domain's id is not known. */
function otherTenant(evidence: MailboxEvidence, { tenant }: Integration): string | undefined {
  const token = valueOf(evidence.accessToken);
  const tid = token?.issued === true ? token.claims?.tid : undefined;
  return tid !== undefined && GUID.test(tenant) && tid.toLowerCase() !== tenant.toLowerCase() ? tid : undefined;
}

const wrongCloud: Cause<MailboxEvidence> = {
  ...WRONG_CLOUD,
  match: (_, { integration }) => {
    const foreign = foreignPart(integration);
    const [of] = foreign?.of ?? [];
    if (foreign === undefined || of === undefined) return undefined;
    const { part, host } = foreign;
    return {
      confidence: 'confirmed',
      facts: { part, host, foreignCloud: CLOUD_NAMES[of], cloudName: CLOUD_NAMES[integration.cloud] },
    };
  },
  remedy: [
    {
      part: 'check',
      say: 'The {part} {host} belongs to {foreignCloud}; the tenant {tenant} is configured as {cloudName}.',
    },
    {
      part: 'check',
      say: 'Ask where the tenant lives. tenant_region_sub_scope in the answer is DODCON for GCC High and DOD for DoD; in GCC it is GCC.',
      run: { shell: 'shell', command: 'curl {loginAuthority}/{tenant}/v2.0/.well-known/openid-configuration' },
    },
    {
      say: 'Correct what is wrong, in {product} and in the configuration of Mailbox Watch: the cloud of the tenant, or the scopes and the mail server.',
    },
    ...AUTHORISE_AGAIN,
    SEE_IT_HEALTHY,
  ],
  sources: [
    CLOUDS_PAGE,
    'https://support.atlassian.com/jira/kb/resolve-oauth-2-0-scope-issues-for-jira-mail-handlers-in-data-center',
  ],
  examples: [
    {
      says: 'The scopes are those of the worldwide cloud, the tenant is in GCC High.',
      evidence: {
        accessToken: tokenIssued({ aud: 'https://outlook.office.com', scp: ['IMAP.AccessAsUser.All'] }),
        imapSession: LOGIN_REFUSED,
      },
      context: { cloud: 'us-gov-high', flow: 'delegated' },
    },
  ],
};

const wrongTenant: Cause<MailboxEvidence> = {
  id: 'wrong-tenant',
  title: 'The token comes from another tenant',
  severity: 'critical',
  why: 'The token was issued by another tenant than the configured one. A mailbox opens only with a token of the tenant it stands in.',
  opensAfter: 1,
  match: (evidence, { integration }) => {
    const tokenTenant = otherTenant(evidence, integration);
    return tokenTenant === undefined ? undefined : { confidence: 'confirmed', facts: { tokenTenant } };
  },
  remedy: [
    { part: 'check', say: 'The token is of the tenant {tokenTenant}, the configuration names {tenant}.' },
    {
      say: 'In {product}, put the tenant id into the authorisation and token endpoints in place of "common" or "organizations".',
    },
    ...AUTHORISE_AGAIN,
    { say: 'If {tokenTenant} is the right one, correct the tenant in the configuration of Mailbox Watch.' },
    SEE_IT_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference', CLOUDS_PAGE],
  examples: [
    {
      says: 'The token names another tenant id.',
      evidence: {
        accessToken: tokenIssued({
          aud: 'https://outlook.office.com',
          scp: ['IMAP.AccessAsUser.All'],
          tid: '22222222-2222-4333-8444-555555555555',
        }),
        imapSession: LOGIN_REFUSED,
      },
      context: { flow: 'delegated', tenant: '33333333-2222-4333-8444-555555555555' },
    },
  ],
};

export const tenantAndCloud: Check<MailboxEvidence> = {
  id: TENANT_AND_CLOUD,
  title: 'Tenant, scopes and mail server belong together',
  needs: ['accessToken'],
  only: { provider: ['microsoft365'] },
  after: [ACCESS_TOKEN],
  healthy: (evidence, { integration }) => {
    // The mail server's word counts more than our tables.
    if (tokenAccepted(evidence)) return true;
    const token = valueOf(evidence.accessToken);
    return (
      token?.issued === true &&
      foreignPart(integration) === undefined &&
      otherTenant(evidence, integration) === undefined
    );
  },
  causes: [wrongCloud, wrongTenant],
};
