import type { NonEmpty, Step } from '../core/check';

/** Steps that several remedies share, so that every page sends people to the same place. */

export const SEE_SECRETS: Step = {
  part: 'check',
  say: 'See which secrets the app registration has, and when they end. Hint shows the first three characters of each.',
  role: 'Global Reader',
  run: { shell: 'az', command: 'az ad app credential list --id {clientId} --output table' },
};

export const SEE_CERTIFICATES: Step = {
  part: 'check',
  say: 'See which certificates the app registration has, and when they end.',
  role: 'Global Reader',
  run: { shell: 'az', command: 'az ad app credential list --id {clientId} --cert --output table' },
};

export const MAKE_NEW_SECRET: Step = {
  say: 'Make a new client secret. Copy its Value now: it is shown only once. Do not copy the Secret ID. Azure portal ({azurePortal}): App registrations > (the app) > Certificates & secrets > New client secret.',
  role: 'Cloud Application Administrator, or an owner of the app',
  run: {
    shell: 'az',
    command: 'az ad app credential reset --id {clientId} --append --display-name mailbox-integration --years 1',
  },
};

/** Where in each helpdesk the client secret is kept. */
export const ENTER_SECRET_IN_HELPDESK: NonEmpty<Step> = [
  {
    say: 'In Jira, open Administration > Applications > Application links, edit the Microsoft link that {integration} uses, and paste the value into Client secret. (Before Jira 8.22: Administration > System > OAuth 2.0.)',
    only: { product: ['jira', 'jsm'] },
  },
  {
    say: 'In LiveAgent, open Configuration > Email > Incoming Mail Accounts, open the account that {integration} uses, and enter the value as the client secret of its Microsoft connection.',
    only: { product: ['liveagent'] },
  },
  {
    say: 'In {product}, open the OAuth 2.0 settings of the mail account and paste the value into the client secret field.',
    only: { product: ['other'] },
  },
];

export const ENTER_SECRET_IN_MONITOR: Step = {
  say: 'Give Mailbox Watch the same value: it reads it from {credentialReference}.',
};

/** How to authorise again, as the right user. */
export const AUTHORISE_AGAIN: NonEmpty<Step> = [
  {
    say: 'In Jira, open Administration > System > Incoming Mail, edit the mail server of {mailbox}, and press Authorize. Sign in to Microsoft as {delegate}, not as yourself.',
    only: { product: ['jira'], flow: ['delegated'] },
  },
  {
    say: 'In the service project, open Project settings > Email requests, edit the email account {mailbox}, and authorise it. Sign in to Microsoft as {delegate}, not as yourself.',
    only: { product: ['jsm'], flow: ['delegated'] },
  },
  {
    say: 'In LiveAgent, open Configuration > Email > Incoming Mail Accounts, disconnect {mailbox} and connect it again. Sign in to Microsoft as {delegate}, not as yourself.',
    only: { product: ['liveagent'], flow: ['delegated'] },
  },
  {
    say: 'In {product}, authorise the mail account {mailbox} again. Sign in to Microsoft as {delegate}, not as yourself.',
    only: { product: ['other'], flow: ['delegated'] },
  },
];

export const CHECK_PROTOCOL_ENABLED: NonEmpty<Step> = [
  {
    part: 'check',
    say: 'See whether IMAP is enabled on {mailbox}.',
    role: 'Global Reader',
    run: { shell: 'exchange-powershell', command: 'Get-CASMailbox -Identity {mailbox} | Format-List ImapEnabled' },
    only: { protocol: ['imap'] },
  },
  {
    part: 'check',
    say: 'See whether POP is enabled on {mailbox}.',
    role: 'Global Reader',
    run: { shell: 'exchange-powershell', command: 'Get-CASMailbox -Identity {mailbox} | Format-List PopEnabled' },
    only: { protocol: ['pop'] },
  },
];

export const ENABLE_PROTOCOL: NonEmpty<Step> = [
  {
    say: 'Enable IMAP on {mailbox}.',
    role: 'Exchange Administrator',
    run: { shell: 'exchange-powershell', command: 'Set-CASMailbox -Identity {mailbox} -ImapEnabled $true' },
    only: { protocol: ['imap'] },
  },
  {
    say: 'Enable POP on {mailbox}.',
    role: 'Exchange Administrator',
    run: { shell: 'exchange-powershell', command: 'Set-CASMailbox -Identity {mailbox} -PopEnabled $true' },
    only: { protocol: ['pop'] },
  },
];

export const CHECK_FULL_ACCESS: Step = {
  part: 'check',
  say: 'See who has Full Access on {mailbox}.',
  role: 'Global Reader',
  run: {
    shell: 'exchange-powershell',
    command:
      "Get-MailboxPermission -Identity {mailbox} | Where-Object AccessRights -match 'FullAccess' | Format-Table User, AccessRights, Deny",
  },
};

