// Makes every shipped icon from assets/drawing.mjs: `node assets/tray/source.mjs`. Chromium draws each size
// separately, so that none is scaled: macOS template images (16, 32), Windows .ico for a light and a
// dark taskbar, Linux PNG for a light and a dark panel (22, 44), and the application's own icon.
import { mkdir, writeFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { applicationIcon, stateIcon, STATES } from '../drawing.mjs';
import { icoOf } from '../ico.mjs';

/** The size of icons in the notification area at 100, 125, 150, 200 and 300 % on Windows. */
const WINDOWS_SIZES_PX = [16, 20, 24, 32, 48];
const APPLICATION_ICO_SIZES_PX = [16, 24, 32, 48, 64, 128, 256];
const TEMPLATE_BLACK = '#000000';

/** By the panel's theme. Only the warning sign also has a color. */
const THEMES = {
  light: { ink: '#24292f', warning: '#b35900', halo: '#ffffff' },
  dark: { ink: '#ffffff', warning: '#ffb84d', halo: '#000000' },
};

const browser = await chromium.launch({
  executablePath: process.env.TOKENTRAY_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const page = await browser.newPage();

async function png(svg, size) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>html,body{margin:0;background:transparent}</style>${svg}`);
  return page.screenshot({ omitBackground: true });
}

async function save(name, bytes) {
  const url = new URL(`../${name}`, import.meta.url);
  await mkdir(new URL('.', url), { recursive: true });
  await writeFile(url, bytes);
}

for (const state of STATES) {
  for (const [suffix, size] of [
    ['', 16],
    ['@2x', 32],
  ]) {
    const svg = stateIcon(state, { ink: TEMPLATE_BLACK, size });
    await save(`tray/mac/${state}Template${suffix}.png`, await png(svg, size));
  }
  for (const [theme, { ink, warning, halo }] of Object.entries(THEMES)) {
    const colours = { ink, accent: state === 'attention' ? warning : ink };
    const sizes = [];
    for (const size of WINDOWS_SIZES_PX) sizes.push(await png(stateIcon(state, { ...colours, size }), size));
    await save(`tray/win/${theme}/${state}.ico`, icoOf(sizes));
    for (const [suffix, size] of [
      ['', 22],
      ['@2x', 44],
    ]) {
      const svg = stateIcon(state, { ...colours, halo, size });
      await save(`tray/linux/${theme}/${state}${suffix}.png`, await png(svg, size));
    }
  }
}

const application = [];
for (const size of APPLICATION_ICO_SIZES_PX) application.push(await png(applicationIcon(size), size));
await save('app/icon.ico', icoOf(application));
await save('app/icon-256.png', application.at(-1));
await save('app/icon.png', await png(applicationIcon(512), 512));
await save('app/icon.svg', `${applicationIcon(512)}\n`);
await browser.close();
