import { createHelpdesk } from './helpdesk';
import { startContosoBench, type ContosoBench } from './contoso-bench';

const NOT_CONNECTED = /^User is authenticated but not connected\.$/;

let bench: ContosoBench;
beforeAll(async () => {
  bench = await startContosoBench();
});
afterAll(() => bench.close());

function read(mailbox: string): Promise<string> {
  return createHelpdesk(bench.demo.configurationPath).read(mailbox);
}

/** Of each fault that starts repaired, a mailbox that shows it and what its helpdesk hears. */
const HEARD: Readonly<Record<string, readonly [mailbox: string, words: RegExp]>> = {
  'enterprise-application-disabled:liveagent-sales': [
    'sales@contoso.com',
    /AADSTS7000112: Application 'a0000000-0000-4000-8000-000000000004'\(Contoso LiveAgent Sales\) is disabled\./,
  ],
  'delegate-disabled:svc-jira@contoso.com': ['support@contoso.com', /AADSTS50057: The user account is disabled\./],
  // Only Microsoft tells of it: this mailbox still opens.
  incident: ['support@contoso.com', /^opened$/],
  // Mailbox Watch alone sees less.
  'monitor-permission-missing:Application.Read.All': ['support@contoso.com', /^opened$/],
  'exchange-admin-denied': ['support@contoso.com', /^opened$/],
};

describe('what can go wrong later at Contoso', () => {
  it('is all told of here, and nothing of it is wrong at the start', () => {
    const later = bench.demo.faults.filter(({ startsRepaired }) => startsRepaired === true);
    expect(later.map(({ id }) => id)).toEqual(Object.keys(HEARD));
    expect(later.filter((fault) => fault.isBroken())).toEqual([]);
  });

  it.each(Object.entries(HEARD))('%s: repaired, broken and repaired again', async (id, [mailbox, words]) => {
    const { demo } = bench;
    expect(await read(mailbox)).toBe('opened');
    await demo.breakAgain(id);
    expect(demo.faults.find((fault) => fault.id === id)?.isBroken()).toBe(true);
    expect(await read(mailbox)).toMatch(words);
    await demo.repair(id);
    expect(demo.faults.find((fault) => fault.id === id)?.isBroken()).toBe(false);
    expect(await read(mailbox)).toBe('opened');
  });
});

it('lets a delegate open a mailbox as a member of a group, and only as long as they are one', async () => {
  const { groups, exchange } = bench.demo.world.tenant;
  const [group] = groups;
  if (group === undefined) throw new Error('Contoso has no group');
  expect(exchange.mailboxes.get('it@contoso.com')?.fullAccess).toEqual([group.displayName]);
  expect(await read('it@contoso.com')).toBe('opened');
  group.members = ['anna.admin@contoso.com'];
  expect(await read('it@contoso.com')).toMatch(NOT_CONNECTED);
});
