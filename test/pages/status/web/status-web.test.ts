import { generateKeyPairSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTokenViews } from '../../../../src/host/token-view/token-view.ts';
import { Secret } from '../../../../src/system/secret.ts';
import { TOKEN, token } from '../../../outlets/fixtures/fake-agent.ts';
import { quiet } from '../../../outlets/fixtures/socket-fixture.ts';
import { axeFindings } from '../../fixtures/axe-findings.ts';
import { account, LONG, NOW, profile, signedOut, states, type StateName } from '../../fixtures/states.ts';
import { WebStage, type WebPage } from '../../fixtures/web-stage.ts';

const DIRECTORY = fileURLToPath(new URL('../../../../dist/pages', import.meta.url));

/** The page has polled again after this time (src/pages/status/web/web-api.ts). */
const LOOKED_MS = 6_000;

let browser: Browser;
let stage: WebStage;
/** Shared by most tests: opening a page takes as long as all of them. */
let shared: WebPage;
let visited: WebPage | undefined;
/** The browser’s own messages about answers that a test refuses or cuts off. */
let expected: RegExp | undefined;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env['TOKENTRAY_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  stage = await WebStage.open(browser, DIRECTORY, states['signed-in']);
  shared = await stage.newPage('standing');
});
afterAll(async () => {
  await browser.close();
  await stage.close();
});
beforeEach(() => {
  stage.connection = 'there';
  stage.token = undefined;
  expected = undefined;
});

// After each test: no policy violations and no exceptions.
afterEach(async () => {
  if (visited === undefined) return;
  const { page, complaints } = visited;
  visited = undefined;
  if (page !== shared.page) await page.context().close();
  const ours = complaints.filter((text) => !/favicon/u.test(text) && expected?.test(text) !== true);
  expect(ours).toEqual([]);
});

async function visit(state: StateName, kept?: WebPage): Promise<Page> {
  stage.set(states[state]);
  return show(kept ?? shared);
}

/** Like {@link visit}, in the current state of the stage. */
async function show(web: WebPage): Promise<Page> {
  visited = web;
  if (web === shared) {
    await web.page.emulateMedia({ colorScheme: 'light' });
    await web.page.setViewportSize({ width: 1100, height: 800 });
  }
  await stage.visit(web);
  return web.page;
}

/** Without the marks that isolate the direction of names. */
const textOf = async (page: Page): Promise<string> =>
  (await page.locator('body').innerText()).replaceAll(/[\u2066-\u2069]/gu, '');

const SHOWN: Readonly<Partial<Record<StateName, readonly string[]>>> = {
  'signed-in': [
    'Signed in as Ada Lovelace',
    `${TOKEN.slice(0, 50)}…`,
    '48 min left',
    'Will be renewed at 14:45',
    '9d8c7b6a-1111-4222-8333-444455556666',
    'https://vault.azure.net/user_impersonation',
    'Signature: verified',
    'All entries as a table (120)',
  ],
  'signed-out': ['Signed out', 'Sign in', 'No token', 'Nothing in the last seven days'],
  offline: ['Token expired at 13:50', 'ENOTFOUND', 'Trying again at 14:04'],
  'sign-in-needed': ['Sign-in needed for Ada Lovelace', 'Sign in', 'AADSTS50173'],
  several: ['Tokentray – Work', 'Home', 'R&D <b>', 'Client in another tenant'],
  hostile: ['Signed in as gnorw שלום', '<img src=x onerror="window.hit=1">', LONG],
};

