import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CLOUDS,
  FLOWS,
  PRODUCTS,
  type Cloud,
  type Flow,
  type Integration,
  type Product,
} from '../../shared/core/subject';
import type { Settings } from '../../shared/core/settings';
import { parseConfiguration } from '../../shared/settings/parse';

const CLIENT_ID = '11111111-2222-4333-8444-555555555555';

function settingsOf(text: string): Settings {
  const parsed = parseConfiguration(text);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return parsed.settings;
}

function integrationOf(text: string): Integration {
  const [integration] = settingsOf(text).integrations;
  if (integration === undefined) throw new Error('there is no integration');
  return integration;
}

function written(product: Product, flow: Flow, ...more: string[]): string {
  const delegated = ['    delegate: svc-jira@contoso.com', '    refreshToken: file:jsm-refresh-token'];
  return [
    'tenant: contoso.onmicrosoft.com',
    'integrations:',
    '  - id: service-desk',
    `    product: ${product}`,
    `    clientId: ${CLIENT_ID}`,
    '    clientSecret: env:CLIENT_SECRET',
    `    flow: ${flow}`,
    ...(flow === 'delegated' ? delegated : []),
    '    mailboxes: [support@contoso.com]',
    ...more,
  ].join('\n');
}

it('takes what people prefer of alerts, and leaves the rest as it is', () => {
  const lines = ['alerting:', '  flapping: { openings: 5, calm: PT30M }', '  resolvesAfter: 4'];
  const { policy } = settingsOf(written('jsm', 'delegated', ...lines)).alerting;
  expect(policy).toMatchObject({
    resolvesAfter: 4,
    blindAfter: 6,
    flapping: { openings: 5, within: 86_400_000, calm: 1_800_000 },
  });
});

it('fills in every default', () => {
  expect(settingsOf(written('jsm', 'delegated'))).toEqual<Settings>({
    monitorSignIn: { kind: 'none' },
    exchangeEvidence: 'auto',
    channels: [],
    alerting: {
      opensAfter: {},
      policy: {
        resolvesAfter: 2,
        blindAfter: 6,
        remindEvery: { critical: 86_400_000, warning: 604_800_000 },
        flapping: { openings: 3, within: 86_400_000, calm: 3_600_000 },
      },
      maintenance: [],
      ignore: [],
    },
    integrations: [
      {
        exchange: { endpoint: 'https://outlook.office365.com', resource: 'https://outlook.office365.com' },
        id: 'service-desk',
        name: 'service-desk',
        product: 'jsm',
        provider: 'microsoft365',
        tenant: 'contoso.onmicrosoft.com',
        cloud: 'worldwide',
        optionalEvidence: [],
        clientId: CLIENT_ID,
        flow: 'delegated',
        protocol: 'imap',
        scopes: ['https://outlook.office.com/IMAP.AccessAsUser.All', 'offline_access'],
        credential: { kind: 'client-secret', reference: 'env:CLIENT_SECRET' },
        loginAuthority: 'https://login.microsoftonline.com',
        graphEndpoint: 'https://graph.microsoft.com',
        mailServer: { host: 'outlook.office365.com', port: 993 },
        expiryNoticeDays: [60, 30, 14, 7, 3, 1, 0],
        mailboxes: [
          {
            address: 'support@contoso.com',
            delegate: 'svc-jira@contoso.com',
            refreshTokenReference: 'file:jsm-refresh-token',
          },
        ],
      },
    ],
  });
});

const SCOPES: Record<Cloud, Record<Flow, string>> = {
  worldwide: {
    delegated: 'https://outlook.office.com/IMAP.AccessAsUser.All',
    application: 'https://outlook.office365.com/.default',
  },
  'us-gov-high': {
    delegated: 'https://outlook.office365.us/IMAP.AccessAsUser.All',
    application: 'https://outlook.office365.us/.default',
  },
  'us-gov-dod': {
    delegated: 'https://outlook.office365.us/IMAP.AccessAsUser.All',
    application: 'https://outlook-dod.office365.us/.default',
  },
  china: {
    delegated: 'https://partner.outlook.cn/IMAP.AccessAsUser.All',
    application: 'https://partner.outlook.cn/.default',
  },
};
const HOSTS: Record<Cloud, [login: string, graph: string, imap: string]> = {
  worldwide: ['login.microsoftonline.com', 'graph.microsoft.com', 'outlook.office365.com'],
  'us-gov-high': ['login.microsoftonline.us', 'graph.microsoft.us', 'outlook.office365.us'],
  'us-gov-dod': ['login.microsoftonline.us', 'dod-graph.microsoft.us', 'outlook-dod.office365.us'],
  china: ['login.partner.microsoftonline.cn', 'microsoftgraph.chinacloudapi.cn', 'partner.outlook.cn'],
};

