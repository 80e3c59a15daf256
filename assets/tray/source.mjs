// Draws the tray icons: `node assets/tray/source.mjs` renders every state at 22 px and 44 px (@2x) with
// Chromium. The states differ by shape, not only by colour; mid-tones stand out on light and dark panels.
import { writeFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const ring = (colour, fill) =>
  `<circle cx="11" cy="11" r="8.25" fill="${fill}" stroke="${colour}" stroke-width="2.5"/>`;
const stroke = (colour, d, width = 2.25) =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;

const states = {
  // An open ring with a gap and a dot: nobody inside.
  'signed-out':
    '<circle cx="11" cy="11" r="8.25" fill="none" stroke="#8a94a6" stroke-width="2.5" stroke-dasharray="4.32 4.32"/><circle cx="11" cy="11" r="2.25" fill="#8a94a6"/>',
  // A full disc with a tick.
  'signed-in': ring('#2f9e6e', '#2f9e6e') + stroke('#ffffff', 'M6.75 11.25 L9.75 14.25 L15.25 8'),
  // Two arrows chasing each other.
  refreshing:
    stroke('#3b82d6', 'M3.5 9.5 A7.75 7.75 0 0 1 17.2 6.4', 2.5) +
    stroke('#3b82d6', 'M18.5 12.5 A7.75 7.75 0 0 1 4.8 15.6', 2.5) +
    '<path d="M19.4 2.6 L18.9 8.9 L13.4 6.9 Z" fill="#3b82d6"/><path d="M2.6 19.4 L3.1 13.1 L8.6 15.1 Z" fill="#3b82d6"/>',
  // A triangle with an exclamation mark.
  attention:
    '<path d="M11 2.25 L20.5 18.75 H1.5 Z" fill="#e08a1e" stroke="#e08a1e" stroke-width="1.75" stroke-linejoin="round"/>' +
    stroke('#ffffff', 'M11 8 V12.5') +
    '<circle cx="11" cy="15.9" r="1.35" fill="#ffffff"/>',
  // A ring that is struck through.
  offline: ring('#8a94a6', 'none') + stroke('#8a94a6', 'M5 17 L17 5', 2.5),
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
for (const [name, shapes] of Object.entries(states)) {
  for (const [suffix, deviceScaleFactor] of [
    ['', 1],
    ['@2x', 2],
  ]) {
    const page = await browser.newPage({ viewport: { width: 22, height: 22 }, deviceScaleFactor });
    await page.setContent(
      `<style>html,body{margin:0;background:transparent}</style><svg xmlns="http://www.w3.org/2000/svg" width="22" height="22" viewBox="0 0 22 22" style="display:block">${shapes}</svg>`,
    );
    await writeFile(
      new URL(`${name}${suffix}.png`, import.meta.url),
      await page.screenshot({ omitBackground: true }),
    );
    await page.close();
  }
}
await browser.close();
