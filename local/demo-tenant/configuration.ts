import { stringify } from 'yaml';
import { OPTIONAL_EVIDENCE } from '../../shared/core/subject';
import type { Authorisation, MonitoredIntegration, MonitorSetup } from './monitor-setup';
import type { Tenant } from './tenant';

export interface Endpoints {
  /** Origins, such as `https://localhost:41234`. */
  readonly login: string;
  readonly graph: string;
  /** Exchange's administration. */
  readonly exchange: string;
  readonly imap: { readonly host: string; readonly port: number };
  readonly pop: { readonly host: string; readonly port: number };
}

/** Mailbox Watch's configuration for the tenant, as YAML. */
export function configurationText({ domains }: Tenant, monitor: MonitorSetup, endpoints: Endpoints): string {
  return stringify(
    {
      tenant: domains[0],
      cloud: 'worldwide',
      endpoints,
      optionalEvidence: OPTIONAL_EVIDENCE,
      monitor: { signIn: 'client-secret', clientId: monitor.clientId, clientSecret: file(monitor.credentialFile) },
      integrations: monitor.integrations.map(integrationOf),
    },
    { aliasDuplicateObjects: false },
  );
}

function integrationOf(integration: MonitoredIntegration) {
  const {
    id,
    name,
    product,
    clientId,
    credentialKind,
    credentialFile,
    flow,
    protocol,
    scopes,
    authorisation,
    mailboxes,
  } = integration;
  return {
    id,
    name,
    product,
    clientId,
    ...(credentialKind === 'certificate'
      ? { certificate: file(credentialFile) }
      : { clientSecret: file(credentialFile) }),
    flow,
    ...(protocol !== 'imap' && { protocol }),
    ...(authorisation !== undefined && authorisedBy(authorisation)),
    ...(scopes !== undefined && { scopes }),
    mailboxes: mailboxes.map((mailbox) =>
      mailbox.authorisation === undefined
        ? mailbox.address
        : { address: mailbox.address, ...authorisedBy(mailbox.authorisation) },
    ),
  };
}

function authorisedBy({ delegate, refreshTokenFile }: Authorisation) {
  return { delegate, refreshToken: file(refreshTokenFile) };
}

/** A path relative to the configuration's folder. */
function file(name: string): string {
  return `file:${name}`;
}
