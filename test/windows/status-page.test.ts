import axe from 'axe-core';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PageState } from './fake-api.ts';
import { PageOpener, type OpenPage } from './open-page.ts';
import {
  LONG,
  NOW,
  profile,
  RIGHT_TO_LEFT,
  signedOut,
  stateNames,
  states,
  type StateName,
} from './states.ts';

// The real module would fetch Electron's binary.
vi.mock('electron', () => ({}));
const { answer } = await import('../../src/tray/app-scheme.ts');
const { aboutPage } = await import('../../src/tray/about-window.ts');

const MINUTE_MS = 60_000;
const DIRECTORY = fileURLToPath(new URL('../../dist/windows', import.meta.url));

let browser: Browser;
let opener: PageOpener;
let opened: OpenPage | undefined;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env['TOKENTRAY_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const about = { version: '1.2.3', runsOn: process.versions, logDirectory: '/home/ada/.local/state' };
  opener = new PageOpener(browser, answer, DIRECTORY, { 'about.html': () => aboutPage(about) });
});
afterAll(() => browser.close());

// Whatever a test is about: the page keeps to its policy and complains of nothing.
afterEach(async () => {
  if (opened === undefined) return;
  const { page, complaints } = opened;
  opened = undefined;
  const violations = await page.evaluate(() => window.fake.violations);
  await page.context().close();
  expect([...violations, ...complaints]).toEqual([]);
});

async function open(state: PageState, options: BrowserContextOptions = {}, file?: string): Promise<Page> {
  opened = await opener.open(state, { reducedMotion: 'reduce', ...options }, file);
  return opened.page;
}

const openState = (name: StateName, options?: BrowserContextOptions): Promise<Page> =>
  open(states[name], options);
const callsOf = (page: Page): Promise<string[]> => page.evaluate(() => window.fake.calls);
const action = (page: Page, name: string) => page.locator(`[data-action="${name}"]`);
/** Without the marks that keep a name from turning the sentence around it. */
const textOf = async (page: Page): Promise<string> =>
  (await page.locator('#page').innerText()).replaceAll(/[\u2066-\u2069]/gu, '');

/** What axe-core finds, each with the places where. */
async function findings(page: Page, options: axe.RunOptions = {}): Promise<string[]> {
  // By the debugger, whose scripts the policy does not concern.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (each) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, each),
    options,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  );
}

const SHOWN: Readonly<Record<StateName, readonly string[]>> = {
  loading: ['Loading…'],
  failed: ['This could not be read.', 'Tokentray ends. Start it again.', 'Try again'],
  empty: ['Not set up yet', 'Import the .env file'],
  'signed-out': ['Signed out', 'No token', 'Nothing has happened'],
  'signing-in': ['Signing in…'],
  'signed-in': [
    'Signed in as ada@contoso.example',
    '48 min left',
    'Token good until 14:50',
    'Will be renewed at 14:45',
    'Next scheduled refresh: Fri 07:00',
    '9d8c7b6a-1111-4222-8333-444455556666',
    'https://vault.azure.net/user_impersonation',
    'Signature: verified',
    'Which of the authority’s keys signed it.',
    'Thu, 15 Jan 2026, 14:50:00 CET',
    'Thu, 15 Jan 2026, 13:50:00 UTC',
    'Every entry as a table (120)',
    '45.4.1',
  ],
  refreshing: ['Refreshing…'],
  soon: ['5 min left'],
  offline: ['Token expired at 13:50', 'ENOTFOUND', 'Trying again at 14:04', 'no JWT', 'failed'],
  'sign-in-needed': ['Sign-in needed for ada@contoso.example', 'AADSTS50173', 'not verifiable by design'],
  troubled: ['AADSTS7000215', 'No keyring', '/home/ada/.token', 'Signature: wrong', 'From a .env file'],
  'parts-loading': ['Signed in as', 'Loading…'],
  'parts-failed': ['Signed in as', 'The token could not be read.', 'The history could not be read.'],
  several: ['Work', 'Home', 'R&D <b>', 'Client in another tenant', 'Default', 'Signature: not checked'],
  hostile: ['<img src=x onerror="window.hit=1">', LONG, 'שלום'],
  'hundred-profiles': ['Profile number 0', 'Profile number 99'],
};

