import { EventEmitter } from 'node:events';
import { announce } from '../control/announce.ts';
import { app } from '../app/app.ts';
import { Browser, type Attached } from '../chromium/browser.ts';
import { recordCall, recordMethods } from '../control/call-log.ts';
import { ignoreGone, type CdpEvent, type Protocol } from '../chromium/cdp.ts';
import { toChromium, toPublic } from '../chromium/custom-scheme.ts';
import { fire, makeEvent, type StandInEvent } from '../control/event.ts';
import type { StandInFrame } from '../chromium/frames.ts';
import { StandInIpcMain } from './ipc-main.ts';
import { answerPage } from './ipc-answer.ts';
import { askLogin } from '../app/login.ts';
import { Navigation } from '../chromium/navigation.ts';
import { Page } from '../chromium/page.ts';
import { preloadScript, type FromPage } from './preload.ts';
import type { StandInSession } from '../session/session.ts';

type WindowOpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];

/** The window around a page. */
export interface PageHost {
  domReady(): void;
  titleUpdated(event: StandInEvent, title: string): void;
  /** The page is gone without the product's doing: it called `window.close()`. */
  closedItself(): void;
}

/** A window that a page wants to open; browser-window.ts makes it, or not. */
export interface PopupRequest {
  opener: StandInWebContents;
  popup: Attached;
  answer: Electron.WindowOpenHandlerResponse;
  details: Electron.HandlerDetails;
}

let onPopupRequest: (request: PopupRequest) => void = () => undefined;
const all = new Map<number, StandInWebContents>();
let lastId = 0;

/** Set by browser-window.ts, which this file must not import. */
export function onPopup(listener: (request: PopupRequest) => void): void {
  onPopupRequest = listener;
}

