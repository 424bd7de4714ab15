import type { DemoTenant } from '../../local/demo-tenant/demo-tenant';
import { createHelpdesk, type Helpdesk } from './helpdesk';
import { startTenant, type StartedTenant } from './started-tenant';

const NOT_CONNECTED = /^User is authenticated but not connected\.$/;
const AUTHENTICATE_FAILED = /^AUTHENTICATE failed\.$/;

/** Of each fault, a mailbox that shows it and what its helpdesk hears. */
const HEARD: Readonly<Record<string, readonly [mailbox: string, words: RegExp]>> = {
  'imap-off:hr@contoso.com': ['hr@contoso.com', NOT_CONNECTED],
  'no-full-access:facilities@contoso.com': ['facilities@contoso.com', NOT_CONNECTED],
  'wrong-user:legal@contoso.com': ['legal@contoso.com', NOT_CONNECTED],
  'secret-expired:jira-projects': ['projects@contoso.com', /AADSTS7000222: The provided client secret keys for app/],
  'wrong-scope:jira-marketing': ['marketing@contoso.com', AUTHENTICATE_FAILED],
  // Nothing to hear yet: only Graph shows it.
  'secret-ends-soon:liveagent-sales': ['sales@contoso.com', /^opened$/],
  'imap-off:billing@contoso.com': ['billing@contoso.com', NOT_CONNECTED],
  'no-full-access:returns@contoso.com': ['returns@contoso.com', NOT_CONNECTED],
  'throttled:press@contoso.com': [
    'press@contoso.com',
    /^Request is throttled\. Suggested Backoff Time: 12415 milliseconds$/,
  ],
  'secret-id-pasted:liveagent-service': ['service@contoso.com', /AADSTS7000215: Invalid client secret provided/],
  'no-admin-consent:liveagent-events': ['events@contoso.com', AUTHENTICATE_FAILED],
  'consent-withdrawn:liveagent-academy': ['academy@contoso.com', /AADSTS65001: The user or administrator has not/],
  'wrong-object-id:liveagent-partner': ['partner@contoso.com', AUTHENTICATE_FAILED],
  'pop-off:jobs@contoso.com': [
    'jobs@contoso.com',
    /^-ERR Authentication failure: unknown user name or bad password\.$/,
  ],
  'unlicensed:alumni@contoso.com': ['alumni@contoso.com', /^MailboxNotEnabledForRESTAPI: The mailbox is either/],
  'no-admin-consent:survey-desk': ['survey@contoso.com', /^ErrorAccessDenied: Access is denied\./],
  'certificate-replaced:travel-desk': ['travel@contoso.com', /AADSTS700027: Client assertion failed signature/],
};

/** Nobody but the helpdesk hears of it: see sign-in-log.test.ts. */
const FORGOTTEN = 'helpdesk-forgotten:customer-mail';

describe('Contoso, as its helpdesks see it', () => {
  let tenant: StartedTenant;
  let demo: DemoTenant;
  let helpdesk: Helpdesk;

  beforeAll(async () => {
    tenant = await startTenant();
    demo = tenant.demo;
    helpdesk = createHelpdesk(demo.configurationPath);
  });

  afterAll(() => tenant.end());

  it('has just the faults that are told of here broken, and others that start repaired', () => {
    const atStart = demo.faults.filter(({ startsRepaired }) => startsRepaired !== true);
    expect(atStart.map(({ id }) => id)).toEqual([...Object.keys(HEARD), FORGOTTEN]);
    expect(demo.faults.filter((fault) => fault.isBroken())).toEqual(atStart);
  });

  it.each(['support', 'it', 'sales', 'orders', 'info', 'news'])('opens %s, which is healthy', async (name) => {
    expect(await helpdesk.read(`${name}@contoso.com`)).toBe('opened');
  });

  it.each(Object.entries(HEARD))('%s: broken, repaired and broken again', async (id, [mailbox, words]) => {
    expect(await helpdesk.read(mailbox)).toMatch(words);
    await demo.repair(id);
    expect(demo.faults.find((fault) => fault.id === id)?.isBroken()).toBe(false);
    expect(await helpdesk.read(mailbox)).toBe('opened');
    await demo.breakAgain(id);
    expect(demo.faults.find((fault) => fault.id === id)?.isBroken()).toBe(true);
    expect(await helpdesk.read(mailbox)).toMatch(words);
  });

  it('sees every mailbox opened with EXAMINE, none with SELECT', () => {
    const { imapCommands, popCommands } = demo.counters();
    expect(popCommands).toMatchObject({ RETR: 0, DELE: 0 });
    expect(imapCommands['SELECT']).toBe(0);
    expect(imapCommands['EXAMINE']).toBeGreaterThanOrEqual(4 + Object.keys(HEARD).length - 3);
  });
});
