import { healthDocument } from '../../shared/formats/health-json';
import { blind } from '../../shared/core/reading';
import { OPENS, REFUSED, reportOf, watched } from '../support/reports';

const unseen = { accessToken: blind('timeout', 'No answer in 20 s.') };

it.each([
  ['a refused mailbox', { 'hr@contoso.com': REFUSED }, 'fail'],
  ['a mailbox that could not be seen', { 'hr@contoso.com': unseen }, 'warn'],
] as const)('says of %s: %s', (_, mailboxes, status) => {
  expect(healthDocument(reportOf([watched(mailboxes)])).status).toBe(status);
});

it('names each check by integration, mailbox and check, as a list of one', () => {
  const { checks, output } = healthDocument(reportOf([watched({ 'a@contoso.com': OPENS, 'b@contoso.com': REFUSED })]));
  expect(checks['service-desk/a@contoso.com:mailbox-opens']).toEqual([
    {
      componentId: 'a@contoso.com',
      componentType: 'mailbox',
      status: 'pass',
      time: '2026-11-25T11:59:00.000Z',
      since: '2026-11-25T10:30:00.000Z',
    },
  ]);
  expect(checks['service-desk/b@contoso.com:mailbox-opens']).toEqual([
    expect.objectContaining({
      status: 'fail',
      errorCode: 'mailbox-refused',
      output: 'Refused: IMAP or POP is off, or access is missing',
    }),
  ]);
  expect(output).toBe('1 critical, 1 unclear of 3');
});

it('lets nothing pass that was not looked at for long', () => {
  const report = reportOf([watched({ 'a@contoso.com': OPENS })]);
  const [integration] = report.integrations;
  if (integration === undefined) throw new Error('there is one integration');
  const stale = { ...integration, mailboxes: integration.mailboxes.map((one) => ({ ...one, stale: true })) };
  const { checks } = healthDocument({ ...report, integrations: [stale] });
  expect(checks['service-desk/a@contoso.com:mailbox-opens']?.[0]?.status).toBe('warn');
});