describe('every product, flow and cloud', () => {
  const all = PRODUCTS.flatMap((product) => FLOWS.flatMap((flow) => CLOUDS.map((cloud) => ({ product, flow, cloud }))));

  it.each(all)('$product, $flow, $cloud', ({ product, flow, cloud }) => {
    const integration = integrationOf(`cloud: ${cloud}\n${written(product, flow)}`);
    const [login, graph, host] = HOSTS[cloud];
    expect(integration).toMatchObject({
      product,
      flow,
      cloud,
      loginAuthority: `https://${login}`,
      graphEndpoint: `https://${graph}`,
      mailServer: { host, port: 993 },
      scopes: flow === 'delegated' ? [SCOPES[cloud][flow], 'offline_access'] : [SCOPES[cloud][flow]],
    });
    expect('delegate' in (integration.mailboxes[0] ?? {})).toBe(flow === 'delegated');
  });
});

describe('what is written', () => {
  it('for all holds for an integration that says nothing', () => {
    const integration = integrationOf(
      [
        'cloud: us-gov-high',
        'scopes: [https://example.com/.default]',
        'protocol: imap',
        'expiryNoticeDays: [90, 0]',
        'endpoints: { login: "https://LOGIN.example.com:8443/", graph: https://graph.example.com, imap: { host: Mail.Example.com, port: 1993 } }',
        written('jira', 'application'),
      ].join('\n'),
    );
    expect(integration).toMatchObject({
      cloud: 'us-gov-high',
      scopes: ['https://example.com/.default'],
      expiryNoticeDays: [90, 0],
      loginAuthority: 'https://login.example.com:8443',
      graphEndpoint: 'https://graph.example.com',
      mailServer: { host: 'mail.example.com', port: 1993 },
    });
  });

  it('in an integration holds before that, part by part', () => {
    const integration = integrationOf(
      [
        'expiryNoticeDays: [90, 0]',
        'endpoints: { login: https://login.example.com, imap: { host: mail.example.com, port: 1993 } }',
        written(
          'jira',
          'application',
          '    tenant: fabrikam.com',
          '    expiryNoticeDays: [5]',
          '    endpoints: { imap: { port: 2993 } }',
        ),
      ].join('\n'),
    );
    expect(integration).toMatchObject({
      tenant: 'fabrikam.com',
      expiryNoticeDays: [5, 0],
      loginAuthority: 'https://login.example.com',
      graphEndpoint: 'https://graph.microsoft.com',
      mailServer: { host: 'mail.example.com', port: 2993 },
    });
  });

  it("for all of one cloud's endpoints does not hold in another cloud", () => {
    const integration = integrationOf(
      ['endpoints: { login: https://login.example.com }', written('jira', 'application', '    cloud: china')].join(
        '\n',
      ),
    );
    expect(integration.loginAuthority).toBe('https://login.partner.microsoftonline.cn');
  });

  it('for one mailbox holds before the integration', () => {
    const { mailboxes } = integrationOf(
      written('jsm', 'delegated').replace(
        '[support@contoso.com]',
        '[{ address: a@contoso.com, delegate: b@contoso.com }, { address: c@contoso.com, refreshToken: env:C }]',
      ),
    );
    expect(mailboxes).toEqual([
      { address: 'a@contoso.com', delegate: 'b@contoso.com', refreshTokenReference: 'file:jsm-refresh-token' },
      { address: 'c@contoso.com', delegate: 'svc-jira@contoso.com', refreshTokenReference: 'env:C' },
    ]);
  });

  it('is put into one form: names of people, mailboxes and apps in lower case, no blanks around', () => {
    const text = written('jsm', 'delegated')
      .replace('svc-jira@contoso.com', '"  Svc-Jira@Contoso.com "')
      .replace('support@contoso.com', '"O\'Brien+Test@Contoso.com ", почта@例え.jp')
      .replace(CLIENT_ID, 'ABCDEF00-2222-4333-8444-555555555555')
      .replace('contoso.onmicrosoft.com', '72F988BF-86F1-41AF-91AB-2D7CD011DB47');
    expect(integrationOf(text)).toMatchObject({
      tenant: '72f988bf-86f1-41af-91ab-2d7cd011db47',
      clientId: 'abcdef00-2222-4333-8444-555555555555',
      mailboxes: [
        { address: "o'brien+test@contoso.com", delegate: 'svc-jira@contoso.com' },
        { address: 'почта@例え.jp' },
      ],
    });
  });

  it('may be shared by an anchor', () => {
    const text = written('jsm', 'application').replace('[support@contoso.com]', '[&a support@contoso.com]');
    const another = [
      '  - id: other',
      '    product: other',
      `    clientId: ${CLIENT_ID}`,
      '    clientSecret: env:X',
      '    flow: application',
      '    mailboxes: [*a]',
    ];
    expect(settingsOf([text, ...another].join('\n')).integrations[1]?.mailboxes).toEqual([
      { address: 'support@contoso.com' },
    ]);
  });

  it('may be 10,000 mailboxes', () => {
    const addresses = Array.from({ length: 10_000 }, (_, i) => `mailbox-${i}@contoso.com`);
    const text = written('jsm', 'application').replace('support@contoso.com', addresses.join(', '));
    expect(integrationOf(text).mailboxes.map(({ address }) => address)).toEqual(addresses);
  });
});

