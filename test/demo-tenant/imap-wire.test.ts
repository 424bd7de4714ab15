import type { DemoTenant } from '../../local/demo-tenant/demo-tenant';
import { createTokenSigner } from '../../local/demo-tenant/login/tokens';
import type { ImapWire } from '../../local/demo-tenant/tenant';
import { mailboxIn, userIn } from '../../local/demo-tenant/world';
import { HOUR } from '../../shared/core/time';
import { openRawImap, type RawImap } from './raw-imap';
import { startTenant, type StartedTenant } from './started-tenant';
import { accessTokenOf } from './token-requests';

const AS_USUAL: ImapWire = { dialect: 'classic', logonDeniedTail: false, withoutFullAccess: 'bad' };

let tenant: StartedTenant;
let demo: DemoTenant;
let clock = Date.now();
const open: RawImap[] = [];

beforeAll(async () => {
  tenant = await startTenant({ now: () => clock });
  demo = tenant.demo;
});

afterEach(() => {
  Object.assign(demo.world.tenant.exchange.wire, AS_USUAL);
  for (const connection of open.splice(0)) connection.end();
});

afterAll(() => tenant.end());

async function connect(): Promise<RawImap> {
  const connection = await openRawImap(demo.endpoints.imap.port, tenant.ca);
  open.push(connection);
  return connection;
}

function sasl(user: string, token: string): string {
  return Buffer.from(`user=${user}\x01auth=Bearer ${token}\x01\x01`).toString('base64');
}

async function authenticate(user: string, token: string): Promise<{ imap: RawImap; answer: string[] }> {
  const imap = await connect();
  return { imap, answer: await imap.say(`A01 AUTHENTICATE XOAUTH2 ${sasl(user, token)}`) };
}

const SERVER = Buffer.from('CONTOSO.DEMO', 'utf16le').toString('base64');

describe('a healthy session', () => {
  it('goes as with Exchange Online, line by line', async () => {
    const imap = await connect();
    expect(imap.greeting).toBe(`* OK The Microsoft Exchange IMAP4 service is ready. [${SERVER}]`);
    expect(await imap.say('1 CAPABILITY')).toEqual([
      '* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+',
      '1 OK CAPABILITY completed.',
    ]);
    expect(await imap.say('2 ID NIL')).toEqual([
      '* ID ("name" "Microsoft.Exchange.Imap4.Imap4Server" "version" "15.20")',
      '2 OK ID completed',
    ]);
    const token = await accessTokenOf(demo, 'liveagent-sales');
    expect(await imap.say(`3 AUTHENTICATE XOAUTH2 ${sasl('Sales@Contoso.com', token)}`)).toEqual([
      '3 OK AUTHENTICATE completed.',
    ]);
    expect(await imap.say('4 CAPABILITY')).toEqual([
      '* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CLIENTACCESSRULES CLIENTNETWORKPRESENCELOCATION BACKENDAUTHENTICATE CHILDREN IDLE NAMESPACE LITERAL+',
      '4 OK CAPABILITY completed.',
    ]);
    expect(await imap.say('5 NAMESPACE')).toEqual(['* NAMESPACE (("" "/")) NIL NIL', '5 OK NAMESPACE completed.']);
    expect(await imap.say('6 LIST "" "INBOX"')).toEqual(['* LIST (\\HasNoChildren) "/" INBOX', '6 OK LIST completed.']);
    expect(await imap.say('7 LSUB "" "Se*"')).toEqual([
      '* LSUB (\\HasNoChildren) "/" "Sent Items"',
      '7 OK LSUB completed.',
    ]);
    expect(await imap.say('8 STATUS INBOX (MESSAGES UNSEEN)')).toEqual([
      '* STATUS INBOX (MESSAGES 172 UNSEEN 0)',
      '8 OK STATUS completed.',
    ]);
    expect(await imap.say('9 EXAMINE INBOX')).toEqual([
      '* 172 EXISTS',
      '* 0 RECENT',
      '* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent)',
      '* OK [PERMANENTFLAGS ()] Permanent flags',
      '* OK [UIDVALIDITY 14] UIDVALIDITY value',
      '* OK [UIDNEXT 173] The next unique identifier value',
      '9 OK [READ-ONLY] EXAMINE completed.',
    ]);
    expect(await imap.say('10 EXAMINE Nowhere')).toEqual(["10 NO Nowhere doesn't exist."]);
    expect(await imap.say('11 NOOP')).toEqual(['11 OK NOOP completed.']);
    expect(await imap.sayAndHear('12 IDLE', 1)).toEqual(['+ IDLE accepted, awaiting DONE command.']);
    expect(await imap.sayAndHear('DONE', 1)).toEqual(['12 OK IDLE completed.']);
    expect(await imap.say('13 LOGOUT')).toEqual([
      '* BYE Microsoft Exchange Server IMAP4 server signing off.',
      '13 OK LOGOUT completed.',
    ]);
    await imap.closed();
  });

  it('may begin with the newest greeting and capabilities', async () => {
    demo.world.tenant.exchange.wire.dialect = 'newest';
    const imap = await connect();
    expect(imap.greeting).toBe(`* OK The Microsoft Exchange IMAP4 service is ready. (BACKENDAUTHENTICATE) [${SERVER}]`);
    expect(await imap.say('1 CAPABILITY')).toEqual([
      '* CAPABILITY IMAP4 IMAP4rev1 AUTH=XOAUTH2 LOGINDISABLED SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+',
      '1 OK CAPABILITY completed.',
    ]);
  });

  it('may have AUTHENTICATE without initial response', async () => {
    const imap = await connect();
    const token = await accessTokenOf(demo, 'liveagent-sales');
    expect(await imap.sayAndHear('A01 AUTHENTICATE XOAUTH2', 1)).toEqual(['+ ']);
    expect(await imap.sayAndHear('*', 1)).toEqual(['A01 BAD Command Argument Error. 12']);
    expect(await imap.sayAndHear('A02 AUTHENTICATE XOAUTH2', 1)).toEqual(['+ ']);
    expect(await imap.sayAndHear(sasl('sales@contoso.com', token), 1)).toEqual(['A02 OK AUTHENTICATE completed.']);
  });

  it('opens a mailbox for its own user, and a shared one for a delegate', async () => {
    const { mailboxes } = demo.world.tenant.exchange;
    const token = await accessTokenOf(demo, 'jsm-service-desk');
    const own = { ...mailboxIn(demo.world, 'it@contoso.com'), address: 'svc-jira@contoso.com', fullAccess: [] };
    mailboxes.set(own.address, own);
    for (const address of [own.address, 'support@contoso.com']) {
      const { imap, answer } = await authenticate(address, token);
      expect(answer).toEqual(['A01 OK AUTHENTICATE completed.']);
      expect(await imap.say('A02 NAMESPACE')).toContain('A02 OK NAMESPACE completed.');
    }
  });
});

