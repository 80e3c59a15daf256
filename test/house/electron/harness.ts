import { fork, type ChildProcess } from 'node:child_process';
import { access } from 'node:fs/promises';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildStandIn } from './build-stand-in.ts';
import type { ApiCall, MenuItemState, TrayState, UserHand, WindowState } from './control/control-protocol.ts';
import { ControlClient } from './control/control-client.ts';
import { removeDirectory } from './remove-directory.ts';
import type { ExitState, FinishedProcess, TrayProcess, WaitOptions, WindowHands } from './tray-process.ts';

export type { TrayProcess, WindowHands } from './tray-process.ts';

/** How to start the tray. */
export interface LaunchOptions {
  /** The built main bundle; default `dist/tray/main.js`. */
  entry?: string;
  /** Added to this process's environment; undefined removes a variable. */
  env?: Record<string, string | undefined>;
  args?: readonly string[];
  /** The product's current time. */
  now?: Date | number;
  /** An existing HOME, to start again on what an earlier process left; otherwise a fresh one, deleted at the end. */
  home?: string;
  /** Arguments for Chromium, such as `--ignore-certificate-errors-spki-list=…`. */
  chromiumArgs?: readonly string[];
  /** `gone`: the reader of its standard error has closed it, so writing there fails. */
  standardError?: 'read' | 'gone';
}

/** Only hangs should reach these, also on a busy machine. */
const DEFAULT_LIMIT_MS = 60_000;
const QUIT_LIMIT_MS = 60_000;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const register = fileURLToPath(new URL('./loader/register.mjs', import.meta.url));
const running = new Set<ChildProcess>();
const scratch = new Set<string>();

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  removeScratch();
});

/** What a test runs on; every suite that uses it prints this. */
export function runsOn(): 'stand-in' | 'electron' {
  return process.env.ELECTRON_BINARY === undefined ? 'stand-in' : 'electron';
}

/** Starts the tray. Its processes end with the test process at the latest; `closeAll` in `afterEach` ends them sooner. */
export async function launchTray(options: LaunchOptions = {}): Promise<TrayProcess> {
  if (runsOn() === 'electron')
    throw new Error('launchTray on a real Electron is not built yet (see TrayProcess)');
  await buildStandIn();
  await access(entryOf(options)).catch(() => {
    throw new Error(`${entryOf(options)} is not there: build the tray first (npm run build)`);
  });
  const home = options.home ?? makeHome();
  return new StandInTrayProcess(options, home);
}

/** Ends every tray this test process has started, and deletes what they left. */
export async function closeAll(): Promise<void> {
  await Promise.all(
    [...running].map((child) => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      return ended;
    }),
  );
  removeScratch();
}

function entryOf(options: LaunchOptions): string {
  return path.resolve(root, options.entry ?? 'dist/tray/main.js');
}

function makeHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'tray-home-'));
  scratch.add(home);
  return home;
}

function removeScratch(): void {
  for (const directory of scratch) removeDirectory(directory);
  scratch.clear();
}

