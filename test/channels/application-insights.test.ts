import { RESULT_BYTES } from '../../local/docs/cost-table';
import { createApplicationInsightsChannel } from '../../shared/channels/application-insights';
import { MAILBOX_CHECKS } from '../../shared/checks';
import type { Availability } from '../../shared/core/channel-settings';
import { EXAMPLE_NOW } from '../../shared/checks/example-evidence';
import { NO_ALERT } from '../../shared/core/alerting';
import { diagnoseAll } from '../../shared/core/diagnose';
import type { MailboxEvidence } from '../../shared/core/evidence';
import type { SubjectRecord } from '../../shared/core/ports';
import { exampleContext } from '../support/contexts';
import { createAuthority } from '../support/certificates';
import { NO_MAILBOX_EVIDENCE } from '../support/no-evidence';
import { exampleNotice } from '../support/notices';
import { OPENS, REFUSED } from '../support/reports';
import { startScriptedHttpsServer, trust, type ScriptedHttpsServer } from '../support/scripted-https-server';

const KEY = '11111111-2222-4333-8444-555555555555';

interface Item {
  readonly data: { readonly baseType: string; readonly baseData: Readonly<Record<string, unknown>> };
}

/** Takes what the SDK sends, as the ingestion of Application Insights does. */
let ingestion: ScriptedHttpsServer;
let distrust: () => void;
let status = 200;

beforeAll(async () => {
  const authority = await createAuthority();
  distrust = trust(authority.certificate);
  ingestion = await startScriptedHttpsServer(await authority.issue(), ({ body }) => {
    const received = (JSON.parse(body) as unknown[]).length;
    return { status, body: { itemsReceived: received, itemsAccepted: status === 200 ? received : 0, errors: [] } };
  });
});
afterAll(async () => {
  await ingestion.close();
  distrust();
});
beforeEach(() => {
  status = 200;
  ingestion.requests.length = 0;
});

function channel(
  text = `InstrumentationKey=${KEY};IngestionEndpoint=${ingestion.origin}/`,
  availability: Availability = 'each-look',
) {
  return createApplicationInsightsChannel({
    id: 'insights',
    connectionString: async () => text,
    availability,
    credential: () => undefined,
  });
}

const items = () => ingestion.requests.flatMap(({ body }) => JSON.parse(body) as Item[]).map(({ data }) => data);

function recordOf(mailbox: string, some: Partial<MailboxEvidence>): SubjectRecord {
  const evidence = { ...NO_MAILBOX_EVIDENCE, ...some };
  const checks = [...diagnoseAll(MAILBOX_CHECKS, evidence, exampleContext('mailbox'))].map(([check, diagnosis]) => ({
    check,
    diagnosis,
    since: EXAMPLE_NOW,
    alert: NO_ALERT,
  }));
  const subject = { kind: 'mailbox', integrationId: 'service-desk', mailbox } as const;
  return { subject, checkedAt: EXAMPLE_NOW, tookMs: 1234, checks, evidence };
}

it('sends a notice as an event that can be queried', async () => {
  expect(await channel().send([exampleNotice({ severity: 'critical' })])).toEqual({ sent: true });
  const notice = exampleNotice();
  expect(items()).toMatchObject([
    {
      baseType: 'EventData',
      baseData: {
        name: 'MailboxWatchNotice',
        properties: {
          id: notice.id,
          alertKey: notice.alertKey,
          kind: notice.kind,
          severity: 'critical',
          integration: notice.integration.id,
          subject: notice.subject.name,
          cause: notice.cause.id,
        },
      },
    },
  ]);
});

it('sends a look as an availability result: what was not seen is not available', async () => {
  const records = [
    recordOf('support@contoso.com', { ...OPENS }),
    recordOf('hr@contoso.com', { ...REFUSED }),
    recordOf('info@contoso.com', {}),
  ];
  expect(await channel().report(records)).toBeUndefined();
  const results = items().map(({ baseType, baseData }) => ({ baseType, ...baseData }));
  expect(results).toMatchObject([
    { baseType: 'AvailabilityData', name: 'service-desk/support@contoso.com', duration: '00:00:01.234' },
    {
      name: 'service-desk/hr@contoso.com',
      success: false,
      message: expect.stringContaining('mailbox-refused') as string,
    },
    { name: 'service-desk/info@contoso.com', success: false, message: 'unclear' },
  ]);
});

it('sends each check of a look, but for those that waited for another', async () => {
  const record = recordOf('hr@contoso.com', { ...REFUSED });
  expect(await channel(undefined, 'each-check').report([record])).toBeUndefined();
  const results = items().map(({ baseData }) => [baseData['name'], baseData['success'], baseData['message']]);
  expect(results).toEqual(
    expect.arrayContaining([
      ['service-desk/hr@contoso.com/access-token', true, 'healthy'],
      ['service-desk/hr@contoso.com/mailbox-opens', false, 'critical: mailbox-refused'],
    ]),
  );
  const judged = record.checks.filter(({ diagnosis }) => diagnosis.verdict !== 'blocked');
  expect(results).toHaveLength(judged.length);
  // What docs/cost.md reckons with.
  const bytes = ingestion.requests.reduce((sum, { body }) => sum + body.length, 0) / results.length;
  expect(bytes).toBeGreaterThan(RESULT_BYTES * 0.9);
  expect(bytes).toBeLessThan(RESULT_BYTES * 1.1);
});

it('sends no results where none are wanted', async () => {
  expect(await channel(undefined, 'none').report([recordOf('hr@contoso.com', { ...REFUSED })])).toBeUndefined();
  expect(ingestion.requests).toEqual([]);
});

it.each([
  [401, 'never', 'Monitoring Metrics Publisher'],
  [400, 'never', 'HTTP 400'],
  [503, 'later', 'HTTP 503'],
] as const)('says what HTTP %i means', async (answer, retry, words) => {
  status = answer;
  const result = await channel().send([exampleNotice()]);
  expect(result).toMatchObject({ sent: false, retry, detail: expect.stringContaining(words) as string });
  expect(JSON.stringify(result)).not.toContain(KEY);
});

it('is not lost where nobody answers', async () => {
  const gone = await startScriptedHttpsServer(await (await createAuthority()).issue());
  await gone.close();
  const text = `InstrumentationKey=${KEY};IngestionEndpoint=${gone.origin}/`;
  expect(await channel(text).send([exampleNotice()])).toMatchObject({ sent: false, retry: 'later' });
  expect(await channel(text).report([recordOf('hr@contoso.com', REFUSED)])).toMatch(
    /^Application Insights did not take it/,
  );
}, 30_000);

it('says so where there is no connection string', async () => {
  const without = createApplicationInsightsChannel({
    availability: 'each-check',
    id: 'insights',
    connectionString: () => Promise.reject(new Error(KEY)),
    credential: () => undefined,
  });
  const said = await without.report([recordOf('hr@contoso.com', { ...REFUSED })]);
  expect(said).toContain('See connectionString of the channel insights');
  expect(said).not.toContain(KEY);
});
