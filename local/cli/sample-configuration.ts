import { Document, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml';

/** What is known of the first integration; the rest are examples to replace. */
export interface SampleValues {
  readonly tenant?: string;
  readonly clientId?: string;
  readonly product?: string;
  readonly flow?: string;
  readonly delegate?: string;
  readonly mailbox?: readonly string[];
}

const SCHEMA_LINE = ' yaml-language-server: $schema=mailbox-watch.schema.json';

/** What a key means, as it stands above it. */
export const COMMENTS: Readonly<Record<string, string>> = {
  tenant: ' The tenant: its GUID or a verified domain. May stand in an integration too: one monitor may serve several.',
  cloud: ' worldwide (GCC too), us-gov-high, us-gov-dod, china',
  monitor:
    ' How Mailbox Watch itself reads Microsoft Graph, Exchange and Key Vault: managed-identity (in Azure; on a laptop whoever is signed\n in to the Azure CLI), client-secret, certificate or federated (each with clientId and a reference), or none.',
  exchangeEvidence:
    ' How Exchange is read: auto, admin-api (at once, undocumented), graph-snapshot (supported, once a day), none.',
  notify:
    ' Who is told. Kinds: teams, slack, webhook, ntfy, pagerduty, jsm-operations, alertmanager, email. Addresses with a key in them are references.',
  integrationFiles:
    ' Files with more integrations, or folders of such files, beside this one. Each is a mapping with integrations, and may say once for all of\n them: tenant, cloud, endpoints, protocol, scopes, expiryNoticeDays.',
  integrations: ' One for each connection of a helpdesk: an app registration and the mailboxes that are read with it.',
  product: ' jira, jsm, liveagent or other: where the remedies send you',
  clientId: ' Application (client) ID of the app registration',
  clientSecret:
    ' A reference, never the secret: env:NAME, file:PATH or kv:VAULT/NAME. Instead: certificate, federatedToken',
  flow: ' delegated: a user authorised the connection. application: client credentials',
  delegate: ' The user who authorised the connection',
  refreshToken: ' Its own, from: mailbox-watch sign-in',
};

/** A commented configuration that is valid as it stands. Pure. */
export function sampleConfiguration(values: SampleValues = {}): string {
  const {
    tenant = 'contoso.onmicrosoft.com',
    clientId = '11111111-2222-4333-8444-555555555555',
    product = 'jsm',
    flow = 'delegated',
    delegate = 'svc-jira@contoso.com',
    mailbox = ['support@contoso.com'],
  } = values;
  const document = new Document({
    tenant,
    cloud: 'worldwide',
    monitor: { signIn: 'managed-identity' },
    exchangeEvidence: 'auto',
    notify: [],
    integrations: [
      {
        id: 'service-desk',
        name: 'Service desk',
        product,
        clientId,
        clientSecret: 'env:HELPDESK_CLIENT_SECRET',
        flow,
        ...(flow === 'delegated' && { delegate, refreshToken: 'file:secrets/service-desk-refresh-token' }),
        mailboxes: mailbox,
      },
    ],
  });
  document.commentBefore = SCHEMA_LINE;
  explainKeys(document.contents);
  return document.toString({ lineWidth: 0 });
}

function explainKeys(node: Node | null): void {
  if (isSeq(node)) for (const item of node.items) explainKeys(item as Node);
  if (!isMap(node)) return;
  for (const { key, value } of node.items as Pair<Scalar, Node | null>[]) {
    if (isScalar(key)) key.commentBefore = COMMENTS[String(key.value)] ?? null;
    explainKeys(value);
  }
}
