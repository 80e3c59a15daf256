import { EventEmitter } from 'node:events';
import { announce } from '../control/announce.ts';
import { app } from '../app/app.ts';
import { Browser, type Attached } from '../chromium/browser.ts';
import { recordCall, recordMethods } from '../control/call-log.ts';
import { fire, makeEvent } from '../control/event.ts';
import { StandInSession } from '../session/session.ts';
import { onPopup, StandInWebContents, type PopupRequest } from './web-contents.ts';

const windows = new Map<number, StandInBrowserWindow>();
let lastId = 0;
let focused: StandInBrowserWindow | undefined;

function setFocused(window: StandInBrowserWindow | undefined): void {
  focused = window;
}

/** A window. What it shows is a real page; whether it is on the screen is only remembered. */
export class StandInBrowserWindow
  extends EventEmitter
  implements
    Pick<
      Electron.BrowserWindow,
      | 'blur'
      | 'center'
      | 'close'
      | 'destroy'
      | 'flashFrame'
      | 'focus'
      | 'getBounds'
      | 'getSize'
      | 'getTitle'
      | 'hide'
      | 'id'
      | 'isDestroyed'
      | 'isFocused'
      | 'isMinimized'
      | 'isVisible'
      | 'loadURL'
      | 'minimize'
      | 'moveTop'
      | 'reload'
      | 'removeMenu'
      | 'restore'
      | 'setAlwaysOnTop'
      | 'setBounds'
      | 'setContentSize'
      | 'setIcon'
      | 'setMenuBarVisibility'
      | 'setSize'
      | 'setSkipTaskbar'
      | 'setTitle'
      | 'show'
      | 'showInactive'
    >
{
  readonly id = ++lastId;
  readonly webContents: StandInWebContents;
  readonly _options: Electron.BrowserWindowConstructorOptions;
  autoHideMenuBar = false;
  #title: string;
  #visible: boolean;
  #minimized = false;
  #destroyed = false;
  #size: [number, number];

  /** @param _adopted the stand-in's own: a target Chromium has opened already */
  constructor(
    options: Electron.BrowserWindowConstructorOptions = {},
    _adopted?: { popup: Attached; session: StandInSession },
  ) {
    super();
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    if (!_adopted) recordCall('new BrowserWindow', [options]);
    const { partition, session, preload } = options.webPreferences ?? {};
    this._options = options;
    this.#title = options.title ?? app.getName();
    this.#visible = options.show !== false;
    this.#size = [options.width ?? 800, options.height ?? 600];
    const own =
      _adopted?.session ??
      (session as StandInSession | undefined) ??
      (partition === undefined ? StandInSession.defaultSession : StandInSession.fromPartition(partition));
    this.webContents = new StandInWebContents(own, preload, _adopted?.popup);
    windows.set(this.id, this);
    this.#followPage();
    fire(app, 'web-contents-created', makeEvent({}), this.webContents);
    fire(app, 'browser-window-created', makeEvent({}), this);
    if (this.#visible) this._focus();
    announce('windows');
  }

  static getAllWindows(): StandInBrowserWindow[] {
    return [...windows.values()];
  }

  static _all(): StandInBrowserWindow[] {
    return [...windows.values()];
  }

  static getFocusedWindow(): StandInBrowserWindow | null {
    return focused ?? null;
  }

  static fromWebContents(webContents: StandInWebContents): StandInBrowserWindow | null {
    return [...windows.values()].find((window) => window.webContents === webContents) ?? null;
  }

  static fromId(id: number): StandInBrowserWindow | null {
    return windows.get(id) ?? null;
  }

  loadURL(url: string, options: Electron.LoadURLOptions = {}): Promise<void> {
    this.#alive();
    return this.webContents._loadURL(url, options);
  }

  reload(): void {
    this.#alive();
    this.webContents.reload();
  }

  show(): void {
    this.#alive();
    this.#setVisible('shown');
    this._focus();
  }

  showInactive(): void {
    this.#alive();
    this.#setVisible('shown');
  }

  hide(): void {
    this.#alive();
    this.#setVisible('hidden');
    this._blur();
  }

  focus(): void {
    this.#alive();
    this._focus();
  }

  blur(): void {
    this.#alive();
    this._blur();
  }

  isFocused(): boolean {
    this.#alive();
    return focused === this;
  }

  isVisible(): boolean {
    this.#alive();
    return this.#visible;
  }

  isMinimized(): boolean {
    this.#alive();
    return this.#minimized;
  }

  minimize(): void {
    this.#alive();
    this.#minimized = true;
    this._blur();
    fire(this, 'minimize', makeEvent({}));
  }

  restore(): void {
    this.#alive();
    if (this.#minimized) fire(this, 'restore', makeEvent({}));
    this.#minimized = false;
    announce('windows');
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  close(): void {
    this.#alive();
    this._close();
  }

  destroy(): void {
    this._destroy();
  }

  getTitle(): string {
    this.#alive();
    return this.#title;
  }

  setTitle(title: string): void {
    this.#alive();
    this.#title = title;
    announce('windows');
  }

  getSize(): number[] {
    this.#alive();
    return [...this.#size];
  }

  setSize(width: number, height: number): void {
    this.#alive();
    this.#size = [width, height];
  }

  setContentSize(width: number, height: number): void {
    this.setSize(width, height);
  }

  getBounds(): Electron.Rectangle {
    this.#alive();
    return { x: 0, y: 0, width: this.#size[0], height: this.#size[1] };
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#alive();
    this.#size = [bounds.width ?? this.#size[0], bounds.height ?? this.#size[1]];
  }

  setMenu(): void {
    this.#alive();
  }

  removeMenu(): void {
    this.#alive();
  }

  setMenuBarVisibility(): void {
    this.#alive();
  }

  setSkipTaskbar(): void {
    this.#alive();
  }

  setAlwaysOnTop(): void {
    this.#alive();
  }

  setIcon(): void {
    this.#alive();
  }

  center(): void {
    this.#alive();
  }

  moveTop(): void {
    this.#alive();
  }

  flashFrame(): void {
    this.#alive();
  }

  _shown(): { title: string; visible: boolean; focused: boolean } {
    return { title: this.#title, visible: this.#visible, focused: focused === this };
  }

  /** A user, or the product, closes the window: it may refuse, and so may its page. */
  _close(): void {
    if (this.#destroyed) return;
    const event = makeEvent({});
    fire(this, 'close', event);
    if (event.defaultPrevented) app._quitCancelled();
    else if (this.webContents._askToUnload() === 'nothing to ask') this._destroy();
  }

  _destroy(): void {
    if (this.#destroyed) return;
    this._blur();
    this.#destroyed = true;
    windows.delete(this.id);
    this.webContents._destroy();
    fire(this, 'closed');
    announce('windows');
    if (windows.size === 0) app._windowAllClosed();
  }

  _focus(): void {
    if (focused === this) return;
    focused?._blur();
    setFocused(this);
    fire(this, 'focus', makeEvent({}));
    fire(app, 'browser-window-focus', makeEvent({}), this);
    announce('windows');
  }

  _blur(): void {
    if (focused !== this) return;
    setFocused(undefined);
    fire(this, 'blur', makeEvent({}));
    fire(app, 'browser-window-blur', makeEvent({}), this);
    announce('windows');
  }

  #alive(): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
  }

  #setVisible(state: 'shown' | 'hidden'): void {
    const visible = state === 'shown';
    if (this.#visible === visible) return;
    this.#visible = visible;
    fire(this, visible ? 'show' : 'hide', makeEvent({}));
    announce('windows');
  }

  /** Below Electron's surface, so that `listenerCount` and the call log show only the product. */
  #followPage(): void {
    let shown = false;
    this.webContents._host = {
      domReady: () => {
        if (!shown) fire(this, 'ready-to-show');
        shown = true;
      },
      titleUpdated: (event, title) => {
        fire(this, 'page-title-updated', event, title, true);
        if (!event.defaultPrevented) this.#title = title;
        announce('windows');
      },
      closedItself: () => this._destroy(),
    };
  }
}
recordMethods('BrowserWindow', StandInBrowserWindow);

app._setWindows({
  isEmpty: () => windows.size === 0,
  closeAll: () => {
    for (const window of [...windows.values()]) window._close();
  },
  destroyAll: () => {
    for (const window of [...windows.values()]) window._destroy();
  },
});

onPopup(({ opener, popup, answer, details }: PopupRequest) => {
  if (answer.action === 'deny' || opener.isDestroyed()) {
    void Browser.get().then((browser) => browser.refusePage(popup));
    return;
  }
  const options = answer.overrideBrowserWindowOptions ?? {};
  const window = new StandInBrowserWindow(options, { popup, session: opener.session });
  fire(opener, 'did-create-window', window, { ...details, options });
});
