import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { existsSync, readFileSync } from 'node:fs';
import { explain } from '../../shared/explain/explain';
import { redacted } from '../../shared/explain/redact';
import { SEEN, WITHOUT_TEXT } from '../../local/docs/seen-in-the-wild';

const causesOf = (text: string) => explain({ text }).causes.map(({ id }) => id);

/** As the text stands in real logs. */
const NOISE: readonly (readonly [string, (text: string) => string])[] = [
  ['by itself', (text) => text],
  [
    'in Jira’s log',
    (text) =>
      [
        '2026-11-25 10:12:13,456+0000 Caesium-1-4 ERROR ServiceRunner     [c.a.mail.incoming.mailfetcherservice] Support[10301]: javax.mail.MessagingException while retrieving mail',
        `com.atlassian.mail.MailException: javax.mail.AuthenticationFailedException: ${text}`,
        '\tat com.sun.mail.imap.IMAPStore.protocolConnect(IMAPStore.java:732)',
        '\tat javax.mail.Service.connect(Service.java:342)',
        'INFO  user@contoso.com authenticated with the application link',
      ].join('\n'),
  ],
  ['in JSON in JSON', (text) => JSON.stringify({ level: 'error', message: JSON.stringify({ error: text }) })],
  ['in a long line without an end', (text) => `${'x'.repeat(50_000)} ${text} ${'y'.repeat(50_000)}`],
];

describe.each(NOISE)('a text %s', (_, wrap) => {
  it.each(SEEN)('%i: %s leads to %s', (_row, text, cause) => {
    expect(causesOf(wrap(text))).toContain(cause);
  });
});

/** Numbers whose quotation is no line of a log: a code with its name, or words that stand beside the line. */
const SAID_BESIDE: ReadonlySet<number> = new Set([24, 63, 114, 116, 125]);
const COLLECTION = '../shared/facts/errors.md';

