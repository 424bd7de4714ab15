import type { Cloud, Flow } from '../core/subject';

/** Where one of Microsoft's clouds answers. Origins have no slash at the end. */
export interface CloudDefaults {
  readonly login: string;
  readonly graph: string;
  /** Exchange's administration, and the resource that its tokens are for. */
  readonly exchange: string;
  /** Where IMAP (port 993) and POP (port 995) are spoken, over implicit TLS. */
  readonly mailHost: string;
  /** The resource that the scopes for IMAP and POP are of. */
  readonly mailResource: Readonly<Record<Flow, string>>;
}

/**
 * Defaults, each of which the configuration can override. None was tried against a live tenant; "verified" is: documented by
 * Microsoft, or by Atlassian where it says so.
 * - login: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 * - graph: https://learn.microsoft.com/graph/deployments
 * - exchange: https://github.com/cisagov/ScubaGear
 * - mailHost, mailResource: https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
 */
export const CLOUD_DEFAULTS: Readonly<Record<Cloud, CloudDefaults>> = {
  worldwide: {
    login: 'https://login.microsoftonline.com', // verified
    graph: 'https://graph.microsoft.com', // verified
    exchange: 'https://outlook.office365.com', // verified
    mailHost: 'outlook.office365.com', // verified
    // verified; a delegated scope at outlook.office365.com is accepted too
    mailResource: { delegated: 'https://outlook.office.com', application: 'https://outlook.office365.com' },
  },
  'us-gov-high': {
    login: 'https://login.microsoftonline.us', // verified
    graph: 'https://graph.microsoft.us', // verified
    exchange: 'https://outlook.office365.us', // verified (ScubaGear)
    mailHost: 'outlook.office365.us', // unconfirmed: third parties only
    // delegated verified (Atlassian's knowledge base), application unconfirmed: by analogy
    mailResource: { delegated: 'https://outlook.office365.us', application: 'https://outlook.office365.us' },
  },
  'us-gov-dod': {
    login: 'https://login.microsoftonline.us', // verified
    graph: 'https://dod-graph.microsoft.us', // verified
    exchange: 'https://outlook-dod.office365.us', // verified (ScubaGear)
    mailHost: 'outlook-dod.office365.us', // disputed: webmail.apps.mil is named as well
    // disputed: Atlassian gives outlook.office365.us for DoD too; for the other, ScubaGear's resource of the admin API is taken
    mailResource: { delegated: 'https://outlook.office365.us', application: 'https://outlook-dod.office365.us' },
  },
  china: {
    login: 'https://login.partner.microsoftonline.cn', // verified
    graph: 'https://microsoftgraph.chinacloudapi.cn', // verified
    exchange: 'https://partner.outlook.cn', // unconfirmed: by analogy
    mailHost: 'partner.outlook.cn', // unconfirmed: email-oauth2-proxy's sample configuration
    // disputed: reported to work with the v1.0 endpoint and its resource; no source for v2.0 scopes
    mailResource: { delegated: 'https://partner.outlook.cn', application: 'https://partner.outlook.cn' },
  },
};

/** What is known of the defaults, for the documentation; the sources stand above. */
export const CLOUD_STANDING: Readonly<Record<Cloud, string>> = {
  worldwide: 'verified',
  'us-gov-high': 'verified; the mail host and the application scope unconfirmed',
  'us-gov-dod': 'sign-in, Graph and administration verified; mail host and scopes disputed',
  china: 'sign-in and Graph verified; the rest unconfirmed, the scopes disputed',
};
