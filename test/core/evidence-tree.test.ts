import {
  APPLICATION_TOKEN,
  DELEGATED_TOKEN,
  EXAMPLE_NOW,
  NOT_CONNECTED,
  tokenRefused,
} from '../../shared/checks/example-evidence';
import { evidenceTree, type EvidenceNode } from '../../shared/core/evidence-tree';
import { blind, seen } from '../../shared/core/reading';
import { NO_APPLICATION_EVIDENCE, NO_MAILBOX_EVIDENCE } from '../support/no-evidence';

/** A tree as a person reads it. */
function read(nodes: readonly EvidenceNode[], depth = 0): string[] {
  return nodes.flatMap(({ mark, text, said, children = [] }) => [
    `${'  '.repeat(depth)}${mark} ${text}${said === undefined ? '' : ` | ${said}`}`,
    ...read(children, depth + 1),
  ]);
}

it('shows a login step by step, in the order of the wire', () => {
  const tree = evidenceTree({ accessToken: DELEGATED_TOKEN, imapSession: NOT_CONNECTED });
  expect(read(tree)).toEqual([
    'ok Access token: issued for https://outlook.office.com as svc-jira@contoso.com with IMAP.AccessAsUser.All',
    'bad IMAP login: outlook.office365.com:993, stopped at EXAMINE INBOX',
    '  ok Name resolved',
    '  ok Connected',
    '  ok TLS',
    '  ok Greeting',
    '  ok Capabilities',
    '  ok AUTHENTICATE XOAUTH2',
    '  bad EXAMINE INBOX | BAD User is authenticated but not connected.',
    '  skipped LOGOUT',
  ]);
  expect(tree[0]?.ms).toBe(120);
});

const read1 = { readAt: EXAMPLE_NOW, source: 'admin-api' as const };
it.each<[Parameters<typeof evidenceTree>[0], string]>([
  [
    { accessToken: APPLICATION_TOKEN },
    'ok Access token: issued for https://outlook.office365.com with IMAP.AccessAsApp',
  ],
  [
    { accessToken: tokenRefused('invalid_client', 7000222, 'The secret is expired.') },
    'bad Access token: refused (invalid_client) | AADSTS7000222: The secret is expired.',
  ],
  [{ graphMail: seen({ opened: true, ms: 3 }) }, 'ok Inbox over Microsoft Graph: opened'],
  [
    { graphMail: seen({ opened: false, status: 403, code: 'ErrorAccessDenied', message: 'Access is denied.', ms: 3 }) },
    'bad Inbox over Microsoft Graph: refused with HTTP 403, ErrorAccessDenied | Access is denied.',
  ],
  [
    { casMailbox: seen({ found: true, imapEnabled: false, popEnabled: true, type: 'SharedMailbox', ...read1 }) },
    'fact Mailbox in Exchange: SharedMailbox, IMAP off, POP on',
  ],
  [{ casMailbox: seen({ found: false, ...read1 }) }, 'bad Mailbox in Exchange: there is none of this name'],
  [
    { mailboxPermissions: seen({ allowed: [], denied: [{ name: 'a@b.c' }], ...read1 }) },
    'fact Full Access in Exchange: nobody; denied to a@b.c',
  ],
  [
    { exchangeServicePrincipal: seen({ registered: false, ...read1 }) },
    'fact Service principal in Exchange: not registered',
  ],
  [
    { delegateAccount: seen({ found: true, id: '1', enabled: false, hasExchangePlan: true, readAt: 1 }) },
    'bad Account of the delegate: sign-in blocked, with an Exchange licence',
  ],
  [
    { configuredSecret: seen({ hint: 'Abc', looksLikeSecretId: true }) },
    'bad Client secret in the configuration: A GUID: the ID of a secret, not its value',
  ],
  [{ casMailbox: blind('denied', 'Exchange refused.') }, 'unseen Mailbox in Exchange | Exchange refused.'],
  [{ casMailbox: blind('not-attempted', 'It opened.') }, 'skipped Mailbox in Exchange | It opened.'],
])('tells %j in one line', (evidence, line) => {
  expect(read(evidenceTree(evidence))).toEqual([line]);
});

