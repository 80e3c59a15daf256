import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { html } from '../../src/outlets/http/html.ts';
import { contentSecurityPolicy, messagePage, page, SECURITY_HEADERS } from '../../src/outlets/page.ts';

const HOSTILE = '<img src=x onerror="hit()"> & \u202egnorw\u2069\u2066';

test('a page has the look of the windows, and its policy allows that style alone', () => {
  const markup = page('Done', html`<p>It went well.</p>`, undefined);
  const style = /<style>(.*)<\/style>/su.exec(markup)?.[1] ?? '';
  expect(style).toBe(readFileSync(new URL('../../src/pages/page.css', import.meta.url), 'utf8'));
  const hash = createHash('sha256').update(style).digest('base64');
  expect(SECURITY_HEADERS['Content-Security-Policy']).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  // A browser ends the style where it reads this, whatever the sheet meant.
  expect(style).not.toContain('</');
});

test('a policy with more allows that and nothing else', () => {
  expect(contentSecurityPolicy("script-src 'self'", "connect-src 'self'")).toBe(
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
});

test('foreign texts stay text, and do not change the direction of what follows', () => {
  const markup =
    page(HOSTILE, html`<dd title="${HOSTILE}">${HOSTILE}</dd>`, HOSTILE) +
    messagePage(HOSTILE, { sentence: HOSTILE, next: HOSTILE });
  expect(markup).toContain('&lt;img src=x onerror=&quot;hit()&quot;&gt; &amp; gnorw');
  expect(markup).not.toContain('<img');
  expect(markup).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u);
});
