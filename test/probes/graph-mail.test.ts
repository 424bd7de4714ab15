import type { BlindReason } from '../../shared/core/reading';
import type { GraphMailTarget } from '../../shared/core/ports';
import { createGraphMailProbe } from '../../shared/probes/graph-mail';
import { createAuthority } from '../support/certificates';
import {
  startScriptedHttpsServer,
  trust,
  type ScriptedAnswer,
  type ScriptedHttpsServer,
} from '../support/scripted-https-server';

const MAILBOX = 'support+jira#1@contoso.com';
const BEARER = `eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.${'c2VjcmV0'.repeat(40)}.c2lnbmF0dXJl`;
/** Milliseconds. */
const SHORT_DEADLINE = 300;
const SLACK = 1000;
const INBOX = {
  '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#users/mailFolders',
  id: 'AAMkADh-inbox=',
};

function refusal(status: number, code: string, message: string, headers: Record<string, string> = {}): ScriptedAnswer {
  const innerError = { date: '2026-11-25T12:00:00', 'request-id': 'from-the-body', 'client-request-id': 'c' };
  return { status, headers, body: { error: { code, message, innerError } } };
}

describe('the mailbox over Graph', () => {
  const authority = createAuthority();
  let graph: ScriptedHttpsServer;
  let distrust: () => void;

  beforeAll(async () => {
    distrust = trust((await authority).certificate);
    graph = await startScriptedHttpsServer(await (await authority).issue());
  });

  beforeEach(() => {
    graph.requests.length = 0;
    graph.answer = () => ({ body: INBOX });
  });

  afterAll(async () => {
    distrust();
    await graph.close();
  });

  /** Fails where the token is in what is reported, or more than one request was sent. */
  async function look(target: Partial<GraphMailTarget> = {}, deadlineMs = 10_000) {
    const probe = createGraphMailProbe({ deadlineMs });
    const reading = await probe({ graphEndpoint: graph.origin, mailbox: MAILBOX, bearer: BEARER, ...target });
    expect(JSON.stringify(reading)).not.toContain(BEARER.slice(0, 24));
    expect(graph.requests.length).toBeLessThanOrEqual(1);
    return reading;
  }

  it('is opened with one request that reads no mail', async () => {
    expect(await look()).toEqual({ outcome: 'seen', value: { opened: true, ms: expect.any(Number) as number } });
    expect(graph.requests).toMatchObject([
      {
        method: 'GET',
        path: '/v1.0/users/support%2Bjira%231%40contoso.com/mailFolders/inbox?$select=id',
        headers: { authorization: `Bearer ${BEARER}` },
        body: '',
      },
    ]);
  });

  it.each([
    [404, 'ErrorItemNotFound', 'Default folder Inbox not found.'],
    [404, 'ErrorInvalidUser', "The requested user 'support@contoso.com' is invalid."],
    [404, 'MailboxNotEnabledForRESTAPI', 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.'],
    [403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.'],
    [401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.'],
  ])('is refused with %i %s', async (status, code, message) => {
    graph.answer = () => refusal(status, code, message);

    expect(await look()).toEqual({
      outcome: 'seen',
      value: { opened: false, status, code, message, requestId: 'from-the-body', ms: expect.any(Number) as number },
    });
  });

  it('is refused with the least that Graph may say', async () => {
    graph.answer = () => ({
      status: 403,
      headers: { 'request-id': 'from-the-header' },
      body: { error: { code: 'No' } },
    });

    expect(await look()).toMatchObject({ value: { code: 'No', message: '', requestId: 'from-the-header' } });
  });

  it('hides a token that Graph repeats, and keeps no more than 512 characters', async () => {
    graph.answer = () => refusal(401, 'InvalidAuthenticationToken', `Bad: ${BEARER}\x1b[31m ${'x '.repeat(600)}`);

    const message = `Bad: (token)[31m ${'x '.repeat(600)}`.slice(0, 512);
    expect(await look()).toMatchObject({ value: { opened: false, message } });
  });

  const passing = [
    [429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.'],
    [503, 'ErrorMailboxStoreUnavailable', 'The mailbox database is temporarily unavailable.'],
  ] as const;

  it.each(passing)('is a refusal that passes: %d %s, and how long to wait', async (status, code, message) => {
    graph.answer = () => refusal(status, code, message, { 'Retry-After': '12' });

    expect(await look()).toMatchObject({
      outcome: 'seen',
      value: { opened: false, status, code, message, backoffMs: 12_000 },
    });
  });

  const untold: readonly { what: string; said: ScriptedAnswer; reason: BlindReason; detail: string }[] = [
    {
      what: 'too many requests without a word',
      said: { status: 429, body: '' },
      reason: 'throttled',
      detail: 'HTTP 429',
    },
    {
      what: 'a gateway',
      said: { status: 502, body: '<h1>Bad Gateway</h1>' },
      reason: 'server-error',
      detail: 'HTTP 502',
    },
    { what: 'a proxy', said: { body: '<html>Sign in</html>' }, reason: 'malformed', detail: 'HTTP 200' },
    { what: 'a proxy that blocks', said: { status: 403, body: 'Blocked' }, reason: 'malformed', detail: 'HTTP 403' },
    { what: 'a folder without id', said: { body: { id: '' } }, reason: 'malformed', detail: 'HTTP 200' },
    { what: 'a list of folders', said: { body: { value: [INBOX] } }, reason: 'malformed', detail: 'HTTP 200' },
    {
      what: 'a refusal with 200',
      said: { body: { error: { code: 'No' } } },
      reason: 'malformed',
      detail: 'HTTP 200, No',
    },
    { what: 'a folder with 404', said: { status: 404, body: INBOX }, reason: 'malformed', detail: 'HTTP 404' },
    { what: 'nothing', said: { status: 204 }, reason: 'malformed', detail: 'HTTP 204' },
    {
      what: 'another place',
      said: { status: 302, headers: { Location: '/elsewhere' } },
      reason: 'malformed',
      detail: 'HTTP 302',
    },
    {
      what: 'too much',
      said: { body: { ...INBOX, more: 'x'.repeat(10_000_000) } },
      reason: 'malformed',
      detail: 'HTTP 200',
    },
    { what: 'a broken connection', said: 'break', reason: 'unreachable', detail: 'UND_ERR_SOCKET' },
  ];

  it.each(untold)('is not known from $what', async ({ said, reason, detail }) => {
    graph.answer = () => said;

    const reading = await look();
    expect(reading).toMatchObject({ outcome: 'blind', reason });
    expect(JSON.stringify(reading)).toContain(`Opening ${MAILBOX} at ${graph.origin}`);
    expect(JSON.stringify(reading)).toContain(detail);
  });

  it('is not known where nobody answers in time', async () => {
    graph.answer = () => 'hang';

    const startedAt = performance.now();
    expect(await look({}, SHORT_DEADLINE)).toMatchObject({ reason: 'timeout' });
    expect(performance.now() - startedAt).toBeLessThan(SHORT_DEADLINE + SLACK);
    // The connection is closed as well.
    await graph.requests[0]?.ended;
  });

  it('is not known where the certificate is not trusted', async () => {
    distrust();
    const stranger = await startScriptedHttpsServer(await (await createAuthority('Contoso Web Gateway')).issue());
    try {
      expect(await look({ graphEndpoint: stranger.origin })).toMatchObject({
        reason: 'unreachable',
        detail: expect.stringContaining('UNABLE_TO_VERIFY_LEAF_SIGNATURE') as string,
      });
      expect(stranger.requests).toEqual([]);
    } finally {
      await stranger.close();
      distrust = trust((await authority).certificate);
    }
  });

  it('is not known where nobody listens', async () => {
    const gone = await startScriptedHttpsServer(await (await authority).issue());
    await gone.close();

    expect(await look({ graphEndpoint: gone.origin })).toMatchObject({
      reason: 'unreachable',
      detail: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  it('reports a bug of its own as blind, without the token', async () => {
    expect(await look({ bearer: `${BEARER}\n${BEARER}` })).toMatchObject({ outcome: 'blind', reason: 'crashed' });
  });
});
