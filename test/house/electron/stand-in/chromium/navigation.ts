// Turns DevTools' account of a page's navigations into Electron's events, and asks the listeners of those
// that can be prevented.
import type { EventEmitter } from 'node:events';
import type { CdpEvent, Protocol } from './cdp.ts';
import { fire, makeEvent } from '../control/event.ts';
import { FrameTree } from './frames.ts';
import { LoadPromise } from './load-promise.ts';
import { parseNetError } from './net-errors.ts';
import type { GateAnswer, NavigationGate } from './requests.ts';

interface Started {
  url: string;
  isMainFrame: boolean;
  status: number;
  statusText: string;
  failed: boolean;
  /** The load it belongs to: by the time it fails, another may have been ordered. */
  load: LoadPromise | undefined;
}

/** What navigation tells its page. */
export interface NavigationOwner extends EventEmitter {
  _publicUrl(url: string): string;
  _changed(): void;
  /** A page calls another program. */
  _foreignScheme(url: string): void;
}

export class Navigation implements NavigationGate {
  readonly frames = new FrameTree();
  readonly #owner: NavigationOwner;
  readonly #navigations = new Map<string, Started>();
  readonly #fromHistory = new Set<string>();
  #mainFrameId = '';
  #load: LoadPromise | undefined;
  /** A navigation the product itself began, until its first request shows up. */
  #ordered: { url: string; hadListener: boolean } | undefined;
  #loading = false;

  constructor(owner: NavigationOwner) {
    this.#owner = owner;
  }

  setMainFrame(frameId: string): void {
    this.#mainFrameId = frameId;
    this.frames.setMain(frameId);
  }

  isMainFrame(frameId: string): boolean {
    return frameId === this.#mainFrameId;
  }

  isLoading(): boolean {
    return this.#loading || this.#ordered !== undefined;
  }

  /** The address a window shows: that of a load under way, otherwise of the page. */
  visibleUrl(): string {
    return this.#ordered?.url ?? this.frames.main.url;
  }

  /** The product orders a load. @param hadListener whether its session has a request listener at this moment */
  order(url: string, hadListener: boolean): LoadPromise {
    this.#load?.overtaken(url);
    this.#ordered = { url, hadListener };
    this.#load = new LoadPromise(url);
    return this.#load;
  }

  /** DevTools' answer to an ordered load. */
  orderEnded(
    { loaderId, errorText }: Protocol.Page.navigateReturnValue,
    url: string,
    load: LoadPromise,
  ): void {
    if (errorText === undefined || load !== this.#load) return;
    this.#ordered = undefined;
    const known = this.#navigations.get(loaderId ?? '');
    this.#fail(
      known ?? { url, isMainFrame: true, failed: false, status: -1, statusText: '', load },
      errorText,
    );
    // No error page follows, so nothing else will say that loading has stopped.
    if (errorText === 'net::ERR_ABORTED' || known === undefined) load.stopped();
  }

  destroyed(): void {
    this.#load?.destroyed();
  }

