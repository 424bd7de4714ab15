import { STATUS_FORMATS, formatStatus } from '../../local/cli/formats/status';
import { appWith, secretEnding } from '../../shared/checks/example-evidence';
import { OPENS, REFUSED, reportOf, SECRET_IN_ORDER, watched } from '../support/reports';

const EXPIRING = {
  ...SECRET_IN_ORDER,
  appRegistration: appWith(secretEnding(5, 'Abc', 'helpdesk')),
};

/** A healthy mailbox, one that is refused, one of which nothing is known, and a secret that ends in five days. */
const REPORT = reportOf([
  watched({ 'support@contoso.com': OPENS, 'hr@contoso.com': REFUSED }, {}, EXPIRING),
  watched(
    { 'info@contoso.com': {} },
    {
      id: 'liveagent',
      name: 'Sales | *LiveAgent*',
      product: 'liveagent',
      clientId: '22222222-2222-4333-8444-555555555555',
    },
  ),
]);
const HEALTHY = reportOf([watched({ 'support@contoso.com': OPENS })]);

describe('what the command line prints of a status', () => {
  it.each(STATUS_FORMATS.filter((format) => format !== 'json'))('as %s', async (format) => {
    expect(await formatStatus(REPORT, format, { everyCheck: false, isWhole: true })).toMatchSnapshot();
  });

  it('as JSON, which is what the API answers', async () => {
    const text = await formatStatus(REPORT, 'json', { everyCheck: false, isWhole: true });
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(REPORT)));
  });

  it('with each check, and the remedy whole', async () => {
    expect(await formatStatus(REPORT, 'pretty', { everyCheck: true, isWhole: false })).toMatchSnapshot();
  });

  it('where everything is in order', async () => {
    expect(await formatStatus(HEALTHY, 'pretty', { everyCheck: false, isWhole: true })).toMatchSnapshot();
    expect(await formatStatus(HEALTHY, 'nagios', { everyCheck: false, isWhole: true })).toMatchSnapshot();
  });

  it('keeps the performance data of a plug-in apart from any text', async () => {
    const odd = reportOf([watched({ "o'hara|x=1@contoso.com": REFUSED }, { id: 'odd' })]);
    const text = await formatStatus(odd, 'nagios', { everyCheck: false, isWhole: true });
    for (const line of text.split('\n').slice(1)) expect(line).not.toContain('|');
    expect(text.split('\n')[0]?.split('|')).toHaveLength(2);
    // https://www.monitoring-plugins.org/doc/guidelines.html#AEN201
    const [, performance = ''] = text.split('\n')[0]?.split(' | ') ?? [];
    const datum = /^(?:'[^'=]+'|[^'= ]+)=-?\d+(?:;\d*:?\d*){0,2}(?:;\d*){0,2}$/;
    const data = performance.match(/(?:'[^']*'|[^ '])+/g) ?? [];
    expect(data.length).toBeGreaterThan(4);
    for (const one of data) expect(one).toMatch(datum);
  });

  it('shows nothing green that was not seen', async () => {
    const unseen = reportOf([watched({ 'info@contoso.com': {} }, {}, {})]);
    expect(await formatStatus(unseen, 'junit', { everyCheck: false, isWhole: true })).toContain('<error');
    expect(await formatStatus(unseen, 'nagios', { everyCheck: false, isWhole: true })).toMatch(/^MAILBOXES UNKNOWN/);
    expect(await formatStatus(unseen, 'pretty', { everyCheck: false, isWhole: true })).not.toContain('✓');
    expect(await formatStatus(unseen, 'markdown', { everyCheck: false, isWhole: true })).not.toContain('✅');
  });
});
