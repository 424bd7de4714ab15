import type {
  AppAuthorization,
  AppRegistration,
  ApplicationEvidence,
  CasMailbox,
  ConfiguredCertificate,
  ConfiguredSecret,
  DelegateAccount,
  EnterpriseApplication,
  ExchangeServicePrincipal,
  GraphMailAnswer,
  HelpdeskSignIns,
  LoggedSignIn,
  MailboxChanges,
  MailboxEvidence,
  MailboxPermissions,
  MailSession,
  MailStep,
  ServiceHealth,
  TokenAnswer,
} from './evidence';
import type { EvidenceNode } from './evidence-node';
import type { MonitorEvidence } from './monitor-evidence';
import { OWN_EVIDENCE_NAMES, OWN_EVIDENCE_TOLD } from './monitor-evidence-tree';
import type { Reading } from './reading';
import { momentText } from './time';

export type { EvidenceMark, EvidenceNode } from './evidence-node';

type Everything = MailboxEvidence & ApplicationEvidence & MonitorEvidence;
type Told = { readonly [Name in keyof Everything]: (value: Seen<Everything[Name]>) => EvidenceNode };
type Seen<R> = Extract<R, { outcome: 'seen' }> extends { value: infer T } ? T : never;

/** What each piece of evidence is called. */
const NAMES: Readonly<Record<keyof Everything, string>> = {
  configuredSecret: 'Client secret in the configuration',
  configuredCertificate: 'Certificate in the configuration',
  accessToken: 'Access token',
  imapSession: 'IMAP login',
  popSession: 'POP login',
  graphMail: 'Inbox over Microsoft Graph',
  casMailbox: 'Mailbox in Exchange',
  mailboxPermissions: 'Full Access in Exchange',
  appAuthorization: 'Authorization of the app in Exchange',
  mailboxChanges: 'Audit log',
  exchangeServicePrincipal: 'Service principal in Exchange',
  appRegistration: 'App registration',
  enterpriseApplication: 'Enterprise application',
  delegateAccount: 'Account of the delegate',
  delegateAccounts: 'Accounts of the delegates',
  helpdeskSignIns: 'Sign-in log',
  serviceHealth: "Microsoft's service health",
  ownToken: "Mailbox Watch's own token",
  ...OWN_EVIDENCE_NAMES,
};

/** In the order in which a login meets them. */
const ORDER = Object.keys(NAMES) as (keyof Everything)[];

const TOLD: Told = {
  configuredSecret: ({ hint, looksLikeSecretId }: ConfiguredSecret) => ({
    mark: looksLikeSecretId ? 'bad' : 'fact',
    text: looksLikeSecretId ? 'A GUID: the ID of a secret, not its value' : `Begins with ${hint}`,
  }),
  configuredCertificate: ({ thumbprint, endsAt }: ConfiguredCertificate) => ({
    mark: 'fact',
    text: `Thumbprint ${thumbprint}, ends ${dateOf(endsAt)}`,
  }),
  accessToken: tokenNode,
  imapSession: sessionNode,
  popSession: sessionNode,
  graphMail: graphNode,
  casMailbox: casNode,
  mailboxPermissions: permissionsNode,
  appAuthorization: authorizationNode,
  mailboxChanges: changesNode,
  exchangeServicePrincipal: servicePrincipalNode,
  appRegistration: registrationNode,
  enterpriseApplication: enterpriseNode,
  delegateAccount: accountNode,
  delegateAccounts: (accounts: Readonly<Record<string, Reading<DelegateAccount>>>) => ({
    mark: 'fact',
    text: `${Object.keys(accounts).length} known`,
    children: Object.entries(accounts).map(([name, reading]) => nodeOf(name, reading, accountNode)),
  }),
  helpdeskSignIns: signInsNode,
  serviceHealth: healthNode,
  ownToken: tokenNode,
  ...OWN_EVIDENCE_TOLD,
};

/** The evidence as a tree, in the order in which a login meets it. What is not in it is left out. Never throws. */
export function evidenceTree(evidence: Partial<Everything>): EvidenceNode[] {
  return ORDER.flatMap((name) => branch(name, evidence));
}

