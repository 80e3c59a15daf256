/** What our own pages cost: their first paint beside an empty page's, and long tasks with 100,000 entries of history. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { answer } from '../../src/tray/app-scheme.ts';
import { installFake, type PageState } from './fake-api.ts';
import { states } from './states.ts';
import { median, noise, print } from '../bench/measures.ts';

const ROUNDS = 9;
const GOAL_PAINT_MS = 100;
const GOAL_TASK_MS = 50;

const files = {
  directory: fileURLToPath(new URL('../windows', import.meta.url)),
  pages: { 'empty.html': () => '<!doctype html><html lang="en"><title>-</title><p>-</p></html>' },
};
const server = createServer((request, response) => {
  void answer({ method: request.method ?? '', url: `app://bundle${request.url ?? ''}` }, files).then(
    async (answered) => {
      response.writeHead(answered.status, Object.fromEntries(answered.headers));
      response.end(Buffer.from(await answered.arrayBuffer()));
    },
  );
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const browser = await chromium.launch({
  executablePath: process.env['TOKENTRAY_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/** Until when everything was there, in milliseconds; what the asking costs included. */
const shown: number[] = [];

/** Milliseconds from the navigation to the first paint with something in it. */
async function firstPaint(from: Browser, file: string): Promise<number> {
  const context = await from.newContext();
  const page = await context.newPage();
  await page.addInitScript(installFake, states['signed-in']);
  await page.goto(`${origin}/${file}`);
  const at = await page.evaluate(
    `new Promise((resolve) => new PerformanceObserver((list) => list.getEntriesByName('first-contentful-paint').forEach((entry) => resolve(entry.startTime))).observe({ type: 'paint', buffered: true }))`,
  );
  if (file === 'status.html') {
    await page.locator('.part').first().waitFor();
    shown.push(Number(await page.evaluate('performance.now()')));
  }
  await context.close();
  return Number(at);
}

/** The longest task, in milliseconds, while the page is scrolled and its table's pages are turned; below 50 none is told. */
async function longestTask(
  state: PageState,
): Promise<{ readonly opening: number; readonly scrolling: number }> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(
    `window.longTasks = []; new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask', buffered: true });`,
  );
  await page.addInitScript(installFake, state);
  await page.goto(`${origin}/status.html`);
  await page.locator('.part').first().waitFor();
  await page.waitForTimeout(500);
  const take = async (): Promise<number> =>
    Number(await page.evaluate(`Math.max(0, ...window.longTasks.splice(0))`));
  const opening = await take();
  await page.locator('summary').click();
  for (let step = 0; step < 40; step += 1) {
    await page.mouse.wheel(0, step < 20 ? 200 : -200);
    if (step % 8 === 7) await page.locator('.pages button').last().click();
    await page.waitForTimeout(30);
  }
  await page.waitForTimeout(300);
  const scrolling = await take();
  await context.close();
  return { opening, scrolling };
}

const paints: Record<'empty.html' | 'status.html', number[]> = { 'empty.html': [], 'status.html': [] };
for (let round = 0; round <= ROUNDS; round += 1)
  for (const file of ['empty.html', 'status.html'] as const) {
    const at = await firstPaint(browser, file);
    // The first of each warms the browser up.
    if (round > 0) paints[file].push(at);
  }
const [empty, status] = [median(paints['empty.html']), median(paints['status.html'])];
print(
  `First paint of Status: ${status.toFixed(0)} ms, of an empty page ${empty.toFixed(0)} ms: ${(status - empty).toFixed(0)} ms more (goal: under ${GOAL_PAINT_MS}).`,
);
// Whatever is painted first: a page is of use when it says who is signed in.
print(`All of Status is there after ${median(shown).toFixed(0)} ms.`);
const { opening, scrolling } = await longestTask({ ...states['signed-in'], moreEntries: 100_000 });
print(
  `Longest task with 100,000 entries: ${scrolling.toFixed(0)} ms while scrolling (0: none over 50; goal: none over ${GOAL_TASK_MS}); ${opening.toFixed(0)} ms while the page opens, the making of the entries included.`,
);
const why = noise(paints['empty.html']);
if (why !== undefined) print(`The machine was not quiet: ${why}.`);
await browser.close();
server.close();
