// Pictures of the Status page, to be looked at: `node .config/build.mjs && node assets/windows/shots.mjs OUTDIR
// [STATE…]`. Every state as it ships, light, dark, 360 pixels narrow, and at a zoom of 200 %.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const [out, ...asked] = process.argv.slice(2);
if (out === undefined) {
  process.stderr.write('usage: node assets/windows/shots.mjs OUTDIR [STATE…]\n');
  process.exit(2);
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The states of the tests, and the scheme's own answers, without Electron. */
async function product() {
  const { outputFiles } = await build({
    stdin: {
      contents:
        "export { answer } from './src/tray/app-scheme.ts';" +
        "export { PageOpener } from './test/windows/open-page.ts';" +
        "export { states } from './test/windows/states.ts';",
      resolveDir: root,
      loader: 'ts',
    },
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    alias: { electron: './assets/windows/no-electron.mjs' },
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

/** A zoom of 200 % halves the page's own pixels. */
const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1000, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1000, height: 800 } },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 740 } },
  zoomed: { colorScheme: 'dark', viewport: { width: 500, height: 400 }, deviceScaleFactor: 2 },
  contrast: { contrast: 'more', viewport: { width: 1000, height: 800 } },
  forced: { forcedColors: 'active', viewport: { width: 1000, height: 800 } },
};

const { answer, PageOpener, states } = await product();
await mkdir(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.TOKENTRAY_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const opener = new PageOpener(browser, answer, path.join(root, 'dist/windows'));
for (const state of asked.length > 0 ? asked : Object.keys(states))
  for (const [look, options] of Object.entries(LOOKS)) {
    const { page } = await opener.open(states[state], options);
    await page.locator('#page main').waitFor();
    await page.screenshot({ path: path.join(out, `${state}-${look}.png`), fullPage: true });
    await page.context().close();
  }
await browser.close();
