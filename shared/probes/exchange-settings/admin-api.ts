import type { TokenCredential } from '@azure/identity';
import type { AppAuthorization } from '../../core/evidence';
import type { ExchangeReading, ExchangeSettings } from '../../core/ports';
import { blind, seen, type Blind, type Reading } from '../../core/reading';
import { isGraphApp, type Integration } from '../../core/subject';
import { openSession, type AdminSession } from './admin-session';
import { readAllowedCmdlets } from './allowed-cmdlets';
import { appAuthorizationOf } from './app-authorization-rows';
import type { Answer } from './answer';
import { appAuthorizationCmdlet, mailboxCmdlets, servicePrincipalCmdlet, type Cmdlet } from './cmdlet';
import { explainError } from './failure';
import { createInvoke } from './invoke';
import { identityOf, permissionsOf, settingsOf } from './mailbox-rows';
import { holdersOf } from './permission-rows';
import { principalOf } from './service-principal-rows';

export interface ExchangeAdminApiOptions {
  /** What Mailbox Watch signs in with in the integration's tenant; it keeps its own token. */
  readonly credentialFor: (integration: Integration) => TokenCredential | undefined;
  /** Gives the UPNs of a group's members, lower case. Never rejects. */
  readonly expandGroup: (integration: Integration, group: string) => Promise<Reading<readonly string[]>>;
  /** The clock that tells when Exchange was read, milliseconds since 1970. */
  readonly now: () => number;
  /** Longest time a look may take, in milliseconds; expanding groups comes on top. */
  readonly deadlineMs?: number;
  /** Milliseconds before Exchange is asked again where it names none. */
  readonly backOffMs?: number;
}

export interface ExchangeAdminApi extends ExchangeSettings {
  /** The cmdlets that Exchange lets Mailbox Watch run: a test of its permissions. Never rejects. */
  readonly allowedCmdlets: (integration: Integration) => Promise<Reading<readonly string[]>>;
}

const source = 'admin-api';

/**
 * Reads Exchange's settings with InvokeCommand, which Exchange's PowerShell module uses and Microsoft does not document: one request
 * for a mailbox, one for a service principal. Never rejects.
 */
export function createExchangeAdminApi(options: ExchangeAdminApiOptions): ExchangeAdminApi {
  const { credentialFor, expandGroup, now, deadlineMs = 30_000, backOffMs = 5_000 } = options;
  const invoke = createInvoke({ backOffMs });
  /** By integration: names of its own service principal, which are no groups. */
  const ownNames = new Map<string, readonly string[]>();

  /** Looks once, and says why where that fails. `what` goes into the sentence. */
  const look = async <T>(
    integration: Integration,
    what: string,
    work: (session: AdminSession) => Promise<T>,
  ): Promise<T | Blind> => {
    const asked = `Reading ${what} from ${integration.exchange.endpoint}`;
    const credential = credentialFor(integration);
    if (credential === undefined) {
      return blind(
        'not-configured',
        `${asked} was not tried: Mailbox Watch has nothing to sign in with. Set monitor.signIn in the configuration, or exchangeEvidence: none.`,
      );
    }
    const signal = AbortSignal.timeout(deadlineMs);
    const deadline = Date.now() + deadlineMs;
    try {
      return await work(await openSession(integration, credential, { signal, deadline }));
    } catch (error) {
      return explainError(error, asked, signal);
    }
  };

  /** What Exchange says of the mailbox itself, and what one more cmdlet says of who may open it. */
  const visit = <T>(
    integration: Integration,
    address: string,
    access: Cmdlet,
    read: (answer: Answer, session: AdminSession) => Reading<T>,
  ) =>
    look(integration, `the settings of ${address}`, async (session) => {
      const { settings, identity } = mailboxCmdlets(address);
      const answerTo = await invoke(session, [settings, identity, access]);
      const found = settingsOf(answerTo(settings), address, session);
      const names = identityOf(answerTo(identity), address, session);
      const readAt = now();
      const casMailbox: ExchangeReading['casMailbox'] =
        found.outcome === 'blind' ? found : seen({ ...found.value, ...(found.value.found && names), readAt, source });
      return { casMailbox, access: read(answerTo(access), session), readAt };
    });

  /** An app role opens mailboxes without Full Access: who has it is not asked, but whether Exchange itself lets the app in. */
  const openToApp = async (integration: Integration, address: string): Promise<ExchangeReading> => {
    const { clientId } = integration;
    const visited = await visit(integration, address, appAuthorizationCmdlet(clientId, address), (answer, session) =>
      appAuthorizationOf(answer, { clientId, address }, session),
    );
    const mailboxPermissions = blind(
      'not-used',
      `An app that reads ${address} over Microsoft Graph for itself needs no Full Access.`,
    );
    if ('outcome' in visited) return { casMailbox: visited, mailboxPermissions, appAuthorization: visited };
    const { casMailbox, access, readAt } = visited;
    const appAuthorization: Reading<AppAuthorization> =
      access.outcome === 'blind' ? access : seen({ ...access.value, readAt, source });
    return { casMailbox, mailboxPermissions, appAuthorization };
  };

  return {
    async mailbox(integration, address) {
      if (isGraphApp(integration)) return openToApp(integration, address);
      const { permissions } = mailboxCmdlets(address);
      const visited = await visit(integration, address, permissions, (answer, session) =>
        permissionsOf(answer, address, session),
      );
      if ('outcome' in visited) return { casMailbox: visited, mailboxPermissions: visited };
      const { casMailbox, access, readAt } = visited;
      if (access.outcome === 'blind') return { casMailbox, mailboxPermissions: access };
      const expand = (group: string) => expandGroup(integration, group);
      const holders = await holdersOf(access.value, expand, ownNames.get(integration.id));
      return { casMailbox, mailboxPermissions: seen({ ...holders, readAt, source }) };
    },

    async servicePrincipal(integration) {
      const { id, clientId } = integration;
      const cmdlet = servicePrincipalCmdlet(clientId);
      const principal = await look(integration, `the service principal of app ${clientId}`, async (session) => {
        const answerTo = await invoke(session, [cmdlet]);
        return principalOf(answerTo(cmdlet), clientId, session);
      });
      if (principal.outcome === 'blind') return principal;
      if (principal.value.registered) ownNames.set(id, principal.value.names);
      return seen({ ...principal.value, readAt: now(), source });
    },

    allowedCmdlets: (integration) =>
      look(integration, 'the cmdlets that Mailbox Watch may run', (session) => readAllowedCmdlets(session)),
  };
}
