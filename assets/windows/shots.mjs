// Pictures of the Status and Settings pages for review: `node .config/build.mjs && node assets/windows/shots.mjs OUTDIR
// [STATE…]`. Every state, light, dark, 360 pixels wide, and at a zoom of 200 %.
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

/** The tests' states, and the `app:` scheme's answers, without Electron. */
async function product() {
  const { outputFiles } = await build({
    stdin: {
      contents:
        "export { answer } from './src/tray/windows/app-scheme.ts';" +
        "export { PageOpener } from './test/pages/fixtures/open-page.ts';" +
        "export { states } from './test/pages/fixtures/states.ts';" +
        "export { installFakeSettings } from './test/pages/fixtures/fake-settings.ts';" +
        "export { scenes } from './test/pages/fixtures/settings-states.ts';",
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

/** A zoom of 200 % halves the page's size in CSS pixels. */
const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1000, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1000, height: 800 } },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 740 } },
  zoomed: { colorScheme: 'dark', viewport: { width: 500, height: 400 }, deviceScaleFactor: 2 },
  contrast: { contrast: 'more', viewport: { width: 1000, height: 800 } },
  forced: { forcedColors: 'active', viewport: { width: 1000, height: 800 } },
};

const { answer, PageOpener, states, installFakeSettings, scenes } = await product();
await mkdir(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.TOKENTRAY_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const opener = new PageOpener(browser, answer, path.join(root, 'dist/pages'));
/** The page in a state; a scene of Settings also defines what the user does first. */
async function open(state, options) {
  const scene = scenes[state];
  const { page } =
    scene === undefined
      ? await opener.open(states[state], options)
      : await opener.openWith(
          (each) => each.addInitScript(installFakeSettings, scene.state),
          options,
          'settings.html',
        );
  await page.locator('#page main').waitFor();
  await scene?.steps?.(page);
  return page;
}

async function shoot(name, state, options) {
  const page = await open(state, options);
  await page.screenshot({ path: path.join(out, `${name}.png`), fullPage: true });
  await page.close();
}

for (const state of asked.length > 0 ? asked : [...Object.keys(states), ...Object.keys(scenes)])
  for (const [look, options] of Object.entries(LOOKS)) await shoot(`${state}-${look}`, state, options);
await browser.close();