export const GRANT_FULL_ACCESS: NonEmpty<Step> = [
  {
    say: 'Give {delegate} Full Access on {mailbox}.',
    role: 'Exchange Administrator',
    run: {
      shell: 'exchange-powershell',
      command:
        'Add-MailboxPermission -Identity {mailbox} -User {delegate} -AccessRights FullAccess -AutoMapping $false',
    },
    only: { flow: ['delegated'] },
  },
  {
    say: "Give the app's service principal Full Access on {mailbox}.",
    role: 'Exchange Administrator',
    run: {
      shell: 'exchange-powershell',
      command:
        'Add-MailboxPermission -Identity {mailbox} -User (Get-ServicePrincipal -Identity {clientId}).Identity -AccessRights FullAccess',
    },
    only: { flow: ['application'] },
  },
];

export const REGISTER_SERVICE_PRINCIPAL: Step = {
  say: 'Enter the app in Exchange with the object id of its enterprise application.',
  role: 'Exchange Administrator with the role Role Management',
  run: {
    shell: 'exchange-powershell',
    command:
      'New-ServicePrincipal -AppId {clientId} -ObjectId (az ad sp show --id {clientId} --query id --output tsv) -DisplayName {integration}',
  },
};

/** Looks at once: mailboxes are looked at every five minutes, applications every hour. */
export const CHECK_NOW = { shell: 'shell', command: 'mailbox-watch check {subjectPath}' } as const;

export const WAIT_FOR_EXCHANGE: Step = {
  part: 'verify',
  say: 'Wait: Exchange Online can take an hour, in rare cases two, until a change reaches the mail servers. Then this check turns healthy by itself. To look at once:',
  run: CHECK_NOW,
};

export const SEE_IT_HEALTHY: Step = {
  part: 'verify',
  say: 'This check turns healthy by itself at the next run. To look at once:',
  run: CHECK_NOW,
};

/** Its cause tells the permission and the service that it is one of. */
export const GRANT_MAIL_PERMISSION: Step = {
  say: 'Open API permissions of the app registration, add {resource} > Application permissions > {permission}, and press Grant admin consent.',
  role: 'Privileged Role Administrator',
  run: { shell: 'az', command: 'az ad app permission admin-consent --id {clientId}' },
};

/** How an app gets to read chosen mailboxes over Microsoft Graph, and no others: https://learn.microsoft.com/exchange/permissions-exo/application-rbac */
export const LET_APP_READ_THIS_MAILBOX: NonEmpty<Step> = [
  {
    part: 'check',
    say: 'Ask Exchange whether the app may read this mailbox (RBAC for Applications). InScope: True means yes.',
    role: 'Global Reader',
    run: {
      shell: 'exchange-powershell',
      command: 'Test-ServicePrincipalAuthorization -Identity {clientId} -Resource {mailbox} | Format-Table',
    },
  },
  {
    say: 'If it lists no role that reads mail, give the app one for chosen mailboxes. If a scope is there already, add the mailbox to it instead.',
    role: 'Exchange Administrator',
    run: {
      shell: 'exchange-powershell',
      command:
        'New-ManagementScope -Name helpdesk-mailboxes -RecipientRestrictionFilter ("PrimarySmtpAddress -eq \'" + {mailbox} + "\'"); New-ManagementRoleAssignment -App {clientId} -Role \'Application Mail.Read\' -CustomResourceScope helpdesk-mailboxes',
    },
  },
];

export const MAKE_NEW_CERTIFICATE: NonEmpty<Step> = [
  {
    say: 'Make a new key and certificate. The private key stays where it is made.',
    run: {
      shell: 'shell',
      command:
        'openssl req -x509 -newkey rsa:2048 -sha256 -days 365 -nodes -subj /CN=mailbox-integration -keyout helpdesk.key -out helpdesk.crt',
    },
  },
  {
    say: 'Register the certificate beside the old one.',
    role: 'Cloud Application Administrator, or an owner of the app',
    run: { shell: 'az', command: 'az ad app credential reset --id {clientId} --append --cert @helpdesk.crt' },
  },
];

/** Where the certificate is used. */
export const ENTER_CERTIFICATE: NonEmpty<Step> = [
  { say: 'In {product}, put the new certificate with its private key in place of the old one.' },
  {
    say: 'Give Mailbox Watch the same: a PEM text with certificate and private key at {credentialReference}.',
  },
];

export const ADD_FEDERATED_CREDENTIAL: NonEmpty<Step> = [
  {
    part: 'check',
    say: 'Read issuer (iss), subject (sub) and audience (aud) of the token that {product} presents; it is a JWT.',
  },
  {
    say: 'Enter exactly these as a federated credential. Azure portal ({azurePortal}): App registrations > (the app) > Certificates & secrets > Federated credentials > Add credential > Other issuer.',
    role: 'Cloud Application Administrator, or an owner of the app',
  },
];
