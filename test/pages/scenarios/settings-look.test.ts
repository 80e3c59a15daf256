import type { Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import { axeFindings } from '../fixtures/axe-findings.ts';
import type { SettingsState } from '../fixtures/fake-settings.ts';
import { sceneOf, view, work, type SceneName } from '../fixtures/settings-states.ts';
import { stageOf } from '../fixtures/stage.ts';
import { profile as statusOf, states } from '../fixtures/states.ts';

// The real module would download Electron's binary.
vi.mock('electron', () => ({}));
const { answer } = await import('../../../src/tray/windows/app-scheme.ts');
const stage = stageOf(answer);

type Look = Parameters<typeof stage.openSettings>[1];

async function openScene(name: SceneName, look?: Look): Promise<Page> {
  const { state, steps } = sceneOf(name);
  const page = await stage.openSettings(state, look);
  await steps?.(page);
  return page;
}

const tab = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('tab', { name }).click();
const push = (page: Page, next: typeof view): Promise<void> =>
  page.evaluate((each) => window.fakeSettings.push(each), next);
const withFiles = (...paths: readonly string[]): typeof view => ({
  ...view,
  outlets: {
    ...view.outlets,
    tokenFiles: paths.map((path) => ({ path, profile: 'work', format: 'bare', scopes: [] })),
  },
});
const profile = (id: string, name: string): typeof work => ({
  ...work,
  id,
  isDefault: false,
  draft: { ...work.draft, name },
});
/** Each focusable element of the panel, and whether the bar hides it when it has the focus. */
const hiddenStops = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const dock = document.querySelector('.dock');
    if (dock === null) throw new Error('no dock');
    const hidden: string[] = [];
    for (const at of document.querySelectorAll<HTMLElement>(
      '.panel-content :is(input, textarea, button, summary)',
    )) {
      if (!at.checkVisibility() || at.closest('details:not([open]) > :not(summary)') !== null) continue;
      at.scrollIntoView({ block: 'nearest' });
      at.focus();
      const [stop, bar] = [at.getBoundingClientRect(), dock.getBoundingClientRect()];
      const isOver = bar.height > 0 && stop.bottom > bar.top && stop.top < bar.bottom;
      if (isOver || stop.top < 0 || stop.top >= innerHeight) hidden.push(`${at.id} ${at.textContent}`);
    }
    return hidden;
  });

describe('the bar at the lower edge', () => {
  /** Common window sizes, and the smallest that must work: 1280 by 1024 at 400 % (WCAG 2.2, 1.4.10). */
  const SIZES = [
    [1000, 800],
    [1000, 490],
    [360, 740],
    [320, 640],
    [320, 256],
    [180, 370],
  ] as const;

  test('does not hide the focused element, in windows of any size', async () => {
    const page = await openScene('settings-issues');
    const look = async (what: string): Promise<void> => {
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        expect(await hiddenStops(page), `${width} by ${height}, ${what}`).toEqual([]);
      }
    };
    await look('after a save that failed');
    await page.getByLabel('Name', { exact: true }).fill('Mine');
    await expect.poll(() => page.locator('.dock .said').innerText()).toBe('');
    await look('while something is unsaved');
  });

  test('takes less than half of the window, even with much to say', async () => {
    const said = {
      kind: 'refused',
      issues: [{ field: 'form', sentence: 'A long sentence. '.repeat(200) }],
    } as const;
    const page = await stage.openSettings({ view, saved: said }, { viewport: { width: 800, height: 600 } });
    await page.getByLabel('Name', { exact: true }).fill('Mine');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('.dock .said').getByText('A long sentence.').waitFor();
    expect(await page.locator('.dock').evaluate((dock) => dock.getBoundingClientRect().height)).toBeLessThan(
      300,
    );
    expect(await hiddenStops(page)).toEqual([]);
  });

  test('names a few unsaved parts, and counts more of them', async () => {
    const page = await stage.openSettings({ view });
    const bar = page.locator('.save-said');
    await page.getByLabel('Name', { exact: true }).fill('Mine');
    await page.getByLabel('Scopes', { exact: true }).fill('openid');
    expect(await bar.innerText()).toBe('Not saved: Name, Scopes');
    await page.getByLabel('Redirect URI', { exact: true }).fill('http://localhost:1/');
    expect(await bar.innerText()).toBe('Not saved: 3 parts');
    await page.getByRole('button', { name: 'Discard' }).click();
    expect(await page.getByRole('dialog').innerText()).toContain('Name, Redirect URI, Scopes');
  });
});

