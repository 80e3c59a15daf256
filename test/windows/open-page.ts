import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { answer as answerOfScheme } from '../../src/tray/app-scheme.ts';
import { installFake, type PageState } from './fake-api.ts';
import { NOW } from './states.ts';

/** Stands for `app://bundle`, which only Electron knows: no address of it leaves this process. */
const ORIGIN = 'https://bundle.test';

/** A page as it is opened, and what it complains about. */
export interface OpenPage {
  readonly page: Page;
  readonly complaints: string[];
}

/** Opens built pages as the tray does: every file with the headers that its own scheme answers with. */
export class PageOpener {
  readonly #browser: Browser;
  readonly #answer: typeof answerOfScheme;
  readonly #files: Parameters<typeof answerOfScheme>[1];

  /** `answer`: the scheme's own, handed in because its module wants Electron. `directory`: `dist/windows`, absolute. */
  constructor(
    browser: Browser,
    answer: typeof answerOfScheme,
    directory: string,
    pages: Parameters<typeof answerOfScheme>[1]['pages'] = {},
  ) {
    this.#browser = browser;
    this.#answer = answer;
    this.#files = { directory, pages };
  }

  /** A page of its own context with this state; the time stands still at {@link NOW}. */
  async open(state: PageState, options: BrowserContextOptions = {}, file = 'status.html'): Promise<OpenPage> {
    const context = await this.#browser.newContext({
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      viewport: { width: 1100, height: 800 },
      ...options,
    });
    const complaints: string[] = [];
    await context.route('**/*', async (route) => {
      const request = route.request();
      const url = request.url().replace(ORIGIN, 'app://bundle');
      const { status, headers, body } = await responseParts(
        await this.#answer({ method: request.method(), url }, this.#files),
      );
      await route.fulfill({ status, headers, body });
    });
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.clock.setFixedTime(NOW);
    await page.addInitScript(installFake, state);
    await page.goto(`${ORIGIN}/${file}`);
    return { page, complaints };
  }
}

async function responseParts(
  response: Response,
): Promise<{ status: number; headers: Record<string, string>; body: Buffer }> {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  };
}
