import { mkdirSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const FOLDER = 'docs/screenshots';
const MAILBOX = '/api/status/jsm-service-desk/hr%40contoso.com';
const LINE = 'A3 BAD User is authenticated but not connected.';

interface Picture {
  readonly name: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly dark?: true;
}

const PICTURES: readonly Picture[] = [
  { name: 'status', path: '/api/status', width: 1200, height: 1000 },
  { name: 'status-dark', path: '/api/status', width: 1200, height: 1000, dark: true },
  { name: 'status-phone', path: '/api/status', width: 390, height: 844 },
  { name: 'mailbox', path: MAILBOX, width: 1200, height: 1500 },
  { name: 'explain', path: `/api/explain?text=${encodeURIComponent(LINE)}`, width: 1200, height: 1000 },
];

/** Takes the pictures of the documentation from what `npm start` serves. */
async function main(root = process.argv[2] ?? 'http://127.0.0.1:7071'): Promise<void> {
  const answer = await fetch(`${root}/api/health/ready`).catch(() => undefined);
  if (answer?.ok !== true) throw new Error(`Nothing is ready at ${root}. In another terminal: npm start`);
  mkdirSync(FOLDER, { recursive: true });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    for (const picture of PICTURES) await take(picture, root, browser);
  } finally {
    await browser.close();
  }
}

async function take({ name, path, width, height, dark }: Picture, root: string, browser: Browser): Promise<void> {
  const page = await browser.newPage({
    viewport: { width, height },
    ...(dark && { colorScheme: 'dark' as const }),
    extraHTTPHeaders: { Accept: 'text/html' },
  });
  await page.goto(root + path);
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
  await page.close();
  console.log(`${FOLDER}/${name}.png`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
