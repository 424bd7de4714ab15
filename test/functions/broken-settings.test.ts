import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpRequest, InvocationContext, type HttpResponseInit, type Timer } from '@azure/functions';
import '../../functions/main';

type Handler = (trigger: unknown, context: InvocationContext) => Promise<unknown>;

const { functions } = jest.requireActual<{ functions: ReadonlyMap<string, { readonly callback: Handler }> }>(
  '@azure/functions-core',
);

const SCHEDULE = '0 */5 * * * *';
const VALID = `
tenant: contoso.onmicrosoft.com
integrations:
  - id: desk
    product: jsm
    clientId: 11111111-2222-4333-8444-555555555555
    clientSecret: env:DESK_SECRET
    flow: application
    mailboxes: [support@contoso.com]
`;

const folder = mkdtempSync(join(tmpdir(), 'mailbox-watch-settings-'));
const path = join(folder, 'mailbox-watch.yaml');
const before = { ...process.env };

beforeEach(() => {
  Object.assign(process.env, {
    MAILBOX_WATCH_CONFIG: path,
    CHECK_MAILBOXES_SCHEDULE: SCHEDULE,
    CHECK_APPLICATIONS_SCHEDULE: SCHEDULE,
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  });
});

afterAll(() => {
  process.env = before;
  rmSync(folder, { recursive: true });
});

function run(name: string, trigger: unknown): Promise<unknown> {
  const handler = functions.get(name)?.callback;
  if (handler === undefined) throw new Error(`no function ${name}`);
  return handler(trigger, new InvocationContext({ functionName: name, logHandler: () => undefined }));
}

async function status(): Promise<{ code: number; type: string; body: Record<string, unknown> }> {
  const request = new HttpRequest({ method: 'GET', url: 'http://127.0.0.1/api/status' });
  const answer = (await run('status', request)) as HttpResponseInit;
  const type = (answer.headers as Record<string, string>)['Content-Type'] ?? '';
  return { code: answer.status ?? 200, type, body: answer.jsonBody as Record<string, unknown> };
}

const timer = { isPastDue: false } as Timer;

describe('with settings that are broken', () => {
  it('the status says every problem at once, and the timers fail with them', async () => {
    writeFileSync(path, 'tenant: contoso.onmicrosoft.com\ncolour: blue\nintegrations: []\n');
    const { code, type, body } = await status();
    expect([code, type]).toEqual([503, 'application/problem+json']);
    expect(body['problems']).toEqual(
      expect.arrayContaining([expect.objectContaining({ path: 'colour', line: 2, column: 1 })]),
    );
    await expect(run('checkMailboxes', timer)).rejects.toThrow(/colour \(line 2, column 1\)/);
    await expect(run('checkApplications', timer)).rejects.toThrow(/colour/);
  });

  it('names a configuration that is not there', async () => {
    process.env['MAILBOX_WATCH_CONFIG'] = join(folder, 'nowhere.yaml');
    const { code, body } = await status();
    expect(code).toBe(503);
    expect(JSON.stringify(body)).toContain('nowhere.yaml');
  });

  it('names a schedule that is missing', async () => {
    writeFileSync(path, VALID);
    delete process.env['CHECK_MAILBOXES_SCHEDULE'];
    const { code, body } = await status();
    expect(code).toBe(503);
    expect(body['problems']).toEqual([expect.objectContaining({ path: 'CHECK_MAILBOXES_SCHEDULE' })]);
  });

  it('says that the storage is away, and recovers once the settings are right', async () => {
    writeFileSync(path, VALID);
    process.env['AzureWebJobsStorage'] =
      'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=c2VjcmV0LWtleQ==;TableEndpoint=http://127.0.0.1:9/devstoreaccount1';
    const { code, body } = await status();
    expect(code).toBe(503);
    expect(String(body['detail'])).toMatch(/storage/i);
    expect(JSON.stringify(body)).not.toMatch(/c2VjcmV0LWtleQ|AccountKey|at .*\.ts/);
    await expect(run('checkApplications', timer)).rejects.toThrow(/storage/i);
  });
});
