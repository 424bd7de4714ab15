import { parseConfiguration } from '../../shared/settings/parse';

const CLIENT_ID = '11111111-2222-4333-8444-555555555555';

/** Every problem as `line:column path: message`. */
function problemsOf(text: string): string[] {
  const parsed = parseConfiguration(text);
  if (parsed.ok) return [];
  return parsed.problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
}

/** A sound configuration, line by line, so that a row below can say what it changes. */
const SOUND = [
  'tenant: contoso.onmicrosoft.com', // 1
  'integrations:', // 2
  '  - id: jsm', // 3
  '    product: jsm', // 4
  `    clientId: ${CLIENT_ID}`, // 5
  '    clientSecret: env:JSM_SECRET', // 6
  '    flow: delegated', // 7
  '    delegate: svc-jira@contoso.com', // 8
  '    refreshToken: file:jsm-token', // 9
  '    mailboxes:', // 10
  '      - support@contoso.com', // 11
  '      - { address: legal@contoso.com, delegate: svc-legal@contoso.com }', // 12
];

/** SOUND with other lines in the place of the numbered ones. */
function changed(numbers: readonly number[], ...lines: readonly string[]): string {
  const [first = 1] = numbers;
  return SOUND.toSpliced(first - 1, numbers.length, ...lines).join('\n');
}

/** SOUND with more lines after the first. */
function withMore(...lines: readonly string[]): string {
  return changed([1], 'tenant: contoso.com', ...lines);
}

const GUID = 'expected the application (client) ID, a GUID such as 11111111-2222-4333-8444-555555555555';
const REFERENCE = 'expected a reference such as env:NAME, file:PATH or kv:VAULT/NAME';
const LOCAL_REFERENCE = 'expected a reference such as env:NAME or file:PATH (not kv:, which this secret signs in to)';
const ID = 'expected an id of lower-case letters, digits and hyphens such as jsm-service-desk';
const TENANT = 'expected a tenant: its GUID or a verified domain such as contoso.onmicrosoft.com';
const ORIGIN = 'expected an https origin such as https://login.microsoftonline.com';
const PRODUCT = 'expected jira, jsm, liveagent, or other';
const NOTICES = 'expected falling whole numbers of days such as [60, 30, 14, 7, 3, 1, 0]';
const SCOPES = 'expected a list of scopes such as [https://outlook.office.com/IMAP.AccessAsUser.All, offline_access]';
const SIGN_IN = 'expected signIn: none, managed-identity, client-secret, certificate or federated';
const NEEDS_DELEGATE =
  'missing: in the delegated flow expected the user who authorised the connection, such as delegate: svc-jira@contoso.com, for the integration or for every mailbox';
const NEEDS_CREDENTIAL =
  'missing: expected a reference such as clientSecret: env:JIRA_CLIENT_SECRET, or instead certificate or federatedToken';
const NEEDS_TOKEN =
  'missing: in the delegated flow expected a reference such as refreshToken: file:jira-refresh-token, for the integration or for every mailbox';

it('finds nothing wrong with what the rows below start from', () => {
  expect(problemsOf(SOUND.join('\n'))).toEqual([]);
});

it.each([
  'env:JSM_SECRET',
  'file:secrets/jsm token',
  'kv:helpdesk/jsm',
  `kv:Help-desk-24-characters1/${'a'.repeat(127)}`,
])('accepts the reference %s', (reference) => {
  expect(problemsOf(changed([6], `    clientSecret: ${reference}`))).toEqual([]);
});

