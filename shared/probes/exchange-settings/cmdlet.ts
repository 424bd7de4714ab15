/** One cmdlet of Exchange's administration, to be run with InvokeCommand. */
export interface Cmdlet {
  readonly name:
    | 'Get-CASMailbox'
    | 'Get-Mailbox'
    | 'Get-MailboxPermission'
    | 'Get-ServicePrincipal'
    | 'Test-ServicePrincipalAuthorization';
  readonly parameters: Readonly<Record<string, string>>;
  /** Properties to answer with; all where absent. */
  readonly select?: readonly string[];
}

const ADDRESSES = ['PrimarySmtpAddress', 'EmailAddresses'];

/** The cmdlets that read one mailbox. */
export function mailboxCmdlets(address: string) {
  const parameters = { Identity: address };
  return {
    settings: { name: 'Get-CASMailbox', parameters, select: ['ImapEnabled', 'PopEnabled', ...ADDRESSES] },
    identity: {
      name: 'Get-Mailbox',
      parameters,
      select: ['RecipientTypeDetails', 'Name', 'Guid', 'ExternalDirectoryObjectId', ...ADDRESSES],
    },
    permissions: {
      name: 'Get-MailboxPermission',
      // Without it the list ends after 1000 rows, and its further pages were never readable.
      parameters: { ...parameters, ResultSize: 'Unlimited' },
      select: ['Identity', 'User', 'AccessRights', 'Deny', 'IsInherited'],
    },
  } satisfies Record<string, Cmdlet>;
}

/** Asks what Exchange lets the app do with a mailbox. */
export function appAuthorizationCmdlet(clientId: string, address: string): Cmdlet {
  return { name: 'Test-ServicePrincipalAuthorization', parameters: { Identity: clientId, Resource: address } };
}

/** Finds the app in Exchange's list of service principals. */
export function servicePrincipalCmdlet(clientId: string): Cmdlet {
  return { name: 'Get-ServicePrincipal', parameters: { Identity: clientId } };
}
