import * as z from 'zod';
import { AVAILABILITIES } from '../core/channel-settings';
import { SEVERITIES } from '../core/severity';
import { CLOUDS, EXCHANGE_EVIDENCE, FLOWS, OPTIONAL_EVIDENCE, PRODUCTS, PROTOCOLS, PROVIDERS } from '../core/subject';
import { alertingSchema, digestSchema } from './alerting-schema';
import { lowerCaseText, mapping, oneOf, text, wholeNumber } from './schema-parts';
import { KEY_VAULT_REFERENCE, REFERENCE_FORMS } from './secret-references';

const ORIGIN = 'expected an https origin such as https://login.microsoftonline.com';
const origin = z
  .string({ error: ORIGIN })
  .refine(isHttpsOrigin, { error: ORIGIN })
  .transform((address) => new URL(address).origin);

function isHttpsOrigin(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'https:' && url.href === `${url.origin}/`;
}

const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
// Names may hold most characters, and of any script; RFC 5321 bounds the length.
const ADDRESS = /^(?=.{3,254}$)[^\s@]+@[^\s@]+\.[^\s@]+$/u;
/** With Google's console: https://developers.google.com/identity/protocols/oauth2 */
export const GOOGLE_CLIENT_ID = /^[\da-z-]+\.apps\.googleusercontent\.com$/;
const DOMAIN = /^(?:[\da-z](?:[\da-z-]{0,61}[\da-z])?\.)+[a-z][\da-z-]*[\da-z]$/;

const CLIENT_ID = 'expected the application (client) ID, a GUID such as 11111111-2222-4333-8444-555555555555';
const clientId = lowerCaseText(CLIENT_ID, GUID);
/** Which of the two it has to be depends on the provider: see contradictions.ts. */
const appClientId = lowerCaseText(CLIENT_ID, new RegExp(`${GUID.source}|${GOOGLE_CLIENT_ID.source}`));
const LOCAL_REFERENCE = /^(?:env:[A-Za-z_]\w*|file:\S.*)$/;
const reference = text(
  `expected a reference such as ${REFERENCE_FORMS}`,
  new RegExp(`${LOCAL_REFERENCE.source}|${KEY_VAULT_REFERENCE.source}`),
);
const localReference = text(
  'expected a reference such as env:NAME or file:PATH (not kv:, which this secret signs in to)',
  LOCAL_REFERENCE,
);
const address = lowerCaseText('expected the address of a mailbox such as support@contoso.com', ADDRESS);
const delegate = lowerCaseText(
  'expected the UPN of the user who authorised the connection, such as svc-jira@contoso.com',
  ADDRESS,
);

const NOTICE_DAYS = 'expected falling whole numbers of days such as [60, 30, 14, 7, 3, 1, 0]';
const noticeDays = z
  .array(wholeNumber('expected a whole number of days, 0 or more, such as 14', 0, 3650), { error: NOTICE_DAYS })
  .refine((days) => days.every((day, i) => i === 0 || day < (days[i - 1] ?? Infinity)), { error: NOTICE_DAYS });

const SCOPES = 'expected a list of scopes such as [https://outlook.office.com/IMAP.AccessAsUser.All, offline_access]';

function mailServer(port: number) {
  return mapping(`expected a mapping such as { host: outlook.office365.com, port: ${port} }`, {
    host: lowerCaseText(
      'expected a host name such as outlook.office365.com',
      /^[\da-z]+(?:[.-]+[\da-z]+)*$/,
    ).optional(),
    port: wholeNumber(`expected a TCP port such as ${port}`, 1, 65_535).optional(),
  });
}

/** May stand at the top for all integrations, and in an integration for itself. */
export const forAllOrOne = {
  tenant: lowerCaseText(
    'expected a tenant: its GUID or a verified domain such as contoso.onmicrosoft.com',
    new RegExp(`${GUID.source}|${DOMAIN.source}`),
  ).optional(),
  cloud: oneOf(CLOUDS).optional(),
  endpoints: mapping('expected a mapping such as { login: https://login.example.com }', {
    login: origin.optional(),
    graph: origin.optional(),
    exchange: origin.optional(),
    imap: mailServer(993).optional(),
    pop: mailServer(995).optional(),
  }).optional(),
  protocol: oneOf(PROTOCOLS).optional(),
  scopes: z
    .array(text('expected a scope such as https://outlook.office.com/IMAP.AccessAsUser.All', /^\S+$/), {
      error: SCOPES,
    })
    .min(1, { error: SCOPES })
    .optional(),
  expiryNoticeDays: noticeDays.optional(),
};

/** An address, or a mapping with one. */
export const mailboxSchema = z.preprocess(
  // An address alone is short for a mapping with nothing but it.
  (item) => (typeof item === 'string' ? { address: item } : item),
  mapping('expected an address such as support@contoso.com, or a mapping with an address', {
    address,
    delegate: delegate.optional(),
    refreshToken: reference.optional(),
  }),
);

