import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
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

/** How a page is opened. `clock`: a page that moves the clock has a context of its own, as a context has one clock. */
export type Opening = BrowserContextOptions & { readonly clock?: 'own' };

/** Opens built pages as the tray does: every file with the headers that its own scheme answers with. */
export class PageOpener {
  readonly #browser: Browser;
  readonly #answer: typeof answerOfScheme;
  readonly #files: Parameters<typeof answerOfScheme>[1];
  /** By their options: to make one takes longer than most tests. Our pages leave nothing behind in them. */
  readonly #contexts = new Map<string, Promise<BrowserContext>>();

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

  /** A page with this state; the time stands still at {@link NOW}. Whoever opened it closes it. */
  open(state: PageState, opening: Opening = {}, file = 'status.html'): Promise<OpenPage> {
    return this.openWith((page) => page.addInitScript(installFake, state), opening, file);
  }

  /** The same with another stand-in for the preload script, which `install` gives to the page. */
  async openWith(
    install: (page: Page) => Promise<unknown>,
    opening: Opening,
    file: string,
  ): Promise<OpenPage> {
    const { clock, ...options } = opening;
    const context = await (clock === 'own' ? this.#context(options) : this.#sharedContext(options));
    const page = await context.newPage();
    if (clock === 'own') page.on('close', () => void context.close());
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await install(page);
    await page.goto(`${ORIGIN}/${file}`);
    return { page, complaints };
  }

  #sharedContext(options: BrowserContextOptions): Promise<BrowserContext> {
    const key = JSON.stringify(options);
    const known = this.#contexts.get(key) ?? this.#context(options);
    this.#contexts.set(key, known);
    return known;
  }

  async #context(options: BrowserContextOptions): Promise<BrowserContext> {
    const context = await this.#browser.newContext({
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      viewport: { width: 1100, height: 800 },
      ...options,
    });
    await context.route('**/*', async (route) => {
      const request = route.request();
      const url = request.url().replace(ORIGIN, 'app://bundle');
      const { status, headers, body } = await responseParts(
        await this.#answer({ method: request.method(), url }, this.#files),
      );
      await route.fulfill({ status, headers, body });
    });
    await context.clock.setFixedTime(NOW);
    return context;
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