describe.each(stateNames)('the state “%s”', (name) => {
  // One page for all of it: opening one takes as long as the rest.
  test('is shown in words, axe-core finds nothing, light and dark, and it fits into 360 pixels, also at 200 %', async () => {
    const page = await openState(name);
    for (const words of SHOWN[name]) await expect.poll(() => textOf(page)).toContain(words);
    await page
      .locator('details:not(.gone) summary')
      .evaluateAll((all: HTMLElement[]) => all.forEach((each) => each.click()));
    expect(await findings(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await findings(page, { runOnly: 'color-contrast' })).toEqual([]);
    // Open tables are wider than that with text at 200 %, and scroll.
    await page
      .locator('details[open] summary')
      .evaluateAll((all: HTMLElement[]) => all.forEach((each) => each.click()));
    await page.setViewportSize({ width: 360, height: 740 });
    for (const size of ['100%', '200%']) {
      await page.evaluate((each) => void (document.documentElement.style.fontSize = each), size);
      const [wide, room] = await page.evaluate(
        () => [document.documentElement.scrollWidth, innerWidth] as const,
      );
      expect(wide, size).toBeLessThanOrEqual(room);
    }
  });
});

test('the window “About” looks as before, and axe-core finds nothing', async () => {
  const page = await open(states.empty, {}, 'about.html');
  expect(await page.locator('dd').allInnerTexts()).toContain('1.2.3');
  expect(await page.locator('main').evaluate((main) => main.clientWidth)).toBe(608);
  expect(await findings(page)).toEqual([]);
});

describe('texts that others wrote', () => {
  test('stay text, wherever they are shown', async () => {
    const page = await openState('hostile');
    await action(page, 'refresh').click();
    await expect.poll(() => page.locator('.said').innerText()).toContain('<img src=x');
    await page.locator('details summary').click();
    await page.locator('.history tbody').getByText('<img src=x').waitFor();
    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
    expect(await page.locator('#page img, #page script').count()).toBe(0);
  });

  test('turn nothing that stands beside them', async () => {
    const account = { username: RIGHT_TO_LEFT, name: 'A', tenantId: 't', homeAccountId: 'h' };
    const session = { kind: 'sign-in-needed', account } as const;
    const page = await open({ ...states['signed-in'], profiles: [profile({ session })] });
    const said = await page.locator('.session').evaluate((line) => line.textContent);
    expect(said).toBe('Sign-in needed for \u2068gnorw שלום \u2069');
    expect(
      await page.locator('bdi').evaluateAll((all: HTMLElement[]) => all.every((each) => each.dir === 'auto')),
    ).toBe(true);
  });
});

describe('the ring', () => {
  test('says in words what it shows, and where it will be renewed', async () => {
    const page = await openState('signed-in');
    const ring = page.getByRole('img', { name: 'Token good until 14:50: 48 min of 1 h 15 min left' });
    expect(await ring.locator('.ring-rest').getAttribute('stroke-dasharray')).toBe('64.00 100');
    expect(await ring.locator('.ring-renewal').getAttribute('transform')).toBe('rotate(24.0 60 60)');
  });

  test('goes on with every minute, and at once when something changes', async () => {
    const page = await openState('signed-in');
    await page.getByText('48 min left').waitFor();
    await page.clock.install({ time: NOW });
    await page.reload();
    await page.clock.runFor(2 * MINUTE_MS);
    await page.getByText('46 min left').waitFor();
    await page.evaluate((profiles) => window.fake.push(profiles), [signedOut]);
    await page.getByRole('img', { name: 'No token' }).waitFor();
  });
});

describe('actions', () => {
  test.each([
    ['copy', 'copy work', 'Copied: the access token is on the clipboard.'],
    ['refresh', 'refresh work', 'The token was refreshed.'],
    ['sign-in', 'sign-in work', 'The sign-in is under way.'],
    ['sign-out', 'sign-out work', 'Signed out'],
    ['logs', 'logs.open', 'The logs are open.'],
    ['menu', 'menu.show', 'The box with all commands is closed.'],
    ['diagnostics', 'diagnostics.copy', 'They hold no secret.'],
  ])('%s is done once however often it is clicked, and its end is said', async (name, call, said) => {
    const page = await openState('signed-in');
    await page.evaluate(() => window.fake.set({ acted: { kind: 'never' } }));
    await action(page, name).dblclick();
    await expect.poll(() => action(page, name).getAttribute('aria-disabled')).toBe('true');
    // Playwright would wait until it can be done.
    await action(page, name).click({ force: true });
    expect((await callsOf(page)).filter((each) => each === call)).toHaveLength(1);

    await page.reload();
    await action(page, name).click();
    await expect.poll(() => page.getByRole('status').innerText()).toContain(said);
    expect(await action(page, name).getAttribute('aria-disabled')).toBe('false');
  });

  test('what failed is said with the next step, also where the call itself failed', async () => {
    const page = await openState('signed-in');
    const problem = {
      kind: 'transient',
      code: 'offline',
      message: 'No network.',
      next: 'Plug it in.',
    } as const;
    await page.evaluate((acted) => window.fake.set({ acted }), { kind: 'failed', problem } as const);
    await action(page, 'refresh').click();
    const status = page.getByRole('status');
    await expect
      .poll(() => status.innerText())
      .toBe('The token was not refreshed\n\nNo network.\n\nPlug it in.');
    await page.evaluate(() => window.fake.set({ acted: { kind: 'fails', message: 'Tokentray ends.' } }));
    await action(page, 'copy').click();
    await expect.poll(() => status.innerText()).toBe('Nothing was copied\n\nTokentray ends.');
  });

  test('while nobody is signed in only a sign-in can be asked for', async () => {
    const page = await openState('signed-out');
    for (const name of ['copy', 'refresh', 'sign-out']) {
      expect(await action(page, name).getAttribute('aria-disabled')).toBe('true');
      await action(page, name).click({ force: true });
    }
    expect(await action(page, 'sign-in').getAttribute('aria-disabled')).toBe('false');
    expect((await callsOf(page)).filter((call) => call.endsWith(' work'))).toEqual([
      'history.read work',
      'token.read work',
    ]);
  });

  test('“Try again” reads again what could not be read', async () => {
    const page = await openState('failed');
    const { profiles } = states['signed-in'];
    await page.evaluate((well) => window.fake.set({ profiles: well }), profiles);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Work' }).waitFor();
  });
});

describe('the keyboard', () => {
  test('reaches everything, and the focus can be seen wherever it is', async () => {
    const page = await openState('several');
    await page.locator('.part').first().waitFor();
    const stops: string[] = [];
    for (let count = 0; count < 10; count += 1) {
      await page.keyboard.press('Tab');
      const [stop, outline] = await page.evaluate((): readonly [string, string] => {
        const { activeElement } = document;
        if (!(activeElement instanceof HTMLElement)) return ['', ''];
        return [
          activeElement.dataset['action'] ?? activeElement.className,
          getComputedStyle(activeElement).outlineStyle,
        ];
      });
      if (stop === '') break;
      stops.push(stop);
      expect(outline, stop).toBe('solid');
    }
    const reached = ['tab', 'copy', 'refresh', 'sign-in', 'sign-out', 'diagnostics', 'logs', 'menu', 'part'];
    expect(stops.slice(0, 9)).toEqual(reached);
    await page.locator('summary').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.history').getAttribute('open')).not.toBeNull();
  });

  test('walks through the profiles with the arrows, and each is shown', async () => {
    const page = await openState('several');
    await page.getByRole('tab', { name: 'Work' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('heading', { name: 'Home' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Home');
    await page.keyboard.press('End');
    await page.getByRole('heading', { name: 'Client in another tenant' }).waitFor();
    expect(await callsOf(page)).toContain('token.read client');
    expect(
      await page.getByRole('tab').evaluateAll((all) => all.filter(({ tabIndex }) => tabIndex === 0).length),
    ).toBe(1);
  });

  test('walks through the week, and what a mark means is said of it and shown', async () => {
    const page = await openState('signed-in');
    const marks = page.locator('.part');
    await marks.last().focus();
    const focused = (): Promise<string | null> =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
    expect(await focused()).toBe('Thu, 15 Jan 2026, 13:35:00 CET, Refreshed because you asked');
    await page.keyboard.press('Home');
    expect(await focused()).toContain('Signed in');
    expect(await page.locator('.details').innerText()).toContain('Signed in');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(/Fri, 9 Jan.+before it expired/u);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toMatch(/Thu, 8 Jan/u);
    // What changes meanwhile takes the focus from nobody.
    await page.evaluate((profiles) => window.fake.push(profiles), [profile()]);
    await expect
      .poll(async () => (await callsOf(page)).filter((call) => call === 'history.read work').length)
      .toBe(2);
    expect(await focused()).toMatch(/Thu, 8 Jan/u);
  });
});

describe('the week', () => {
  test('tells every kind apart by its shape, without any colour', async () => {
    const page = await openState('signed-in');
    const shapes = await page
      .locator('.legend .mark')
      .evaluateAll((all) => all.map((mark) => mark.querySelector('path')?.getAttribute('d')));
    expect(shapes.length).toBeGreaterThanOrEqual(11);
    expect(new Set(shapes).size).toBe(shapes.length);
    const legend = await page.locator('.legend').innerText();
    for (const kind of [
      'Refreshed by the schedule',
      'Failed: network',
      'Failed: authority',
      'No usable token',
    ])
      expect(legend).toContain(kind);
  });

  test('shows a time without a usable token as strokes between two posts', async () => {
    const page = await openState('signed-in');
    const gaps = page.locator('.gap-span');
    expect(await gaps.count()).toBe(3);
    const look = await gaps.first().evaluate((gap) => {
      const { backgroundImage, borderLeftStyle, borderRightWidth, height } = getComputedStyle(gap);
      return { backgroundImage, borderLeftStyle, borderRightWidth, height };
    });
    expect(look).toMatchObject({ borderLeftStyle: 'solid', borderRightWidth: '2px', height: '16px' });
    expect(look.backgroundImage).toContain('repeating-linear-gradient');
    await gaps.first().hover({ position: { x: 100, y: 5 }, force: true });
    await expect.poll(() => page.locator('.details').innerText()).toContain('No usable token: ');
  });

  test('shows details under the pointer', async () => {
    const page = await openState('signed-in');
    await page.getByRole('button', { name: 'Refreshed for a program' }).hover();
    await expect.poll(() => page.locator('.details').innerText()).toContain('Refreshed for a program');
  });

  test('with 100,000 entries stays small, and each of them is in the table', async () => {
    const page = await open({ ...states['signed-in'], moreEntries: 99_880 });
    await page.getByText('Every entry as a table (100,000)').click();
    expect(await page.locator('.part').count()).toBeLessThanOrEqual(192);
    expect(await page.locator('.history tbody tr').count()).toBe(50);
    await page.getByText('Page 1 of 2,000').waitFor();
    await page.getByRole('button', { name: 'Older' }).click();
    await page.getByText('Page 2 of 2,000').waitFor();
    await page.getByRole('button', { name: 'Newer' }).click();
    await page.getByRole('button', { name: 'Newer' }).click({ force: true });
    await page.getByText('Page 1 of 2,000').waitFor();
  });
});

test('a profile that is gone gives place to the default one', async () => {
  const page = await openState('several');
  await page.getByRole('tab', { name: 'Home' }).click();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  await page.evaluate((profiles) => window.fake.push(profiles), [profile()]);
  await page.getByRole('heading', { name: 'Work' }).waitFor();
  expect(await page.getByRole('tab').count()).toBe(0);
});

test('the page is less than 150 kB, with everything that it loads', async () => {
  const loaded: number[] = [];
  const { page } = (opened = await opener.open(states.empty));
  page.on('response', (response) => void response.body().then((body) => loaded.push(body.length)));
  await page.reload();
  await expect.poll(() => loaded.length).toBe(4);
  const bytes = loaded.reduce((sum, each) => sum + each, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(150_000);
});
