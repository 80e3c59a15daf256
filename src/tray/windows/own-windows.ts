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
import type { OwnPage } from './pages.ts';
import { offerZoom } from './zoom.ts';

/** In memory, and separate from the sign-in's session: only this one serves `app:`. */
const PARTITION = 'tokentray-windows';

/** Beside the bundle's folder, as in the source. */
const DIRECTORY = fileURLToPath(new URL('../pages', import.meta.url));

/** Gives our pages their calls to the main process; no other page has it. */
const PRELOAD = fileURLToPath(new URL('../pages/preload.cjs', import.meta.url));

/** An open window. `gone`: its page crashed and shows nothing. `hangs`: its page does not respond. */
interface OpenWindow {
  readonly page: OwnPage;
  readonly window: BrowserWindow;
  health: 'well' | 'hangs' | 'gone';
}

/** The windows with our own pages: at most one per page, in a session of their own. */
export class OwnWindows {
  readonly #files: OwnFiles;
  readonly #open = new Map<string, OpenWindow>();
  #session: Session | undefined;
  #phase: 'running' | 'leaving' = 'running';
  readonly #onClosed: ((page: OwnPage) => void)[] = [];

  constructor(pages: OwnFiles['pages']) {
    this.#files = { directory: DIRECTORY, pages };
  }

  /** Whether no window is open to receive a message. */
  get areClosed(): boolean {
    return this.#open.size === 0;
  }

  /** The page of the window with these contents; undefined if it is not ours. */
  pageOf(contents: WebContents): OwnPage | undefined {
    return [...this.#open.values()].find(({ window }) => window.webContents === contents)?.page;
  }

  isOpen({ file }: OwnPage): boolean {
    return this.#open.has(file);
  }

  /** Calls `listener` for each window that closes, even if another one replaces it. */
  whenClosed(listener: (page: OwnPage) => void): void {
    this.#onClosed.push(listener);
  }

  /** The application is quitting: pages with unsaved changes no longer keep their windows open. */
  letGo(): void {
    this.#phase = 'leaving';
  }

  /** Sends a message to the pages of all open windows. */
  tellAll<Name extends MessageName>(message: Name, said: Messages[Name]): void {
    for (const { window, health } of this.#open.values())
      // A crashed page has no frame to send to, and Electron would log an error.
      if (health !== 'gone') window.webContents.send(channelOf(message), said);
  }

  /**
   * Opens the page's window, or brings it to the front; replaces a window whose page crashed or hangs. Rejects if the
   * page cannot be loaded.
   */
  async show(page: OwnPage): Promise<void> {
    // Checked first, because Chromium shows a 404 as an empty page and reports it as loaded.
    const found = await answer({ method: 'GET', url: ownAddress(page.file) }, this.#files);
    if (!found.ok) throw new Error(`there is no page ${page.file}`);
    const open = this.#open.get(page.file);
    if (open?.health === 'well') {
      bringForward(open.window);
      return;
    }
    // Not `close`, which a hanging page would never allow.
    open?.window.destroy();
    const window = openWindow((this.#session ??= this.#serve()), page);
    this.#follow({ page, window, health: 'well' });
    await window.loadURL(ownAddress(page.file)).catch((error: unknown) => {
      // A user who closed it while it was loading is not told.
      if (window.isDestroyed()) return;
      window.destroy();
      throw error;
    });
    if (!window.isDestroyed()) bringForward(window);
  }

  /** Tracks the window until it closes, and the health of its page. */
  #follow(open: OpenWindow): void {
    const { page, window } = open;
    this.#open.set(page.file, open);
    window.on('closed', () => {
      if (this.#open.get(page.file) === open) this.#open.delete(page.file);
      for (const listener of this.#onClosed) listener(page);
    });
    window.webContents.on('will-prevent-unload', (event) => {
      // Here `preventDefault` overrides the page's question about unsaved changes.
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

/** A hidden window; it is shown once its page is loaded, so that it does not flash white in a dark theme. */
function openWindow(own: Session, page: OwnPage): BrowserWindow {
  const window = new BrowserWindow(ownWindowOptions(own, page));
  window.on('page-title-updated', (event) => event.preventDefault());
  const contents = window.webContents;
  // Our pages do not navigate: not by a link, in a frame, or by a redirect (Electron's security checklist, item 13).
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  offerEditMenu(window);
  offerZoom(contents);
  return window;
}

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

/** Those of every window, and our pages' calls. */
function ownPreferences(own: Session): WebPreferences {
  return { ...confinedPreferences(own), preload: PRELOAD };
}

/** Restores, shows and focuses a window. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
