import type { AppCredential, Integration, MonitorSignIn, Subject } from './subject';
import type { Settings } from './settings';

/** The id under which Mailbox Watch itself stands beside the integrations; none of them may have it. */
export const MONITOR_ID = 'mailbox-watch';
export const MONITOR_NAME = 'Mailbox Watch';

/** One of the tenants that Mailbox Watch watches, and itself in it. */
export interface WatchedTenant {
  readonly subject: Extract<Subject, { kind: 'monitor' }>;
  /** Mailbox Watch as if it were an integration of this tenant: its own app and credential, and the tenant's addresses. */
  readonly self: Integration;
  readonly signIn: MonitorSignIn['kind'];
  readonly exchangeEvidence: Settings['exchangeEvidence'];
  /** The tenant's integrations; at least one. */
  readonly integrations: readonly Integration[];
}

/** Every tenant of the settings, in their order. Tenants are told apart by the authority too, for each has its own sign-in. */
export function watchedTenants({
  integrations,
  monitorSignIn,
  exchangeEvidence,
}: Pick<Settings, 'integrations' | 'monitorSignIn' | 'exchangeEvidence'>): WatchedTenant[] {
  const tenants = Map.groupBy(integrations, ({ loginAuthority, tenant }) => `${loginAuthority}/${tenant}`);
  const names = new Set<string>();
  return [...tenants.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const name = names.has(first.tenant) ? `${first.tenant}@${new URL(first.loginAuthority).host}` : first.tenant;
    names.add(name);
    return [
      {
        subject: { kind: 'monitor', integrationId: MONITOR_ID, tenant: name },
        self: selfIn(first, own, monitorSignIn),
        signIn: monitorSignIn.kind,
        exchangeEvidence,
        integrations: own,
      },
    ];
  });
}

function selfIn(first: Integration, own: readonly Integration[], signIn: MonitorSignIn): Integration {
  return {
    ...first,
    id: MONITOR_ID,
    name: MONITOR_NAME,
    product: 'other',
    // What is needed in the name of a delegate is needed as soon as one integration has one.
    flow: own.some(({ flow }) => flow === 'delegated') ? 'delegated' : 'application',
    clientId: 'clientId' in signIn ? (signIn.clientId ?? '') : '',
    credential: credentialOf(signIn),
    mailboxes: [],
  };
}

function credentialOf(signIn: MonitorSignIn): AppCredential {
  switch (signIn.kind) {
    case 'client-secret':
      return { kind: 'client-secret', reference: signIn.clientSecretReference };
    case 'certificate':
      return { kind: 'certificate', reference: signIn.certificateReference };
    case 'federated':
      return { kind: 'federated', reference: signIn.assertionReference };
    // Azure signs for a managed identity: there is nothing to read.
    case 'managed-identity':
    case 'none':
      return { kind: 'federated', reference: 'its managed identity' };
  }
}
