import type { MonitoredIntegration, MonitorSetup } from './monitor-setup';
import { findApp, type AppRegistration, type Mailbox, type Tenant, type User } from './tenant';

/** A tenant, and Mailbox Watch's configuration for it. */
export interface World {
  readonly tenant: Tenant;
  readonly monitor: MonitorSetup;
  /** By integration: the client secret that its helpdesk has, where that is not the one of Mailbox Watch. */
  readonly helpdeskSecrets: Map<string, string>;
}

/** Each of these throws where the demo has nothing of the name, which is a fault of the demo. */
export function mailboxIn({ tenant }: World, address: string): Mailbox {
  return there(tenant.exchange.mailboxes.get(address), address);
}

export function userIn({ tenant }: World, upn: string): User {
  const user = tenant.users.find((one) => one.upn === upn);
  return there(user, upn);
}

export function integrationIn({ monitor }: World, id: string): MonitoredIntegration {
  const integration = monitor.integrations.find((one) => one.id === id);
  return there(integration, id);
}

export function appIn({ tenant }: World, clientId: string): AppRegistration {
  return there(findApp(tenant, clientId), clientId);
}

function there<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new Error(`The demo tenant has no ${name}.`);
  return found;
}