function branch(name: keyof Everything, evidence: Partial<Everything>): EvidenceNode[] {
  const reading = evidence[name];
  if (reading === undefined) return [];
  // What the connection does not have was not missed.
  if (reading.outcome === 'blind' && reading.reason === 'not-used') return [];
  // TOLD has for each name the function of its own type; TypeScript does not follow that through a variable.
  return [nodeOf(NAMES[name], reading as Reading<never>, TOLD[name] as (value: never) => EvidenceNode)];
}

function nodeOf<T>(name: string, reading: Reading<T>, told: (value: T) => EvidenceNode): EvidenceNode {
  if (reading.outcome === 'blind') {
    const skipped = reading.reason === 'not-attempted';
    return { mark: skipped ? 'skipped' : 'unseen', text: name, said: reading.detail };
  }
  const node = told(reading.value);
  return { ...node, text: `${name}: ${node.text}` };
}

function tokenNode(answer: TokenAnswer): EvidenceNode {
  if (!answer.issued) {
    return { mark: 'bad', text: `refused (${answer.error})`, said: answer.description, ms: answer.ms };
  }
  const { aud, scp, roles, user } = answer.claims ?? {};
  const permissions = scp ?? roles ?? [];
  const facts = [
    ...(aud === undefined ? [] : [`for ${aud}`]),
    ...(user === undefined ? [] : [`as ${user}`]),
    ...(permissions.length === 0 ? [] : [`with ${permissions.join(', ')}`]),
  ];
  return { mark: 'ok', text: ['issued', ...facts].join(' '), ms: answer.ms };
}

const STEP_NAMES: Readonly<Record<string, string>> = {
  dns: 'Name resolved',
  tcp: 'Connected',
  tls: 'TLS',
  greeting: 'Greeting',
  capability: 'Capabilities',
  authenticate: 'AUTHENTICATE XOAUTH2',
  examine: 'EXAMINE INBOX',
  stat: 'STAT',
  logout: 'LOGOUT',
  quit: 'QUIT',
};

function sessionNode({ host, port, steps, failure, ms }: MailSession<string>): EvidenceNode {
  const at = failure === undefined ? 'the mailbox opened' : `stopped at ${STEP_NAMES[failure.step] ?? failure.step}`;
  return {
    mark: failure === undefined ? 'ok' : 'bad',
    text: `${host}:${port}, ${at}`,
    ms,
    children: steps.map((step) => stepNode(step)),
  };
}

function stepNode({ name, outcome, said, ms }: MailStep<string>): EvidenceNode {
  const mark = { ok: 'ok', failed: 'bad', 'not-run': 'skipped' } as const;
  return {
    mark: mark[outcome],
    text: STEP_NAMES[name] ?? name,
    ...(said !== undefined && { said }),
    ...(ms !== undefined && { ms }),
  };
}

function graphNode(answer: GraphMailAnswer): EvidenceNode {
  if (answer.opened) return { mark: 'ok', text: 'opened', ms: answer.ms };
  const { status, code, message, ms } = answer;
  return { mark: 'bad', text: `refused with HTTP ${status}, ${code}`, said: message, ms };
}

function casNode(mailbox: CasMailbox): EvidenceNode {
  if (!mailbox.found) return { mark: 'bad', text: 'there is none of this name', readAt: mailbox.readAt };
  const { imapEnabled, popEnabled, type, readAt } = mailbox;
  const onOff = (on: boolean) => (on ? 'on' : 'off');
  const kind = type === undefined ? '' : `${type}, `;
  return { mark: 'fact', text: `${kind}IMAP ${onOff(imapEnabled)}, POP ${onOff(popEnabled)}`, readAt };
}

function permissionsNode({ allowed, denied, readAt }: MailboxPermissions): EvidenceNode {
  const names = (holders: MailboxPermissions['allowed']) => holders.map(({ name }) => name).join(', ') || 'nobody';
  const but = denied.length === 0 ? '' : `; denied to ${names(denied)}`;
  return { mark: 'fact', text: names(allowed) + but, readAt };
}

function servicePrincipalNode(principal: ExchangeServicePrincipal): EvidenceNode {
  const { readAt } = principal;
  if (!principal.registered) return { mark: 'fact', text: 'not registered', readAt };
  return { mark: 'fact', text: `registered with object ID ${principal.objectId}`, readAt };
}

