import { blind } from '../../shared/core/reading';
import { blindSpots, choose, group, newestLook, readFilters, writeFilters } from '../../shared/page/view';
import { OPENS, REFUSED, reportOf, watched } from '../support/reports';

const ALL = readFilters(new URLSearchParams());
const report = reportOf([
  watched({ 'support@contoso.com': OPENS, 'hr@contoso.com': REFUSED, 'it@contoso.com': REFUSED }, { id: 'jsm' }),
  watched({ 'sales@contoso.com': OPENS }, { id: 'sales', name: 'LiveAgent sales' }),
]);
const names = (items: ReturnType<typeof choose>) => items.map(({ subject }) => subject.name);

describe('the choice in an address', () => {
  it.each<[query: string, again: string]>([
    ['', ''],
    ['q=hr&status=critical&integration=jsm&page=2', '?q=hr&status=critical&integration=jsm&page=2'],
    ['status=purple&page=0', ''],
    ['page=-1', ''],
    ['page=1e9', ''],
    ['page=2.7', '?page=2'],
    ['q=%20%20', ''],
    [`q=${'x'.repeat(300)}`, `?q=${'x'.repeat(254)}`],
  ])('%s', (query, again) => {
    expect(writeFilters(readFilters(new URLSearchParams(query)))).toBe(again);
  });
});

describe('what is chosen', () => {
  it('is everything, worst first, without a choice', () => {
    expect(choose(report, ALL).map(({ subject }) => subject.status)).toEqual([
      'critical',
      'critical',
      'unclear',
      'unclear',
      'healthy',
      'healthy',
    ]);
  });

  it.each<[string, Partial<typeof ALL>, string[]]>([
    ['a part of the address', { text: 'HR@' }, ['hr@contoso.com']],
    ['the name of the integration', { text: 'liveagent', status: 'healthy' }, ['sales@contoso.com']],
    ['a word of the cause', { text: 'refused' }, ['hr@contoso.com', 'it@contoso.com']],
    ['an integration', { integration: 'jsm', status: 'healthy' }, ['support@contoso.com']],
    ['a status that nothing has', { status: 'warning' }, []],
    ['an integration that is not there', { integration: 'other' }, []],
  ])('follows %s', (_, filters, expected) => {
    expect(names(choose(report, { ...ALL, ...filters }))).toEqual(expected);
  });
});

it('shows one fault of an integration once', () => {
  const groups = group(choose(report, { ...ALL, status: 'critical' }));
  expect(groups).toHaveLength(1);
  expect(groups[0]?.first.subject.name).toBe('hr@contoso.com');
  expect(names([...(groups[0]?.others ?? [])])).toEqual(['it@contoso.com']);
});

it('counts for each grant how many would be seen with it', () => {
  const denied = blind('denied', 'Grant X.');
  const all = reportOf([
    watched({
      'a@contoso.com': { ...REFUSED, casMailbox: denied, mailboxPermissions: denied },
      'b@contoso.com': { ...REFUSED, casMailbox: denied, mailboxPermissions: blind('denied', 'Grant Y.') },
      'c@contoso.com': { ...REFUSED, casMailbox: blind('timeout', 'No answer.') },
    }),
  ]);
  expect(blindSpots(choose(all, ALL))).toEqual([
    { detail: 'Grant X.', subjects: 2 },
    { detail: 'Grant Y.', subjects: 1 },
  ]);
});

it('knows when it last looked', () => {
  expect(newestLook(choose(report, ALL))).toBe('2026-11-25T11:59:00.000Z');
  expect(newestLook([])).toBeUndefined();
});