const MAILBOXES = 'expected a list of at least one mailbox such as [support@contoso.com]';
const integration = mapping('expected a mapping with id, product, clientId, clientSecret, flow and mailboxes', {
  id: text(
    'expected an id of lower-case letters, digits and hyphens such as jsm-service-desk',
    /^[\da-z][\da-z-]{0,62}$/,
  ),
  name: text('expected a name such as Contoso service desk', /\S/).optional(),
  product: oneOf(PRODUCTS),
  owner: text('expected an owner such as team-service-desk', /\S/).optional(),
  provider: oneOf(PROVIDERS).optional(),
  clientId: appClientId,
  clientSecret: reference.optional(),
  certificate: reference.optional(),
  federatedToken: reference.optional(),
  flow: oneOf(FLOWS),
  delegate: delegate.optional(),
  refreshToken: reference.optional(),
  ...forAllOrOne,
  mailboxes: z.array(mailboxSchema, { error: MAILBOXES }).min(1, { error: MAILBOXES }),
});

const monitor = z.discriminatedUnion(
  'signIn',
  [
    mapping('', { signIn: z.literal('none') }),
    mapping('', { signIn: z.literal('managed-identity'), clientId: clientId.optional() }),
    mapping('', { signIn: z.literal('client-secret'), clientId, clientSecret: localReference }),
    mapping('', { signIn: z.literal('certificate'), clientId, certificate: localReference }),
    mapping('', { signIn: z.literal('federated'), clientId, federatedToken: localReference }),
  ],
  { error: 'expected signIn: none, managed-identity, client-secret, certificate or federated' },
);

const CHANNEL_ID = 'expected an id of lower-case letters, digits and hyphens such as ops-teams';
const route = {
  id: text(CHANNEL_ID, /^[\da-z][\da-z-]{0,62}$/),
  severity: oneOf(SEVERITIES).optional(),
  integrations: z.array(text(CHANNEL_ID, /^[\da-z][\da-z-]{0,62}$/)).optional(),
  owners: z.array(text('expected an owner such as team-service-desk', /\S/)).optional(),
  digest: digestSchema.optional(),
};
const WEB_ADDRESS = 'expected an address such as http://alertmanager:9093';
const webAddress = z
  .string({ error: WEB_ADDRESS })
  .refine((address) => ['http:', 'https:'].includes(URL.parse(address)?.protocol ?? ''), { error: WEB_ADDRESS })
  .transform((address) => address.replace(/\/+$/, ''));
const KINDS = 'teams, slack, webhook, ntfy, pagerduty, jsm-operations, alertmanager, application-insights or email';

const channel = z.discriminatedUnion(
  'kind',
  [
    mapping('', {
      ...route,
      kind: z.literal('teams'),
      webhook: reference,
      payload: oneOf(['message', 'card']).optional(),
    }),
    mapping('', { ...route, kind: z.literal('slack'), webhook: reference }),
    mapping('', { ...route, kind: z.literal('webhook'), webhook: reference, signingKey: reference.optional() }),
    mapping('', { ...route, kind: z.literal('ntfy'), topic: reference, token: reference.optional() }),
    mapping('', {
      ...route,
      kind: z.literal('pagerduty'),
      routingKey: reference,
      region: oneOf(['us', 'eu']).optional(),
    }),
    mapping('', { ...route, kind: z.literal('jsm-operations'), apiKey: reference, url: webAddress.optional() }),
    mapping('', { ...route, kind: z.literal('alertmanager'), url: webAddress }),
    mapping('', {
      ...route,
      kind: z.literal('application-insights'),
      connectionString: reference.optional(),
      availability: oneOf(AVAILABILITIES).optional(),
    }),
    mapping('', { ...route, kind: z.literal('email'), from: address, to: z.array(address).min(1) }),
  ],
  { error: `expected kind: ${KINDS}` },
);

const INTEGRATIONS =
  'expected a list of at least one integration, each with id, product, clientId, clientSecret, flow and mailboxes';

/** The configuration as it is written. A message says what was expected; see problems.ts for the rest of the sentence. */
export const configurationSchema = mapping('expected a mapping with tenant and integrations', {
  ...forAllOrOne,
  monitor: monitor.optional(),
  exchangeEvidence: oneOf(EXCHANGE_EVIDENCE).optional(),
  optionalEvidence: z
    .array(oneOf(OPTIONAL_EVIDENCE), { error: `expected a list of any of: ${OPTIONAL_EVIDENCE.join(', ')}` })
    .optional(),
  notify: z.array(channel, { error: `expected a list of channels, each with id and kind (${KINDS})` }).optional(),
  alerting: alertingSchema.optional(),
  publicUrl: origin.optional(),
  heartbeat: reference.optional(),
  integrationFiles: z
    .array(text('expected a file or a folder beside the configuration, such as fleets', /^[^/\\].*$/), {
      error: 'expected a list of files or folders such as [fleets]',
    })
    .optional(),
  integrations: z.array(integration, { error: INTEGRATIONS }).min(1, { error: INTEGRATIONS }),
});

/** The configuration as it is written, once it is known to be sound. */
export type Configuration = z.infer<typeof configurationSchema>;
