import { html } from '../../outlets/http/html.ts';
import { say } from '../../words/say.ts';
import type { OwnPage } from './own-windows.ts';

declare const __TOKENTRAY_VERSION__: string;

/** What the page says of this program and what it runs on. */
export interface AboutFacts {
  readonly version: string;
  /** As `process.versions` has them; what is not there is not shown. */
  readonly runsOn: Readonly<Partial<Record<'electron' | 'chrome' | 'node', string>>>;
  readonly logDirectory: string;
}

/** Room for six lines of facts at the usual size of text; whoever needs it larger scrolls. */
const WIDTH_PX = 520;
const HEIGHT_PX = 340;

/** The window behind “About Tokentray”. */
export const aboutWindow: OwnPage = {
  file: 'about.html',
  title: say('menu.about'),
  widthPx: WIDTH_PX,
  heightPx: HEIGHT_PX,
};

/** The facts of this process. */
export function aboutThisProcess(logDirectory: string): AboutFacts {
  return { version: __TOKENTRAY_VERSION__, runsOn: process.versions, logDirectory };
}

/** Its page: words only, with the style sheet beside it (src/pages/page.css). */
export function aboutPage({ version, runsOn, logDirectory }: AboutFacts): string {
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    [say('about.version'), version],
    ['Electron', runsOn.electron],
    ['Chromium', runsOn.chrome],
    ['Node.js', runsOn.node],
    [say('about.logs'), logDirectory],
  ];
  const rows = facts.flatMap(([name, value]) =>
    value === undefined
      ? []
      : html`<dt>${name}</dt>
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
