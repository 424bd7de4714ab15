import type { Cause } from '../../core/check';
import type { MonitorEvidence } from '../../core/monitor-evidence';
import { blind, seen, valueOf } from '../../core/reading';
import { ownTokenWith } from './example-evidence';
import {
  APP_ROLE_PAGE,
  EXCHANGE_APP_ID,
  GRANT_APP_ROLE,
  granteeFacts,
  SEE_APP_ROLES,
  WAIT_FOR_TOKEN,
} from './grant-steps';
import { HAS_DIRECTORY, type MonitorCheck } from './monitor-check';
import { EXCHANGE_NEED } from './permissions';

/** What is run of Exchange: see the probe exchange-settings. */
const NEEDED_CMDLETS = ['Get-CASMailbox', 'Get-Mailbox', 'Get-MailboxPermission', 'Get-ServicePrincipal'];

function missingCmdlets({ exchangeCmdlets }: MonitorEvidence): readonly string[] | undefined {
  const allowed = valueOf(exchangeCmdlets)?.map((name) => name.toLowerCase());
  return allowed && NEEDED_CMDLETS.filter((name) => !allowed.includes(name.toLowerCase()));
}

function claimsOf({ ownToken }: MonitorEvidence) {
  const token = valueOf(ownToken);
  return token?.issued === true ? token.claims : undefined;
}

const why = `Mailbox Watch asks Exchange ${EXCHANGE_NEED.why}. Without it ${EXCHANGE_NEED.without}. These checks see less: imap-enabled, full-access, service-principal.`;

const GIVE_READER_ROLE = {
  say: 'Give it the Entra role Global Reader. A new role may count after hours only.',
  role: 'Privileged Role Administrator',
  run: {
    shell: 'graph-powershell',
    command: [
      'Connect-MgGraph -Environment {graphEnvironment} -TenantId {tenant} -Scopes RoleManagement.ReadWrite.Directory',
      "New-MgRoleManagementDirectoryRoleAssignment -PrincipalId {principalId} -RoleDefinitionId 'f2ef992c-3afb-46b9-b7cf-a126ee74c451' -DirectoryScopeId '/'",
    ].join('\n'),
  },
} as const;

const sources = ['https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2', APP_ROLE_PAGE] as const;

const refused: Cause<MonitorEvidence> = {
  id: 'monitor-may-not-read-exchange',
  title: 'Mailbox Watch may not read Exchange',
  severity: 'warning',
  why,
  opensAfter: 2,
  match: (evidence) => {
    const { exchangeCmdlets } = evidence;
    const claims = claimsOf(evidence);
    if (claims === undefined || exchangeCmdlets.outcome !== 'blind' || exchangeCmdlets.reason !== 'denied') {
      return undefined;
    }
    const resource = {
      permission: 'Exchange.ManageAsApp',
      resource: 'Office 365 Exchange Online',
      resourceAppId: EXCHANGE_APP_ID,
    };
    return {
      confidence: 'confirmed',
      facts: { ...granteeFacts(claims), ...resource, said: exchangeCmdlets.detail },
    };
  },
  remedy: [
    { part: 'check', say: '{said}' },
    GRANT_APP_ROLE,
    GIVE_READER_ROLE,
    SEE_APP_ROLES,
    { say: 'If Exchange shall not be read, say so: exchangeEvidence: none in the configuration.' },
    WAIT_FOR_TOKEN,
  ],
  sources,
  examples: [
    {
      says: 'Exchange refuses to tell the cmdlets.',
      evidence: {
        ownToken: ownTokenWith(['Application.Read.All']),
        exchangeCmdlets: blind('denied', 'Reading the cmdlets that Mailbox Watch may run was refused (HTTP 403).'),
      },
    },
  ],
};

const tooFewCmdlets: Cause<MonitorEvidence> = {
  id: 'monitor-exchange-role-too-small',
  title: 'The Exchange role of Mailbox Watch does not allow all that it reads',
  severity: 'warning',
  why,
  opensAfter: 2,
  match: (evidence) => {
    const missing = missingCmdlets(evidence) ?? [];
    const claims = claimsOf(evidence) ?? {};
    return missing.length === 0
      ? undefined
      : { confidence: 'confirmed', facts: { ...granteeFacts(claims), cmdlets: missing.join(', ') } };
  },
  remedy: [
    { part: 'check', say: 'Exchange does not let Mailbox Watch run {cmdlets}.' },
    {
      say: 'Add them to its role in Exchange; mailbox-watch setup prints the commands.',
      role: 'Exchange Administrator with the role Role Management',
    },
    { ...GIVE_READER_ROLE, say: `Or instead: ${GIVE_READER_ROLE.say}` },
    WAIT_FOR_TOKEN,
  ],
  sources,
  examples: [
    {
      says: 'A custom role group without Get-MailboxPermission.',
      evidence: {
        ownToken: ownTokenWith(['Application.Read.All']),
        exchangeCmdlets: seen(['Get-CASMailbox', 'Get-Mailbox', 'Get-ServicePrincipal']),
      },
    },
  ],
};

export const exchangeAccess: MonitorCheck = {
  id: 'monitor-exchange',
  title: "Mailbox Watch may read Exchange's settings",
  needs: ['exchangeCmdlets', 'ownToken'],
  only: HAS_DIRECTORY,
  usedIn: ({ exchangeEvidence }) => exchangeEvidence === 'auto' || exchangeEvidence === 'admin-api',
  after: ['monitor-sign-in'],
  healthy: (evidence) => missingCmdlets(evidence)?.length === 0 || valueOf(evidence.snapshotsStandIn) === true,
  causes: [refused, tooFewCmdlets],
};
