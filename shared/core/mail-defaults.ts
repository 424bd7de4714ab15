import type { Cloud, Flow, Protocol, Provider } from './subject';
import { CLOUD_DEFAULTS } from './clouds';

export interface MailChoice {
  readonly provider: Provider;
  readonly cloud: Cloud;
  readonly protocol: Protocol;
  readonly flow: Flow;
}

/** What a connection of this kind uses where the configuration does not say otherwise. */
export interface MailDefaults {
  /** Origin of the token endpoint. */
  readonly login: string;
  readonly mailServer: { readonly host: string; readonly port: number };
  /** What a helpdesk asks for. */
  readonly scopes: readonly string[];
}

/** The protocols over implicit TLS. */
const PORTS: Readonly<Record<Protocol, number>> = { imap: 993, pop: 995, graph: 443 };

/** The delegated scopes, by protocol; Graph's `.default` asks for what was granted, whichever of its mail permissions that is. */
const DELEGATED_SCOPES: Readonly<Record<Protocol, string>> = {
  imap: 'IMAP.AccessAsUser.All',
  pop: 'POP.AccessAsUser.All',
  graph: '.default',
};

/** Google: https://developers.google.com/workspace/gmail/imap/imap-smtp and /xoauth2-protocol; it has no other protocols here. */
const GOOGLE_HOSTS: Readonly<Record<Protocol, string>> = {
  imap: 'imap.gmail.com',
  pop: 'pop.gmail.com',
  graph: 'gmail.googleapis.com',
};

export function mailDefaults({ provider, cloud, protocol, flow }: MailChoice): MailDefaults {
  const port = PORTS[protocol];
  if (provider === 'google') {
    return {
      login: 'https://oauth2.googleapis.com',
      mailServer: { host: GOOGLE_HOSTS[protocol], port },
      scopes: ['https://mail.google.com/'],
    };
  }
  // Outlook.com answers where the worldwide cloud does.
  const { login, graph, mailHost, mailResource } = CLOUD_DEFAULTS[cloud];
  const resource = protocol === 'graph' ? graph : mailResource[flow];
  return {
    login,
    mailServer: { host: protocol === 'graph' ? new URL(graph).hostname : mailHost, port },
    scopes:
      flow === 'application'
        ? [`${resource}/.default`]
        : [`${resource}/${DELEGATED_SCOPES[protocol]}`, 'offline_access'],
  };
}
