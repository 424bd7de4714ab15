import type { Cloud, Flow } from '../core/subject';

/** Where one of Microsoft's clouds answers. Origins have no slash at the end. */
export interface CloudDefaults {
  readonly login: string;
  readonly graph: string;
  /** Exchange's administration, and the resource that its tokens are for. */
  readonly exchange: string;
  readonly imap: { readonly host: string; readonly port: number };
  /** What a helpdesk asks for when it reads mail over IMAP. */
  readonly scopes: Readonly<Record<Flow, readonly string[]>>;
}

/** IMAP over implicit TLS, in every cloud. */
const PORT = 993;

function imapScopes(delegated: string, application: string): CloudDefaults['scopes'] {
  return {
    delegated: [`${delegated}/IMAP.AccessAsUser.All`, 'offline_access'],
    application: [`${application}/.default`],
  };
}

/**
 * Defaults, each of which the configuration can override. None was tried against a live tenant; "verified" is: documented by
 * Microsoft, or by Atlassian where it says so.
 * - login: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 * - graph: https://learn.microsoft.com/graph/deployments
 * - exchange: https://github.com/cisagov/ScubaGear
 * - imap, scopes: https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
 */
export const CLOUD_DEFAULTS: Readonly<Record<Cloud, CloudDefaults>> = {
  worldwide: {
    login: 'https://login.microsoftonline.com', // verified
    graph: 'https://graph.microsoft.com', // verified
    exchange: 'https://outlook.office365.com', // verified
    imap: { host: 'outlook.office365.com', port: PORT }, // verified
    // verified; a delegated scope at outlook.office365.com is accepted too
    scopes: imapScopes('https://outlook.office.com', 'https://outlook.office365.com'),
  },
  'us-gov-high': {
    login: 'https://login.microsoftonline.us', // verified
    graph: 'https://graph.microsoft.us', // verified
    exchange: 'https://outlook.office365.us', // verified (ScubaGear)
    imap: { host: 'outlook.office365.us', port: PORT }, // unconfirmed: third parties only
    // delegated verified (Atlassian's knowledge base), application unconfirmed: by analogy
    scopes: imapScopes('https://outlook.office365.us', 'https://outlook.office365.us'),
  },
  'us-gov-dod': {
    login: 'https://login.microsoftonline.us', // verified
    graph: 'https://dod-graph.microsoft.us', // verified
    exchange: 'https://outlook-dod.office365.us', // verified (ScubaGear)
    imap: { host: 'outlook-dod.office365.us', port: PORT }, // disputed: webmail.apps.mil is named as well
    // disputed: Atlassian gives outlook.office365.us for DoD too; for the other, ScubaGear's resource of the admin API is taken
    scopes: imapScopes('https://outlook.office365.us', 'https://outlook-dod.office365.us'),
  },
  china: {
    login: 'https://login.partner.microsoftonline.cn', // verified
    graph: 'https://microsoftgraph.chinacloudapi.cn', // verified
    exchange: 'https://partner.outlook.cn', // unconfirmed: by analogy
    imap: { host: 'partner.outlook.cn', port: PORT }, // unconfirmed: email-oauth2-proxy's sample configuration
    // disputed: reported to work with the v1.0 endpoint and its resource; no source for v2.0 scopes
    scopes: imapScopes('https://partner.outlook.cn', 'https://partner.outlook.cn'),
  },
};
