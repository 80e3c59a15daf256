import { html } from '../../outlets/http/html.ts';
import type { Versions } from '../../pages/bridge/contract.ts';
import { say } from '../../words/say.ts';

declare const __TOKENTRAY_VERSION__: string;

/** For a version that is not known, which happens only outside Electron. */
const NO_VERSION = '–';

/** Versions of this program and of what it runs on. */
export function versionsOf({ electron, chrome, node }: Readonly<Partial<NodeJS.ProcessVersions>>): Versions {
  return {
    tokentray: __TOKENTRAY_VERSION__,
    electron: electron ?? NO_VERSION,
    chromium: chrome ?? NO_VERSION,
    node: node ?? NO_VERSION,
  };
}

/** The page behind “About Tokentray”: text only, styled by src/pages/page.css. */
export function aboutPage(versions: Versions, logDirectory: string): string {
  const facts: readonly (readonly [name: string, value: string])[] = [
    [say('about.version'), versions.tokentray],
    ['Electron', versions.electron],
    ['Chromium', versions.chromium],
    ['Node.js', versions.node],
    [say('about.logs'), logDirectory],
  ];
  const rows = facts.map(
    ([name, value]) =>
      html`<dt>${name}</dt>
        <dd>${value}</dd>`,
  );
  const { markup } = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width,initial-scale=1" />
      <title>${say('menu.about')}</title>
      <link rel="stylesheet" href="/page.css" />
    </head>
    <body>
      <main>
        <h1>${say('app.name')}</h1>
        <p>${say('about.purpose')}</p>
        <dl>${rows}</dl>
        <p class="soft">${say('about.licence')}</p>
      </main>
    </body>
  </html>`;
  return `<!doctype html>\n${markup}\n`;
}
