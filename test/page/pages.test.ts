import { EXAMPLE_NOW, imapFailed } from '../../shared/checks/example-evidence';
import type { HistoryEntry } from '../../shared/core/ports';
import type { StatusReport } from '../../shared/core/report';
import type { AlertsReport } from '../../shared/alerts/alerts-report';
import { seen } from '../../shared/core/reading';
import { subjectPage } from '../../shared/page';
import { accessibilityFaults, browserForTests, CHROMIUM } from '../support/browser';
import { describeWith } from '../support/debian';
import { pageOf } from '../support/monitor-of';
import { OPENS, REFUSED, reportOf, SECRET_IN_ORDER, watched } from '../support/reports';
import { appWith, DELEGATED_TOKEN, secretEnding } from '../../shared/checks/example-evidence';

const address = (path = '/api/status') => new URL(`http://127.0.0.1${path}`);

const EXPIRED = {
  ...SECRET_IN_ORDER,
  appRegistration: appWith(secretEnding(-3, 'Abc', 'helpdesk'), secretEnding(20, 'Xyz', 'next')),
};
const MANY = Object.fromEntries(
  Array.from({ length: 45 }, (_, i) => [`mailbox${i}@contoso.com`, i % 2 ? REFUSED : OPENS]),
);
const FLEET: readonly StatusReport[] = [
  reportOf([watched({ 'support@contoso.com': OPENS, 'hr@contoso.com': REFUSED })]),
  reportOf([
    watched({ 'support@contoso.com': OPENS, 'hr@contoso.com': REFUSED }, { id: 'jsm', name: 'Service desk' }, EXPIRED),
    watched(MANY, { id: 'many', name: 'A large fleet' }),
    watched({}, { id: 'none', name: 'Nothing' }),
  ]),
];
const [small, large] = FLEET as [StatusReport, StatusReport];

