// Pictures of the Status and Settings pages for review: `node .config/build.mjs && node assets/windows/shots.mjs OUTDIR
// [STATE…]`. Every state, light, dark, 360 pixels wide, and at a zoom of 200 %. `--readme OUTDIR` makes the README's
// three pictures instead: in the window's size, each below 60 kB.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { smallPng } from './small-png.mjs';

const isReadme = process.argv[2] === '--readme';
const [out, ...asked] = process.argv.slice(isReadme ? 3 : 2);
if (out === undefined) {
  process.stderr.write('usage: node assets/windows/shots.mjs [--readme] OUTDIR [STATE…]\n');
  process.exit(2);
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The tests' states, and the `app:` scheme's answers, without Electron. */
async function product() {
  const { outputFiles } = await build({
    stdin: {
      contents:
        "export { answer } from './src/tray/app-scheme.ts';" +
        "export { PageOpener } from './test/windows/open-page.ts';" +
        "export { states } from './test/windows/states.ts';" +
        "export { installFakeSettings } from './test/windows/fake-settings.ts';" +
        "export { scenes } from './test/windows/settings-states.ts';",
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

/** The README's pictures: file, state and theme. */
const README = [
  ['status', 'signed-in', { colorScheme: 'light', viewport: { width: 760, height: 960 } }],
  ['first-run', 'settings-first', { colorScheme: 'light', viewport: { width: 960, height: 600 } }],
  ['outlets', 'settings-outlets', { colorScheme: 'dark', viewport: { width: 960, height: 720 } }],
];

async function shoot(name, state, options) {
  const page = await open(state, options);
  await page.screenshot({ path: path.join(out, `${name}.png`), fullPage: true });
  await page.close();
}

/** In the window's size, and compressed by small-png.mjs. */
async function shootSmall(name, state, options) {
  const page = await open(state, options);
  const picture = (await page.screenshot()).toString('base64');
  const { width, height, pixels } = await page.evaluate(drawn, picture);
  await writeFile(path.join(out, `${name}.png`), smallPng(Buffer.from(pixels, 'base64'), width, height));
  await page.close();
}

/** Runs in the page, which can decode images: the pixels, four bytes each, as base64. */
async function drawn(picture) {
  const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext('2d');
  canvas.drawImage(bitmap, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  let text = '';
  for (let start = 0; start < data.length; start += 32_768)
    text += String.fromCharCode(...data.subarray(start, start + 32_768));
  return { width, height, pixels: btoa(text) };
}

if (isReadme) for (const [name, state, options] of README) await shootSmall(name, state, options);
else
  for (const state of asked.length > 0 ? asked : [...Object.keys(states), ...Object.keys(scenes)])
    for (const [look, options] of Object.entries(LOOKS)) await shoot(`${state}-${look}`, state, options);
await browser.close();
