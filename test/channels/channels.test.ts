import { createHmac } from 'node:crypto';
import { EXAMPLE_NOW } from '../../shared/checks/example-evidence';
import { createChannel } from '../../shared/channels';
import { createAlertmanagerChannel } from '../../shared/channels/alertmanager';
import { createEmailChannel } from '../../shared/channels/email';
import { createJsmOperationsChannel } from '../../shared/channels/jsm-operations';
import { createNtfyChannel } from '../../shared/channels/ntfy';
import { createPagerDutyChannel } from '../../shared/channels/pagerduty';
import { createSlackChannel } from '../../shared/channels/slack';
import { createTeamsChannel } from '../../shared/channels/teams';
import { createWebhookChannel } from '../../shared/channels/webhook';
import type { NonEmpty } from '../../shared/core/check';
import type { Channel, Notice, SendResult } from '../../shared/core/notice';
import { SecretUnavailableError } from '../../shared/core/ports';
import { createAuthority } from '../support/certificates';
import { exampleNotice } from '../support/notices';
import { startScriptedHttpsServer, trust, type ScriptedHttpsServer } from '../support/scripted-https-server';

const KEY = 'k3y-that-nobody-may-see';
const PATH = `/workflows/${KEY}`;

let server: ScriptedHttpsServer;
let distrust: () => void;

beforeAll(async () => {
  const authority = await createAuthority();
  distrust = trust(authority.certificate);
  server = await startScriptedHttpsServer(await authority.issue());
});
beforeEach(() => {
  server.requests.length = 0;
  server.answer = () => ({ status: 202, body: '' });
});
afterAll(async () => {
  distrust();
  await server.close();
});

/** Every channel, each with an address on loopback that holds a secret. */
const CHANNELS: Readonly<Record<string, () => Channel>> = {
  teams: () => createTeamsChannel({ id: 'c', address: async () => server.origin + PATH, payload: 'message' }),
  slack: () => createSlackChannel({ id: 'c', address: async () => server.origin + PATH }),
  webhook: () => createWebhookChannel({ id: 'c', address: async () => server.origin + PATH, now: () => EXAMPLE_NOW }),
  ntfy: () => createNtfyChannel({ id: 'c', address: async () => `${server.origin}/${KEY}` }),
  pagerduty: () => createPagerDutyChannel({ id: 'c', routingKey: async () => KEY, origin: server.origin }),
  'jsm-operations': () =>
    createJsmOperationsChannel({ id: 'c', apiKey: async () => KEY, url: `${server.origin}/v2/alerts` }),
  alertmanager: () => createAlertmanagerChannel({ id: 'c', url: server.origin }),
  email: () =>
    createEmailChannel({
      id: 'c',
      graphEndpoint: server.origin,
      token: async () => KEY,
      from: 'watch@contoso.com',
      to: ['admins@contoso.com'],
    }),
};
const NAMES = Object.keys(CHANNELS);
/** They take one notice a request. */
const ONE_BY_ONE = ['ntfy', 'pagerduty', 'jsm-operations'];

function send(name: string, ...notices: NonEmpty<Notice>): Promise<SendResult> {
  const channel = CHANNELS[name]?.();
  if (channel === undefined) throw new Error(name);
  return channel.send(notices);
}

function bodies(): Record<string, unknown>[] {
  return server.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
}

const HOSTILE = exampleNotice({
  headline: `<!channel> <script>alert(1)</script> *bold* [x](javascript:1) ${'A'.repeat(100_000)}`,
  subject: { kind: 'mailbox', name: `<!here>&${'b'.repeat(100_000)}@contoso.com` },
  integration: { id: 'service-desk', name: '"quoted" `code` <b>' },
  steps: Array.from({ length: 50 }, () => ({
    part: 'repair' as const,
    say: 'S'.repeat(50_000),
    commands: [{ shell: 'az' as const, text: `az ad app show --id '${'c'.repeat(50_000)}'` }],
  })),
});
const MANY = Array.from({ length: 40 }, (_, i) => ({ ...HOSTILE, id: `n${i}` })) as unknown as NonEmpty<Notice>;

