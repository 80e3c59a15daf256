import { createHash } from 'node:crypto';
import { say } from '../words/say.ts';

/** Colours with at least 4.5:1 on their ground, light and dark (WCAG 2.2, 1.4.3). */
const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--ground:#f6f7f9;--card:#fff;--line:#d5d9de}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--ground:#16181c;--card:#1f2227;--line:#3a3f47}}
body{margin:0;padding:2rem 1rem;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{max-width:38rem;margin:0 auto;padding:1.5rem 2rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere}
p{margin:.5rem 0;overflow-wrap:anywhere}
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Nothing but our own style sheet, by its hash: no script, no image, no frame, no form. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function escape(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}

/** A page with a heading and what there is to say; both are texts, not markup. */
export function messagePage(heading: string, paragraphs: readonly string[]): string {
  const title = escape(`${heading} – ${say('app.name')}`);
  const body = paragraphs.map((text) => `<p>${escape(text)}</p>`).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><style>${STYLE}</style><title>${title}</title></head><body><main><h1>${escape(heading)}</h1>${body}</main></body></html>\n`;
}
