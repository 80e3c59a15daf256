import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { say, type ProblemWords } from '../words/say.ts';
import { html, type Html } from './http/html.ts';

/**
 * The style sheet of our own windows, from beside the folder of the bundle, as in the source. It is part of the
 * page: a page may be the last thing that its server sends. Line ends as a browser reads them, or the hash would
 * differ.
 */
const STYLE = readFileSync(new URL('../pages/page.css', import.meta.url), 'utf8').replaceAll('\r\n', '\n');

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** A policy that allows `sources` and nothing else: no images, frames, forms, or other sites' content. */
export function contentSecurityPolicy(...sources: readonly string[]): string {
  return [
    "default-src 'none'",
    ...sources,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** On every answer: nothing is stored, framed, sniffed, run, or sent to another site. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': contentSecurityPolicy(`style-src 'sha256-${STYLE_HASH}'`),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** A page of text. `profileName` is shown beside the application's name, if it is useful. */
export function page(heading: string, body: Html, profileName: string | undefined): string {
  // Not by `html`: the style must stay as it was hashed.
  return `<!doctype html><html lang="en"><head>${headOf(heading).markup}<style>${STYLE}</style></head>${
    html`<body><main><div class="card stack">${headingOf(heading, profileName)}${body}</div></main></body></html>`
      .markup
  }\n`;
}

/** The beginning of every page's head. */
export function headOf(heading: string): Html {
  return html`<meta charset="utf-8" /><meta
      name="viewport"
      content="width=device-width,initial-scale=1"
    /><title>${heading} – ${say('app.name')}</title>`;
}

/** The application's name above the page's heading. */
export function headingOf(heading: string, profileName: string | undefined): Html {
  const app = profileName === undefined ? say('app.name') : `${say('app.name')} – ${profileName}`;
  return html`<div>
    <p class="soft app">${app}</p>
    <h1>${heading}</h1>
  </div>`;
}

/** A problem and its next step; empty without a problem. */
export function trouble(words: ProblemWords | undefined): Html {
  if (words === undefined) return html``;
  return html`<div class="problem" role="alert">
    <p class="strong" dir="auto">${words.sentence}</p>
    <p dir="auto">${words.next}</p>
  </div>`;
}

/** A page for a refusal or a dead end. */
export function messagePage(heading: string, problem: ProblemWords): string {
  return page(heading, trouble(problem), undefined);
}