describe.each(NAMES)('%s', (name) => {
  it.each(['opened', 'stepped', 'replaced', 'reminded', 'resolved', 'test'] as const)('sends %s', async (kind) => {
    const over = kind === 'resolved' ? { resolvedAt: EXAMPLE_NOW } : {};
    expect(await send(name, exampleNotice({ kind, ...over }))).toEqual({ sent: true });
    expect(server.requests).toHaveLength(1);
    const { method, headers, body } = server.requests[0] ?? { method: '', headers: {}, body: '' };
    expect([method, headers['content-type']]).toEqual(['POST', 'application/json']);
    const isClosedByName = kind === 'resolved' && name === 'pagerduty';
    if (!isClosedByName) expect(body).toContain('hr@contoso.com');
  });

  it('sends several, in one request where the receiver can', async () => {
    expect(await send(name, exampleNotice(), exampleNotice({ id: 'second' }))).toEqual({ sent: true });
    expect(server.requests).toHaveLength(ONE_BY_ONE.includes(name) ? 2 : 1);
  });

  it('keeps to the limits, whatever the names are', async () => {
    expect(await send(name, ...MANY)).toEqual({ sent: true });
    for (const body of bodies()) expect(LIMITS[name]?.(body)).toEqual([]);
  });

  it.each([
    [
      { status: 429, headers: { 'Retry-After': '7' } },
      { retry: 'later', afterMs: 7000 },
    ],
    [{ status: 408 }, { retry: 'later' }],
    [{ status: 500 }, { retry: 'later' }],
    [{ status: 503 }, { retry: 'later' }],
    [{ status: 400 }, { retry: 'never' }],
    [{ status: 401 }, { retry: 'never' }],
    [{ status: 404 }, { retry: 'never' }],
    [{ status: 410 }, { retry: 'never' }],
    [{ status: 302, headers: { Location: 'https://elsewhere.example' } }, { retry: 'never' }],
    ['break' as const, { retry: 'later' }],
  ])('takes %j for a failure, and tells no secret', async (answer, expected) => {
    // It repeats all that it got.
    server.answer = ({ body, path, headers }) =>
      typeof answer === 'string' ? answer : { ...answer, body: `no: ${path} ${headers.authorization ?? ''} ${body}` };
    const result = await send(name, exampleNotice());
    expect(result).toMatchObject({ sent: false, ...expected });
    expect(JSON.stringify(result)).not.toContain(KEY);
    expect(server.requests).toHaveLength(1);
  });
});

/** What is wrong with a payload by its receiver's documented limits: conventions of each, as cited in the channels. */
const LIMITS: Readonly<Record<string, (body: Record<string, unknown>) => string[]>> = {
  teams: (body) => [
    ...(Buffer.byteLength(JSON.stringify(body)) > 21_000 ? ['more than 21 KB'] : []),
    ...(JSON.stringify(body).includes('"version":"1.4"') ? [] : ['no card 1.4']),
    // Unescaped Markdown would be a link.
    ...(/(?<!\\)\[x\]\(/.test(JSON.stringify(body).replaceAll('\\\\', '\\')) ? ['a link'] : []),
  ],
  slack: (body) => {
    const blocks = body['blocks'] as { text: { type: string; text: string } }[];
    return [
      ...(blocks.length > 50 ? ['more than 50 blocks'] : []),
      ...(blocks.some(({ text }) => text.text.length > 3000) ? ['a section of more than 3000'] : []),
      ...(JSON.stringify(body).length > 16_000 ? ['more than Slack takes in all'] : []),
      ...(blocks.some(({ text }) => text.type === 'mrkdwn' && /<!?[a-z]/i.test(text.text)) ? ['a ping'] : []),
      ...(String(body['text']).includes('<') ? ['a ping in the text'] : []),
    ];
  },
  webhook: (body) => (Array.isArray(body['alerts']) && body['version'] === '4' ? [] : ['not version 4']),
  ntfy: ({ title, message, topic }) => [
    ...(String(title).length > 250 ? ['title'] : []),
    ...(String(message).length > 4096 ? ['message'] : []),
    ...(topic === KEY ? [] : ['topic']),
  ],
  pagerduty: ({ dedup_key, payload }) => [
    ...(String(dedup_key).length > 255 ? ['dedup_key'] : []),
    ...((payload as { summary: string }).summary.length > 1024 ? ['summary'] : []),
    ...(JSON.stringify(payload).length > 512_000 ? ['size'] : []),
  ],
  'jsm-operations': ({ message, alias, description }) => [
    ...(String(message).length > 130 ? ['message'] : []),
    ...(String(alias).length > 512 ? ['alias'] : []),
    ...(String(description).length > 15_000 ? ['description'] : []),
  ],
  alertmanager: (body) =>
    (body as unknown as { labels: Record<string, string> }[]).some(({ labels }) => Object.values(labels).includes(''))
      ? ['an empty label']
      : [],
  email: ({ message }) => {
    const { subject, body } = message as { subject: string; body: { contentType: string; content: string } };
    return [
      ...(subject.length > 255 ? ['subject'] : []),
      ...(body.contentType === 'Text' ? [] : ['not plain text']),
      ...(body.content.length > 60_000 ? ['size'] : []),
    ];
  },
};

describe('what is over', () => {
  it('resolves the incident of PagerDuty that it opened', async () => {
    await send('pagerduty', exampleNotice());
    await send('pagerduty', exampleNotice({ id: 'other', kind: 'resolved' }));
    const [opened, resolved] = bodies();
    expect([opened?.['event_action'], resolved?.['event_action']]).toEqual(['trigger', 'resolve']);
    expect(resolved?.['dedup_key']).toBe(opened?.['dedup_key']);
  });

  it('closes the alert of Jira Service Management by its alias', async () => {
    await send('jsm-operations', exampleNotice());
    await send('jsm-operations', exampleNotice({ kind: 'resolved' }));
    const alias = String(bodies()[0]?.['alias']);
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/v2/alerts',
      `/v2/alerts/${alias}/close?identifierType=alias`,
    ]);
    expect(server.requests[0]?.headers.authorization).toBe(`GenieKey ${KEY}`);
  });

  it('ends the alert of Alertmanager, whose labels never change', async () => {
    await send('alertmanager', exampleNotice({ severity: 'warning' }));
    await send('alertmanager', exampleNotice({ kind: 'resolved', resolvedAt: EXAMPLE_NOW + 1000 }));
    const [[opened], [resolved]] = bodies() as unknown as [[{ labels: object }], [{ labels: object; endsAt: string }]];
    expect(resolved.labels).toEqual(opened.labels);
    expect(resolved.endsAt).toBe(new Date(EXAMPLE_NOW + 1000).toISOString());
  });
});

