import type { DirectoryReading, Probes } from '../core/ports';
import type { Integration } from '../core/subject';
import { readAppRegistration } from './directory/app-registration';
import { createAsk } from './directory/batch';
import { readDelegateAccount } from './directory/delegate-account';
import { readEnterpriseApplication } from './directory/enterprise-application';
import { createGraphLooks, type GraphAccess } from './directory/graph';
import { createResourceIds } from './directory/resource-ids';
import { readHelpdeskSignIns } from './directory/helpdesk-sign-ins';
import { readServiceHealth } from './directory/service-health';

export interface DirectoryProbeOptions extends GraphAccess {
  /** The clock that tells when Graph was read, milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * The probe that reads what Entra ID and Graph say of an integration. The questions leave together in one $batch request, up to 9
 * delegates included; each further 20 delegates need another. Beside it the sign-in log is read where it is asked for. Long collections
 * add a request a page. A question that fails costs its own reading only. Never rejects.
 */
export function createDirectoryProbe(options: DirectoryProbeOptions): (of: Integration) => Promise<DirectoryReading> {
  const { now } = options;
  const lookAt = createGraphLooks(options);
  const resourceId = createResourceIds();

  return async (integration) => {
    const graph = lookAt(integration);
    const ask = createAsk(graph);
    const delegates = [...new Set(integration.mailboxes.flatMap(({ delegate }) => delegate ?? []))];
    const [appRegistration, enterpriseApplication, serviceHealth, helpdeskSignIns, ...accounts] = await Promise.all([
      readAppRegistration(ask, graph, integration.clientId),
      readEnterpriseApplication(
        ask,
        graph,
        integration.clientId,
        (resource) => resourceId(ask, integration, resource),
        now,
      ),
      readServiceHealth(ask, graph, now),
      readHelpdeskSignIns(graph, integration, now),
      ...delegates.map(async (delegate) => [delegate, await readDelegateAccount(ask, delegate, now)] as const),
    ]);
    return {
      appRegistration,
      enterpriseApplication,
      delegateAccounts: Object.fromEntries(accounts),
      serviceHealth,
      helpdeskSignIns,
    };
  };
}

/** The probe that reads one app registration and nothing else, in one $batch request. Never rejects. */
export function createAppRegistrationProbe(access: GraphAccess): Probes['appRegistration'] {
  const lookAt = createGraphLooks(access);
  return (integration) => {
    const graph = lookAt(integration);
    return readAppRegistration(createAsk(graph), graph, integration.clientId);
  };
}
