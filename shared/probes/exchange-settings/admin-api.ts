import type { TokenCredential } from '@azure/identity';
import type { ExchangeReading, ExchangeSettings } from '../../core/ports';
import { blind, seen, type Blind, type Reading } from '../../core/reading';
import type { Integration } from '../../core/subject';
import { openSession, type AdminSession } from './admin-session';
import { readAllowedCmdlets } from './allowed-cmdlets';
import { appAuthorizationOf } from './app-authorization-rows';
import { appAuthorizationCmdlet, mailboxCmdlets, servicePrincipalCmdlet } from './cmdlet';
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

  /** An app role opens mailboxes without Full Access: who has it is not asked, but whether Exchange itself lets the app in. */
  const openToApp = async (integration: Integration, address: string): Promise<ExchangeReading> => {
    const { clientId } = integration;
    const { settings, identity } = mailboxCmdlets(address);
    const authorization = appAuthorizationCmdlet(clientId, address);
    const looked = await look(integration, `the settings of ${address}`, async (session) => {
      const answerTo = await invoke(session, [settings, identity, authorization]);
      return {
        settings: settingsOf(answerTo(settings), address, session),
        identity: identityOf(answerTo(identity), address, session),
        authorization: appAuthorizationOf(answerTo(authorization), { clientId, address }, session),
        readAt: now(),
      };
    });
    const notAsked = blind(
      'not-used',
      `An app that reads ${address} over Microsoft Graph for itself needs no Full Access.`,
    );
    if ('outcome' in looked) return { casMailbox: looked, mailboxPermissions: notAsked, appAuthorization: looked };
    const { readAt } = looked;
    return {
      casMailbox: casMailboxOf(looked.settings, looked.identity, readAt),
      mailboxPermissions: notAsked,
      appAuthorization:
        looked.authorization.outcome === 'blind'
          ? looked.authorization
          : seen({ ...looked.authorization.value, readAt, source }),
    };
  };

  return {
    async mailbox(integration, address) {
      if (isGraphApp(integration)) return openToApp(integration, address);
      const cmdlets = mailboxCmdlets(address);
      const looked = await look(integration, `the settings of ${address}`, async (session) => {
        const answerTo = await invoke(session, Object.values(cmdlets));
        return {
          settings: settingsOf(answerTo(cmdlets.settings), address, session),
          identity: identityOf(answerTo(cmdlets.identity), address, session),
          permissions: permissionsOf(answerTo(cmdlets.permissions), address, session),
          readAt: now(),
        };
      });
      if ('outcome' in looked) return { casMailbox: looked, mailboxPermissions: looked };
      const { settings, identity, permissions, readAt } = looked;
      const casMailbox = casMailboxOf(settings, identity, readAt);
      if (permissions.outcome === 'blind') return { casMailbox, mailboxPermissions: permissions };
      const expand = (group: string) => expandGroup(integration, group);
      const holders = await holdersOf(permissions.value, expand, ownNames.get(integration.id));
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

function isGraphApp({ protocol, flow }: Integration): boolean {
  return protocol === 'graph' && flow === 'application';
}

function casMailboxOf(
  settings: ReturnType<typeof settingsOf>,
  identity: ReturnType<typeof identityOf>,
  readAt: number,
): ExchangeReading['casMailbox'] {
  if (settings.outcome === 'blind') return settings;
  return seen({ ...settings.value, ...(settings.value.found && identity), readAt, source });
}
