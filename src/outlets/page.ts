import { createHash } from 'node:crypto';
import { say, type ProblemWords } from '../words/say.ts';
import { html, type Html } from './html.ts';

/** Colours with at least 4.5:1 on their ground, light and dark (WCAG 2.2, 1.4.3). */
const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--ground:#f6f7f9;--card:#fff;--line:#d5d9de;--link:#0a58ca;--bad:#a4262c}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a8b0b9;--ground:#16181c;--card:#1f2227;--line:#3a3f47;--link:#8ab4f8;--bad:#ff9c95}}
body{margin:0;padding:2rem 1rem;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{max-width:38rem;margin:0 auto;padding:1.5rem 2rem 2rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
.app{margin:0;color:var(--soft);font-size:.875rem}
h1{margin:.25rem 0 1rem;font-size:1.5rem;line-height:1.25}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.5rem 1.25rem;margin:0 0 1.25rem}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
code{font:.9375rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
.trouble{margin:0 0 1.25rem;padding:.75rem 1rem;border-left:.25rem solid var(--bad);background:var(--ground)}
.trouble p{margin:0}.trouble p+p{margin-top:.25rem;color:var(--soft)}
main>:last-child{margin-bottom:0}
a{color:var(--link)}a.button{display:inline-block;padding:.5rem 1rem;border:1px solid currentColor;border-radius:.5rem;text-decoration:none}
a:focus-visible{outline:.1875rem solid var(--link);outline-offset:.125rem}
@media(max-width:30rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Nothing but our own style sheet, by its hash: no script, no image, no frame, no form. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every answer: nothing is stored, framed, sniffed, or told to another site. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** A page; `profileName` stands beside the application's name where it is worth saying. */
export function page(heading: string, body: Html, profileName: string | undefined): string {
  const title = `${heading} – ${say('app.name')}`;
  const app = profileName === undefined ? say('app.name') : `${say('app.name')} – ${profileName}`;
  // Not through `html`: the style must stay as it was hashed.
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><style>${STYLE}</style>${
    html`<title>${title}</title></head><body><main><p class="app">${app}</p><h1>${heading}</h1>${body}</main></body></html>`
      .markup
  }\n`;
}

/** What is wrong and the next step; nothing where nothing is wrong. */
export function trouble(words: ProblemWords | undefined): Html {
  if (words === undefined) return html``;
  return html`<div class="trouble" role="alert">
    <p>${words.sentence}</p>
    <p>${words.next}</p>
  </div>`;
}

/** A refusal or a dead end, in words. */
export function messagePage(heading: string, problem: ProblemWords): string {
  return page(heading, trouble(problem), undefined);
}