test('live regions exist before they have content, and take no space', async () => {
  const page = await stage.openSettings({ view });
  await page.locator('.field-errors').first().waitFor({ state: 'attached' });
  const regions = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main :is([role="status"], [aria-live])')]
      .filter((each) => each.closest('[hidden]') === null && each.closest('details:not([open])') === null)
      .map((each) => ({
        class: each.className,
        isThere: each.checkVisibility(),
        height: each.classList.contains('unseen') ? 0 : each.offsetHeight,
        isApart: ['absolute', 'fixed'].includes(getComputedStyle(each).position),
      })),
  );
  expect(regions.map((each) => each.class)).toEqual(
    expect.arrayContaining(['form-notes', 'field-errors', 'said', 'soft test-said']),
  );
  expect(regions.filter(({ isThere, height, isApart }) => !isThere || height > 0 || !isApart)).toEqual([]);
  expect(await page.locator('.dock').evaluate((dock) => dock.getBoundingClientRect().height)).toBe(0);
});

test('changes made elsewhere do not scroll the page away from the field being edited', async () => {
  const state: SettingsState = { view, moreProfiles: 30 };
  const page = await stage.openSettings(state, { viewport: { width: 360, height: 740 } });
  const scopes = page.getByLabel('Scopes', { exact: true });
  await scopes.fill('openid');
  const at = await page.evaluate(() => scrollY);
  expect(at).toBeGreaterThan(200);
  await push(page, { ...view, profiles: [...view.profiles, profile('more', 'More')] });
  await page.getByRole('tab', { name: 'More' }).waitFor();
  expect(await page.evaluate(() => scrollY)).toBe(at);
  expect(await scopes.evaluate((field) => field === document.activeElement)).toBe(true);
});

test('the focused entry is scrolled into view within the list', async () => {
  const page = await openScene('settings-hundred');
  await page.getByRole('tab', { name: 'Work' }).focus();
  await page.keyboard.press('End');
  const last = page.getByRole('tab', { name: 'Export and import' });
  expect(await last.evaluate((each) => each === document.activeElement)).toBe(true);
  const isSeen = (): Promise<boolean> =>
    last.evaluate((each) => {
      const [entry, list] = [each.getBoundingClientRect(), each.parentElement!.getBoundingClientRect()];
      return entry.top >= list.top && entry.bottom <= list.bottom + 1 && entry.bottom <= innerHeight;
    });
  expect(await isSeen()).toBe(true);
});

describe('token files, from the keyboard', () => {
  const label = (page: Page): Promise<string | null | undefined> =>
    page.evaluate(() =>
      document.activeElement?.getAttribute('aria-label')?.replaceAll(/[\u2066-\u2069]/gu, ''),
    );
  const open = async (): Promise<Page> => {
    const page = await stage.openSettings({ view: withFiles('/a', '/b', '/c') });
    await tab(page, 'Outlets');
    await page.getByRole('button', { name: /^Remove.*\/b/u }).focus();
    return page;
  };

  test('a change made elsewhere leaves the focus at the same file', async () => {
    const page = await open();
    await push(page, withFiles('/0', '/a', '/b', '/c'));
    await expect.poll(() => page.locator('.file').count()).toBe(4);
    expect(await label(page)).toBe('Remove /b');
  });

  test('after the file is removed, the focus is not at another file’s button, and the removal is announced', async () => {
    const page = await open();
    await page.keyboard.press('Enter');
    await push(page, withFiles('/a', '/c'));
    await expect.poll(() => page.locator('.file').count()).toBe(2);
    await page.keyboard.press('Enter');
    const removed = await page.evaluate(() =>
      window.fakeSettings.calls.filter(({ name }) => name === 'token-file.remove').map(({ asked }) => asked),
    );
    expect(removed).toEqual([{ path: '/b' }]);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT');
    await expect
      .poll(() => page.locator('.dock .said').innerText())
      .toContain('/b\u2069 is no longer kept fresh');
  });
});

