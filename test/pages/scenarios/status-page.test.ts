import type { Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import { axeFindings } from '../fixtures/axe-findings.ts';
import type { Opening } from '../fixtures/open-page.ts';
import { stageOf } from '../fixtures/stage.ts';
import { NOW, profile, RIGHT_TO_LEFT, signedOut, states, type StateName } from '../fixtures/states.ts';

// The real module would download Electron's binary.
vi.mock('electron', () => ({}));
const { answer } = await import('../../../src/tray/windows/app-scheme.ts');
const { aboutPage } = await import('../../../src/tray/windows/about-page.ts');

const MINUTE_MS = 60_000;
const versions = { tokentray: '1.2.3', electron: '45.4.1', chromium: '156.0.1', node: '24.9.0' };
const { open } = stageOf(answer, { 'about.html': () => aboutPage(versions, '/home/ada/.local/state') });

const openState = (name: StateName, opening?: Opening): Promise<Page> => open(states[name], opening);
const callsOf = (page: Page): Promise<string[]> => page.evaluate(() => window.fake.calls);
const action = (page: Page, name: string) => page.locator(`[data-action="${name}"]`);
test('axe-core finds nothing in the “About” window', async () => {
  const page = await open(states.empty, {}, 'about.html');
  expect(await page.locator('dd').allInnerTexts()).toContain('1.2.3');
  expect(await page.locator('main').evaluate((main) => main.clientWidth)).toBe(608);
  expect(await axeFindings(page)).toEqual([]);
});

describe('texts that are not ours', () => {
  test('stay text everywhere', async () => {
    const page = await openState('hostile');
    await action(page, 'refresh').click();
    await expect.poll(() => page.locator('.said').innerText()).toContain('<img src=x');
    await page.locator('details summary').click();
    await page.locator('.history tbody').getByText('<img src=x').waitFor();
    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
    expect(await page.locator('#page img, #page script').count()).toBe(0);
  });

  test('do not reverse the text around them', async () => {
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
  test('says in words what it shows, and when the token will be renewed', async () => {
    const page = await openState('signed-in');
    const ring = page.getByRole('img', { name: 'Token good until 14:50: 48 min of 1 h 15 min left' });
    expect(await ring.locator('.ring-rest').getAttribute('stroke-dasharray')).toBe('64.00 100');
    expect(await ring.locator('.ring-renewal').getAttribute('transform')).toBe('rotate(24.0 60 60)');
  });

  test('is updated every minute, and at once when something changes', async () => {
    const page = await openState('signed-in', { clock: 'own' });
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
    ['copy', 'copy work', 'Access token copied to the clipboard.'],
    ['refresh', 'refresh work', 'Token refreshed.'],
    ['sign-in', 'sign-in work', 'Sign-in started.'],
    ['switch-account', 'switch-account work', 'Sign-in started.'],
    ['sign-out', 'sign-out work', 'Signed out'],
    ['logs', 'logs.open', 'Logs opened.'],
    ['menu', 'menu.show', 'Command list closed.'],
    ['diagnostics', 'diagnostics.copy', 'They contain no secrets.'],
  ])('%s is done once however often it is clicked, and its end is said', async (name, call, said) => {
    const page = await openState('signed-in');
    await page.evaluate(() => window.fake.set({ acted: { kind: 'held' } }));
    await action(page, name).dblclick();
    await expect.poll(() => action(page, name).getAttribute('aria-disabled')).toBe('true');
    // Playwright would wait until the button is enabled.
    await action(page, name).click({ force: true });
    expect((await callsOf(page)).filter((each) => each === call)).toHaveLength(1);

    await page.evaluate(() => window.fake.release({ kind: 'done' }));
    await expect.poll(() => page.getByRole('status').innerText()).toContain(said);
    expect(await action(page, name).getAttribute('aria-disabled')).toBe('false');
  });

  test('a failure is announced with the next step, even if the call itself failed', async () => {
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

  test('without a session only signing in is possible', async () => {
    const page = await openState('signed-out');
    for (const name of ['copy', 'refresh', 'switch-account', 'sign-out']) {
      expect(await action(page, name).getAttribute('aria-disabled')).toBe('true');
      await action(page, name).click({ force: true });
    }
    expect(await action(page, 'sign-in').getAttribute('aria-disabled')).toBe('false');
    expect((await callsOf(page)).filter((call) => call.endsWith(' work'))).toEqual([
      'history.read work',
      'token.read work',
    ]);
  });

  test.each([
    ['succeeded', profile(), 'You are signed in.'],
    ['was cancelled', signedOut, 'The sign-in ended without changes.'],
  ])('a sign-in that was begun here and %s says so', async (_how, after, said) => {
    const page = await openState('signed-out');
    const push = (status: typeof signedOut): Promise<void> =>
      page.evaluate((each) => window.fake.push([each]), status);
    await action(page, 'sign-in').click();
    await expect.poll(() => page.getByRole('status').innerText()).toBe('Sign-in started.');
    await push(signedOut);
    await push({ ...signedOut, activity: { kind: 'signing-in' } });
    expect(await page.getByRole('status').innerText()).toBe('Sign-in started.');
    await push(after);
    await expect.poll(() => page.getByRole('status').innerText()).toBe(said);
  });

  test('a sign-in that was started elsewhere, or could not be started, is not announced', async () => {
    const page = await openState('signed-out');
    const problem = { kind: 'usage', code: 'not-configured', message: 'No.', next: 'Later.' } as const;
    await page.evaluate((acted) => window.fake.set({ acted }), { kind: 'failed', problem } as const);
    await action(page, 'sign-in').click();
    await expect.poll(() => page.getByRole('status').innerText()).toContain('Later.');
    for (const status of [{ ...signedOut, activity: { kind: 'signing-in' } as const }, profile()])
      await page.evaluate((each) => window.fake.push([each]), status);
    await page.getByText('48 min left').waitFor();
    await page.waitForTimeout(100);
    expect(await page.getByRole('status').innerText()).toContain('Later.');
  });

  test('“Try again” repeats a failed read', async () => {
    const page = await openState('failed');
    const { profiles } = states['signed-in'];
    await page.evaluate((well) => window.fake.set({ profiles: well }), profiles);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Work' }).waitFor();
  });
});

describe('the keyboard', () => {
  test('reaches everything, and the focus is always visible', async () => {
    const page = await openState('several');
    await page.locator('.part').first().waitFor();
    const stops: string[] = [];
    for (let count = 0; count < 12; count += 1) {
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
    const buttons = await page
      .locator('[data-action]')
      .evaluateAll((all: HTMLElement[]) => all.map(({ dataset }) => dataset['action'] ?? ''));
    const reached = ['tab', ...buttons, 'part'];
    expect(buttons.length).toBeGreaterThanOrEqual(8);
    expect(stops.slice(0, reached.length)).toEqual(reached);
    await page.locator('summary').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.history').getAttribute('open')).not.toBeNull();
  });

  test('moves through the profiles with arrow keys, and each is shown', async () => {
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

  test('moves through the week, and each mark’s meaning is announced and shown', async () => {
    const page = await openState('signed-in');
    const marks = page.locator('.part');
    await marks.last().focus();
    const focused = (): Promise<string | null> =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
    expect(await focused()).toBe('Thu, 15 Jan 2026, 13:35:00 CET, Refreshed by you');
    await page.keyboard.press('Home');
    expect(await focused()).toContain('Signed in');
    expect(await page.locator('.details').innerText()).toContain('Signed in');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(/Fri, 9 Jan.+before it expired/u);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toMatch(/Thu, 8 Jan/u);
    // An update does not move the focus.
    await page.evaluate((profiles) => window.fake.push(profiles), [profile()]);
    await expect
      .poll(async () => (await callsOf(page)).filter((call) => call === 'history.read work').length)
      .toBe(2);
    expect(await focused()).toMatch(/Thu, 8 Jan/u);
  });
});

describe('the week', () => {
  test('distinguishes all kinds by shape, without color', async () => {
    const page = await openState('signed-in');
    const shapes = await page
      .locator('.legend .mark')
      .evaluateAll((all) => all.map((mark) => mark.querySelector('path')?.getAttribute('d')));
    expect(shapes.length).toBeGreaterThanOrEqual(11);
    expect(new Set(shapes).size).toBe(shapes.length);
    const legend = await page.locator('.legend').innerText();
    for (const kind of ['Refreshed on schedule', 'Failed: network', 'Failed: authority', 'No valid token'])
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
    await expect.poll(() => page.locator('.details').innerText()).toContain('No valid token: ');
  });

  test('shows details under the pointer', async () => {
    const page = await openState('signed-in');
    await page.getByRole('button', { name: 'Refreshed for a program' }).hover();
    await expect.poll(() => page.locator('.details').innerText()).toContain('Refreshed for a program');
  });

  test('stays small with 100,000 entries, all of which are in the table', async () => {
    const page = await open({ ...states['signed-in'], moreEntries: 99_880 });
    await page.getByText('All entries as a table (100,000)').click();
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

test('after its profile is removed, the page shows the default one', async () => {
  const page = await openState('several');
  await page.getByRole('tab', { name: 'Home' }).click();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  await page.evaluate((profiles) => window.fake.push(profiles), [profile()]);
  await page.getByRole('heading', { name: 'Work' }).waitFor();
  expect(await page.getByRole('tab').count()).toBe(0);
});

test('the page is less than 150 kB, with everything that it loads', async () => {
  const loaded: number[] = [];
  const page = await openState('empty');
  page.on('response', (response) => void response.body().then((body) => loaded.push(body.length)));
  await page.reload();
  // The page, its style sheet, and its script.
  await expect.poll(() => loaded.length).toBe(3);
  const bytes = loaded.reduce((sum, each) => sum + each, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(150_000);
});
