import { appIn, integrationIn, userIn, type World } from '../world';
import type { Fault } from './fault';

export function enterpriseApplicationDisabled(world: World, integrationId: string): Fault {
  const app = appIn(world, integrationIn(world, integrationId).clientId);
  return {
    id: `enterprise-application-disabled:${integrationId}`,
    says: `Somebody disabled the enterprise application of ${app.displayName}.`,
    remedy: `az ad sp update --id ${app.appId} --set accountEnabled=true`,
    startsRepaired: true,
    isBroken: () => !app.enabled,
    repair: () => (app.enabled = true),
    break: () => (app.enabled = false),
  };
}

export function delegateDisabled(world: World, upn: string): Fault {
  const user = userIn(world, upn);
  return {
    id: `delegate-disabled:${upn}`,
    says: `The account ${upn} is disabled, so nobody acts in its name.`,
    remedy: `az ad user update --id ${upn} --account-enabled true`,
    startsRepaired: true,
    isBroken: () => !user.accountEnabled,
    repair: () => (user.accountEnabled = true),
    break: () => (user.accountEnabled = false),
  };
}