describe('a refused token', () => {
  const REFUSED: readonly (readonly [why: string, token: () => Promise<string>])[] = [
    ['is no token', async () => 'EwBgA8l6BAAU'],
    ['is signed by somebody else', foreignToken],
    ['is for Microsoft Graph', () => accessTokenOf(demo, 'liveagent-sales', GRAPH)],
    ['has no role', () => accessTokenOf(demo, 'liveagent-events')],
    ['is from an app that Exchange knows under another object id', () => accessTokenOf(demo, 'liveagent-partner')],
    ['has ended', expiredToken],
  ];
  const GRAPH = { scope: 'https://graph.microsoft.com/.default' };

  async function foreignToken(): Promise<string> {
    const signer = await createTokenSigner();
    const payload = (await accessTokenOf(demo, 'liveagent-sales')).split('.')[1] ?? '';
    return signer.sign(JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>, clock, 300);
  }

  async function expiredToken(): Promise<string> {
    const token = await accessTokenOf(demo, 'liveagent-sales');
    clock += HOUR;
    return token;
  }

  it.each(REFUSED)('gets a tagged NO at once when it %s', async (_, token) => {
    const { imap, answer } = await authenticate('sales@contoso.com', await token());
    expect(answer).toEqual(['A01 NO AUTHENTICATE failed.']);
    // Clients that expect Google's challenge send an empty line.
    expect(await imap.sayAndHear('', 1)).toEqual(['* BAD Command Error. 12']);
    expect(await imap.say('A02 EXAMINE INBOX')).toEqual(['A02 BAD Command received in Invalid state.']);
  });

  it('gets the same when Exchange does not know the app, and a longer answer where that is wanted', async () => {
    const { exchange } = demo.world.tenant;
    const before = exchange.servicePrincipals;
    const token = await accessTokenOf(demo, 'liveagent-sales');
    exchange.servicePrincipals = [];
    exchange.wire.logonDeniedTail = true;
    const { answer } = await authenticate('sales@contoso.com', token);
    exchange.servicePrincipals = before;
    expect(answer).toEqual([
      `A01 NO AUTHENTICATE failed. Error="AuthFailed:LogonDenied-None-OAuthLog:AuthExc_Auth Failed. [${SERVER}] User:sales@contoso.com"`,
    ]);
  });

  it('is not asked for by other mechanisms', async () => {
    const imap = await connect();
    expect(await imap.say('A01 AUTHENTICATE PLAIN AGEAYg==')).toEqual(['A01 NO AUTHENTICATE failed.']);
    expect(await imap.say('A02 LOGIN a b')).toEqual(['A02 NO LOGIN failed.']);
  });
});

