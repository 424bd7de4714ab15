import type { Mailbox, Tenant } from '../tenant';
import { invalidOperation, objectNotFound } from './admin-error';
import { casMailboxRow, mailboxRow, permissionRows, servicePrincipalRow, type Row } from './cmdlet-rows';

/** A cmdlet with its parameters, as InvokeCommand takes it. */
export interface CmdletInput {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What each cmdlet puts out. Throws CmdletError. */
const CMDLETS: Readonly<Record<string, (tenant: Tenant, identity: string | undefined, resource: string) => Row[]>> = {
  'Get-CASMailbox': (tenant, identity) => mailboxesBy(tenant, identity).map((one) => casMailboxRow(tenant, one)),
  'Get-Mailbox': (tenant, identity) => mailboxesBy(tenant, identity).map((one) => mailboxRow(tenant, one)),
  'Get-MailboxPermission': (tenant, identity) => {
    if (identity === undefined) throw invalidOperation('Missing mandatory parameter: Identity.');
    return mailboxesBy(tenant, identity).flatMap(permissionRows);
  },
  'Get-ServicePrincipal': ({ exchange: { servicePrincipals } }, identity = '') => {
    const wanted = identity.toLowerCase();
    const found = servicePrincipals.filter((one) =>
      [one.appId, one.objectId, one.displayName].some((name) => name.toLowerCase() === wanted),
    );
    // Asked for one that it does not know, Exchange answers with all.
    return (found.length > 0 ? found : servicePrincipals).map(servicePrincipalRow);
  },
  'Test-ServicePrincipalAuthorization': ({ exchange: { servicePrincipals, appRoles } }, identity = '', resource) => {
    if (!servicePrincipals.some(({ appId }) => appId === identity.toLowerCase())) throw objectNotFound(identity);
    return appRoles
      .filter(({ appId }) => appId === identity.toLowerCase())
      .map(({ role, mailboxes }) => ({
        RoleName: role,
        GrantedPermissions: role.replace(/^Application /, ''),
        AllowedResourceScope: 'helpdesk-mailboxes',
        ScopeType: 'CustomRecipientScope',
        InScope: mailboxes.includes(resource.toLowerCase()),
      }));
  },
};
const PARAMETERS = ['Identity', 'ResultSize', 'Resource'];

export const CMDLET_NAMES: readonly string[] = Object.keys(CMDLETS);

/** Runs a cmdlet, whose name is one of CMDLET_NAMES. Throws CmdletError. */
export function runCmdlet(tenant: Tenant, { name, parameters }: CmdletInput): Row[] {
  const unknown = Object.keys(parameters).find((parameter) => !PARAMETERS.includes(parameter));
  if (unknown !== undefined) throw invalidOperation(`A parameter cannot be found that matches '${unknown}'.`);
  const { Identity: identity, Resource: resource } = parameters;
  return (
    CMDLETS[name]?.(
      tenant,
      typeof identity === 'string' ? identity : undefined,
      typeof resource === 'string' ? resource : '',
    ) ?? []
  );
}

/** The mailbox of an address or alias; all without an identity. */
function mailboxesBy({ exchange: { mailboxes } }: Tenant, identity: string | undefined): Mailbox[] {
  if (identity === undefined) return [...mailboxes.values()];
  const wanted = identity.toLowerCase();
  const found = [...mailboxes.values()].find(({ address }) => address === wanted || address.split('@')[0] === wanted);
  if (found === undefined) throw objectNotFound(identity);
  return [found];
}