describe('a profile without a name', () => {
  const unnamed = { ...withFiles('/a'), profiles: [{ ...work, draft: { ...work.draft, name: '' } }] };

  test('is called by its id everywhere', async () => {
    const page = await stage.openSettings({ view: unnamed });
    const entry = page.getByRole('tab').first();
    expect(await entry.innerText()).toContain('work');
    expect(await entry.getAttribute('title')).toBe('work');
    expect(await page.locator('.panel-title').innerText()).toBe('work');
    expect(await page.getByRole('tabpanel').getAttribute('aria-label')).toBe('work');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('');
    await tab(page, 'Outlets');
    expect(await page.locator('.file-about').innerText()).toContain('work');
    expect(await page.getByLabel('Profile', { exact: true }).innerText()).toContain('work');
    await tab(page, 'work');
    await push(page, { ...unnamed, profiles: [] });
    await expect.poll(() => page.locator('.dock .said').innerText()).toContain('work');
  });
});

describe('marks that reverse text reach neither titles nor names for screen readers', () => {
  const TURNED = '\u202egnoL\u2066 name';
  const marks = (page: Page): Promise<readonly string[]> =>
    page.evaluate(() =>
      [
        document.title,
        ...[...document.querySelectorAll('[title], [aria-label]')].flatMap((each) => [
          each.getAttribute('title') ?? '',
          each.getAttribute('aria-label') ?? '',
        ]),
      ].filter((text) => /[\u202a-\u202e]|\u2066|\u2067/u.test(text)),
    );

  test('on Settings', async () => {
    const page = await stage.openSettings({ view: { ...view, profiles: [profile('work', TURNED)] } });
    await page.getByRole('tab', { name: 'gnoL' }).waitFor();
    expect(await marks(page)).toEqual([]);
    expect(await page.getByRole('tabpanel').getAttribute('aria-label')).toBe('gnoL name');
  });

  test('on Status', async () => {
    const page = await stage.open({
      ...states['signed-in'],
      profiles: [
        statusOf({}, { name: TURNED }),
        statusOf({}, { id: 'other', name: TURNED, isDefault: false }),
      ],
    });
    await page.getByRole('tab').first().waitFor();
    expect(await marks(page)).toEqual([]);
    expect(await page.title()).toContain('gnoL name');
  });
});

test('a page that could not be read is not marked as busy', async () => {
  const page = await openScene('settings-failed');
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  expect(await page.locator('#page').getAttribute('aria-busy')).toBeNull();
});

test('the zone that Enter would pick is visible with forced colors', async () => {
  const page = await openScene('settings-zone', { forcedColors: 'active' });
  await page.getByRole('combobox', { name: 'Time zone' }).fill('e');
  const outlines = await page
    .getByRole('option')
    .evaluateAll((options) => options.slice(0, 3).map((each) => getComputedStyle(each).outlineStyle));
  expect(outlines).toEqual(['solid', 'none', 'none']);
});

test('its head links one style sheet, which includes the common one', async () => {
  const page = await stage.openSettings({ view });
  expect(await page.locator('link[rel="stylesheet"]').count()).toBe(1);
  expect(await page.evaluate(() => getComputedStyle(document.body).getPropertyValue('--space-4'))).toBe(
    '1rem',
  );
});

test('nothing moves with reduced motion', async () => {
  const page = await openScene('settings-testing', { reducedMotion: 'no-preference' });
  const moving = (): Promise<readonly string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll('*')].flatMap((each) => {
        const { animationName, transitionDuration } = getComputedStyle(each);
        const isStill = animationName === 'none' && transitionDuration.split(', ').every((at) => at === '0s');
        return isStill ? [] : [`${each.tagName} ${each.getAttribute('class') ?? ''}`];
      }),
    );
  expect(await moving()).toEqual(
    expect.arrayContaining([expect.stringContaining('BUTTON'), expect.stringContaining('test-mark')]),
  );
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await moving()).toEqual([]);
});

test.each(['light', 'dark'] as const)(
  'whoever wants more contrast has that of AAA for every text (%s)',
  async (colorScheme) => {
    const page = await openScene('settings-profile', { colorScheme, contrast: 'more' });
    const rules = {
      runOnly: ['color-contrast-enhanced'],
      rules: { 'color-contrast-enhanced': { enabled: true } },
    };
    expect(await axeFindings(page, rules)).toEqual([]);
  },
);
