import type { Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import { axeFindings } from '../fixtures/axe-findings.ts';
import type { PageState } from '../fixtures/fake-api.ts';
import { stageOf } from '../fixtures/stage.ts';
import { LONG, stateNames, states, type StateName } from '../fixtures/states.ts';

// The real module would download Electron's binary.
vi.mock('electron', () => ({}));
const { answer } = await import('../../../src/tray/windows/app-scheme.ts');
const stage = stageOf(answer);
stage.keepOpen();

/** Without the marks that isolate the direction of names. */
const textOf = async (page: Page): Promise<string> =>
  (await page.locator('#page').innerText()).replaceAll(/[\u2066-\u2069]/gu, '');

const SHOWN: Readonly<Record<StateName, readonly string[]>> = {
  loading: ['Loading…'],
  failed: ['Could not load this.', 'Tokentray ends. Start it again.', 'Try again'],
  empty: ['Not set up yet', 'import your .env file'],
  'signed-out': ['Signed out', 'No token', 'Nothing in the last seven days'],
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
    'All entries as a table (120)',
    '45.4.1',
  ],
  refreshing: ['Refreshing…'],
  soon: ['5 min left'],
  offline: ['Token expired at 13:50', 'ENOTFOUND', 'Trying again at 14:04', 'not a JWT', 'failed'],
  'sign-in-needed': ['Sign-in needed for ada@contoso.example', 'AADSTS50173', 'not verifiable by design'],
  troubled: ['AADSTS7000215', 'No keyring', '/home/ada/.token', 'Signature: invalid', 'From a .env file'],
  'parts-loading': ['Signed in as', 'Loading…'],
  'parts-failed': ['Signed in as', 'The token could not be read.', 'The history could not be read.'],
  several: ['Work', 'Home', 'R&D <b>', 'Client in another tenant', 'Default', 'Signature: not checked'],
  hostile: ['<img src=x onerror="window.hit=1">', LONG, 'שלום'],
  'hundred-profiles': ['Profile number 0', 'Profile number 99'],
};

/** States that a page can leave only by a reload: their calls are never answered. */
const OF_ITS_OWN: ReadonlySet<StateName> = new Set(['loading', 'failed', 'parts-loading']);

let shared: Page | undefined;

/** A page in this state: loaded with it, or updated by messages of the main process. */
async function pageIn(name: StateName): Promise<Page> {
  const state: PageState = states[name];
  if (OF_ITS_OWN.has(name)) return stage.open(state);
  if (shared === undefined) return (shared = await stage.open(state));
  const page = shared;
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1100, height: 800 });
  await page.evaluate((next) => {
    document.documentElement.style.fontSize = '';
    window.fake.calls.length = 0;
    window.fake.set({ acted: { kind: 'done' }, ...next });
    window.fake.push(next.profiles as Extract<typeof next.profiles, readonly unknown[]>);
  }, state);
  if (name !== 'empty')
    await expect
      .poll(() => page.evaluate(() => window.fake.calls.some((call) => call.startsWith('token.read'))))
      .toBe(true);
  return page;
}

describe.each(stateNames)('the state “%s”', (name) => {
  test('is shown in words, without findings of axe-core in light and dark, and fits into 360 pixels, also at 200 %', async () => {
    const page = await pageIn(name);
    for (const words of SHOWN[name]) await expect.poll(() => textOf(page)).toContain(words);
    // From here on, all details are open.
    await page
      .locator('details:not(.gone, [open]) summary')
      .evaluateAll((all: HTMLElement[]) => all.forEach((each) => each.click()));
    expect(await page.locator('details:not(.gone, [open])').count()).toBe(0);
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
