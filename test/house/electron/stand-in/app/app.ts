import { EventEmitter } from 'node:events';
import { announce } from '../control/announce.ts';
import { markReady, recordMethods } from '../control/call-log.ts';
import { commandLine } from './command-line.ts';
import { deferred } from '../control/deferred.ts';
import { fire, makeEvent } from '../control/event.ts';
import { defaultPaths, readManifest } from './paths.ts';
import { SingleInstance, type SecondInstance } from './single-instance.ts';

/** The app's windows, as far as quitting needs them; told by browser-window.ts, which this file must not import. */
export interface WindowList {
  /** Asks every window to close, as a user would; each may refuse. */
  closeAll(): void;
  destroyAll(): void;
  isEmpty(): boolean;
}

type AppPath = Parameters<Electron.App['getPath']>[0];

/** The part of Electron's `app` that a tray application uses. */
export class StandInApp
  extends EventEmitter
  implements
    Pick<
      Electron.App,
      | 'commandLine'
      | 'configureWebAuthn'
      | 'disableHardwareAcceleration'
      | 'dock'
      | 'enableSandbox'
      | 'exit'
      | 'focus'
      | 'getAppPath'
      | 'getLocale'
      | 'getLoginItemSettings'
      | 'getName'
      | 'getPath'
      | 'getPreferredSystemLanguages'
      | 'getSystemLocale'
      | 'getVersion'
      | 'hasSingleInstanceLock'
      | 'isPackaged'
      | 'isReady'
      | 'name'
      | 'quit'
      | 'relaunch'
      | 'releaseSingleInstanceLock'
      | 'requestSingleInstanceLock'
      | 'setActivationPolicy'
      | 'setAppLogsPath'
      | 'setAppUserModelId'
      | 'setDesktopName'
      | 'setLoginItemSettings'
      | 'setName'
      | 'setPath'
      | 'userAgentFallback'
      | 'whenReady'
    >
{
  readonly commandLine = commandLine;
  readonly dock = undefined;
  /** Set by a test: what runs here is never packaged. */
  readonly isPackaged = process.env.STANDIN_PACKAGED === 'yes';
  userAgentFallback = '';
  readonly #manifest = readManifest();
  #name = this.#manifest.name;
  readonly #paths = defaultPaths(this.#name);
  readonly #instance = new SingleInstance((second) => this.#secondInstance(second));
  readonly #whenReady = deferred<undefined>();
  #ready = false;
  #quitting = false;
  #gone = false;
  #windows: WindowList | undefined;
  #loginItem: Electron.Settings = {};

  get name(): string {
    return this.#name;
  }

  set name(name: string) {
    this.#name = name;
  }

  getName(): string {
    return this.#name;
  }

  setName(name: string): void {
    this.#name = name;
  }

  getVersion(): string {
    return this.#manifest.version;
  }

  getAppPath(): string {
    return this.#manifest.directory;
  }

  getPath(name: AppPath): string {
    const found = this.#paths.get(name);
    if (found === undefined) throw new Error(`Failed to get '${name}' path`);
    return found;
  }

  setPath(name: string, path: string): void {
    if (!path.startsWith('/') && !/^[a-z]:/i.test(path)) throw new Error('Path must be absolute');
    this.#paths.set(name, path);
  }

  setAppLogsPath(path?: string): void {
    if (path !== undefined) this.#paths.set('logs', path);
  }

  getLocale(): string {
    if (!this.#ready) return '';
    return Intl.DateTimeFormat().resolvedOptions().locale;
  }

  getSystemLocale(): string {
    return this.getLocale();
  }

  getPreferredSystemLanguages(): string[] {
    return [Intl.DateTimeFormat().resolvedOptions().locale];
  }

  isReady(): boolean {
    return this.#ready;
  }

  whenReady(): Promise<void> {
    return this.#whenReady.promise;
  }

  enableSandbox(): void {
    if (this.#ready) throw new Error('app.enableSandbox() can only be called before app is ready');
  }

  disableHardwareAcceleration(): void {
    if (this.#ready)
      throw new Error('app.disableHardwareAcceleration() can only be called before app is ready');
  }

  configureWebAuthn(): void {
    // Recorded only.
  }

  setAppUserModelId(): void {
    // Windows only; recorded.
  }

  setDesktopName(): void {
    // Recorded only.
  }

  setActivationPolicy(): void {
    // macOS only; recorded.
  }

  setLoginItemSettings(settings: Electron.Settings): void {
    this.#loginItem = settings;
  }

  getLoginItemSettings(): Electron.LoginItemSettings {
    // Both calls do nothing on Linux.
    const openAtLogin = process.platform !== 'linux' && this.#loginItem.openAtLogin === true;
    return {
      openAtLogin,
      wasOpenedAtLogin: false,
      status: openAtLogin ? 'enabled' : 'not-registered',
      executableWillLaunchAtLogin: openAtLogin,
      launchItems: [],
    };
  }

  focus(): void {
    // Recorded only.
  }

  relaunch(): void {
    // Recorded only: what would start is the real process's command line.
  }

  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    return this.#instance.request(this.getPath('userData'), {
      argv: process.argv,
      workingDirectory: process.cwd(),
      additionalData: additionalData ?? null,
    });
  }

  hasSingleInstanceLock(): boolean {
    return this.#instance.held();
  }

  releaseSingleInstanceLock(): void {
    this.#instance.release();
  }

  quit(): void {
    this._quit();
  }

  exit(exitCode = 0): void {
    this.#quitting = true;
    this.#windows?.destroyAll();
    this.#shutDown(exitCode);
  }

  /** The order is Electron's: before-quit, each window's close, will-quit, quit. */
  _quit(): void {
    if (this.#quitting) return;
    const event = makeEvent({});
    fire(this, 'before-quit', event);
    if (event.defaultPrevented) return;
    this.#quitting = true;
    if (this.#windows === undefined || this.#windows.isEmpty()) this.#allClosed();
    else this.#windows.closeAll();
  }

  _setWindows(windows: WindowList): void {
    this.#windows = windows;
  }

  _windowAllClosed(): void {
    if (this.#gone) return;
    if (this.#quitting) this.#allClosed();
    else if (this.listenerCount('window-all-closed') === 0) this._quit();
    else fire(this, 'window-all-closed');
  }

  /** A window refused to close: the whole quit is off. */
  _quitCancelled(): void {
    this.#quitting = false;
  }

  _programLoaded(): void {
    setImmediate(() => {
      if (this.#gone) return;
      this.#ready = true;
      markReady();
      fire(this, 'will-finish-launching');
      fire(this, 'ready', makeEvent({}), {});
      this.#whenReady.resolve(undefined);
      announce('app');
    });
  }

  #allClosed(): void {
    const event = makeEvent({});
    fire(this, 'will-quit', event);
    if (event.defaultPrevented) this.#quitting = false;
    else this.#shutDown(0);
  }

  #shutDown(exitCode: number): void {
    if (this.#gone) return;
    this.#gone = true;
    fire(this, 'quit', makeEvent({}), exitCode);
    this.#instance.release();
    // The rest of the current turn still runs in Electron: its message loop ends only afterwards.
    setImmediate(() => realExit(exitCode));
  }

  #secondInstance(second: SecondInstance): void {
    void this.#whenReady.promise.then(() =>
      fire(
        this,
        'second-instance',
        makeEvent({}),
        second.argv,
        second.workingDirectory,
        second.additionalData,
      ),
    );
  }
}
recordMethods('app', StandInApp);

/** Electron maps `process.exit` to `app.exit`; the real one stays reachable here. */
export const realExit = process.exit.bind(process);

export const app = new StandInApp();
