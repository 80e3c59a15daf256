/**
 * What our own pages cost: their first paint beside an empty page's, when they show what they are there for, and
 * long tasks with 100,000 entries of history.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { answer } from '../../src/tray/app-scheme.ts';
import { installFake, type PageState } from './fake-api.ts';
import { installFakeSettings } from './fake-settings.ts';
import { scenes } from './settings-states.ts';
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

interface Measured {
  readonly name: string;
  readonly file: string;
  /** Gives the page its stand-in for the preload script, before anything of its own runs. */
  readonly install: (page: Page) => Promise<unknown>;
  /** What the page is there for: found when it is shown. */
  readonly content: string;
  /** What comes last. */
  readonly last: string;
}

const EMPTY: Measured = {
  name: 'an empty page',
  file: 'empty.html',
  install: (page) => page.addInitScript(installFake, states['signed-in']),
  content: 'p',
  last: 'p',
};
const PAGES: readonly Measured[] = [
  {
    name: 'Status',
    file: 'status.html',
    install: EMPTY.install,
    content: '.session:not(:empty)',
    last: '.part',
  },
  {
    name: 'Settings',
    file: 'settings.html',
    install: (page: Page) => page.addInitScript(installFakeSettings, scenes['settings-profile'].state),
    content: 'form input',
    last: 'form input',
  },
].filter(({ file }) => existsSync(path.join(files.directory, file)));

/** Milliseconds from the navigation to three moments of a page; what the asking costs is in the last. */
interface Moments {
  /** The first paint with anything of the page in it (Chromium’s `first-contentful-paint`). */
  readonly paint: number;
  /** The end of the frame in which its content was painted first. */
  readonly content: number;
  readonly all: number;
}

/** Runs in the page: the end of the first frame with this in it, as `window.contentAt`. */
function watchContent(selector: string): void {
  const look = new MutationObserver(() => {
    if (document.querySelector(selector) === null) return;
    look.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      // A message comes after the paint of the frame.
      port1.onmessage = () => Object.assign(window, { contentAt: performance.now() });
      port2.postMessage('painted');
    });
  });
  look.observe(document, { childList: true, subtree: true, characterData: true });
}

async function momentsOf({ file, install, content, last }: Measured): Promise<Moments> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await install(page);
  await page.addInitScript(watchContent, content);
  await page.goto(`${origin}/${file}`);
  const paint = await page.evaluate(
    `new Promise((resolve) => new PerformanceObserver((list) => list.getEntriesByName('first-contentful-paint').forEach((entry) => resolve(entry.startTime))).observe({ type: 'paint', buffered: true }))`,
  );
  await page.locator(last).first().waitFor();
  const all = await page.evaluate('performance.now()');
  await page.waitForFunction('window.contentAt !== undefined');
  const contentAt = await page.evaluate('window.contentAt');
  await context.close();
  return { paint: Number(paint), content: Number(contentAt), all: Number(all) };
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

const measured = new Map<Measured, Moments[]>([EMPTY, ...PAGES].map((each) => [each, []]));
for (let round = 0; round <= ROUNDS; round += 1)
  for (const [each, moments] of measured) {
    const found = await momentsOf(each);
    // The first of each warms the browser up.
    if (round > 0) moments.push(found);
  }
const medianOf = (each: Measured, moment: keyof Moments): number =>
  median((measured.get(each) ?? []).map((found) => found[moment]));
const empty = medianOf(EMPTY, 'paint');
for (const each of PAGES) {
  const paint = medianOf(each, 'paint');
  print(
    `First paint of ${each.name}: ${paint.toFixed(0)} ms, of an empty page ${empty.toFixed(0)} ms: ${(paint - empty).toFixed(0)} ms more (goal: under ${GOAL_PAINT_MS}).`,
  );
  // Whatever is painted first: a page is of use when it shows what it is there for.
  print(
    `${each.name} shows its content after ${medianOf(each, 'content').toFixed(0)} ms, and all of it after ${medianOf(each, 'all').toFixed(0)} ms.`,
  );
}
const { opening, scrolling } = await longestTask({ ...states['signed-in'], moreEntries: 100_000 });
print(
  `Longest task with 100,000 entries: ${scrolling.toFixed(0)} ms while scrolling (0: none over 50; goal: none over ${GOAL_TASK_MS}); ${opening.toFixed(0)} ms while the page opens, the making of the entries included.`,
);
const why = noise((measured.get(EMPTY) ?? []).map(({ paint }) => paint));
if (why !== undefined) print(`The machine was not quiet: ${why}.`);
await browser.close();
server.close();