describe('one fault is said where it is, with what was expected, an example, and what was found', () => {
  it.each<[string, string, string]>([
    ['nothing', '', '1:1 (file): expected a mapping with tenant and integrations, got nothing'],
    ['a list', '# a comment\n- a', '2:1 (file): expected a mapping with tenant and integrations, got a list'],
    ['a text', 'hello', '1:1 (file): expected a mapping with tenant and integrations, got "hello"'],
    [
      'no tenant',
      changed([1]),
      '1:1 tenant: missing: expected a tenant such as contoso.onmicrosoft.com, at the top or in every integration',
    ],
    ['an empty tenant', changed([1], 'tenant:'), `1:1 tenant: ${TENANT}, got nothing`],
    ['no tenant of one company', changed([1], 'tenant: common'), `1:1 tenant: ${TENANT}, got "common"`],
    [
      'a cloud that nobody knows',
      withMore('cloud: us-gov'),
      '2:1 cloud: expected worldwide, us-gov-high, us-gov-dod, or china, got "us-gov"',
    ],
    [
      'an endpoint without TLS',
      withMore('endpoints: { login: "http://x.com" }'),
      `2:14 endpoints.login: ${ORIGIN}, got "http://x.com"`,
    ],
    [
      'an endpoint with a path',
      withMore('endpoints: { graph: "https://x.com/v1" }'),
      `2:14 endpoints.graph: ${ORIGIN}, got "https://x.com/v1"`,
    ],
    [
      'an endpoint with a user',
      withMore('endpoints: { graph: "https://user@x.com" }'),
      `2:14 endpoints.graph: ${ORIGIN}, got "https://user@x.com"`,
    ],
    [
      'a host with a scheme',
      withMore('endpoints:', '  imap: { host: "imaps://x" }'),
      '3:11 endpoints.imap.host: expected a host name such as outlook.office365.com, got "imaps://x"',
    ],
    [
      'a port out of range',
      withMore('endpoints:', '  imap: { port: 0 }'),
      '3:11 endpoints.imap.port: expected a TCP port such as 993, got 0',
    ],
    [
      'a port in quotes',
      withMore('endpoints:', '  imap: { port: "993" }'),
      '3:11 endpoints.imap.port: expected a TCP port such as 993, got "993"',
    ],
    ['notices that rise', withMore('expiryNoticeDays: [7, 14]'), `2:1 expiryNoticeDays: ${NOTICES}, got a list`],
    [
      'half a day',
      withMore('expiryNoticeDays: [7, 0.5]'),
      '2:23 expiryNoticeDays[1]: expected a whole number of days, 0 or more, such as 14, got 0.5',
    ],
    ['no scopes', withMore('scopes: []'), `2:1 scopes: ${SCOPES}, got a list`],
    ['scopes in one text', withMore('scopes: a b'), `2:1 scopes: ${SCOPES}, got "a b"`],
    [
      'another protocol',
      withMore('protocol: pop3'),
      '2:1 protocol: expected imap, pop, or graph, got "pop3"; did you mean "pop"?',
    ],
    [
      'another provider',
      changed([4], '    product: jsm', '    provider: gmail'),
      '5:5 integrations[0].provider: expected microsoft365, outlook.com, or google, got "gmail"',
    ],
    ['a monitor that is a text', withMore('monitor: none'), `2:1 monitor: ${SIGN_IN}, got "none"`],
    [
      'a monitor that signs in otherwise',
      withMore('monitor: { signIn: client_secret }'),
      `2:12 monitor.signIn: ${SIGN_IN}, got "client_secret"; did you mean "client-secret"?`,
    ],
    [
      'a monitor without its secret',
      withMore(`monitor: { signIn: client-secret, clientId: ${CLIENT_ID} }`),
      `2:1 monitor.clientSecret: missing: ${LOCAL_REFERENCE}`,
    ],
    [
      'a secret of no use',
      withMore('monitor: { signIn: managed-identity, clientSecret: env:X }'),
      '2:38 monitor.clientSecret: is not known here; known are signIn, clientId',
    ],
    [
      'no integrations',
      'tenant: contoso.com\nintegrations: []',
      '2:1 integrations: expected a list of at least one integration, each with id, product, clientId, clientSecret, flow and mailboxes, got a list',
    ],
    [
      'a key that nobody knows',
      withMore('endpoints: { webmail: x }'),
      '2:14 endpoints.webmail: is not known here; known are login, graph, exchange, imap, pop',
    ],
    [
      'a key with a typing error',
      changed([3], '  - id: jsm', '    nmae: Contoso'),
      '4:5 integrations[0].nmae: is not known here; did you mean "name"?',
    ],
    ['an id with capitals', changed([3], '  - id: Service Desk'), `3:5 integrations[0].id: ${ID}, got "Service Desk"`],
    [
      'the id of Mailbox Watch itself',
      changed([3], '  - id: mailbox-watch'),
      '3:5 integrations[0].id: mailbox-watch stands for Mailbox Watch itself: choose another id',
    ],
    ['an id that is a number', changed([3], '  - id: 5'), `3:5 integrations[0].id: ${ID}, got 5`],
    [
      'a product with a typing error',
      changed([4], '    product: jria'),
      `4:5 integrations[0].product: ${PRODUCT}, got "jria"; did you mean "jira"?`,
    ],
    [
      'a product that nobody knows',
      changed([4], '    product: zendesk'),
      `4:5 integrations[0].product: ${PRODUCT}, got "zendesk"`,
    ],
    ['no client id', changed([5]), `3:5 integrations[0].clientId: missing: ${GUID}`],
    [
      'the secret as client id',
      changed([5], '    clientId: abc8Q~topsecret'),
      `5:5 integrations[0].clientId: ${GUID}, got a plain value (not shown)`,
    ],
    [
      'the secret itself',
      changed([6], '    clientSecret: abc8Q~topsecret'),
      `6:5 integrations[0].clientSecret: ${REFERENCE}, got a plain value (not shown)`,
    ],
    [
      'a variable with a hyphen',
      changed([6], '    clientSecret: env:JSM-SECRET'),
      `6:5 integrations[0].clientSecret: ${REFERENCE}, got a plain value (not shown)`,
    ],
    ...[
      'kv:helpdesk',
      'kv:helpdesk/',
      'kv:hd/jira',
      'kv:1helpdesk/jira',
      'kv:helpdesk-/jira',
      'kv:Help-desk-25-characters12/jira',
      'kv:helpdesk.evil.example/jira',
      'kv:helpdesk/jira_secret',
      'kv:helpdesk/jira/version',
      `kv:helpdesk/${'a'.repeat(128)}`,
      'KV:helpdesk/jira',
    ].map((reference): [string, string, string] => [
      `the reference ${reference}`,
      changed([6], `    clientSecret: ${reference}`),
      `6:5 integrations[0].clientSecret: ${REFERENCE}, got a plain value (not shown)`,
    ]),
    [
      'the secret of the monitor in the vault that it opens',
      withMore(`monitor: { signIn: client-secret, clientId: ${CLIENT_ID}, clientSecret: kv:helpdesk/monitor }`),
      `2:83 monitor.clientSecret: ${LOCAL_REFERENCE}, got a plain value (not shown)`,
    ],
    [
      'a flow with a typing error',
      changed([7], '    flow: delegate'),
      '7:5 integrations[0].flow: expected delegated or application, got "delegate"; did you mean "delegated"?',
    ],
    [
      'a delegate that is no UPN',
      changed([8], '    delegate: svc-jira'),
      '8:5 integrations[0].delegate: expected the UPN of the user who authorised the connection, such as svc-jira@contoso.com, got "svc-jira"',
    ],
    [
      'a channel of an unknown kind',
      withMore('notify: [{ id: a, kind: sms }]'),
      '2:19 notify[0].kind: expected kind: teams, slack, webhook, ntfy, pagerduty, jsm-operations, alertmanager, application-insights or email, got "sms"',
    ],
    [
      'a channel whose address stands open',
      withMore('notify: [{ id: a, kind: teams, webhook: https://prod.logic.azure.com/x }]'),
      '2:32 notify[0].webhook: expected a reference such as env:NAME, file:PATH or kv:VAULT/NAME, got a plain value (not shown)',
    ],
    [
      'two channels of one name',
      withMore('notify: [{ id: a, kind: slack, webhook: env:A }, { id: a, kind: slack, webhook: env:B }]'),
      '2:52 notify[1].id: number 1 of this list has the same id; every channel needs its own',
    ],
    [
      'a channel for an integration that is not there',
      withMore('notify: [{ id: a, kind: slack, webhook: env:A, integrations: [sales] }]'),
      '2:63 notify[0].integrations[0]: there is no integration sales in this file',
    ],
    [
      'a mail to a watched mailbox',
      withMore('notify: [{ id: a, kind: email, from: w@contoso.com, to: [Support@contoso.com] }]'),
      '2:58 notify[0].to[0]: is a mailbox that is watched: the helpdesk would make a ticket of every mail',
    ],
    ['an app without a credential', changed([6]), `3:5 integrations[0].clientSecret: ${NEEDS_CREDENTIAL}`],
    [
      'an app with two credentials',
      changed([6], '    clientSecret: env:A', '    certificate: file:b.pem'),
      '7:5 integrations[0].certificate: the app has clientSecret already: keep the one that the helpdesk uses',
    ],
    [
      'a client ID of Google in an Entra tenant',
      changed([5], '    clientId: 12-ab.apps.googleusercontent.com'),
      '5:5 integrations[0].clientId: is of Google: write provider: google, or the application (client) ID of the app registration',
    ],
    [
      'an app registration at Google',
      changed([4], '    product: jsm', '    provider: google'),
      '6:5 integrations[0].clientId: with provider: google expected a client ID such as 1234-abcd.apps.googleusercontent.com',
    ],
    [
      'Graph at Google',
      changed([5], '    clientId: 12-ab.apps.googleusercontent.com', '    provider: google', '    protocol: graph'),
      '7:5 integrations[0].protocol: Google has no Microsoft Graph: expected imap or pop',
    ],
    ...['tenant: contoso.com', 'cloud: worldwide'].map((line): [string, string, string] => [
      `Outlook.com with ${line}`,
      changed([4], '    product: jsm', '    provider: outlook.com', `    ${line}`),
      `6:5 integrations[0].${line.split(':')[0]}: outlook.com has no ${line.split(':')[0]}: remove it`,
    ]),
    [
      'Outlook.com with a certificate',
      changed([6], '    certificate: file:a.pem', '    provider: outlook.com'),
      '6:5 integrations[0].certificate: outlook.com has no certificate: remove it',
    ],
    [
      'Outlook.com in the application flow',
      changed([7, 8, 9], '    flow: application', '    provider: outlook.com').replace(
        ', delegate: svc-legal@contoso.com',
        '',
      ),
      '7:5 integrations[0].flow: with outlook.com expected flow: delegated',
    ],
    ['one mailbox without a delegate', changed([8]), `10:9 integrations[0].mailboxes[0]: ${NEEDS_DELEGATE}`],
    ['no refresh token anywhere', changed([9]), `3:5 integrations[0].refreshToken: ${NEEDS_TOKEN}`],
    [
      'an empty refresh token',
      changed([9], '    refreshToken: ""'),
      `9:5 integrations[0].refreshToken: ${REFERENCE}, got a plain value (not shown)`,
    ],
    [
      'mailboxes that are no list',
      changed([10, 11, 12], '    mailboxes: support@contoso.com'),
      '10:5 integrations[0].mailboxes: expected a list of at least one mailbox such as [support@contoso.com], got "support@contoso.com"',
    ],
    [
      'a mailbox that is no address',
      changed([11], '      - support'),
      '11:9 integrations[0].mailboxes[0]: expected the address of a mailbox such as support@contoso.com, got "support"',
    ],
    [
      'a mailbox that is a number',
      changed([11], '      - 12'),
      '11:9 integrations[0].mailboxes[0]: expected an address such as support@contoso.com, or a mapping with an address, got 12',
    ],
    [
      'a mailbox without an address',
      changed([12], '      - { delegate: a@contoso.com }'),
      '12:9 integrations[0].mailboxes[1].address: missing: expected the address of a mailbox such as support@contoso.com',
    ],
    [
      'a mailbox twice',
      changed([11], '      - Legal@Contoso.com'),
      '12:11 integrations[0].mailboxes[1].address: number 1 of this list is the same mailbox; keep one',
    ],
    [
      'a text too long to show',
      changed([8], `    delegate: ${'x'.repeat(40)}`),
      '8:5 integrations[0].delegate: expected the UPN of the user who authorised the connection, such as svc-jira@contoso.com, got a text of 40 characters (not shown)',
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual([expected]);
  });
});

describe('what is no YAML', () => {
  it.each<[string, string, string[]]>([
    ['a tab', 'a:\n\tb: 1', ['2:1 (file): a tab cannot indent; expected blanks']],
    [
      'a quote left open',
      'tenant: "contoso',
      ['1:17 (file): a quote, bracket, comma or colon is missing; expected for example [a, b] or "text"'],
    ],
    [
      'uneven indentation',
      'a:\n  b: 1\n c: 2',
      ['3:1 (file): the indentation does not fit; expected the keys of one mapping to start in the same column'],
    ],
    [
      'a colon in a text',
      'name: Contoso: support',
      [
        '1:7 (file): a text with a colon and a blank in it looks like a key; put it in quotes, such as "Contoso: support"',
      ],
    ],
    ['a second document', 'a: 1\n---\nb: 2', ['2:1 (file): expected one document; a second one starts here']],
    [
      'a text that starts with @',
      'a: @contoso',
      ['1:4 (file): a text cannot start with this character; put it in quotes, such as "@contoso"'],
    ],
    [
      'a secret that looks like an alias',
      'clientSecret: *topsecret',
      [
        '1:15 (file): a text that starts with * names an anchor, and no such anchor stands before it; put it in quotes, such as "*"',
      ],
    ],
    [
      'a secret that looks like a tag',
      'clientSecret: !topsecret',
      ['1:15 (file): a text that starts with ! names a type; put it in quotes, such as "!"'],
    ],
    [
      'a secret with a backslash',
      'clientSecret: "top\\secret"',
      ['1:19 (file): a backslash in double quotes starts an escape that is not known; put the text in single quotes'],
    ],
    [
      'two faults, both said',
      'a: @x\nb: @y',
      [1, 2].map(
        (line) => `${line}:4 (file): a text cannot start with this character; put it in quotes, such as "@contoso"`,
      ),
    ],
  ])('is said in our own words, which quote nothing: %s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it('does not keep the rest from being judged when a key stands twice', () => {
    expect(problemsOf(changed([4], '    product: jsm', '    product: jria'))).toEqual([
      `4:5 integrations[0].product: ${PRODUCT}, got "jria"; did you mean "jira"?`,
      '5:5 (file): this key stands twice in the same mapping; keep one',
    ]);
  });

  it('may not expand without end', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) =>
        `l${i}: &l${i} [${Array(10)
          .fill(i === 0 ? 'x' : `*l${i - 1}`)
          .join(', ')}]`,
    );
    expect(problemsOf(levels.join('\n'))).toEqual([
      '1:1 (file): the aliases stand for too much; write their values out',
    ]);
  });

  it('may not nest without end', () => {
    expect(problemsOf('['.repeat(10_000))).toContainEqual(expect.stringContaining('the nesting is too deep'));
  });

  it('may not hold itself', () => {
    expect(problemsOf('tenant: contoso.com\nintegrations: &all [*all]')).toEqual([
      '2:21 integrations[0]: expected a mapping with id, product, clientId, clientSecret, flow and mailboxes, got a list',
    ]);
  });
});

