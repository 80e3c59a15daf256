// Pictures of the pages of `tokentray serve` for review: `node .config/build.mjs && node assets/windows/web-shots.mjs
// OUTDIR [STATE…]`. The states of the Status page, at `/`, and a refusal.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const [out, ...asked] = process.argv.slice(2);
if (out === undefined) {
  process.stderr.write('usage: node assets/windows/web-shots.mjs OUTDIR [STATE…]\n');
  process.exit(2);
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = path.join(root, 'dist/pages');

/** In a folder of `dist` like the bundles, because the pages' style sheet is read from beside it. */
const stageFile = path.join(root, 'dist/shots/stage.js');

/** A zoom of 200 % halves the page's size in CSS pixels. */
const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1000, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1000, height: 800 } },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 740 } },
  zoomed: { colorScheme: 'dark', viewport: { width: 500, height: 400 }, deviceScaleFactor: 2 },
  'without-script': { javaScriptEnabled: false, viewport: { width: 1000, height: 800 } },
};

/** The states that `/` can show: without those that no session has. */
const STATES = ['signed-in', 'signed-out', 'offline', 'sign-in-needed', 'troubled', 'several', 'hostile'];

await build({
  stdin: {
    contents:
      "export { WebStage } from './test/pages/fixtures/web-stage.ts';" +
      "export { states } from './test/pages/fixtures/states.ts';",
    resolveDir: root,
    loader: 'ts',
  },
  absWorkingDir: root,
  bundle: true,
  outfile: stageFile,
  format: 'esm',
  platform: 'node',
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
const { WebStage, states } = await import(stageFile);

await mkdir(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.TOKENTRAY_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const stage = await WebStage.open(browser, pages, states['signed-in']);

for (const [look, options] of Object.entries(LOOKS)) {
  for (const state of asked.length > 0 ? asked : STATES) {
    stage.set(states[state]);
    const web = await stage.newPage('standing', options);
    await stage.visit(web);
    const { page } = web;
    // The script draws one part after the other; without it all parts are visible from the start.
    if (options.javaScriptEnabled !== false)
      await page.locator('#page section:nth-of-type(3) > div:last-child > *').first().waitFor();
    await page.screenshot({ path: path.join(out, `web-${state}-${look}.png`), fullPage: true });
    await page.context().close();
  }
  // Without the cookie.
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(stage.origin);
  await page.screenshot({ path: path.join(out, `web-refused-${look}.png`), fullPage: true });
  await context.close();
}
await stage.close();
await browser.close();
