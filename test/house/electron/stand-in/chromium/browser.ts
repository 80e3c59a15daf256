// The one Chromium of this process: its browser contexts (partitions), and which target belongs to whom.
import {
  CdpConnection,
  ignoreGone,
  type CdpEvent,
  type CdpMethod,
  type CdpParams,
  type CdpResult,
  type Protocol,
} from './cdp.ts';
import type { Readable, Writable } from 'node:stream';
import { startChromium } from './chromium.ts';
import { commandLine } from '../app/command-line.ts';
import { deferred, type Deferred } from '../control/deferred.ts';

/** A DevTools session with one target. The target waits for `Runtime.runIfWaitingForDebugger`. */
export interface Attached {
  sessionId: string;
  target: Protocol.Target.TargetInfo;
}

/** Who follows a page. */
export interface TargetOwner {
  popup(popup: Attached): void;
  gone(): void;
  ownsFrame(frameId: string): boolean;
  download(download: Protocol.Browser.downloadWillBeginPayload): void;
}

type EventListener = (event: CdpEvent) => void;

/** Who cares for the targets of a browser context that are no window: service and shared workers. */
type WorkerAdopter = (attached: Attached) => void;

export class Browser {
  static #running: Promise<Browser> | undefined;
  readonly #cdp: CdpConnection;
  readonly #sessions = new Map<string, EventListener>();
  readonly #awaited = new Map<string, Deferred<Attached>>();
  readonly #owners = new Map<string, TargetOwner>();
  readonly #workers = new Map<string, WorkerAdopter>();

  /** The running Chromium; the first call starts it. */
  static get(): Promise<Browser> {
    Browser.#running ??= Browser.#start();
    return Browser.#running;
  }

  static isRunning(): boolean {
    return Browser.#running !== undefined;
  }

  static async #start(): Promise<Browser> {
    const chromium = startChromium(commandLine._forChromium());
    const browser = new Browser(chromium.input, chromium.output);
    const failed = new Promise<never>((_, reject) => {
      chromium.process.once('exit', (code, signal) =>
        reject(new Error(`electron stand-in: Chromium ended (${code ?? signal ?? 'unknown'})`)),
      );
      chromium.process.once('error', reject);
    });
    failed.catch(() => undefined);
    await Promise.race([browser.#prepare(), failed]);
    return browser;
  }

  private constructor(input: Writable, output: Readable) {
    this.#cdp = new CdpConnection(input, output, (event) => this.#dispatch(event));
  }

  async #prepare(): Promise<void> {
    await this.send('Target.setDiscoverTargets', { discover: true });
    await this.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: true,
      flatten: true,
    });
  }

  /** Sends a command, to the browser or to one session. */
  send<M extends CdpMethod>(method: M, params?: CdpParams<M>, sessionId?: string): Promise<CdpResult<M>> {
    return this.#cdp.send(method, params, sessionId);
  }

  /** Routes a session's events. */
  listen(sessionId: string, listener: EventListener): void {
    this.#sessions.set(sessionId, listener);
  }

  /** Makes a browser context: what Electron calls an in-memory partition. */
  async createContext(adoptWorker: WorkerAdopter): Promise<string> {
    const { browserContextId } = await this.send('Target.createBrowserContext', { disposeOnDetach: true });
    this.#workers.set(browserContextId, adoptWorker);
    await this.send('Browser.setDownloadBehavior', {
      behavior: 'deny',
      browserContextId,
      eventsEnabled: true,
    });
    return browserContextId;
  }

  /** Opens an empty page in a context. */
  async openPage(browserContextId: string, size: { width: number; height: number }): Promise<Attached> {
    const { targetId } = await this.send('Target.createTarget', {
      url: 'about:blank',
      browserContextId,
      newWindow: true,
      ...size,
    });
    return this.#await(targetId).promise;
  }

  /** Follows a page: the windows it opens, its end. */
  own(targetId: string, owner: TargetOwner): void {
    this.#owners.set(targetId, owner);
  }

  /** Closes a page that may be closed already. */
  closePage(targetId: string): void {
    this.#owners.delete(targetId);
    this.#awaited.delete(targetId);
    this.send('Target.closeTarget', { targetId }).catch(ignoreGone);
  }

  /**
   * Closes a page Chromium has just opened for another, before it has sent anything. It must be let run for
   * that, as it may hold up its opener: its requests are held instead, and never continued.
   */
  async refusePage({ sessionId, target }: Attached): Promise<void> {
    await this.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }, sessionId).catch(ignoreGone);
    await this.send('Runtime.runIfWaitingForDebugger', {}, sessionId).catch(ignoreGone);
    this.closePage(target.targetId);
  }

  #await(targetId: string): Deferred<Attached> {
    const known = this.#awaited.get(targetId);
    if (known) return known;
    const fresh = deferred<Attached>();
    this.#awaited.set(targetId, fresh);
    return fresh;
  }

  #dispatch(event: CdpEvent): void {
    if (event.sessionId !== undefined) {
      this.#sessions.get(event.sessionId)?.(event);
      return;
    }
    switch (event.method) {
      case 'Target.attachedToTarget':
        this.#attached(event.params as Protocol.Target.attachedToTargetPayload);
        break;
      case 'Target.detachedFromTarget':
        this.#sessions.delete((event.params as Protocol.Target.detachedFromTargetPayload).sessionId);
        break;
      case 'Target.targetDestroyed':
        this.#owners.get((event.params as Protocol.Target.targetDestroyedPayload).targetId)?.gone();
        break;
      case 'Browser.downloadWillBegin':
        this.#download(event.params as Protocol.Browser.downloadWillBeginPayload);
        break;
    }
  }

  #download(download: Protocol.Browser.downloadWillBeginPayload): void {
    for (const owner of this.#owners.values())
      if (owner.ownsFrame(download.frameId)) owner.download(download);
  }

  #attached({ sessionId, targetInfo }: Protocol.Target.attachedToTargetPayload): void {
    const attached = { sessionId, target: targetInfo };
    const opener = targetInfo.openerId === undefined ? undefined : this.#owners.get(targetInfo.openerId);
    const adopt = this.#workers.get(targetInfo.browserContextId ?? '');
    if (targetInfo.type === 'page' && opener) opener.popup(attached);
    else if (targetInfo.type === 'page' && adopt) this.#await(targetInfo.targetId).resolve(attached);
    else if (adopt) adopt(attached);
    else this.send('Runtime.runIfWaitingForDebugger', {}, sessionId).catch(ignoreGone);
  }
}