describe('all problems', () => {
  const BROKEN = `cloud: wordwide
integrations:
  - id: JSM
    product: jsm
    clientId: ${CLIENT_ID}
    clientSecret: topsecret
    flow: application
    delegate: svc-jira@contoso.com
    mailboxes:
      - support@contoso.com
      - { address: support, refreshToken: file:token, colour: red }
      - SUPPORT@contoso.com
  - id: other
    product: other
    flow: delegated
    mailboxes: [a@contoso.com]
  - id: other
    tenant: contoso.com
    clientId: ${CLIENT_ID}
    clientSecret: [topsecret]
`;

  it('come at once, in the order of the text', () => {
    expect(problemsOf(BROKEN)).toEqual([
      '1:1 cloud: expected worldwide, us-gov-high, us-gov-dod, or china, got "wordwide"; did you mean "worldwide"?',
      `3:5 integrations[0].id: ${ID}, got "JSM"`,
      '3:5 integrations[0].tenant: missing: expected a tenant such as contoso.onmicrosoft.com, at the top or in every integration',
      `6:5 integrations[0].clientSecret: ${REFERENCE}, got a plain value (not shown)`,
      '8:5 integrations[0].delegate: the application flow has no delegate: remove it, or write flow: delegated',
      '11:11 integrations[0].mailboxes[1].address: expected the address of a mailbox such as support@contoso.com, got "support"',
      '11:29 integrations[0].mailboxes[1].refreshToken: the application flow has no refreshToken: remove it, or write flow: delegated',
      '11:55 integrations[0].mailboxes[1].colour: is not known here; known are address, delegate, refreshToken',
      '12:9 integrations[0].mailboxes[2]: number 1 of this list is the same mailbox; keep one',
      `13:5 integrations[1].clientId: missing: ${GUID}`,
      '13:5 integrations[1].tenant: missing: expected a tenant such as contoso.onmicrosoft.com, at the top or in every integration',
      `13:5 integrations[1].delegate: ${NEEDS_DELEGATE}`,
      `13:5 integrations[1].refreshToken: ${NEEDS_TOKEN}`,
      `13:5 integrations[1].clientSecret: ${NEEDS_CREDENTIAL}`,
      `17:5 integrations[2].product: missing: ${PRODUCT}`,
      '17:5 integrations[2].flow: missing: expected delegated or application',
      '17:5 integrations[2].mailboxes: missing: expected a list of at least one mailbox such as [support@contoso.com]',
      '17:5 integrations[2].id: number 2 of this list has the same id; every integration needs its own',
      `20:5 integrations[2].clientSecret: ${REFERENCE}, got a list`,
    ]);
  });

  it('hold no secret', () => {
    expect(problemsOf(BROKEN).join('\n')).not.toContain('topsecret');
  });

  it('are the same in JSON', () => {
    const json = `{
\t"tenant": "contoso.com",
\t"integrations": [
\t\t{ "id": "jsm", "product": "jria", "clientId": "${CLIENT_ID}", "flow": "application",
\t\t  "clientSecret": "topsecret", "mailboxes": ["a@contoso.com", "b"] }
\t]
}`;
    expect(problemsOf(json)).toEqual([
      `4:18 integrations[0].product: ${PRODUCT}, got "jria"; did you mean "jira"?`,
      `5:5 integrations[0].clientSecret: ${REFERENCE}, got a plain value (not shown)`,
      '5:65 integrations[0].mailboxes[1]: expected the address of a mailbox such as support@contoso.com, got "b"',
    ]);
  });
});

describe('values of the environment', () => {
  const text = (host: string) =>
    `tenant: '\${env:TENANT}'\nendpoints: { imap: { host: ${host} } }\nintegrations:\n  - { id: a, product: jsm, clientId: 11111111-2222-4333-8444-555555555555, clientSecret: env:S, flow: application, mailboxes: ['support@\${env:DOMAIN}'] }\n`;

  it('stand where they are named', () => {
    const parsed = parseConfiguration(text('imap.contoso.com'), { TENANT: 'Contoso.com', DOMAIN: 'contoso.com' });
    expect(parsed).toMatchObject({
      ok: true,
      settings: { integrations: [{ tenant: 'contoso.com', mailboxes: [{ address: 'support@contoso.com' }] }] },
    });
  });

  it('are missed by their names, at their place', () => {
    const parsed = parseConfiguration(text('imap.contoso.com'), { TENANT: 'contoso.com' });
    expect(parsed).toMatchObject({
      ok: false,
      problems: expect.arrayContaining([
        expect.objectContaining({
          path: 'integrations[0].mailboxes[0]',
          line: 4,
          message: 'names the environment variable DOMAIN, which is not set',
        }),
      ]) as unknown,
    });
  });
});
