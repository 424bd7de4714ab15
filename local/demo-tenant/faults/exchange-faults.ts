import type { AuditedChange } from '../tenant';
import { appIn, integrationIn, mailboxIn, type World } from '../world';
import type { Fault } from './fault';

/** Milliseconds since 1970. */
type Clock = () => number;

const ADMIN = 'anna.admin@contoso.com';

/** What an administrator does to a mailbox stands in the audit log. */
function audit(
  { tenant }: World,
  mailbox: string,
  operation: string,
  parameters: AuditedChange['parameters'],
  now: Clock,
) {
  tenant.auditLog.push({ at: now(), by: ADMIN, mailbox, operation, parameters });
}

const SWITCHES = {
  IMAP: { id: 'imap-off', flag: 'imapEnabled', parameter: 'ImapEnabled' },
  POP: { id: 'pop-off', flag: 'popEnabled', parameter: 'PopEnabled' },
} as const;

export function protocolOff(world: World, address: string, protocol: keyof typeof SWITCHES, now: Clock): Fault {
  const mailbox = mailboxIn(world, address);
  const { id, flag, parameter } = SWITCHES[protocol];
  const set = (isOn: boolean) => {
    mailbox[flag] = isOn;
    audit(world, address, 'Set-CASMailbox', { [parameter]: isOn ? 'True' : 'False' }, now);
  };
  return {
    id: `${id}:${address}`,
    says: `${protocol} is switched off on ${address}.`,
    remedy: `Set-CASMailbox -Identity ${address} -${parameter} $true`,
    isBroken: () => !mailbox[flag],
    repair: () => {
      set(true);
    },
    break: () => {
      set(false);
    },
  };
}

export function unlicensed(world: World, address: string): Fault {
  const mailbox = mailboxIn(world, address);
  return {
    id: `unlicensed:${address}`,
    says: `${address} has lost its Exchange Online licence.`,
    remedy: 'Give the account a licence with Exchange Online again.',
    isBroken: () => !mailbox.licensed,
    repair: () => (mailbox.licensed = true),
    break: () => (mailbox.licensed = false),
  };
}

/** `holder` is named as Get-MailboxPermission names it. */
export function noFullAccess(world: World, address: string, holder: string, now: Clock): Fault {
  const mailbox = mailboxIn(world, address);
  const change = (operation: string) => {
    audit(world, address, operation, { User: holder, AccessRights: 'FullAccess' }, now);
  };
  return {
    id: `no-full-access:${address}`,
    says: `${holder} has no Full Access on ${address}.`,
    remedy: `Add-MailboxPermission -Identity ${address} -User '${holder}' -AccessRights FullAccess`,
    isBroken: () => !mailbox.fullAccess.includes(holder),
    repair: () => {
      mailbox.fullAccess = [...mailbox.fullAccess, holder];
      change('Add-MailboxPermission');
    },
    break: () => {
      mailbox.fullAccess = mailbox.fullAccess.filter((one) => one !== holder);
      change('Remove-MailboxPermission');
    },
  };
}

export function throttled(world: World, address: string, backoffMs: number): Fault {
  const mailbox = mailboxIn(world, address);
  return {
    id: `throttled:${address}`,
    says: `Exchange throttles logins to ${address} and suggests to wait ${backoffMs} ms.`,
    remedy: 'Let the helpdesk open the mailbox less often, and wait.',
    isBroken: () => mailbox.throttledForMs !== undefined,
    repair: () => (mailbox.throttledForMs = undefined),
    break: () => (mailbox.throttledForMs = backoffMs),
  };
}

export function wrongObjectId(world: World, integrationId: string): Fault {
  const { clientId } = integrationIn(world, integrationId);
  const { displayName, objectId, servicePrincipalId } = appIn(world, clientId);
  const { exchange } = world.tenant;
  const register = (id: string) => {
    exchange.servicePrincipals = exchange.servicePrincipals.map((one) =>
      one.appId === clientId ? { ...one, objectId: id } : one,
    );
  };
  return {
    id: `wrong-object-id:${integrationId}`,
    says: `${displayName} is registered in Exchange with the object id of its app registration, not of its enterprise application.`,
    remedy: `Remove-ServicePrincipal -Identity ${clientId}; New-ServicePrincipal -AppId ${clientId} -ObjectId ${servicePrincipalId}`,
    isBroken: () => exchange.servicePrincipals.some((one) => one.appId === clientId && one.objectId === objectId),
    repair: () => {
      register(servicePrincipalId);
    },
    break: () => {
      register(objectId);
    },
  };
}
