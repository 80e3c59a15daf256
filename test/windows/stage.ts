// Our own pages in Chromium, for one test file: the built files with the scheme's headers over a fake main process.
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { answer as answerOfScheme } from '../../src/tray/app-scheme.ts';
import type { PageState } from './fake-api.ts';
import { installFakeSettings, type SettingsState } from './fake-settings.ts';
import { PageOpener, type OpenPage, type Opening } from './open-page.ts';

const DIRECTORY = fileURLToPath(new URL('../../dist/windows', import.meta.url));

interface Opened extends OpenPage {
  /** Whatever the page was kept from by its policy. */
  readonly violations: () => Promise<readonly string[]>;
}

/** What a test file opens its pages with. */
export interface Stage {
  readonly open: (state: PageState, opening?: Opening, file?: string) => Promise<Page>;
  /** The Settings page. */
  readonly openSettings: (state: SettingsState, opening?: Opening) => Promise<Page>;
  /** For pages that outlive a test; they keep their promises as well, and the file ends them. */
  readonly keepOpen: () => void;
}

/**
 * Begins a browser for the file that calls it, at its top. After each test it is asked, whatever the test was about,
 * whether the page kept to its policy and complained of nothing; then it is closed, unless the file keeps it.
 *
 * `answer`: of src/tray/app-scheme.ts, which wants Electron mocked; `pages`: as there.
 */
export function stageOf(
  answer: typeof answerOfScheme,
  pages: Parameters<typeof answerOfScheme>[1]['pages'] = {},
): Stage {
  let browser: Browser;
  let opener: PageOpener;
  let opened: Opened[] = [];
  let ending: 'after each' | 'at the end' = 'after each';

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env['TOKENTRAY_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    opener = new PageOpener(browser, answer, DIRECTORY, pages);
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    const said = await Promise.all(
      opened.map(async ({ complaints, violations }) => [...(await violations()), ...complaints]),
    );
    if (ending === 'after each') {
      await Promise.all(opened.map(({ page }) => page.close()));
      opened = [];
    }
    expect(said.flat()).toEqual([]);
  });

  return {
    open: async (state, opening, file) => {
      const made = await opener.open(state, { reducedMotion: 'reduce', ...opening }, file);
      opened.push({ ...made, violations: () => made.page.evaluate(() => window.fake.violations) });
      return made.page;
    },
    openSettings: async (state, opening) => {
      const made = await opener.openWith(
        (page) => page.addInitScript(installFakeSettings, state),
        { reducedMotion: 'reduce', ...opening },
        'settings.html',
      );
      opened.push({ ...made, violations: () => made.page.evaluate(() => window.fakeSettings.violations) });
      return made.page;
    },
    keepOpen: () => (ending = 'at the end'),
  };
}
