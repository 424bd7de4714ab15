import { randomUUID } from 'node:crypto';
import { DAY } from '../../../shared/core/time';
import { newRefreshToken, newSecret } from '../credentials';
import { appIn, integrationIn, userIn, type World } from '../world';
import type { Fault } from './fault';

/** Milliseconds since 1970. */
type Clock = () => number;

const NEW_SECRET_DAYS = 365;

/** The secret in use ends in so many days; with a negative number it ended so many days ago. */
export function secretEnds(world: World, integrationId: string, days: number, now: Clock): Fault {
  const { clientId, credentialFile } = integrationIn(world, integrationId);
  const app = appIn(world, clientId);
  const { secretFiles } = world.monitor;
  const inUse = () => app.secrets.find(({ value }) => value === secretFiles.get(credentialFile));
  const use = (endsAt: number) => {
    const secret = newSecret(integrationId, endsAt);
    secretFiles.set(credentialFile, secret.value);
    return secret;
  };
  return {
    id: `${days < 0 ? 'secret-expired' : 'secret-ends-soon'}:${integrationId}`,
    says: `The client secret of ${app.displayName} ${days < 0 ? `ended ${-days} days ago` : `ends in ${days} days`}.`,
    remedy: `az ad app credential reset --id ${clientId} --append; enter the value in the helpdesk and for Mailbox Watch.`,
    isBroken: () => (inUse()?.endsAt ?? Infinity) <= now() + days * DAY,
    // The old one stays registered: that is what --append does.
    repair: () => (app.secrets = [use(now() + NEW_SECRET_DAYS * DAY), ...app.secrets]),
    break: () => (app.secrets = [use(now() + days * DAY)]),
  };
}

/** The secret was renewed, and Mailbox Watch was given the new one; the helpdesk was forgotten. */
export function helpdeskForgotten(world: World, integrationId: string, now: Clock): Fault {
  const { clientId, name } = integrationIn(world, integrationId);
  const { displayName } = appIn(world, clientId);
  const { helpdeskSecrets } = world;
  return {
    id: `helpdesk-forgotten:${integrationId}`,
    says: `The client secret of ${displayName} was renewed and the old one removed; the helpdesk of ${name} still has the old one.`,
    remedy: 'Enter the new value in the helpdesk too.',
    isBroken: () => helpdeskSecrets.has(integrationId),
    repair: () => helpdeskSecrets.delete(integrationId),
    break: () => helpdeskSecrets.set(integrationId, newSecret(integrationId, now() + DAY).value),
  };
}

/** Somebody put another certificate in place of the one in use. */
export function certificateReplaced(world: World, integrationId: string): Fault {
  const { clientId } = integrationIn(world, integrationId);
  const app = appIn(world, clientId);
  const inUse = app.certificates;
  const other = inUse.map((one) => ({ ...one, keyId: randomUUID(), thumbprint: '0'.repeat(40), certificate: '' }));
  return {
    id: `certificate-replaced:${integrationId}`,
    says: `The certificate that ${app.displayName} signs in with was removed from the app registration; another stands there.`,
    remedy: `az ad app credential reset --id ${clientId} --append --cert @helpdesk.crt`,
    isBroken: () => app.certificates !== inUse,
    repair: () => (app.certificates = inUse),
    break: () => (app.certificates = other),
  };
}

export function secretIdPasted(world: World, integrationId: string): Fault {
  const { clientId, credentialFile } = integrationIn(world, integrationId);
  const app = appIn(world, clientId);
  const { secretFiles } = world.monitor;
  const [secret] = app.secrets;
  if (secret === undefined) throw new Error(`${app.displayName} has no client secret.`);
  return {
    id: `secret-id-pasted:${integrationId}`,
    says: `Somebody pasted the ID of the client secret of ${app.displayName} instead of its value.`,
    remedy: 'Enter the value in the helpdesk and for Mailbox Watch; if nobody kept it, make a new secret.',
    isBroken: () => secretFiles.get(credentialFile) === secret.keyId,
    repair: () => secretFiles.set(credentialFile, secret.value),
    break: () => secretFiles.set(credentialFile, secret.keyId),
  };
}

export function noAdminConsent(world: World, integrationId: string): Fault {
  const { clientId } = integrationIn(world, integrationId);
  const { appRoles, displayName } = appIn(world, clientId);
  const resource = appRoles.graph.length > 0 ? 'graph' : 'exchange';
  const roles = appRoles[resource];
  return {
    id: `no-admin-consent:${integrationId}`,
    says: `No administrator consented to ${roles.join(', ')} for ${displayName}.`,
    remedy: `az ad app permission admin-consent --id ${clientId}`,
    isBroken: () => appRoles[resource].length === 0,
    repair: () => (appRoles[resource] = roles),
    break: () => (appRoles[resource] = []),
  };
}

export function consentWithdrawn(world: World, integrationId: string): Fault {
  const { clientId } = integrationIn(world, integrationId);
  const { consents, displayName } = appIn(world, clientId);
  return {
    id: `consent-withdrawn:${integrationId}`,
    says: `The consent to IMAP.AccessAsUser.All for ${displayName} was withdrawn.`,
    remedy: `az ad app permission admin-consent --id ${clientId}`,
    isBroken: () => consents.exchange.length === 0,
    repair: () => (consents.exchange = ['IMAP.AccessAsUser.All']),
    break: () => (consents.exchange = []),
  };
}

/** `upn` is who authorised the connection instead of the delegate; `file` is where its refresh token goes. */
export function wrongUser(world: World, integrationId: string, address: string, upn: string, now: Clock): Fault {
  const { clientId, mailboxes } = integrationIn(world, integrationId);
  const authorisation = mailboxes.find((one) => one.address === address)?.authorisation;
  if (authorisation === undefined) throw new Error(`${address} is not authorised by itself.`);
  const { delegate, refreshTokenFile } = authorisation;
  const { secretFiles } = world.monitor;
  const { refreshTokens } = world.tenant;
  const authoriseAs = (user: string) => {
    secretFiles.set(refreshTokenFile, newRefreshToken(world.tenant, userIn(world, user).id, clientId, now()));
  };
  return {
    id: `wrong-user:${address}`,
    says: `The connection to ${address} was authorised by ${upn} instead of ${delegate}.`,
    remedy: `Press Authorize in the helpdesk and sign in as ${delegate}; give Mailbox Watch a refresh token of ${delegate} too.`,
    isBroken: () => refreshTokens.get(secretFiles.get(refreshTokenFile) ?? '')?.userId === userIn(world, upn).id,
    repair: () => {
      authoriseAs(delegate);
    },
    break: () => {
      authoriseAs(upn);
    },
  };
}

export function wrongScope(world: World, integrationId: string, scope: string): Fault {
  const integration = integrationIn(world, integrationId);
  return {
    id: `wrong-scope:${integrationId}`,
    says: `${integration.name} asks for the scope ${scope}, so its tokens are for another service than Exchange.`,
    remedy:
      'Enter https://outlook.office.com/IMAP.AccessAsUser.All in the helpdesk and in the configuration of Mailbox Watch, which notices.',
    isBroken: () => integration.scopes !== undefined,
    repair: () => (integration.scopes = undefined),
    break: () => (integration.scopes = [scope, 'offline_access']),
  };
}