/** Strings that a server, a tenant or a person can put in the way. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><svg onload=alert(1)>',
  '&lt;b&gt;',
  'javascript:alert(1)',
  '\u202etxet desrever\u2066',
  'W'.repeat(100_000),
];

function hostileReport(text: string): StatusReport {
  const said = imapFailed({ step: 'examine', kind: 'no', text });
  return reportOf([
    watched(
      { [`${text.replaceAll('@', '')}@contoso.com`]: { accessToken: DELEGATED_TOKEN, imapSession: said } },
      { id: 'hostile', name: text },
      {
        ...SECRET_IN_ORDER,
        appRegistration: seen({
          ...appWith(secretEnding(1, 'Abc', text)).value,
          displayName: text,
          owners: seen([text]),
        }) as never,
      },
    ),
  ]);
}

describeWith(CHROMIUM, 'chromium', 'in a browser', () => {
  const browser = browserForTests();

  describe('the status page', () => {
    it('says in words what is broken, since when, how sure that is, and what to do', async () => {
      const { page, said } = await browser.open(await pageOf(small, address()));
      const text = await page.innerText('main');
      expect(await page.title()).toBe('1 broken and 1 unclear, of 3 watched · Mailbox Watch');
      expect(text).toContain('Refused: IMAP or POP is off, or access is missing.');
      expect(text).toContain('inferred: little else is left');
      expect(text).toContain('1 hour ago, never seen healthy');
      expect(text).toContain("Set-CASMailbox -Identity 'hr@contoso.com' -ImapEnabled $true");
      expect(said).toEqual([]);
      await page.close();
    });

    it.each([
      ['a small fleet', small, {}],
      ['a large fleet', large, {}],
      ['a large fleet in the dark', large, { dark: true }],
      ['a large fleet on a phone', large, { width: 360 }],
    ] as const)(
      'has nothing that axe complains of: %s',
      async (_, report, { dark = false, width = 1100 }: { dark?: boolean; width?: number }) => {
        const { page } = await browser.open(await pageOf(report, address()), { width, dark });
        expect(await accessibilityFaults(page)).toEqual([]);
        await page.close();
      },
      60_000,
    );

    it('fits a phone: nothing but tables and commands is wider than the screen', async () => {
      const { page } = await browser.open(await pageOf(large, address()), { width: 360 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      await page.close();
    });

    it('is operated by keyboard alone: the remedy opens, the filter answers', async () => {
      const { page } = await browser.open(await pageOf(large, address()));
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Skip to the content');
      const folded = page.locator('details:not([open])');
      const before = await folded.count();
      await folded.first().locator('summary').focus();
      await page.keyboard.press('Enter');
      expect(await folded.count()).toBe(before - 1);
      await page.close();
    });

    it('selects a command whole by one click', async () => {
      const { page } = await browser.open(await pageOf(small, address()));
      await page.locator('pre', { hasText: 'Get-CASMailbox' }).first().click();
      expect(await page.evaluate('getSelection().toString()')).toMatch(
        /^Get-CASMailbox -Identity '.*' \| Format-List ImapEnabled$/,
      );
      await page.close();
    });

    it('shows what is held back and why, and what nobody is told of', async () => {
      const open = (mailbox: string, muted?: AlertsReport['open'][number]['muted']): AlertsReport['open'][number] => ({
        integration: 'jsm',
        subject: { kind: 'mailbox', name: mailbox },
        check: 'imap-enabled',
        cause: { id: 'imap-disabled', title: 'IMAP is switched off on the mailbox' },
        severity: 'critical',
        openedAt: '2026-11-25T11:00:00.000Z',
        lastNoticeAt: '2026-11-25T11:30:00.000Z',
        untold: muted !== undefined,
        onItsWayTo: [],
        ...(muted !== undefined && { muted }),
      });
      const silence = { reason: 'being moved', until: '2026-11-25T18:00:00.000Z', author: 'rob' };
      const alerts: AlertsReport = {
        generatedAt: small.generatedAt,
        open: [
          open('hr@contoso.com'),
          open('pmo@contoso.com', { by: 'root-cause', reason: 'the same' }),
          open('it@contoso.com', { by: 'silence', ...silence }),
        ],
        channels: [],
        silences: [{ id: 's1', match: { subject: 'it@contoso.com' }, ...silence }],
      };
      const { page } = await browser.open(await pageOf(small, address(), alerts));
      const text = await page.locator('section[aria-label="Alerts"]').innerText();
      expect(text).toContain('Nobody is told of them');
      expect(text).toMatch(/pmo@contoso\.com[^]*told of with its app registration/);
      expect(text).toMatch(/silenced until .*: being moved/);
      expect(text).toMatch(/Silences[^]*it@contoso\.com, until .*: being moved \(rob\)/);
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.close();
    });

    it('prints what is folded, and no forms', async () => {
      const { page } = await browser.open(await pageOf(small, address()));
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('form.filters').isVisible()).toBe(false);
      expect(await page.getByText('EXAMINE INBOX').first().isVisible()).toBe(true);
      await page.close();
    });

    it('pages through a large fleet, and keeps the choice', async () => {
      const html = await pageOf(large, address('/api/status/many?page=3'));
      expect(html).toContain('mailbox44@contoso.com');
      expect(html).toContain('href="/api/status?integration=many&amp;page=2"');
    });

    it('stands under the path that it was asked for', async () => {
      const html = await pageOf(small, address('/proxy/api/status/'));
      expect(html).toContain('href="/proxy/api/status/service-desk/hr%40contoso.com"');
    });
  });

  describe('hostile texts', () => {
    it.each(HOSTILE.map((text) => [text.slice(0, 40), text]))(
      'do nothing but stand there: %s',
      async (_, text) => {
        const report = hostileReport(text);
        const [integration] = report.integrations;
        const [subject] = integration?.mailboxes ?? [];
        if (integration === undefined || subject === undefined) throw new Error('the report has a mailbox');
        const history: HistoryEntry[] = [
          { at: EXAMPLE_NOW, check: text, verdict: 'diagnosed', cause: text, events: [] },
        ];
        const htmls = [
          await pageOf(report, address(`/api/status?q=${encodeURIComponent(text.slice(0, 50))}`)),
          await subjectPage({ integration, subject }, history, report.generatedAt, address('/api/status/hostile/x')),
        ];
        for (const html of htmls) {
          const { page, said } = await browser.open(html, { width: 800 });
          expect(said).toEqual([]);
          expect(await page.locator('script, img, svg[onload], [onmouseover]').count()).toBe(0);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(800);
          await page.close();
        }
      },
      60_000,
    );
  });

  it("shows a mailbox's own page without a fault that axe finds", async () => {
    const [integration] = small.integrations;
    const subject = integration?.mailboxes[1];
    if (integration === undefined || subject === undefined) throw new Error('the report has two mailboxes');
    const history: HistoryEntry[] = [
      {
        at: EXAMPLE_NOW - 5_400_000,
        check: 'mailbox-opens',
        verdict: 'diagnosed',
        cause: 'mailbox-refused',
        events: [{ kind: 'opened', key: 'k', cause: 'mailbox-refused', severity: 'critical', openedAt: EXAMPLE_NOW }],
      },
    ];
    const html = await subjectPage({ integration, subject }, history, small.generatedAt, address('/api/status/a/b'));
    const { page } = await browser.open(html);
    expect(await accessibilityFaults(page)).toEqual([]);
    const text = await page.innerText('main');
    expect(text).toContain('EXAMINE INBOX');
    expect(text).toContain('BAD User is authenticated but not connected.');
    expect(text).toContain('mailbox-refused (alert opened)');
    await page.close();
  });
});
