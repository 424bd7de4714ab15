import * as z from 'zod';
import { MONITOR_ID } from '../core/watched-tenant';
import type { Finding } from './problems';
import { GOOGLE_CLIENT_ID } from './schema';

/** Read tolerantly: these rules speak also where other parts of the file are at fault. */
const Keys = z.record(z.string(), z.unknown());
const SomeKeys = Keys.catch({});
const List = z.array(z.unknown()).catch([]);

/** A mapping of the file and where it stands. */
interface Part {
  readonly path: readonly PropertyKey[];
  readonly keys: Readonly<Record<string, unknown>>;
}

/** What no single value shows: duplicates, and keys that need or forbid each other. `file` is the configuration as it was read. */
export function contradictions(file: unknown): Finding[] {
  const root = Keys.safeParse(file);
  if (!root.success) return [];
  const whole: Part = { path: [], keys: root.data };
  const integrations = partsOf(whole, 'integrations');
  const inTenants = integrations.filter(isInTenant);
  const tenant = 'missing: expected a tenant such as contoso.onmicrosoft.com, at the top or in every integration';
  return [
    ...(integrations.length === 0 || inTenants.length > 0 ? neededOnce('tenant', whole, inTenants, tenant) : []),
    ...repeated(integrations, 'id', 'has the same id; every integration needs its own'),
    ...channelKeys(whole, integrations),
    ...integrations.flatMap(reservedId),
    ...integrations.flatMap((integration) => withinIntegration(integration)),
  ];
}

function withinIntegration(integration: Part): Finding[] {
  const mailboxes = partsOf(integration, 'mailboxes');
  return [
    ...repeated(mailboxes, 'address', 'is the same mailbox; keep one'),
    ...flowKeys(integration, mailboxes),
    ...credentialKeys(integration),
    ...providerKeys(integration),
  ];
}

/** Channels tell of integrations that there are, and a mail to a watched mailbox would open a ticket. */
function channelKeys(whole: Part, integrations: readonly Part[]): Finding[] {
  const channels = partsOf(whole, 'notify');
  const ids = new Set(integrations.map(({ keys }) => keys['id']));
  const watched = new Set(
    integrations.flatMap((integration) =>
      partsOf(integration, 'mailboxes').map(({ keys }) => lowerCase(keys['address'])),
    ),
  );
  const at = (path: readonly PropertyKey[], message: string): Finding => ({ path: [...path], message });
  return [
    ...repeated(channels, 'id', 'has the same id; every channel needs its own'),
    ...channels.flatMap(({ path, keys }) => [
      ...List.parse(keys['integrations']).flatMap((id, index) =>
        typeof id !== 'string' || ids.has(id.trim())
          ? []
          : [at([...path, 'integrations', index], `there is no integration ${id} in this file`)],
      ),
      ...List.parse(keys['to']).flatMap((to, index) =>
        watched.has(lowerCase(to))
          ? [at([...path, 'to', index], 'is a mailbox that is watched: the helpdesk would make a ticket of every mail')]
          : [],
      ),
    ]),
  ];
}

function lowerCase(value: unknown): unknown {
  return typeof value === 'string' ? value.trim().toLowerCase() : value;
}

function reservedId({ path, keys }: Part): Finding[] {
  if (keys['id'] !== MONITOR_ID) return [];
  return [{ path: [...path, 'id'], message: `${MONITOR_ID} stands for Mailbox Watch itself: choose another id` }];
}

function isInTenant({ keys }: Part): boolean {
  return keys['provider'] === undefined || keys['provider'] === 'microsoft365';
}

const CREDENTIALS = ['clientSecret', 'certificate', 'federatedToken'];