it('signs what it sends to a webhook, so that the receiver can tell', async () => {
  const channel = createWebhookChannel({
    id: 'c',
    address: async () => `${server.origin}/hook`,
    signingKey: async () => KEY,
    now: () => EXAMPLE_NOW,
  });
  await channel.send([exampleNotice()]);
  const [{ headers, body } = { headers: {} as Record<string, unknown>, body: '' }] = server.requests;
  const timestamp = String(EXAMPLE_NOW / 1000);
  expect(headers['x-mailbox-watch-timestamp']).toBe(timestamp);
  expect(headers['x-mailbox-watch-signature']).toBe(
    `sha256=${createHmac('sha256', KEY).update(`${timestamp}.${body}`).digest('hex')}`,
  );
});

it('gives hand-made flows of Teams a card, and the template a message', async () => {
  await send('teams', exampleNotice());
  await createTeamsChannel({ id: 'c', address: async () => server.origin, payload: 'card' }).send([exampleNotice()]);
  expect(bodies().map(({ type }) => type)).toEqual(['message', 'AdaptiveCard']);
});

it.each([
  [new SecretUnavailableError('env:TEAMS is not set. Set it.'), 'env:TEAMS is not set. Set it.'],
  [new Error(`secret ${KEY}`), 'Sending failed with Error.'],
])('does not reject where the address cannot be read', async (error, words) => {
  const ports = {
    read: () => Promise.reject(error),
    graph: { endpoint: server.origin, token: () => Promise.reject(error) },
    credential: () => undefined,
    now: () => EXAMPLE_NOW,
  };
  const route = { id: 'c', severity: 'info' } as const;
  const results = await Promise.all([
    createChannel({ ...route, kind: 'teams', webhook: 'env:T', payload: 'message' }, ports).send([exampleNotice()]),
    createChannel({ ...route, kind: 'slack', webhook: 'env:T' }, ports).send([exampleNotice()]),
    createChannel({ ...route, kind: 'webhook', webhook: 'env:T', signingKey: 'env:K' }, ports).send([exampleNotice()]),
    createChannel({ ...route, kind: 'ntfy', topic: 'env:T', token: 'env:K' }, ports).send([exampleNotice()]),
    createChannel({ ...route, kind: 'pagerduty', routingKey: 'env:T', region: 'eu' }, ports).send([exampleNotice()]),
    createChannel({ ...route, kind: 'jsm-operations', apiKey: 'env:T' }, ports).send([exampleNotice()]),
    createChannel(
      { ...route, kind: 'application-insights', availability: 'none', connectionString: 'env:T' },
      ports,
    ).send([exampleNotice()]),
    createChannel({ ...route, kind: 'email', from: 'a@b.c', to: ['d@e.f'] }, ports).send([exampleNotice()]),
  ]);
  for (const result of results) {
    expect(result).toMatchObject({ sent: false, retry: 'later', detail: expect.stringContaining(words) as string });
    expect(JSON.stringify(result)).not.toContain(KEY);
  }
  expect(server.requests).toEqual([]);
});
