import { appIn, type World } from '../world';
import type { Fault } from './fault';

/** Somebody takes one of its application permissions on Graph away from Mailbox Watch itself: it sees less, and has to say so. */
export function monitorPermissionMissing(world: World, role: string): Fault {
  const { appId, appRoles, displayName } = appIn(world, world.monitor.clientId);
  return {
    id: `monitor-permission-missing:${role}`,
    says: `${displayName} itself lacks the application permission ${role} on Microsoft Graph.`,
    remedy: `Grant ${role} to the enterprise application of ${appId}, with admin consent.`,
    startsRepaired: true,
    isBroken: () => !appRoles.graph.includes(role),
    repair: () => (appRoles.graph = [...appRoles.graph, role].toSorted()),
    break: () => (appRoles.graph = appRoles.graph.filter((one) => one !== role)),
  };
}

/** Somebody takes Global Reader away from Mailbox Watch itself: Exchange's administration refuses it, and snapshots stand in. */
export function exchangeAdminDenied(world: World): Fault {
  const app = appIn(world, world.monitor.clientId);
  const role = 'Global Reader';
  return {
    id: 'exchange-admin-denied',
    says: `${app.displayName} itself has no role that lets it read Exchange's settings.`,
    remedy: `Assign ${role} to the enterprise application of ${app.appId}.`,
    startsRepaired: true,
    isBroken: () => !app.directoryRoles.includes(role),
    repair: () => (app.directoryRoles = [...app.directoryRoles, role]),
    break: () => (app.directoryRoles = app.directoryRoles.filter((one) => one !== role)),
  };
}