describe('protocols', () => {
  const { worldwide, china } = {
    worldwide: 'https://outlook.office.com',
    china: 'https://partner.outlook.cn',
  };

  it.each<[cloud: Cloud, protocol: string, flow: Flow, host: string, port: number, scope: string]>([
    ['worldwide', 'pop', 'delegated', 'outlook.office365.com', 995, `${worldwide}/POP.AccessAsUser.All`],
    ['worldwide', 'pop', 'application', 'outlook.office365.com', 995, 'https://outlook.office365.com/.default'],
    ['worldwide', 'graph', 'delegated', 'graph.microsoft.com', 443, 'https://graph.microsoft.com/.default'],
    ['worldwide', 'graph', 'application', 'graph.microsoft.com', 443, 'https://graph.microsoft.com/.default'],
    ['china', 'pop', 'delegated', 'partner.outlook.cn', 995, `${china}/POP.AccessAsUser.All`],
    ['us-gov-dod', 'graph', 'application', 'dod-graph.microsoft.us', 443, 'https://dod-graph.microsoft.us/.default'],
  ])('%s, %s, %s', (cloud, protocol, flow, host, port, scope) => {
    const integration = integrationOf(`cloud: ${cloud}\nprotocol: ${protocol}\n${written('jsm', flow)}`);
    expect(integration).toMatchObject({ protocol, mailServer: { host, port } });
    expect(integration.scopes[0]).toBe(scope);
  });

  it('each have a server of their own, and no scopes of another', () => {
    const text = [
      'scopes: [https://example.com/IMAP]',
      'endpoints: { imap: { port: 1993 }, pop: { host: pop.example.com }, graph: "https://graph.example.com:8443" }',
    ].join('\n');
    const of = (protocol: string) =>
      integrationOf(`${text}\n${written('jsm', 'application', `    protocol: ${protocol}`)}`);
    expect(of('imap')).toMatchObject({
      mailServer: { host: 'outlook.office365.com', port: 1993 },
      scopes: ['https://example.com/IMAP'],
    });
    expect(of('pop')).toMatchObject({
      mailServer: { host: 'pop.example.com', port: 995 },
      scopes: ['https://outlook.office365.com/.default'],
    });
    expect(of('graph').mailServer).toEqual({ host: 'graph.example.com', port: 8443 });
  });
});

describe('providers', () => {
  it('of Outlook.com have no tenant, and take nothing that is meant for the tenant', () => {
    const text = `endpoints: { login: https://login.example.com }\ncloud: china\n${written('jsm', 'delegated', '    provider: outlook.com')}`;
    expect(integrationOf(text)).toMatchObject({
      provider: 'outlook.com',
      tenant: 'consumers',
      cloud: 'worldwide',
      loginAuthority: 'https://login.microsoftonline.com',
      mailServer: { host: 'outlook.office365.com', port: 993 },
      scopes: ['https://outlook.office.com/IMAP.AccessAsUser.All', 'offline_access'],
    });
  });

  it('of Google are asked at Google, and need no tenant anywhere', () => {
    const text = written('jsm', 'delegated', '    provider: google')
      .replace('tenant: contoso.onmicrosoft.com\n', '')
      .replace(CLIENT_ID, '12-ab.apps.googleusercontent.com');
    expect(integrationOf(text)).toMatchObject({
      provider: 'google',
      tenant: 'google',
      clientId: '12-ab.apps.googleusercontent.com',
      loginAuthority: 'https://oauth2.googleapis.com',
      mailServer: { host: 'imap.gmail.com', port: 993 },
      scopes: ['https://mail.google.com/'],
    });
  });
});