  documentStarting(paused: Protocol.Fetch.requestPausedPayload): GateAnswer {
    const url = this.#owner._publicUrl(paused.request.url) + (paused.request.urlFragment ?? '');
    const isMainFrame = this.isMainFrame(paused.frameId);
    const ordered =
      isMainFrame && this.#ordered && sameDocumentUrl(this.#ordered.url, url) ? this.#ordered : undefined;
    this.#start(paused.networkId, paused.frameId, url);
    if (ordered) {
      this.#ordered = undefined;
      return { verdict: 'proceed', hadListener: ordered.hadListener };
    }
    if (this.#fromHistory.has(paused.networkId ?? '')) return { verdict: 'proceed' };
    const prevented = this.#askToNavigate(paused.frameId, url);
    return { verdict: prevented ? 'cancel' : 'proceed' };
  }

  documentRedirecting(paused: Protocol.Fetch.requestPausedPayload): GateAnswer {
    const url = this.#owner._publicUrl(paused.request.url) + (paused.request.urlFragment ?? '');
    const started = this.#navigations.get(paused.networkId ?? '');
    if (started) started.url = url;
    if (this.#ask('will-redirect', paused.frameId, url)) return { verdict: 'cancel' };
    this.#tell('did-redirect-navigation', paused.frameId, url);
    return { verdict: 'proceed' };
  }

  /** One event of the page's sessions; `isRoot` for that of its main frame. */
  handle(event: CdpEvent, isRoot: boolean): void {
    switch (event.method) {
      case 'Page.frameStartedNavigating':
        this.#startedNavigating(event.params as Protocol.Page.frameStartedNavigatingPayload);
        break;
      case 'Page.frameRequestedNavigation': {
        const { frameId, url } = event.params as Protocol.Page.frameRequestedNavigationPayload;
        if (isForeignScheme(url)) this.#callForeign(frameId, url);
        break;
      }
      case 'Page.frameAttached':
        this.frames.attached(event.params as Protocol.Page.frameAttachedPayload);
        break;
      case 'Page.frameDetached':
        this.frames.detached(event.params as Protocol.Page.frameDetachedPayload);
        break;
      case 'Page.frameNavigated':
        this.#navigated((event.params as Protocol.Page.frameNavigatedPayload).frame);
        break;
      case 'Page.navigatedWithinDocument':
        this.#navigatedWithin(event.params as Protocol.Page.navigatedWithinDocumentPayload);
        break;
      case 'Network.responseReceived': {
        const { requestId, response } = event.params as Protocol.Network.responseReceivedPayload;
        const started = this.#navigations.get(requestId);
        if (started) Object.assign(started, { status: response.status, statusText: response.statusText });
        break;
      }
      case 'Network.loadingFailed': {
        const { requestId, errorText } = event.params as Protocol.Network.loadingFailedPayload;
        const started = this.#navigations.get(requestId);
        if (started) this.#fail(started, errorText);
        break;
      }
      case 'Page.domContentEventFired':
        if (isRoot) fire(this.#owner, 'dom-ready', makeEvent({}));
        break;
      case 'Page.loadEventFired':
        if (isRoot) this.#finished();
        break;
      case 'Page.frameStartedLoading':
        if (this.isMainFrame((event.params as Protocol.Page.frameStartedLoadingPayload).frameId))
          this.#setLoading('loading');
        break;
      case 'Page.frameStoppedLoading':
        if (this.isMainFrame((event.params as Protocol.Page.frameStoppedLoadingPayload).frameId)) {
          this.#setLoading('stopped');
          this.#load?.stopped();
        }
        break;
    }
  }

  #startedNavigating(params: Protocol.Page.frameStartedNavigatingPayload): void {
    const { frameId, url, loaderId, navigationType } = params;
    if (navigationType === 'sameDocument' || navigationType === 'historySameDocument') return;
    if (navigationType === 'historyDifferentDocument') this.#fromHistory.add(loaderId);
    this.#start(loaderId, frameId, this.#owner._publicUrl(url));
  }

  #start(loaderId: string | undefined, frameId: string, url: string): void {
    if (loaderId === undefined || this.#navigations.has(loaderId)) return;
    const isMainFrame = this.isMainFrame(frameId);
    // While an order waits, another navigation's start is that of one already overtaken.
    const ours = isMainFrame && (!this.#ordered || sameDocumentUrl(this.#ordered.url, url));
    const load = ours ? this.#load : undefined;
    this.#navigations.set(loaderId, { url, isMainFrame, status: -1, statusText: '', failed: false, load });
    load?.started(url);
    this.#tell('did-start-navigation', frameId, url);
  }

  /** Chromium makes no request for another program's scheme; Electron asks, and without a no opens it. */
  #callForeign(frameId: string, url: string): void {
    if (!this.#askToNavigate(frameId, url)) this.#owner._foreignScheme(url);
  }

  /** @returns whether a listener prevented it */
  #askToNavigate(frameId: string, url: string): boolean {
    return (
      this.#ask('will-frame-navigate', frameId, url) ||
      (this.isMainFrame(frameId) && this.#ask('will-navigate', frameId, url))
    );
  }

  #navigated(frame: Protocol.Page.Frame): void {
    const isMainFrame = this.isMainFrame(frame.id);
    if (frame.unreachableUrl !== undefined) return;
    const started = this.#navigations.get(frame.loaderId);
    this.#navigations.delete(frame.loaderId);
    const url = this.#owner._publicUrl(frame.url);
    this.frames.navigated({ ...frame, url });
    if (url === 'about:blank' && !started) return;
    if (isMainFrame) this.#ordered = undefined;
    const full = url + (frame.urlFragment ?? '');
    const { status, statusText } = started ?? { status: -1, statusText: '' };
    fire(this.#owner, 'did-frame-navigate', makeEvent({}), full, status, statusText, isMainFrame, 1, 1);
    if (isMainFrame) fire(this.#owner, 'did-navigate', makeEvent({}), full, status, statusText);
    this.#owner._changed();
  }

  #navigatedWithin({ frameId, url }: Protocol.Page.navigatedWithinDocumentPayload): void {
    const frame = this.frames.get(frameId);
    if (frame) frame.url = this.#owner._publicUrl(url);
    fire(
      this.#owner,
      'did-navigate-in-page',
      makeEvent({}),
      this.#owner._publicUrl(url),
      this.isMainFrame(frameId),
      1,
      1,
    );
    this.#owner._changed();
  }

  #fail(started: Started, errorText: string): void {
    if (started.failed) return;
    started.failed = true;
    const error = parseNetError(errorText);
    const args = [makeEvent({}), error.code, error.description, started.url, started.isMainFrame, 1, 1];
    started.load?.failed(error, started.url);
    fire(this.#owner, 'did-fail-provisional-load', ...args);
    // Electron's own words: do not emit "did-fail-load" for canceled requests.
    if (error.description !== 'ERR_ABORTED') fire(this.#owner, 'did-fail-load', ...args);
    this.#owner._changed();
  }

  #finished(): void {
    fire(this.#owner, 'did-finish-load', makeEvent({}));
    this.#load?.finished();
    this.#owner._changed();
  }

  #setLoading(state: 'loading' | 'stopped'): void {
    this.#loading = state === 'loading';
    fire(this.#owner, state === 'loading' ? 'did-start-loading' : 'did-stop-loading', makeEvent({}));
    this.#owner._changed();
  }

  /** @returns whether a listener prevented it */
  #ask(name: string, frameId: string, url: string): boolean {
    const event = this.#event(frameId, url);
    const isMainFrame = this.isMainFrame(frameId);
    if (name === 'will-frame-navigate') fire(this.#owner, name, event);
    else fire(this.#owner, name, event, url, false, isMainFrame, 1, 1);
    return event.defaultPrevented;
  }

  #tell(name: string, frameId: string, url: string): void {
    fire(this.#owner, name, this.#event(frameId, url), url, false, this.isMainFrame(frameId), 1, 1);
  }

  #event(frameId: string, url: string) {
    const frame = this.frames.get(frameId);
    return makeEvent({
      url,
      isSameDocument: false,
      isMainFrame: this.isMainFrame(frameId),
      frame,
      initiator: frame,
    });
  }
}

const BROWSER_SCHEMES =
  /^(https?|about|data|blob|file|filesystem|javascript|chrome|chrome-error|view-source):/i;

/** Neither loaded by Chromium nor known to the product. */
function isForeignScheme(url: string): boolean {
  return !BROWSER_SCHEMES.test(url);
}

/** Requests carry no fragment. */
function sameDocumentUrl(one: string, other: string): boolean {
  const [a, b] = [new URL(one), new URL(other)];
  a.hash = b.hash = '';
  return a.href === b.href;
}