(existsSync(COLLECTION) ? describe : describe.skip)('the public collection, where it is at hand', () => {
  const rows = existsSync(COLLECTION)
    ? [...readFileSync(COLLECTION, 'utf8').matchAll(/^\| (\d+) \| ([^|]*)/gm)].map(([, number, cell = '']) => ({
        row: Number(number),
        text: /`([^`]+)`/.exec(cell)?.[1],
      }))
    : [];

  it('has no number that is neither explained nor excused', () => {
    const known = new Set([...SEEN.map(([row]) => row), ...Object.keys(WITHOUT_TEXT).map(Number)]);
    expect(rows.length).toBeGreaterThan(90);
    expect(rows.map(({ row }) => row).filter((row) => !known.has(row))).toEqual([]);
    process.stderr.write(`Explained: ${new Set(SEEN.map(([row]) => row)).size} of ${rows.length} numbered texts.\n`);
  });

  const quoted = rows.filter((row): row is { row: number; text: string } => row.text !== undefined);
  it.each(quoted)('$row: its own words lead to a cause that is confirmed for it: $text', ({ row, text }) => {
    const confirmed = SEEN.filter(([number]) => number === row).map(([, , cause]) => cause);
    // Of some the collection quotes the library's words beside the server's.
    const words = SAID_BESIDE.has(row) ? (SEEN.find(([number]) => number === row)?.[1] ?? '') : text;
    expect(causesOf(words).filter((cause) => confirmed.includes(cause))).not.toEqual([]);
  });
});

// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
const CLASSES: Readonly<Record<string, readonly number[]>> = {
  'the app’s credential': [7000215, 7000222, 7000218, 700025, 700027, 50012, 700030, 70021, 70025],
  'the app': [700016, 70001, 7000112, 650052, 650056, 650057, 500011, 500014],
  'consent and scope': [65001, 65004, 90094, 70011, 1002012, 700022, 50105],
  'the user': [50034, 50057, 50055, 50144, 50126, 50053, 500208],
  'the grant': [50173, 700082, 700084, 70008, 70043, 50132, 50133, 70000],
  'multifactor authentication and Conditional Access': [
    50072, 50074, 50076, 50079, 50158, 50078, 53000, 53001, 53002, 53011, 50097, 53003, 53004, 50131, 530032, 530034,
    530035,
  ],
  'tenant and cloud': [90002, 50059, 50128, 50194, 9001023, 90038, 900382, 900432],
  'what passes': [90033, 90006, 90012, 90024, 90055, 50196, 50033],
};

it.each(Object.entries(CLASSES))('knows a cause for every number of %s', (_, numbers) => {
  expect(numbers.filter((number) => causesOf(`AADSTS${number}: x`).length === 0)).toEqual([]);
});

it('names the causes of words that have several, the likeliest first, each with what would decide', () => {
  const { causes } = explain({ text: 'A3 BAD User is authenticated but not connected.', flow: 'delegated' });
  expect(causes.slice(0, 4).map(({ id }) => id)).toEqual([
    'mailbox-refused',
    'imap-disabled',
    'wrong-authorising-user',
    'full-access-missing',
  ]);
  const commands = causes.flatMap(({ steps }) => steps.flatMap((step) => step.commands.map(({ text }) => text)));
  expect(commands.join('\n')).toMatch(/Get-CASMailbox[^]*Get-MailboxPermission/);
});

it('says where in the text it was found, and what support asks for', () => {
  const trace = '2f1b0d34-6f2b-4f3c-8a57-0d9f5f0b1c00';
  const text = `one\ntwo\nAADSTS7000222: expired. Trace ID: ${trace} Correlation ID: c9b7e7b2-5d0e-4c39-9a3e-7f3f9f0c2d11`;
  expect(explain({ text })).toMatchObject({
    found: [{ line: 3, excerpt: expect.stringContaining('AADSTS7000222') as string }],
    traceId: trace,
    correlationId: 'c9b7e7b2-5d0e-4c39-9a3e-7f3f9f0c2d11',
  });
});

it('fills the remedy in for the product', () => {
  const text = 'AADSTS7000222: expired';
  const steps = (product: 'jira' | 'liveagent') => JSON.stringify(explain({ text, product }).causes[0]?.steps);
  expect(steps('jira')).toContain('Application links');
  expect(steps('liveagent')).toContain('Incoming Mail Accounts');
});

it.each([
  'INFO user authenticated with the directory',
  'Subject: our BAD experience with the service desk',
  'A01 OK AUTHENTICATE completed.',
  'connected to outlook.office365.com',
  'mail from AADSTS@contoso.com',
  '',
])('knows nothing of %j, and says what to do', (text) => {
  const { causes, found, unknown } = explain({ text });
  expect([causes, found]).toEqual([[], []]);
  expect(unknown).toContain('Paste the lines around it');
});

describe('secrets in the text', () => {
  const JWT = `eyJ${'a'.repeat(40)}.eyJ${'b'.repeat(40)}.${'c'.repeat(40)}`;
  const SECRET = `abc8Q~${'d'.repeat(34)}`;
  const REFRESH = `1.AU${'e'.repeat(60)}`;

  it.each([
    [`Authorization: Bearer ${JWT}`, JWT],
    [`A1 AUTHENTICATE XOAUTH2 ${Buffer.from(`user=a@b.c\x01auth=Bearer ${JWT}\x01\x01`).toString('base64')}`, 'dXNlc'],
    [`client_secret=${SECRET}&grant_type=x`, SECRET],
    [`{"refresh_token":"${REFRESH}"}`, REFRESH],
    [String.raw`{\"refresh_token\":\"${REFRESH}\"}`, REFRESH],
    [`secret is ${SECRET} here`, SECRET],
    ['https://x.example/hook?sig=abcdefgh12345', 'abcdefgh12345'],
  ])('are not repeated: %#', (text, secret) => {
    expect(redacted(text)).not.toContain(secret);
    const answer = JSON.stringify(explain({ text: `${text} AADSTS7000222: expired ${text}` }));
    expect(answer).not.toContain(secret);
    expect(JSON.stringify(explain({ text }))).not.toContain(secret);
  });
});

describe('hostile texts', () => {
  // Tests share their machine and their process: this is measured in one of its own.
  it('of a megabyte are answered within 100 ms', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(__dirname, '../support/explain-times.ts')],
      bundle: true,
      platform: 'node',
      write: false,
    });
    const script = outputFiles[0]?.text ?? '';
    const times = JSON.parse(execFileSync(process.execPath, ['-'], { input: script, encoding: 'utf8' })) as Record<
      string,
      number
    >;
    expect(Object.keys(times)).toHaveLength(10);
    expect(Object.entries(times).filter(([, ms]) => ms >= 100)).toEqual([]);
  });

  it('of more than a megabyte are read to there, and that is said', () => {
    expect(explain({ text: `${'a'.repeat(1_000_000)} AADSTS7000222: expired` })).toMatchObject({
      cut: true,
      causes: [],
    });
  });
});
