import { createHash } from 'node:crypto';
import { raw } from 'hono/html';
import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { STYLE } from './style';

/** Nothing is loaded, nothing runs, forms go back to where the page came from. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers that every page is sent with. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

export interface DocumentProps {
  readonly title: string;
  /** The path that all pages stand under, such as `/api`; no slash at the end. */
  readonly root: string;
}

/** The whole page around its content. */
export function Document({ title, root, children }: PropsWithChildren<DocumentProps>) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Mailbox Watch`}</title>
        <style>{raw(STYLE)}</style>
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <header class="top">
          <b>Mailbox Watch</b>
          <nav aria-label="Pages">
            <a href={`${root}/status`}>Status</a> · <a href={`${root}/explain`}>Explain a log line</a> ·{' '}
            <a href={`${root}/remediations`}>Causes and remedies</a>
          </nav>
        </header>
        <main id="content">{children}</main>
      </body>
    </html>
  );
}

/** The text of a page. */
export async function renderPage(page: JSX.Element): Promise<string> {
  return `<!doctype html>\n${await page}`;
}