describe.each(Object.keys(SHOWN) as readonly StateName[])('in the state “%s”', (name) => {
  test('it is read-only, without findings of axe-core in light and dark, and fits into 360 pixels, also at 200 %', async () => {
    const page = await visit(name);
    for (const words of SHOWN[name] ?? []) await expect.poll(() => textOf(page)).toContain(words);
    expect(await page.locator('[data-action]').count()).toBe(0);
    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
    expect(await page.locator('img').count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeFindings(page, { runOnly: 'color-contrast' })).toEqual([]);
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

test('it has the tray’s style sheets and one script', async () => {
  const page = await visit('signed-in');
  await page.getByText('Signature: verified').waitFor();
  const files = shared.asked.filter((each) => each !== '/favicon.ico' && /\.\w+$/u.test(each)).toSorted();
  expect(files).toEqual(['/status/status-web.css', '/status/status-web.js']);
  expect(await page.locator('style, script:not([src])').count()).toBe(0);
  const ring = await page
    .locator('.ring-rest')
    .evaluate((rest) => getComputedStyle(rest).strokeDasharray.split(/[ ,]+/u)[0]);
  expect(ring).toBe('64px');
});

test('no answer contains the token or its signature, except its first characters, which reveal nothing', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwt = await new SignJWT({ aud: 'api://one', name: 'Ada', scp: 'User.Read' })
    .setProtectedHeader({ alg: 'RS256', kid: 'k' })
    .sign(privateKey);
  const views = openTokenViews({
    send: () => Promise.reject(new Error('offline')),
    now: () => NOW,
    log: quiet,
  });
  stage.token = (agent) =>
    views.view({ profile: agent.profile, status: agent.status, held: { ...token, value: new Secret(jwt) } });
  const page = await visit('signed-in');
  await page.getByText('api://one').waitFor();
  const answers = (): string => shared.answers.join('\n');
  // The answers arrive here a little later than in the page.
  await expect.poll(() => answers().includes('api://one')).toBe(true);
  const [, payload = '', signature = ''] = jwt.split('.');
  // Not `toContain`, which would print all answers.
  const found = [payload, signature, signature.slice(0, 20), TOKEN.slice(50, 70)].filter((part) =>
    answers().includes(part),
  );
  expect(found).toEqual([]);
});

test('without JavaScript it still shows who is signed in, and until when', async () => {
  const page = await visit('signed-in', await stage.newPage('standing', { javaScriptEnabled: false }));
  const text = await textOf(page);
  for (const words of ['Signed in as Ada Lovelace', 'ada@contoso.example', 'Good until', 'With JavaScript'])
    expect(text).toContain(words);
});

describe('a change while the page is open', () => {
  const grace = { ...account, name: 'Grace Hopper', homeAccountId: 'g.b' };

  /** A page that polls when its clock is advanced. */
  async function follow(name: StateName): Promise<Page> {
    const page = await visit(name, await stage.newPage('going'));
    await page.locator('#page h1').first().waitFor();
    return page;
  }

  test('is shown within seconds', async () => {
    const page = await follow('signed-in');
    stage.set({
      ...states['signed-in'],
      profiles: [profile({ activity: { kind: 'refreshing', cause: 'user' } })],
    });
    await page.clock.runFor(LOOKED_MS);
    await page.getByText('Refreshing…').waitFor();
  });

  test('to another account updates the whole page', async () => {
    const page = await follow('signed-in');
    stage.set({
      ...states['signed-in'],
      profiles: [profile({ session: { ...profile().session, account: grace } })],
    });
    await page.clock.runFor(LOOKED_MS);
    await page.getByRole('heading', { name: 'Signed in as Grace Hopper' }).waitFor();
    expect(await textOf(page)).not.toContain('Ada Lovelace');
  });

  test('to signed-out leaves nothing on the page', async () => {
    expected = /401/u;
    const page = await follow('signed-in');
    stage.signOut();
    await page.clock.runFor(LOOKED_MS);
    await page.getByText('shown only in the browser that opened the sign-in address').waitFor();
    const text = await textOf(page);
    for (const word of ['Ada', 'contoso', 'api://']) expect(text).not.toContain(word);
  });

  test('that Tokentray stops answering is announced, until it answers again', async () => {
    expected = /ERR_EMPTY_RESPONSE|ERR_CONNECTION|Failed to load/u;
    const page = await follow('signed-in');
    stage.connection = 'gone';
    await page.clock.runFor(LOOKED_MS);
    const notice = page.locator('#notice');
    await expect.poll(() => notice.innerText()).toContain('This page shows the state at 14:02');
    expect(await textOf(page)).toContain('Ada Lovelace');
    stage.connection = 'there';
    await page.clock.runFor(LOOKED_MS);
    await expect.poll(() => notice.innerText()).toBe('');
  });

  test('a failed first read and its message are replaced by the next successful one', async () => {
    expected = /503/u;
    const web = await stage.newPage('going');
    const { page } = web;
    const error = { message: 'The disk is full.', next: 'Make room.' };
    const profiles = '**/status/profiles';
    await page.route(profiles, (route) => route.fulfill({ status: 503, json: { error } }));
    await visit('signed-out', web);
    await page.getByText('Could not load this.').waitFor();
    stage.set(states['signed-in']);
    await page.clock.runFor(LOOKED_MS);
    const notice = page.locator('#notice');
    await expect
      .poll(() => notice.innerText())
      .toBe('The disk is full.\n\nMake room. This page shows the state at 14:02.');
    await page.unroute(profiles);
    await page.clock.runFor(LOOKED_MS);
    await page.locator('#page').getByRole('heading', { name: 'Work' }).waitFor();
    expect(await notice.innerText()).toBe('');
  });

  test('an error in the page is not reported as Tokentray’s silence, and polling continues', async () => {
    expected = /Cannot read properties of undefined/u;
    const page = await follow('signed-in');
    const profiles = '**/status/profiles';
    await page.route(profiles, (route) => route.fulfill({ json: { answer: [{}] } }));
    const fault = page.waitForEvent('pageerror');
    await page.clock.runFor(LOOKED_MS);
    await fault;
    expect(await page.locator('#notice').innerText()).toBe('');
    await page.unroute(profiles);
    stage.set({ ...states['signed-in'], profiles: [profile({ activity: { kind: 'refreshing' } })] });
    await page.clock.runFor(LOOKED_MS);
    await page.getByText('Refreshing…').waitFor();
  });

  test('in another tab, with another profile, leaves this one unchanged', async () => {
    const page = await follow('signed-in');
    const before = await page.title();
    const home = profile({ session: { ...profile().session, account: grace } }, { id: 'home', name: 'Home' });
    stage.set({ ...states['signed-in'], profiles: [profile(), home] });
    await stage.invite(page.context(), 'home');
    await page.evaluate(() => Object.assign(window, { isSame: true }));
    await page.clock.runFor(LOOKED_MS);
    const tabs = page.getByRole('tab');
    await expect.poll(() => tabs.count()).toBe(2);
    expect((await tabs.allInnerTexts()).map((text) => text.split('\n')[0])).toEqual(['Work', 'Home']);
    expect(await page.title()).toBe(before);
    expect(await page.evaluate(() => 'isSame' in window)).toBe(true);
    expect(await textOf(page)).toContain('Signed in as Ada Lovelace');
  });
});

test('with several profiles it starts with the one that the browser was invited to last', async () => {
  // The stage invites to the state's first profile last.
  const [work, home] = [profile({}, { isDefault: true }), profile({}, { id: 'home', name: 'Home' })];
  const further = { ...home, profile: { ...home.profile, isDefault: false } };
  stage.set({ ...states['signed-in'], profiles: [further, work] });
  const page = await show(shared);
  await page.getByRole('tab', { name: 'Home', selected: true }).waitFor();
  await page.getByRole('tab', { name: 'Work' }).click();
  await page.locator('#page').getByRole('heading', { name: 'Work' }).waitFor();
});

test('a refusal has the same style, and fits into 360 pixels with text at 200 %', async () => {
  expected = /401/u;
  stage.set({ ...states['signed-out'], profiles: [signedOut] });
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  const page = await context.newPage();
  await page.goto(stage.origin);
  await page.getByText('shown only in the browser that opened the sign-in address').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(await page.locator('.card').evaluate((card) => getComputedStyle(card).backgroundColor)).toBe(
    'rgb(31, 34, 39)',
  );
  await page.evaluate(() => void (document.documentElement.style.fontSize = '200%'));
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await context.close();
});