function registrationNode(application: AppRegistration): EvidenceNode {
  if (!application.found) return { mark: 'bad', text: 'there is none with this application ID' };
  const { displayName, passwords, keys } = application;
  return {
    mark: 'fact',
    text: `${displayName}, ${counted(passwords.length, 'client secret')}, ${counted(keys.length, 'certificate')}`,
    children: [...passwords, ...keys].map(({ displayName: name, keyId, endsAt }) => ({
      mark: 'fact',
      text: `${name ?? keyId} ends ${dateOf(endsAt)}`,
    })),
  };
}

function enterpriseNode(application: EnterpriseApplication): EvidenceNode {
  const { readAt } = application;
  if (!application.found) return { mark: 'bad', text: 'there is none in this tenant', readAt };
  const { enabled, disabledByMicrosoft, objectId } = application;
  if (disabledByMicrosoft !== undefined)
    return { mark: 'bad', text: `disabled by Microsoft (${disabledByMicrosoft})`, readAt };
  return { mark: enabled ? 'ok' : 'bad', text: `${enabled ? 'enabled' : 'disabled'}, object ID ${objectId}`, readAt };
}

function accountNode(account: DelegateAccount): EvidenceNode {
  const { readAt } = account;
  if (!account.found) return { mark: 'bad', text: 'there is none of this name', readAt };
  const { enabled, hasExchangePlan } = account;
  return {
    mark: enabled ? 'ok' : 'bad',
    text: `sign-in ${enabled ? 'allowed' : 'blocked'}, ${hasExchangePlan ? 'with' : 'without'} an Exchange licence`,
    readAt,
  };
}

function healthNode({ healthy, status, issues, readAt }: ServiceHealth): EvidenceNode {
  return {
    mark: healthy ? 'ok' : 'bad',
    text: healthy ? 'Exchange Online is well' : status,
    readAt,
    children: issues.map(({ id, title }) => ({ mark: 'bad', text: `${id}: ${title}` })),
  };
}

function authorizationNode({ roles, readAt }: AppAuthorization): EvidenceNode {
  return {
    mark: 'fact',
    text: counted(roles.length, 'role'),
    readAt,
    children: roles.map(({ role, permissions, inScope }) => ({
      mark: inScope ? 'ok' : 'bad',
      text: `${role} (${permissions.join(', ')}): the mailbox is ${inScope ? 'in' : 'outside'} its scope`,
    })),
  };
}

function changesNode({ changes, searchedFrom, readAt }: MailboxChanges): EvidenceNode {
  return {
    mark: 'fact',
    text: `${counted(changes.length, 'change')} since ${dateOf(searchedFrom)}`,
    readAt,
    children: changes.map(({ at, operation, by, parameters }) => ({
      mark: 'fact',
      text: `${momentText(at)}: ${operation} by ${by}`,
      said: Object.entries(parameters)
        .map(([name, value]) => `${name}: ${value}`)
        .join(', '),
    })),
  };
}

function signInsNode({ newest, since }: HelpdeskSignIns): EvidenceNode {
  const children = Object.entries(newest).flatMap(([user, { helpdesk, mailboxWatch }]) => [
    signInNode('the helpdesk', user, helpdesk),
    signInNode('Mailbox Watch', user, mailboxWatch),
  ]);
  return {
    mark: children.some(({ mark }) => mark === 'bad') ? 'bad' : 'fact',
    text: `read back to ${momentText(since)}`,
    children,
  };
}

function signInNode(who: string, user: string, last: LoggedSignIn | undefined): EvidenceNode {
  const name = `Latest of ${who}${user === '' ? '' : ` as ${user}`}`;
  if (last === undefined) return { mark: 'fact', text: `${name}: none` };
  const { at, errorCode, said } = last;
  if (errorCode === 0) return { mark: 'ok', text: `${name}: ${momentText(at)}` };
  return { mark: 'bad', text: `${name}: refused ${momentText(at)}`, said: `AADSTS${errorCode}: ${said ?? ''}` };
}

function counted(count: number, what: string): string {
  return count === 0 ? `no ${what}` : count === 1 ? `one ${what}` : `${count} ${what}s`;
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
