// Makes the pictures of the documents: `node .config/build.mjs && node assets/pictures/make.mjs`. The tray's icon and
// menu come from the product's own projection, the pages are the ones that ship; only the data is made up.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { smallPng } from './small-png.mjs';

// The pages' fixtures are in this zone; the menu is put together in this process.
process.env.TZ = 'Europe/Berlin';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The product's own decisions, and what the tests open pages with, without Electron. */
async function product() {
  const { outputFiles } = await build({
    stdin: {
      contents:
        "export { answer } from './src/tray/windows/app-scheme.ts';" +
        "export { trayView } from './src/tray/menu/projection.ts';" +
        "export { iconFile } from './src/tray/menu/icons.ts';" +
        "export { installFakeSettings } from './test/pages/fixtures/fake-settings.ts';" +
        "export { PageOpener } from './test/pages/fixtures/open-page.ts';" +
        "export { scenes } from './test/pages/fixtures/settings-states.ts';" +
        "export { account, NOW, profile, states } from './test/pages/fixtures/states.ts';",
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

const { account, answer, iconFile, installFakeSettings, NOW, PageOpener, profile, scenes, states, trayView } =
  await product();

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A week in which everything works: a refresh at 07:00 each day, and one an hour until the evening. */
function cleanWeek() {
  const from = NOW - 7 * DAY_MS;
  const token = (at) => at + 75 * MINUTE_MS;
  const entries = [{ at: from + 18 * HOUR_MS, kind: 'signed-in', expiresOn: token(from + 18 * HOUR_MS) }];
  const first = entries[0].at + 65 * MINUTE_MS;
  for (let at = first; at < NOW - 27 * MINUTE_MS; at += 65 * MINUTE_MS)
    entries.push({ at, kind: 'refreshed', cause: 'expiry', expiresOn: token(at) });
  const last = NOW - 27 * MINUTE_MS;
  entries.push({ at: last, kind: 'refreshed', cause: 'expiry', expiresOn: token(last) });
  return { from, to: NOW, gaps: [], entries };
}

/** What the tray shows of the same session. */
function tray() {
  const status = {
    session: { kind: 'signed-in', account, expiresOn: NOW + 48 * MINUTE_MS },
    activity: { kind: 'idle' },
    health: { kind: 'ok' },
    storage: { kind: 'ok' },
  };
  const { profile: named } = profile();
  const facts = {
    ...named,
    extraScopes: [],
    signIn: 'window',
    nextScheduledAt: NOW + 17 * HOUR_MS - 2 * MINUTE_MS,
    status,
  };
  return trayView({
    profiles: [facts],
    defaultProfile: named.id,
    news: undefined,
    startAtLogin: 'on',
    now: NOW,
  });
}

const escape = (text) =>
  String(text).replace(/[&<>"]/gu, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one]);

function menuMarkup(menu) {
  return menu
    .map((entry) => {
      switch (entry.kind) {
        case 'separator':
          return '<hr>';
        case 'line':
          return `<p class="line">${escape(entry.text)}</p>`;
        case 'action':
          return `<p class="${entry.state}">${entry.mark === 'on' ? '✓ ' : ''}${escape(entry.text)}</p>`;
        case 'submenu':
          return `<p class="${entry.state} submenu">${escape(entry.text)}<span>▸</span></p>`;
      }
    })
    .join('');
}

async function dataAddress(file) {
  return `data:image/png;base64,${(await readFile(file)).toString('base64')}`;
}

const STYLE = `
body { margin: 0; width: 1160px; height: 1060px; font: 14px/1.4 system-ui, sans-serif; background: #c9d3df; color: #1b1f24; }
.panel { height: 32px; background: #202225; color: #fff; display: flex; justify-content: flex-end; align-items: center; gap: 18px; padding: 0 20px; }
.panel img { width: 22px; height: 22px; }
.menu { position: absolute; top: 38px; right: 20px; width: 290px; background: #fff; border-radius: 8px; padding: 6px 0; box-shadow: 0 8px 28px #0005; }
.menu p { margin: 0; padding: 4px 16px; } .line, .disabled { color: #6b747d; } .submenu { display: flex; justify-content: space-between; }
.menu hr { border: 0; border-top: 1px solid #d8dee4; margin: 5px 0; }
.window { position: absolute; top: 56px; left: 28px; width: 760px; border-radius: 10px; overflow: hidden; box-shadow: 0 10px 36px #0006; }
.title { background: #e3e7ec; text-align: center; padding: 7px; font-weight: 600; position: relative; }
.title span { position: absolute; right: 14px; font-weight: 400; }
.window img { display: block; width: 760px; }`;

async function desktop(browser, opener) {
  const state = { ...states['signed-in'], profiles: [profile()], history: cleanWeek() };
  const { page: status } = await opener.open(state, {
    colorScheme: 'light',
    viewport: { width: 760, height: 940 },
  });
  await status.locator('#page main').waitFor();
  const shown = (await status.screenshot()).toString('base64');
  await status.close();
  const { icon, menu } = tray();
  const iconImage = fileURLToPath(new URL(`../tray/${iconFile(icon, 'linux', 'dark')}`, import.meta.url));
  const page = await browser.newPage({ viewport: { width: 1160, height: 1060 } });
  await page.setContent(
    `<!doctype html><meta charset="utf-8"><style>${STYLE}</style>` +
      `<div class="panel"><img src="${await dataAddress(iconImage.replace(/\.png$/u, '@2x.png'))}"><span>14:02</span></div>` +
      `<div class="window"><div class="title">Tokentray<span>✕</span></div><img src="data:image/png;base64,${shown}"></div>` +
      `<div class="menu">${menuMarkup(menu)}</div>`,
  );
  return page;
}

async function firstRun(_browser, opener) {
  const { state, steps } = scenes['settings-first'];
  const { page } = await opener.openWith(
    (each) => each.addInitScript(installFakeSettings, state),
    { colorScheme: 'light', viewport: { width: 960, height: 600 } },
    'settings.html',
  );
  await page.locator('#page main').waitFor();
  await steps?.(page);
  return page;
}

/** In the page, which can read pictures: the picture's pixels, four bytes each, as base64. */
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

const browser = await chromium.launch({
  executablePath: process.env.TOKENTRAY_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const opener = new PageOpener(browser, answer, `${root}dist/pages`);
for (const [name, open] of Object.entries({ 'tray-and-status': desktop, 'first-run': firstRun })) {
  const page = await open(browser, opener);
  const picture = (await page.screenshot()).toString('base64');
  const { width, height, pixels } = await page.evaluate(drawn, picture);
  await writeFile(
    new URL(`${name}.png`, import.meta.url),
    smallPng(Buffer.from(pixels, 'base64'), width, height),
  );
  await page.close();
}
await browser.close();