describe('authenticated but not connected', () => {
  const SITUATIONS: readonly (readonly [why: string, mailbox: string, integration: string])[] = [
    ['IMAP is off', 'hr@contoso.com', 'jsm-service-desk'],
    ['the delegate has no Full Access', 'facilities@contoso.com', 'jsm-service-desk'],
    ['the service principal has no Full Access', 'returns@contoso.com', 'liveagent-sales'],
    ['there is no such mailbox', 'nobody@contoso.com', 'liveagent-sales'],
  ];

  it.each(SITUATIONS)('is the answer where %s', async (_, mailbox, integration) => {
    const { imap, answer } = await authenticate(mailbox, await accessTokenOf(demo, integration));
    expect(answer).toEqual(['A01 OK AUTHENTICATE completed.']);
    expect(await imap.say('A02 CAPABILITY')).toContain('A02 OK CAPABILITY completed.');
    expect(await imap.say('A03 NAMESPACE')).toEqual(['A03 BAD User is authenticated but not connected.']);
    expect(await imap.sayAndHear('A04 EXAMINE INBOX', 2)).toEqual([
      'A04 BAD User is authenticated but not connected.',
      '* BYE Connection closed. 14',
    ]);
    await imap.closed();
  });

  it.each(['NAMESPACE', 'LIST "" "*"', 'SELECT INBOX', 'EXAMINE INBOX', 'NOOP', 'EXPUNGE', 'IDLE'])(
    'is the answer to %s',
    async (command) => {
      const { imap } = await authenticate('hr@contoso.com', await accessTokenOf(demo, 'jsm-service-desk'));
      expect(await imap.say(`A02 ${command}`)).toEqual(['A02 BAD User is authenticated but not connected.']);
      expect(await imap.say('A03 LOGOUT')).toContain('A03 OK LOGOUT completed.');
    },
  );

  it('is a NO to AUTHENTICATE instead, as one report has it, where that is wanted', async () => {
    const { wire } = demo.world.tenant.exchange;
    const token = await accessTokenOf(demo, 'liveagent-sales');
    wire.withoutFullAccess = 'no';
    const returns = await authenticate('returns@contoso.com', token);
    const billing = await authenticate('billing@contoso.com', token);
    expect(returns.answer).toEqual(['A01 NO AUTHENTICATE failed.']);
    expect(billing.answer).toEqual(['A01 OK AUTHENTICATE completed.']);
  });
});

describe('during the session', () => {
  it('a throttled mailbox is told how long to wait', async () => {
    const { answer } = await authenticate('press@contoso.com', await accessTokenOf(demo, 'liveagent-sales'));
    expect(answer).toEqual(['A01 BAD Request is throttled. Suggested Backoff Time: 12415 milliseconds']);
  });

  it('the end of the token ends it', async () => {
    const { imap } = await authenticate('sales@contoso.com', await accessTokenOf(demo, 'liveagent-sales'));
    clock += HOUR;
    expect(await imap.sayAndHear('A02 EXAMINE INBOX', 1)).toEqual(['* BYE Session invalidated - AccessTokenExpired']);
    await imap.closed();
  });

  it('what is no IMAP is borne ten times', async () => {
    const imap = await connect();
    expect(await imap.say('A01 NONSENSE')).toEqual(['A01 BAD Command Error. 12']);
    for (let i = 2; i < 10; i++)
      expect(await imap.sayAndHear('GET / HTTP/1.1', 1)).toEqual(['* BAD Command Error. 12']);
    expect(await imap.sayAndHear('', 2)).toEqual([
      '* BAD Command Error. 12',
      '* BYE Protocol error. Connection is closed. 10',
    ]);
    await imap.closed();
  });

  it('a line without an end is not read for ever', async () => {
    const imap = await connect();
    expect(await imap.sayAndHear(`A01 ${'x'.repeat(70_000)}`, 1)).toEqual([
      '* BYE Protocol error. Connection is closed. 10',
    ]);
    await imap.closed();
  });

  it('commands that arrive together are answered in order and in one turn', async () => {
    const { imap } = await authenticate('sales@contoso.com', await accessTokenOf(demo, 'liveagent-sales'));
    const { imapTurns } = demo.counters();
    expect(await imap.sayAndHear('A02 NOOP\r\nA03 LIST "" ""\r\nA04 CAPABILITY', 5)).toEqual([
      'A02 OK NOOP completed.',
      '* LIST (\\Noselect \\HasChildren) "/" ""',
      'A03 OK LIST completed.',
      expect.stringMatching(/^\* CAPABILITY /),
      'A04 OK CAPABILITY completed.',
    ]);
    expect(demo.counters().imapTurns).toBe(imapTurns + 1);
  });

  it('a user whose token was revoked meanwhile keeps the session, as with Microsoft', async () => {
    const { imap } = await authenticate('support@contoso.com', await accessTokenOf(demo, 'jsm-service-desk'));
    const user = userIn(demo.world, 'svc-jira@contoso.com');
    user.tokensValidFrom = clock + 1;
    expect(await imap.say('A02 NOOP')).toEqual(['A02 OK NOOP completed.']);
    user.tokensValidFrom = 0;
  });
});
