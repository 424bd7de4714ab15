import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { PAGE_HEADERS } from '../../shared/page/document';

/** Of the Debian package chromium. */
export const CHROMIUM = '/usr/bin/chromium';
/** Longest time Chromium may take to start and to end, in milliseconds. */
const LIMIT = 60_000;

/** A browser for the tests of one file, and a server that shows it pages with the headers of the product. */
export function browserForTests() {
  let browser: Browser | undefined;
  let server: Server | undefined;
  const pages = new Map<string, string>();

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
    const listening = createServer((request, response) => {
      const html = pages.get(request.url ?? '');
      response.writeHead(html === undefined ? 404 : 200, PAGE_HEADERS).end(html);
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    server = listening;
  }, LIMIT);

  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  }, LIMIT);

  return {
    /** Opens the HTML in a tab of its own, which the caller closes. What the page's console says is in `said`. */
    async open(
      html: string,
      { width = 1100, height = 900, dark = false }: { width?: number; height?: number; dark?: boolean } = {},
    ): Promise<{ page: Page; said: string[] }> {
      if (browser === undefined || server === undefined) throw new Error('the browser runs during tests only');
      const path = `/page${pages.size}`;
      pages.set(path, html);
      const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' });
      const said: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      page.on('dialog', (dialog) => {
        said.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      const { port } = server.address() as AddressInfo;
      await page.goto(`http://127.0.0.1:${port}${path}`);
      return { page, said };
    },
  };
}

/** What axe finds wrong with the page, one line each; see https://dequeuniversity.com/rules/axe/ */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
