import { EventEmitter } from 'node:events';
import { app } from '../app/app.ts';
import { Browser, type Attached } from '../chromium/browser.ts';
import { recordMethods } from '../control/call-log.ts';
import { ignoreGone, type CdpMethod, type CdpParams, type Protocol } from '../chromium/cdp.ts';
import { StandInCookies } from './cookies.ts';
import { toPublic } from '../chromium/custom-scheme.ts';
import { fire, makeEvent } from '../control/event.ts';
import { Permissions } from './permissions.ts';
import { StandInProtocol } from './protocol.ts';
import { handlePaused } from '../chromium/requests.ts';
import { StandInWebRequest } from './web-request.ts';

const sessions = new Map<string, StandInSession>();

/** A partition: one browser context of Chromium, in memory even where Electron would keep it on disk. */
export class StandInSession
  extends EventEmitter
  implements
    Pick<
      Electron.Session,
      | 'clearAuthCache'
      | 'clearCache'
      | 'clearData'
      | 'clearHostResolverCache'
      | 'clearStorageData'
      | 'closeAllConnections'
      | 'fetch'
      | 'flushStorageData'
      | 'getStoragePath'
      | 'getUserAgent'
      | 'isPersistent'
      | 'resolveProxy'
      | 'setCertificateVerifyProc'
      | 'setDevicePermissionHandler'
      | 'setDisplayMediaRequestHandler'
      | 'setPermissionCheckHandler'
      | 'setPermissionRequestHandler'
      | 'setProxy'
      | 'setSpellCheckerEnabled'
      | 'setSSLConfig'
      | 'setUSBProtectedClassesHandler'
      | 'setUserAgent'
    >
{
  readonly webRequest = new StandInWebRequest();
  readonly cookies = new StandInCookies(() => Promise.resolve(this.#context));
  readonly protocol = new StandInProtocol();
  readonly _partition: string;
  readonly _permissions = new Permissions();
  /** DevTools sessions of this partition's open pages, through which its storage is reached. */
  readonly _pageSessions = new Set<string>();
  readonly _origins = new Set<string>();
  #context: Promise<string> | undefined;
  #userAgent: string | undefined;

  constructor(partition: string) {
    super();
    this._partition = partition;
  }

  static fromPartition(partition: string): StandInSession {
    return sessionFor(partition);
  }

  static get defaultSession(): StandInSession {
    return sessionFor('');
  }

  isPersistent(): boolean {
    return this._partition === '' || this._partition.startsWith('persist:');
  }

  getStoragePath(): string | null {
    return this.isPersistent() ? app.getPath('sessionData') : null;
  }

  getUserAgent(): string {
    return this.#userAgent ?? app.userAgentFallback;
  }

  setUserAgent(userAgent: string): void {
    this.#userAgent = userAgent;
  }

  setPermissionRequestHandler(handler: Permissions['requestHandler']): void {
    this._permissions.requestHandler = handler;
  }

  setPermissionCheckHandler(handler: Permissions['checkHandler']): void {
    this._permissions.checkHandler = handler;
  }

  setDevicePermissionHandler(): void {
    // Recorded only: headless Chromium has no devices.
  }

  setDisplayMediaRequestHandler(): void {
    // Recorded only.
  }

  setUSBProtectedClassesHandler(): void {
    // Recorded only.
  }

  setCertificateVerifyProc(): void {
    // Recorded only: DevTools cannot ask about a certificate.
  }

  setSpellCheckerEnabled(): void {
    // Recorded only.
  }

  setSSLConfig(): void {
    // Recorded only.
  }

  async setProxy(): Promise<void> {
    // Recorded only: the stand-in's Chromium uses no proxy.
  }

  resolveProxy(): Promise<string> {
    return Promise.resolve('DIRECT');
  }

  fetch(input: string | Request, init?: RequestInit): Promise<Response> {
    return globalThis.fetch(input, init);
  }

  flushStorageData(): void {
    // In memory only.
  }

  async clearHostResolverCache(): Promise<void> {
    // Recorded only.
  }

  async clearAuthCache(): Promise<void> {
    // Recorded only: the credentials a login handler gave live as long as Chromium does.
  }

  async closeAllConnections(): Promise<void> {
    // Recorded only: DevTools cannot close a context's sockets.
  }

  async clearCache(): Promise<void> {
    await this.#toSomePage('Network.clearBrowserCache', {});
  }

  async clearData(options?: Electron.ClearDataOptions): Promise<void> {
    if (options?.dataTypes === undefined && options?.origins === undefined) await this.#clearEverything();
    else throw new Error('electron stand-in: clearData is only modelled without options');
  }

  async clearStorageData(options?: Electron.ClearStorageDataOptions): Promise<void> {
    if (options?.storages === undefined && options?.origin === undefined) await this.#clearEverything();
    else throw new Error('electron stand-in: clearStorageData is only modelled without options');
  }

  /** The browser context; the first call makes it. */
  _context(): Promise<string> {
    this.#context ??= Browser.get().then((browser) =>
      browser.createContext((worker) => this.#adoptWorker(worker)),
    );
    return this.#context;
  }

  _userAgentOverride(): string | undefined {
    return this.#userAgent;
  }

  /** A download begins. Chromium refuses it in any case; Electron would ask the user where to unless prevented. */
  _download(
    { url, suggestedFilename }: Protocol.Browser.downloadWillBeginPayload,
    webContents: object,
  ): void {
    const item = {
      getURL: () => url,
      getFilename: () => suggestedFilename,
      getState: () => 'progressing',
      cancel: () => undefined,
      once: () => item,
      on: () => item,
    };
    fire(this, 'will-download', makeEvent({}), item, webContents);
  }

  async #clearEverything(): Promise<void> {
    const browserContextId = await this.#context;
    if (browserContextId === undefined) return;
    const browser = await Browser.get();
    if (this._pageSessions.size === 0) {
      // Nobody looks at the partition: throwing the context away is the most thorough clearing there is.
      this.#context = undefined;
      await browser.send('Target.disposeBrowserContext', { browserContextId });
      return;
    }
    await browser.send('Storage.clearCookies', { browserContextId });
    await this.#toSomePage('Network.clearBrowserCache', {});
    for (const origin of this._origins)
      await this.#toSomePage('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  }

  async #toSomePage<M extends CdpMethod>(method: M, params: CdpParams<M>): Promise<void> {
    const [sessionId] = this._pageSessions;
    if (sessionId !== undefined)
      await (await Browser.get()).send(method, params, sessionId).catch(ignoreGone);
  }

  #adoptWorker({ sessionId }: Attached): void {
    void Browser.get().then((browser) => {
      const source = {
        webRequest: this.webRequest,
        navigation: undefined,
        webContents: undefined,
        frame: () => null,
        custom: (paused: Protocol.Fetch.requestPausedPayload) => this.protocol._answer(paused),
        publicUrl: toPublic,
        send: <M extends CdpMethod>(method: M, params: CdpParams<M>) =>
          browser.send(method, params, sessionId),
      };
      browser.listen(sessionId, (event) => {
        if (event.method === 'Fetch.requestPaused') {
          void handlePaused(source, event.params as Protocol.Fetch.requestPausedPayload);
        }
      });
      browser.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }, sessionId).catch(ignoreGone);
      browser.send('Runtime.runIfWaitingForDebugger', {}, sessionId).catch(ignoreGone);
    });
  }
}
recordMethods('Session', StandInSession);

function sessionFor(partition: string): StandInSession {
  if (!app.isReady()) throw new Error('Session can only be received when app is ready');
  const known = sessions.get(partition);
  if (known) return known;
  const fresh = new StandInSession(partition);
  sessions.set(partition, fresh);
  fire(app, 'session-created', fresh);
  return fresh;
}

/** Every session made so far, by partition. */
export function allSessions(): ReadonlyMap<string, StandInSession> {
  return sessions;
}