it.each([
  ['clientSecret: env:CLIENT_SECRET', { kind: 'client-secret', reference: 'env:CLIENT_SECRET' }],
  ['certificate: kv:helpdesk/jsm', { kind: 'certificate', reference: 'kv:helpdesk/jsm' }],
  ['federatedToken: file:/run/token', { kind: 'federated', reference: 'file:/run/token' }],
])("the app's credential is what is written: %s", (line, expected) => {
  const text = written('jsm', 'application').replace('clientSecret: env:CLIENT_SECRET', line);
  expect(integrationOf(text).credential).toEqual(expected);
});

describe('the monitor signs in', () => {
  it.each([
    ['{ signIn: none }', { kind: 'none' }],
    ['{ signIn: managed-identity }', { kind: 'managed-identity' }],
    [`{ signIn: managed-identity, clientId: ${CLIENT_ID} }`, { kind: 'managed-identity', clientId: CLIENT_ID }],
    [
      `{ signIn: client-secret, clientId: ${CLIENT_ID}, clientSecret: env:MONITOR }`,
      { kind: 'client-secret', clientId: CLIENT_ID, clientSecretReference: 'env:MONITOR' },
    ],
    [
      `{ signIn: certificate, clientId: ${CLIENT_ID}, certificate: file:monitor.pem }`,
      { kind: 'certificate', clientId: CLIENT_ID, certificateReference: 'file:monitor.pem' },
    ],
    [
      `{ signIn: federated, clientId: ${CLIENT_ID}, federatedToken: file:/var/run/secrets/token }`,
      { kind: 'federated', clientId: CLIENT_ID, assertionReference: 'file:/var/run/secrets/token' },
    ],
  ])('as written: %s', (monitor, expected) => {
    expect(settingsOf(`monitor: ${monitor}\n${written('jsm', 'application')}`).monitorSignIn).toEqual(expected);
  });
});

it('reads JSON', () => {
  const json = JSON.stringify({
    tenant: 'contoso.com',
    integrations: [
      {
        id: 'service-desk',
        name: 'Contoso "service" desk / Zürich',
        product: 'liveagent',
        clientId: CLIENT_ID,
        clientSecret: 'env:CLIENT_SECRET',
        flow: 'application',
        mailboxes: ['support@contoso.com', { address: 'it@contoso.com' }],
      },
    ],
  });
  expect(integrationOf(json)).toMatchObject({
    name: 'Contoso "service" desk / Zürich',
    mailboxes: [{ address: 'support@contoso.com' }, { address: 'it@contoso.com' }],
  });
});

it('takes the example of the README', () => {
  const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
  const example = /^```yaml\n(.*?)^```/ms.exec(readme)?.[1];
  expect(settingsOf(example ?? '').integrations.length).toBeGreaterThan(0);
});

describe('channels', () => {
  it('are told of everything, if not otherwise wanted', () => {
    const notify = [
      'notify:',
      '  - { id: a, kind: teams, webhook: env:A }',
      '  - { id: b, kind: pagerduty, routingKey: env:B, severity: critical, integrations: [service-desk] }',
      '  - { id: c, kind: alertmanager, url: "http://alertmanager:9093/" }',
      '  - { id: d, kind: webhook, webhook: env:D, signingKey: env:K }',
      '  - { id: e, kind: ntfy, topic: env:E }',
      '  - { id: f, kind: jsm-operations, apiKey: env:F }',
      '  - { id: g, kind: email, from: watch@contoso.com, to: [Admins@contoso.com] }',
      'publicUrl: https://watch.contoso.com',
    ];
    const { channels, publicUrl } = settingsOf([...notify, written('jsm', 'delegated')].join('\n'));
    expect(publicUrl).toBe('https://watch.contoso.com');
    expect(channels).toEqual([
      { id: 'a', kind: 'teams', webhook: 'env:A', payload: 'message', severity: 'info' },
      {
        id: 'b',
        kind: 'pagerduty',
        routingKey: 'env:B',
        region: 'us',
        severity: 'critical',
        integrations: ['service-desk'],
      },
      { id: 'c', kind: 'alertmanager', url: 'http://alertmanager:9093', severity: 'info' },
      { id: 'd', kind: 'webhook', webhook: 'env:D', signingKey: 'env:K', severity: 'info' },
      { id: 'e', kind: 'ntfy', topic: 'env:E', severity: 'info' },
      { id: 'f', kind: 'jsm-operations', apiKey: 'env:F', severity: 'info' },
      { id: 'g', kind: 'email', from: 'watch@contoso.com', to: ['admins@contoso.com'], severity: 'info' },
    ]);
  });
});
