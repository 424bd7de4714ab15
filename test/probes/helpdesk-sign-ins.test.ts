import { GraphError } from '@microsoft/microsoft-graph-client';
import type { Flow, OptionalEvidence } from '../../shared/core/subject';
import { readHelpdeskSignIns } from '../../shared/probes/directory/helpdesk-sign-ins';
import { isOwnCorrelationId, ownCorrelationId } from '../../shared/probes/entra/own-requests';
import { HOUR, MINUTE } from '../../shared/core/time';

const NOW = Date.UTC(2026, 10, 25, 12);
const ENDPOINT = 'https://graph.microsoft.com';
const CLIENT_ID = '11111111-2222-4333-8444-555555555555';

interface Told {
  readonly minutesAgo: number;
  readonly code?: number;
  readonly own?: true;
  readonly user?: string;
}

/** As https://learn.microsoft.com/graph/api/signin-list shows them, as far as it matters. */
function logged({ minutesAgo, code = 0, own, user = '' }: Told) {
  return {
    createdDateTime: new Date(NOW - minutesAgo * MINUTE).toISOString(),
    correlationId: own ? ownCorrelationId() : '9a2c8bd2-0000-4000-8000-000000000001',
    userPrincipalName: user,
    status: { errorCode: code, failureReason: code === 0 ? 'Other.' : `Reason of ${code}.`, additionalDetails: null },
    clientCredentialType: 'a value of the future',
  };
}

async function read(
  pages: readonly unknown[],
  { flow = 'application', asked = ['helpdesk-sign-ins'] }: { flow?: Flow; asked?: readonly OptionalEvidence[] } = {},
) {
  const urls: string[] = [];
  const graph = {
    endpoint: ENDPOINT,
    signal: new AbortController().signal,
    deadline: NOW + 30_000,
    get: async (url: string) => {
      const page = pages[urls.length];
      urls.push(url);
      if (page instanceof Error) throw page;
      return page;
    },
    post: () => Promise.reject(new Error('nothing is posted')),
  };
  const of = { clientId: CLIENT_ID, flow, optionalEvidence: asked };
  return { reading: await readHelpdeskSignIns(graph, of, () => NOW), urls };
}

const page = (...entries: readonly Told[]) => ({ value: entries.map(logged) });

describe('the sign-in log', () => {
  it('tells the newest sign-in of the helpdesk from that of Mailbox Watch', async () => {
    const { reading, urls } = await read([
      page(
        { minutesAgo: 3, own: true },
        { minutesAgo: 5, code: 7000215 },
        { minutesAgo: 65, code: 7000215 },
        { minutesAgo: 125 },
      ),
    ]);
    expect(reading).toEqual({
      outcome: 'seen',
      value: {
        newest: {
          '': {
            helpdesk: {
              at: NOW - 5 * MINUTE,
              errorCode: 7000215,
              said: 'Reason of 7000215.',
              refusedSince: NOW - 65 * MINUTE,
            },
            mailboxWatch: { at: NOW - 3 * MINUTE, errorCode: 0 },
          },
        },
        since: NOW - 24 * HOUR,
        readAt: NOW,
      },
    });
    expect(urls.map((url) => decodeURIComponent(url))).toEqual([
      `${ENDPOINT}/beta/auditLogs/signIns?$filter=signInEventTypes/any(t:t eq 'servicePrincipal') and appId eq '${CLIENT_ID}' and createdDateTime ge 2026-11-24T12:00:00.000Z&$top=100`,
    ]);
  });

  it('is kept apart by user in the delegated flow, in whatever order it comes', async () => {
    const { reading, urls } = await read(
      [
        page(
          { minutesAgo: 60, user: 'Rob@contoso.com', code: 50173 },
          { minutesAgo: 10, user: 'rob@contoso.com' },
          { minutesAgo: 20, user: 'ann@contoso.com', own: true },
        ),
      ],
      { flow: 'delegated' },
    );
    expect(reading).toMatchObject({
      value: {
        newest: {
          'rob@contoso.com': { helpdesk: { at: NOW - 10 * MINUTE, errorCode: 0 } },
          'ann@contoso.com': { mailboxWatch: { errorCode: 0 } },
        },
      },
    });
    expect(decodeURIComponent(urls[0] ?? '')).toContain("signInEventTypes/any(t:t eq 'nonInteractiveUser')");
  });

  it('holds no text that is long, or would break a line', async () => {
    const hostile = {
      ...logged({ minutesAgo: 1, code: 50173 }),
      status: { errorCode: 50173, failureReason: `a\nb\u202e${'\u{1f600}'.repeat(9000)}` },
    };
    const { reading } = await read([{ value: [hostile, logged({ minutesAgo: 2, own: true })] }]);
    const said = reading.outcome === 'seen' ? reading.value.newest['']?.helpdesk?.said : undefined;
    expect(said).toMatch(/^a b \u{1f600}{98}$/u);
  });

  it('is read over five pages at most, and then reaches back as far as those', async () => {
    const next = { '@odata.nextLink': `${ENDPOINT}/beta/auditLogs/signIns?$skiptoken=x` };
    const pages = Array.from({ length: 9 }, (_, i) => ({ ...page({ minutesAgo: i + 1, own: true }), ...next }));
    const { reading, urls } = await read(pages);
    expect(urls).toHaveLength(5);
    expect(reading).toMatchObject({ value: { since: NOW - 5 * MINUTE } });
  });

  it('tells nothing while its own sign-ins are not in it: a success of its own would look like one of the helpdesk', async () => {
    const { reading } = await read([page({ minutesAgo: 3 })]);
    expect(reading).toMatchObject({
      outcome: 'blind',
      reason: 'not-attempted',
      detail: expect.stringContaining(CLIENT_ID) as unknown,
    });
  });

  it('is not asked for where nobody wants it', async () => {
    const { reading, urls } = await read([], { asked: ['mailbox-changes'] });
    expect(reading).toMatchObject({ outcome: 'blind', reason: 'not-used' });
    expect(urls).toEqual([]);
  });

  const refused = (code: string) => Object.assign(new GraphError(403, 'A sentence of Graph.'), { code });
  it.each<[string, unknown, string, RegExp]>([
    ['without the permission', refused('Authorization_RequestDenied'), 'denied', /AuditLog\.Read\.All/],
    [
      'without the licence',
      refused('Authentication_RequestFromNonPremiumTenantOrB2CTenant'),
      'denied',
      /no Entra ID P1 licence.*optionalEvidence/,
    ],
    [
      'throttled',
      Object.assign(new GraphError(429, 'slower'), { code: 'TooManyRequests' }),
      'throttled',
      /read again later/,
    ],
    ['in another shape', { value: [{ status: 'odd' }] }, 'malformed', /does not understand/],
    [
      'with its rest elsewhere',
      { ...page({ minutesAgo: 1, own: true }), '@odata.nextLink': 'https://elsewhere.example/' },
      'malformed',
      /another host/,
    ],
  ])('%s says why', async (_, answer, reason, words) => {
    const { reading } = await read([answer]);
    expect(reading).toMatchObject({ outcome: 'blind', reason });
    expect(reading.outcome === 'blind' ? reading.detail : '').toMatch(words);
  });
});

it("Mailbox Watch's own requests are known by their ids, which differ", () => {
  const ids = Array.from({ length: 100 }, ownCorrelationId);
  expect(new Set(ids).size).toBe(100);
  for (const id of ids) {
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(isOwnCorrelationId(id.toUpperCase())).toBe(true);
  }
  expect(isOwnCorrelationId('9a2c8bd2-0000-4000-8000-000000000001')).toBe(false);
});