/** A home only for this process. */
function environment(options: LaunchOptions, home: string): NodeJS.ProcessEnv {
  const directories = {
    HOME: home,
    TMPDIR: path.join(home, 'tmp'),
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local/share'),
    XDG_STATE_HOME: path.join(home, '.local/state'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
    XDG_RUNTIME_DIR: path.join(home, 'run'),
  };
  for (const directory of Object.values(directories)) mkdirSync(directory, { recursive: true, mode: 0o700 });
  const offset = options.now === undefined ? 0 : Number(options.now) - Date.now();
  const env = {
    ...process.env,
    ...directories,
    STANDIN_CLOCK_OFFSET_MS: String(offset),
    STANDIN_CHROMIUM_ARGS: JSON.stringify(
      options.chromiumArgs ?? JSON.parse(process.env.STANDIN_CHROMIUM_ARGS ?? '[]'),
    ),
    // Vitest's own would change how the product behaves.
    NODE_OPTIONS: undefined,
    NODE_ENV: undefined,
    VITEST: undefined,
    ...options.env,
  };
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

class StandInTrayProcess implements TrayProcess {
  readonly home: string;
  readonly exited: Promise<ExitState>;
  readonly #options: LaunchOptions;
  readonly #child: ChildProcess;
  readonly #control: ControlClient;
  #stdout = '';
  #stderr = '';

  constructor(options: LaunchOptions, home: string) {
    this.home = home;
    this.#options = options;
    this.#child = start(options, home);
    this.#control = new ControlClient(this.#child, () => this.#lastWords());
    this.#child.stdout?.on('data', (chunk: string) => {
      this.#stdout += chunk;
      this.#control.wake();
    });
    this.#child.stderr?.on('data', (chunk: string) => {
      this.#stderr += chunk;
      this.#control.wake();
    });
    this.exited = new Promise((resolve) =>
      this.#child.once('close', (code, signal) => resolve({ code, signal })),
    );
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  tray() {
    return this.#control.ask('tray');
  }

  async waitForTray(predicate: (tray: TrayState) => boolean, options?: WaitOptions): Promise<TrayState> {
    return this.#wait(
      'the tray',
      () => this.tray(),
      (tray) => (tray !== null && predicate(tray) ? tray : undefined),
      options,
    );
  }

  async clickMenu(wanted: string | readonly string[]): Promise<void> {
    await this.#control.ask('clickMenu', typeof wanted === 'string' ? [wanted] : [...wanted]);
  }

  async clickTray(event: 'click' | 'right-click' | 'double-click' = 'click'): Promise<void> {
    await this.#control.ask('clickTray', event);
  }

  applicationMenu() {
    return this.#control.ask('applicationMenu');
  }

  clipboardText() {
    return this.#control.ask('clipboardText');
  }

  async setClipboardText(text: string): Promise<void> {
    await this.#control.ask('setClipboardText', text);
  }

  waitForClipboard(predicate: (text: string) => boolean, options?: WaitOptions): Promise<string> {
    return this.#wait(
      'the clipboard',
      () => this.clipboardText(),
      (text) => (predicate(text) ? text : undefined),
      options,
    );
  }

  notifications() {
    return this.#control.ask('notifications');
  }

  waitForNotification: TrayProcess['waitForNotification'] = (predicate, options) =>
    this.#wait(
      'a notification',
      () => this.notifications(),
      (all) => all.find(predicate),
      options,
    );

  async clickNotification(index: number): Promise<void> {
    await this.#control.ask('notificationEvent', index, 'click');
  }

  async closeNotification(index: number): Promise<void> {
    await this.#control.ask('notificationEvent', index, 'close');
  }

  async failNotification(index: number): Promise<void> {
    await this.#control.ask('notificationEvent', index, 'failed');
  }

  async setNotificationsSupported(support: 'supported' | 'unsupported'): Promise<void> {
    await this.#control.ask('setNotificationsSupported', support);
  }

  dialogs() {
    return this.#control.ask('dialogs');
  }

  waitForDialog: TrayProcess['waitForDialog'] = (predicate, options) =>
    this.#wait(
      'a dialog',
      () => this.dialogs(),
      (all) => all.find(predicate),
      options,
    );

  async answerNextDialog(answer: Parameters<TrayProcess['answerNextDialog']>[0]): Promise<void> {
    await this.#control.ask('answerNextDialog', answer);
  }

  windows() {
    return this.#control.ask('windows');
  }

  async waitForWindow(
    predicate: (window: WindowState) => boolean = () => true,
    options?: WaitOptions,
  ): Promise<WindowHands> {
    const found = await this.#wait(
      'a window',
      () => this.windows(),
      (all) => all.find(predicate),
      options,
    );
    return this.window(found.id);
  }

  waitForWindows(
    predicate: (windows: WindowState[]) => boolean,
    options?: WaitOptions,
  ): Promise<WindowState[]> {
    return this.#wait(
      'the windows',
      () => this.windows(),
      (all) => (predicate(all) ? all : undefined),
      options,
    );
  }

  window(id: number): WindowHands {
    const hand = (what: UserHand): Promise<unknown> => this.#control.ask('windowDo', id, what);
    const act = async (what: UserHand): Promise<void> => {
      await hand(what);
    };
    const limit = (options?: WaitOptions): { limitMs: number } => ({
      limitMs: options?.timeoutMs ?? DEFAULT_LIMIT_MS,
    });
    return {
      id,
      fill: (selector, value, options) => act({ do: 'fill', selector, value, ...limit(options) }),
      click: (selector, options) => act({ do: 'click', selector, ...limit(options) }),
      select: (selector, value, options) => act({ do: 'select', selector, value, ...limit(options) }),
      press: (key) => act({ do: 'press', key }),
      waitForSelector: (selector, options) => act({ do: 'waitFor', selector, ...limit(options) }),
      url: async () => String(await hand({ do: 'url' })),
      text: async () => String(await hand({ do: 'text' })),
      html: async () => String(await hand({ do: 'html' })),
      evaluate: (expression) => hand({ do: 'evaluate', expression }),
      screenshot: async () => Buffer.from(String(await hand({ do: 'screenshot' })), 'base64'),
      closeByUser: () => act({ do: 'close' }),
      focusByUser: () => act({ do: 'focus' }),
      contextMenu: async (selector, options) =>
        (await hand({ do: 'contextMenu', selector, ...limit(options) })) as MenuItemState[] | null,
      askClientCertificate: (url, certificates) =>
        this.#control.ask('askClientCertificate', id, url, certificates),
      crashRenderer: () => act({ do: 'crash' }),
      askPermission: (permission) => this.#control.ask('askPermission', id, permission),
    };
  }

  cookies(partition: string) {
    return this.#control.ask('cookies', partition);
  }

  partitions() {
    return this.#control.ask('partitions');
  }

  askClientCertificate: TrayProcess['askClientCertificate'] = (url, certificates) =>
    this.#control.ask('askClientCertificate', null, url, certificates);

  async emitPower(event: Parameters<TrayProcess['emitPower']>[0]): Promise<void> {
    await this.#control.ask('emitPower', event);
  }

  async setOnline(online: boolean): Promise<void> {
    await this.#control.ask('setNetwork', online ? 'online' : 'offline');
  }

  async setTheme(theme: 'light' | 'dark'): Promise<void> {
    await this.#control.ask('setTheme', theme);
  }

  async setClock(at: Date | number): Promise<void> {
    await this.#control.ask('setClock', Number(at));
  }

  async advanceClock(ms: number): Promise<void> {
    await this.#control.ask('advanceClock', ms);
  }

  async secondInstance(args: readonly string[] = []): Promise<FinishedProcess> {
    const child = start({ ...this.#options, args }, this.home);
    const output = { stdout: '', stderr: '' };
    child.stdout?.on('data', (chunk: string) => (output.stdout += chunk));
    child.stderr?.on('data', (chunk: string) => (output.stderr += chunk));
    const ended = new Promise<ExitState>((resolve) =>
      child.once('close', (code, signal) => resolve({ code, signal })),
    );
    const limit = setTimeout(() => child.kill('SIGKILL'), DEFAULT_LIMIT_MS);
    const state = await ended;
    clearTimeout(limit);
    return { ...state, ...output };
  }

  async activate(): Promise<void> {
    await this.#control.ask('activate');
  }

  async calls(api?: string): Promise<ApiCall[]> {
    const all = await this.#control.ask('calls');
    return api === undefined ? all : all.filter((call) => call.api === api);
  }

  waitForCall(api: string, options?: WaitOptions): Promise<ApiCall> {
    return this.#wait(
      `a call of ${api}`,
      () => this.calls(api),
      (found) => found[0],
      options,
    );
  }

  stdout(): string {
    return this.#stdout;
  }

  stderr(): string {
    return this.#stderr;
  }

  waitForOutput(pattern: RegExp, options?: WaitOptions): Promise<RegExpExecArray> {
    return this.#wait(
      `output like ${String(pattern)}`,
      () => Promise.resolve(''),
      () => pattern.exec(`${this.#stdout}\n${this.#stderr}`) ?? undefined,
      options,
    );
  }

  async quit(): Promise<ExitState> {
    // The reply may lose the race against the end.
    await this.#control.ask('quit').catch(() => undefined);
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), QUIT_LIMIT_MS);
    const state = await this.exited;
    clearTimeout(limit);
    if (state.signal === 'SIGKILL')
      throw new Error(`the tray did not quit within ${QUIT_LIMIT_MS} ms${this.#lastWords()}`);
    return state;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<ExitState> {
    this.#child.kill(signal);
    return this.exited;
  }

  #wait<Seen, Found>(
    what: string,
    look: () => Promise<Seen>,
    find: (seen: Seen) => Found | undefined,
    options: WaitOptions = {},
  ): Promise<Found> {
    return this.#control.waitUntil(what, look, find, options.timeoutMs ?? DEFAULT_LIMIT_MS);
  }

  #lastWords(): string {
    return `\n--- stdout ---\n${this.#stdout.slice(-3000)}\n--- stderr ---\n${this.#stderr.slice(-3000)}`;
  }
}

function start(options: LaunchOptions, home: string): ChildProcess {
  const child = fork(entryOf(options), options.args ?? [], {
    cwd: root,
    env: environment(options, home),
    execArgv: ['--import', register, '--enable-source-maps'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.setEncoding('utf8');
  child.stderr?.setEncoding('utf8');
  if (options.standardError === 'gone') child.stderr?.destroy();
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}
