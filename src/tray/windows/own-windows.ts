import {
  BrowserWindow,
  session,
  type BrowserWindowConstructorOptions,
  type Session,
  type WebContents,
  type WebPreferences,
} from 'electron';
import { fileURLToPath } from 'node:url';
import type { MessageName, Messages } from '../../pages/bridge/contract.ts';
import { channelOf } from '../../pages/bridge/wire.ts';
import { answer, ownAddress, serveAppScheme, type OwnFiles } from './app-scheme.ts';
import { offerEditMenu } from './edit-menu.ts';
import { confinedPreferences } from './lockdown.ts';
import { offerZoom } from './zoom.ts';

/** In memory, and apart from the sign-in's: only here is there an `app:` at all. */
const PARTITION = 'tokentray-windows';

/** Beside the folder of the bundle, as in the source. */
const DIRECTORY = fileURLToPath(new URL('../pages', import.meta.url));

/** What pages of our own reach the main process by; no page of anybody else has it. */
const PRELOAD = fileURLToPath(new URL('../pages/preload.cjs', import.meta.url));

/** A window with a page of our own. */
export interface OwnPage {
  /** The page's file, and what tells one window from another. */
  readonly file: string;
  readonly title: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** As narrow as the page is made for; any width where it is left out. */
  readonly minWidthPx?: number;
}

/** An open window. A page that is `gone` crashed and shows nothing; one that `hangs` answers nobody. */
interface OpenWindow {
  readonly page: OwnPage;
  readonly window: BrowserWindow;
  health: 'well' | 'hangs' | 'gone';
}

/** The windows that show our own pages: each page in one window at most, in a session that has nothing else. */
export class OwnWindows {
  readonly #files: OwnFiles;
  readonly #open = new Map<string, OpenWindow>();
  #session: Session | undefined;
  #phase: 'running' | 'leaving' = 'running';
  readonly #onClosed: ((page: OwnPage) => void)[] = [];

  constructor(pages: OwnFiles['pages']) {
    this.#files = { directory: DIRECTORY, pages };
  }

  /** Whether nobody would hear what is said to all. */
  get areClosed(): boolean {
    return this.#open.size === 0;
  }

  /** Which page the window shows that these are the contents of; undefined where it is no window of ours. */
  pageOf(contents: WebContents): OwnPage | undefined {
    return [...this.#open.values()].find(({ window }) => window.webContents === contents)?.page;
  }

  isOpen({ file }: OwnPage): boolean {
    return this.#open.has(file);
  }

  /** Hears of each window that is closed, also where another one takes its place. */
  whenClosed(listener: (page: OwnPage) => void): void {
    this.#onClosed.push(listener);
  }

  /** The application ends: from now on no page keeps its window open, which would keep the application. */
  letGo(): void {
    this.#phase = 'leaving';
  }

  /** Says something to the pages of all open windows. */
  tellAll<Name extends MessageName>(message: Name, said: Messages[Name]): void {
    for (const { window, health } of this.#open.values())
      // There is no frame to send to, and Electron complains of that.
      if (health !== 'gone') window.webContents.send(channelOf(message), said);
  }

  /**
   * Opens the page's window, or brings it to the front; a window whose page crashed or hangs gives place to a new
   * one. Rejects where the page cannot be loaded.
   */
  async show(page: OwnPage): Promise<void> {
    // Asked first: Chromium shows an answer of 404 as an empty page, and calls that loaded.
    const found = await answer({ method: 'GET', url: ownAddress(page.file) }, this.#files);
    if (!found.ok) throw new Error(`there is no page ${page.file}`);
    const open = this.#open.get(page.file);
    if (open?.health === 'well') {
      bringForward(open.window);
      return;
    }
    // Not closed: a page that hangs would never agree to that.
    open?.window.destroy();
    const window = new BrowserWindow(ownWindowOptions((this.#session ??= this.#serve()), page));
    this.#follow({ page, window, health: 'well' });
    window.on('page-title-updated', (event) => event.preventDefault());
    stayOnPage(window.webContents);
    offerEditMenu(window);
    offerZoom(window.webContents);
    await window.loadURL(ownAddress(page.file)).catch((error: unknown) => {
      // Whoever closed it while it loaded is not told of that.
      if (window.isDestroyed()) return;
      window.destroy();
      throw error;
    });
    if (!window.isDestroyed()) bringForward(window);
  }

  /** Knows the window until it is closed, and how its page is. */
  #follow(open: OpenWindow): void {
    const { page, window } = open;
    this.#open.set(page.file, open);
    window.on('closed', () => {
      if (this.#open.get(page.file) === open) this.#open.delete(page.file);
      for (const listener of this.#onClosed) listener(page);
    });
    window.webContents.on('will-prevent-unload', (event) => {
      // Its page asks whether what is not saved may go; it is not asked any more.
      if (this.#phase === 'leaving') event.preventDefault();
    });
    window.on('unresponsive', () => (open.health = 'hangs'));
    window.on('responsive', () => (open.health = 'well'));
    window.webContents.on('render-process-gone', () => (open.health = 'gone'));
  }

  #serve(): Session {
    const own = session.fromPartition(PARTITION, { cache: false });
    serveAppScheme(own, this.#files);
    return own;
  }
}

/** Shown when the page is there, so that nothing white flashes up in the dark. */
function ownWindowOptions(own: Session, page: OwnPage): BrowserWindowConstructorOptions {
  return {
    width: page.widthPx,
    height: page.heightPx,
    useContentSize: true,
    ...(page.minWidthPx === undefined ? {} : { minWidth: page.minWidthPx }),
    title: page.title,
    show: false,
    autoHideMenuBar: true,
    webPreferences: ownPreferences(own),
  };
}

/** As of every window, and the calls of our own pages. */
function ownPreferences(own: Session): WebPreferences {
  return { ...confinedPreferences(own), preload: PRELOAD };
}

/** A page of our own leads nowhere: not by a link, not in a frame, not by a redirect (Electron's checklist 13). */
function stayOnPage(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
}

function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