/** A page, as Electron's main process sees it. */
export class StandInWebContents
  extends EventEmitter
  implements
    Pick<
      Electron.WebContents,
      | 'close'
      | 'executeJavaScript'
      | 'focus'
      | 'getTitle'
      | 'getURL'
      | 'getUserAgent'
      | 'id'
      | 'isCrashed'
      | 'isDestroyed'
      | 'isLoading'
      | 'isLoadingMainFrame'
      | 'loadURL'
      | 'reload'
      | 'send'
      | 'setUserAgent'
      | 'setWindowOpenHandler'
      | 'forcefullyCrashRenderer'
      | 'setZoomLevel'
      | 'getZoomLevel'
      | 'stop'
    >
{
  readonly id = ++lastId;
  readonly session: StandInSession;
  readonly ipc = new StandInIpcMain();
  readonly _navigation = new Navigation(this);
  _host: PageHost | undefined;
  readonly #page: Promise<Page>;
  #opened: Page | undefined;
  #destroyed = false;
  #crashed = false;
  #title = '';
  #windowOpen: WindowOpenHandler | undefined;
  #openings: { url: string; frameName: string; features: string }[] = [];
  #userAgent: string | undefined;
  #zoomLevel = 0;

  /** @param adopted a target Chromium opened itself (a popup); otherwise one is opened */
  constructor(session: StandInSession, preload: string | undefined, adopted?: Attached) {
    super();
    this.session = session;
    this.#userAgent = session._userAgentOverride();
    all.set(this.id, this);
    const script = preload === undefined ? undefined : preloadScript(preload);
    this.#page = this.#open(script, adopted);
    // Whoever awaits a command gets this error too; on its own it only means that the window was closed early.
    this.#page.catch(ignoreGone);
  }

  static fromId(id: number): StandInWebContents | undefined {
    return all.get(id);
  }

  static getAllWebContents(): StandInWebContents[] {
    return [...all.values()];
  }

  static getFocusedWebContents(): StandInWebContents | null {
    return null;
  }

  get mainFrame(): StandInFrame {
    return this._navigation.frames.main;
  }

  get navigationHistory() {
    return {
      canGoBack: () => false,
      canGoForward: () => false,
      clear: () => void this._tell((page) => page.send('Page.resetNavigationHistory')),
    } satisfies Partial<Electron.NavigationHistory>;
  }

  get userAgent(): string {
    return this.getUserAgent();
  }

  getURL(): string {
    this.#alive();
    return this._navigation.visibleUrl();
  }

  getTitle(): string {
    this.#alive();
    return this.#title;
  }

  getUserAgent(): string {
    return this.#userAgent ?? this.session.getUserAgent();
  }

  setUserAgent(userAgent: string): void {
    this.#userAgent = userAgent;
    void this._tell((page) => page.send('Emulation.setUserAgentOverride', { userAgent }));
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  isCrashed(): boolean {
    return this.#crashed;
  }

  isLoading(): boolean {
    return this._navigation.isLoading();
  }

  isLoadingMainFrame(): boolean {
    return this._navigation.isLoading();
  }

  isFocused(): boolean {
    return false;
  }

  focus(): void {
    this.#alive();
  }

  loadURL(url: string, options: Electron.LoadURLOptions = {}): Promise<void> {
    this.#alive();
    return this._loadURL(url, options);
  }

  reload(): void {
    this.#alive();
    this._navigation.order(this.getURL(), this.session.webRequest._hasListener());
    this.#crashed = false;
    void this._tell((page) => page.send('Page.reload', {}));
  }

  stop(): void {
    this.#alive();
    void this._tell((page) => page.send('Page.stopLoading'));
  }

  close(): void {
    this._destroy();
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#alive();
    this.#windowOpen = handler;
  }

  forcefullyCrashRenderer(): void {
    this.#alive();
    // Never answered: the page is gone.
    void this._tell((page) => page.send('Page.crash'));
  }

  /** Remembered only: it is not kept for each host, and the page does not grow. */
  setZoomLevel(level: number): void {
    this.#alive();
    this.#zoomLevel = level;
  }

  getZoomLevel(): number {
    this.#alive();
    return this.#zoomLevel;
  }

  executeJavaScript(code: string): Promise<unknown> {
    this.#alive();
    return this._page().then((page) => page.evaluate(code));
  }

  send(channel: string, ...args: unknown[]): void {
    this.#alive();
    void this._tell((page) => page.deliver({ kind: 'message', channel, args }));
  }

  _loadURL(url: string, options: Electron.LoadURLOptions): Promise<void> {
    const { userAgent, httpReferrer, ...others } = options;
    if (Object.keys(others).length > 0)
      throw new Error(`electron stand-in: loadURL options ${Object.keys(others).join()}`);
    this.#crashed = false;
    const load = this._navigation.order(url, this.session.webRequest._hasListener());
    const referrer = typeof httpReferrer === 'string' ? httpReferrer : httpReferrer?.url;
    void this._tell(async (page) => {
      if (userAgent !== undefined) await page.send('Emulation.setUserAgentOverride', { userAgent });
      const params = { url: toChromium(url), ...(referrer === undefined ? {} : { referrer }) };
      this._navigation.orderEnded(await page.send('Page.navigate', params), url, load);
    });
    return load.promise;
  }

  _page(): Promise<Page> {
    return this.#page;
  }

  /** Sends what may find the page gone. */
  async _tell(command: (page: Page) => Promise<unknown>): Promise<void> {
    await this.#page.then(command).catch(ignoreGone);
  }

  _title(): string {
    return this.#title;
  }

  async _emulateNetwork(state: 'online' | 'offline'): Promise<void> {
    const offline = state === 'offline';
    const conditions = { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await this._tell((page) => page.send('Network.emulateNetworkConditions', conditions));
  }

  _publicUrl(url: string): string {
    return toPublic(url);
  }

  _foreignScheme(url: string): void {
    void this.session._permissions.ask(this, 'openExternal', this.mainFrame.origin).then(({ request }) => {
      recordCall(request ? 'page opened external' : 'page was refused external', [url]);
    });
  }

  _changed(): void {
    announce('windows');
  }

  /** Before its window closes: the page goes by itself when it has nothing against it, or is overruled. */
  _askToUnload(): 'asked' | 'nothing to ask' {
    if (this.#opened === undefined || this.#crashed || this.mainFrame.url === '') return 'nothing to ask';
    void this._tell((page) => page.send('Page.close'));
    return 'asked';
  }

  _destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    all.delete(this.id);
    this._navigation.destroyed();
    this.mainFrame.detached = true;
    if (this.#opened) this.#opened.close();
    else void this.#page.then((page) => page.close(), ignoreGone);
    fire(this, 'destroyed');
  }

  #alive(): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
  }

  async #open(preload: string | undefined, adopted: Attached | undefined): Promise<Page> {
    const browserContextId = await this.session._context();
    await this.session._permissions.apply(browserContextId, this);
    const attached =
      adopted ?? (await (await Browser.get()).openPage(browserContextId, { width: 800, height: 600 }));
    this._navigation.setMainFrame(attached.target.targetId);
    this.#opened = await Page.take(attached, {
      source: {
        webRequest: this.session.webRequest,
        navigation: this._navigation,
        webContents: this,
        frame: (frameId) => this._navigation.frames.get(frameId),
        custom: (paused) => this.session.protocol._answer(paused),
        publicUrl: toPublic,
      },
      session: this.session,
      preload,
      userAgent: this.#userAgent,
      event: (event, isRoot) => this.#onEvent(event, isRoot),
      title: (title) => this.#onTitle(title),
      popup: (popup) => void this.#onPopup(popup),
      ownsFrame: (frameId) => this._navigation.frames.get(frameId) !== null,
      download: (download) => this.session._download(download, this),
      gone: () => {
        if (!this.#destroyed) this._host?.closedItself();
      },
      fromPage: (message: FromPage) => void answerPage(message, this),
      login: (challenge, url) => askLogin(this, challenge, url),
      crashed: () => this.#onCrash(),
    });
    return this.#opened;
  }

  #onEvent(event: CdpEvent, isRoot: boolean): void {
    if (this.#destroyed) return;
    if (event.method === 'Page.windowOpen') {
      const { url, windowName, windowFeatures } = event.params as Protocol.Page.windowOpenPayload;
      // Chromium lists every bar of a window that was asked for without features.
      const features = windowFeatures.includes('toolbar') ? '' : windowFeatures.join(',');
      this.#openings.push({ url, frameName: windowName, features });
    }
    if (event.method === 'Page.frameNavigated') {
      const { url } = (event.params as Protocol.Page.frameNavigatedPayload).frame;
      if (/^https?:/.test(url)) this.session._origins.add(new URL(url).origin);
    }
    if (event.method === 'Page.javascriptDialogOpening') {
      const { type } = event.params as Protocol.Page.javascriptDialogOpeningPayload;
      // A page's dialog is dismissed, as there is no user.
      const accept = type === 'beforeunload' && this.#overrulesUnload();
      void this._tell((page) => page.send('Page.handleJavaScriptDialog', { accept }));
    }
    this._navigation.handle(event, isRoot);
    if (event.method === 'Page.domContentEventFired' && isRoot && this.mainFrame.url !== '')
      this._host?.domReady();
  }

  /** Electron shows no dialog: the page stays unless a listener prevents its prevention. */
  #overrulesUnload(): boolean {
    const unload = makeEvent({});
    fire(this, 'will-prevent-unload', unload);
    if (!unload.defaultPrevented) app._quitCancelled();
    return unload.defaultPrevented;
  }

  #onTitle(title: string): void {
    if (this.#destroyed || title === '') return;
    this.#title = title;
    const event = makeEvent({});
    fire(this, 'page-title-updated', event, title, true);
    this._host?.titleUpdated(event, title);
    announce('windows');
  }

  async #onPopup(popup: Attached): Promise<void> {
    // The renderer tells what was asked for on another way than the browser tells of the new target.
    for (let turn = 0; turn < 20 && this.#openings.length === 0; turn++)
      await new Promise((next) => setTimeout(next, 10));
    const { url, frameName, features } = this.#openings.shift() ?? {
      url: popup.target.url,
      frameName: '',
      features: '',
    };
    const details: Electron.HandlerDetails = {
      url: toPublic(url),
      frameName,
      features,
      disposition: features === '' ? 'foreground-tab' : 'new-window',
      referrer: { url: this.getURL(), policy: 'strict-origin-when-cross-origin' },
    };
    const answer = this.#windowOpen?.(details) ?? { action: 'allow' };
    onPopupRequest({ opener: this, popup, answer, details });
  }

  #onCrash(): void {
    if (this.#destroyed) return;
    this.#crashed = true;
    const details = { reason: 'crashed', exitCode: 5 };
    fire(this, 'render-process-gone', makeEvent({}), details);
    fire(app, 'render-process-gone', makeEvent({}), this, details);
    announce('windows');
  }
}
recordMethods('WebContents', StandInWebContents);