it('tells how Microsoft is, with its issues', () => {
  const issues = [{ id: 'EX1', title: 'Some users cannot open mailboxes', startedAt: 1 }];
  const tree = evidenceTree({
    serviceHealth: seen({ healthy: false, status: 'serviceDegradation', issues, readAt: 1 }),
  });
  expect(read(tree)).toEqual([
    "bad Microsoft's service health: serviceDegradation",
    '  bad EX1: Some users cannot open mailboxes',
  ]);
});

it('leaves out what the helpdesk does not use, and nothing else', () => {
  const unused = blind('not-used', 'not used');
  const texts = evidenceTree({
    ...NO_MAILBOX_EVIDENCE,
    ...NO_APPLICATION_EVIDENCE,
    configuredSecret: unused,
    configuredCertificate: unused,
    imapSession: unused,
    popSession: unused,
    graphMail: unused,
    delegateAccount: unused,
  }).map(({ text }) => text);
  expect(texts).toEqual([
    'Access token',
    'Mailbox in Exchange',
    'Full Access in Exchange',
    'Authorization of the app in Exchange',
    'Audit log',
    'Service principal in Exchange',
    'App registration',
    'Enterprise application',
    'Accounts of the delegates',
    'Sign-in log',
    "Microsoft's service health",
  ]);
});

it('tells of each user how the helpdesk and Mailbox Watch last signed in', () => {
  const at = Date.UTC(2026, 10, 25, 11, 56);
  const [log] = evidenceTree({
    helpdeskSignIns: seen({
      newest: {
        '': { mailboxWatch: { at, errorCode: 0 } },
        'rob@contoso.com': { helpdesk: { at, errorCode: 50173, said: 'Revoked.', refusedSince: at } },
      },
      since: at,
      readAt: at,
    }),
  });
  expect(log).toEqual({
    mark: 'bad',
    text: 'Sign-in log: read back to 2026-11-25 11:56 UTC',
    children: [
      { mark: 'fact', text: 'Latest of the helpdesk: none' },
      { mark: 'ok', text: 'Latest of Mailbox Watch: 2026-11-25 11:56 UTC' },
      {
        mark: 'bad',
        text: 'Latest of the helpdesk as rob@contoso.com: refused 2026-11-25 11:56 UTC',
        said: 'AADSTS50173: Revoked.',
      },
      { mark: 'fact', text: 'Latest of Mailbox Watch as rob@contoso.com: none' },
    ],
  });
});

it('tells of changes in the audit log, and of the roles that Exchange gave the app', () => {
  const at = Date.UTC(2026, 10, 25, 11, 56);
  const change = { at, operation: 'Set-CASMailbox', by: 'anna@contoso.com', parameters: { ImapEnabled: 'False' } };
  const role = { role: 'Application Mail.Read', permissions: ['Mail.Read'], inScope: false };
  const tree = evidenceTree({
    appAuthorization: seen({ roles: [role], readAt: at, source: 'admin-api' }),
    mailboxChanges: seen({ changes: [change], searchedFrom: at, readAt: at }),
  });
  expect(tree).toEqual([
    {
      mark: 'fact',
      text: 'Authorization of the app in Exchange: one role',
      readAt: at,
      children: [{ mark: 'bad', text: 'Application Mail.Read (Mail.Read): the mailbox is outside its scope' }],
    },
    {
      mark: 'fact',
      text: 'Audit log: one change since 2026-11-25',
      readAt: at,
      children: [
        {
          mark: 'fact',
          text: '2026-11-25 11:56 UTC: Set-CASMailbox by anna@contoso.com',
          said: 'ImapEnabled: False',
        },
      ],
    },
  ]);
});