function credentialKeys({ path, keys }: Part): Finding[] {
  // What is no mapping is told of by the schema.
  if (Object.keys(keys).length === 0) return [];
  const [first, ...others] = CREDENTIALS.filter((key) => keys[key] !== undefined);
  if (first === undefined) {
    const message =
      'missing: expected a reference such as clientSecret: env:JIRA_CLIENT_SECRET, or instead certificate or federatedToken';
    return [{ path: [...path, 'clientSecret'], message }];
  }
  return others.map((key) => ({
    path: [...path, key],
    message: `the app has ${first} already: keep the one that the helpdesk uses`,
  }));
}

/** What Microsoft's personal accounts and Google do not have. */
function providerKeys({ path, keys }: Part): Finding[] {
  const { provider, clientId } = keys;
  const at = (key: string, message: string): Finding => ({ path: [...path, key], message });
  const isGoogleId = typeof clientId === 'string' && GOOGLE_CLIENT_ID.test(clientId.trim().toLowerCase());
  if (provider !== 'google' && isGoogleId) {
    return [
      at('clientId', 'is of Google: write provider: google, or the application (client) ID of the app registration'),
    ];
  }
  if (provider !== 'google' && provider !== 'outlook.com') return [];
  const google = provider === 'google';
  return [
    ...['tenant', 'cloud', 'certificate', 'federatedToken']
      .filter((key) => keys[key] !== undefined)
      .map((key) => at(key, `${provider} has no ${key}: remove it`)),
    ...(keys['flow'] === 'application' ? [at('flow', `with ${provider} expected flow: delegated`)] : []),
    ...(google && keys['protocol'] === 'graph'
      ? [at('protocol', 'Google has no Microsoft Graph: expected imap or pop')]
      : []),
    ...(google && typeof clientId === 'string' && !isGoogleId
      ? [at('clientId', 'with provider: google expected a client ID such as 1234-abcd.apps.googleusercontent.com')]
      : []),
  ];
}

function flowKeys(integration: Part, mailboxes: readonly Part[]): Finding[] {
  switch (integration.keys['flow']) {
    case 'delegated':
      return [
        ...neededOnce(
          'delegate',
          integration,
          mailboxes,
          'missing: in the delegated flow expected the user who authorised the connection, such as delegate: svc-jira@contoso.com, for the integration or for every mailbox',
        ),
        ...neededOnce(
          'refreshToken',
          integration,
          mailboxes,
          'missing: in the delegated flow expected a reference such as refreshToken: file:jira-refresh-token, for the integration or for every mailbox',
        ),
      ];
    case 'application':
      return [integration, ...mailboxes].flatMap(({ path, keys }) =>
        ['delegate', 'refreshToken']
          .filter((key) => keys[key] !== undefined)
          .map((key) => ({
            path: [...path, key],
            message: `the application flow has no ${key}: remove it, or write flow: delegated`,
          })),
      );
    default:
      return [];
  }
}

/** The key must stand in the whole or in each of its parts. When it stands nowhere, one finding says so. */
function neededOnce(key: string, whole: Part, parts: readonly Part[], message: string): Finding[] {
  const without = [whole, ...parts].filter(({ keys }) => keys[key] === undefined);
  if (!without.includes(whole)) return [];
  const places = without.length > parts.length ? [whole] : without.filter((part) => part !== whole);
  return places.map(({ path }) => ({ path: [...path, key], message }));
}

/** Finds the later ones of equal texts; case and outer blanks do not count. */
function repeated(parts: readonly Part[], key: string, message: string): Finding[] {
  const firsts = new Map<string, number>();
  return parts.flatMap(({ path, keys }, index) => {
    const value = keys[key];
    if (typeof value !== 'string') return [];
    const same = value.trim().toLowerCase();
    const first = firsts.get(same);
    if (first === undefined) firsts.set(same, index);
    return first === undefined
      ? []
      : [{ path: [...path, key], message: `number ${first + 1} of this list ${message}` }];
  });
}

function partsOf({ path, keys }: Part, name: string): Part[] {
  return List.parse(keys[name]).map((item, index) => ({
    path: [...path, name, index],
    keys: typeof item === 'string' ? { address: item } : SomeKeys.parse(item),
  }));
}
