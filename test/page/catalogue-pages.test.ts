import { explain } from '../../shared/explain/explain';
import { remediations } from '../../shared/formats/remediations';
import { explainPage, remediationPage, remediationsPage } from '../../shared/page';
import { accessibilityFaults, browserForTests, CHROMIUM } from '../support/browser';
import { describeWith } from '../support/debian';

const address = (path: string) => new URL(`http://127.0.0.1/api/${path}`);
const all = remediations();

function explained(text: string): Promise<string> {
  return explainPage({ text, product: 'jira', explanation: explain({ text, product: 'jira' }) }, address('explain'));
}

const NOT_CONNECTED = 'A3 BAD User is authenticated but not connected.';

describeWith(CHROMIUM, 'chromium', 'in a browser', () => {
  const browser = browserForTests();

  it.each<[string, () => Promise<string>]>([
    ['the empty form', () => explainPage({ text: '', product: 'other' }, address('explain'))],
    ['causes', () => explained(NOT_CONNECTED)],
    ['nothing known', () => explained('all is well')],
    ['the catalogue', () => remediationsPage(all, address('remediations'))],
    ...all
      .slice(0, 3)
      .map((one): [string, () => Promise<string>] => [
        `the cause ${one.id}`,
        () => remediationPage(one, address(`remediations/${one.id}`)),
      ]),
  ])(
    '%s has nothing that axe complains of, in the light, in the dark and on a phone',
    async (_, render) => {
      const html = await render();
      for (const look of [{}, { dark: true }, { width: 360 }]) {
        const { page, said } = await browser.open(html, look);
        expect(await accessibilityFaults(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(1100);
        expect(said).toEqual([]);
        await page.close();
      }
    },
    60_000,
  );

  it('names the causes in order, opens the first, and leads to each', async () => {
    const { page } = await browser.open(await explained(NOT_CONNECTED));
    const text = await page.innerText('main');
    expect(text).toContain('Possible causes, the likeliest first');
    expect(text.indexOf('IMAP is switched off')).toBeGreaterThan(0);
    expect(await page.locator('details[open]').count()).toBe(1);
    expect(await page.locator('h3 a').first().getAttribute('href')).toBe('/api/remediations/mailbox-refused');
    expect(await page.locator('textarea').inputValue()).toBe(NOT_CONNECTED);
    expect(await page.locator('select').inputValue()).toBe('jira');
    await page.close();
  });

  it('sends the form back to where it came from', async () => {
    const { page } = await browser.open(await explainPage({ text: '', product: 'other' }, address('explain')));
    const form = page.locator('form');
    expect([await form.getAttribute('method'), await form.getAttribute('action')]).toEqual(['post', '/api/explain']);
    await page.close();
  });

  it.each([
    '</textarea><script>alert(1)</script> AADSTS7000222: expired',
    '"><img src=x onerror=alert(1)> AADSTS7000222: <svg onload=alert(1)>',
    `${'W'.repeat(100_000)} AADSTS7000222: expired`,
  ])('takes a hostile text for a text: %#', async (text) => {
    const { page, said } = await browser.open(await explained(text), { width: 360 });
    expect(said).toEqual([]);
    expect(await page.locator('main script, main img, main svg').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.close();
  });

  it('says for whom a step is, and what has to be filled in', async () => {
    const one = all.find(({ id }) => id === 'full-access-missing');
    if (one === undefined) throw new Error('it is in the catalogue');
    const { page } = await browser.open(await remediationPage(one, address('remediations/full-access-missing')));
    const text = await page.innerText('main');
    expect(text).toContain('delegated flow: Give {delegate} Full Access on {mailbox}');
    await page.close();
  });
});
