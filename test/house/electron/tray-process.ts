import type {
  ApiCall,
  ClientCertificate,
  ClientCertificateAnswer,
  CookieState,
  DialogAnswer,
  DialogState,
  MenuItemState,
  NotificationState,
  PowerEvent,
  TrayState,
  WindowState,
} from './control/control-protocol.ts';

/** How a process ended. */
export interface ExitState {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process that has ended, with what it wrote. */
export interface FinishedProcess extends ExitState {
  stdout: string;
  stderr: string;
}

export interface WaitOptions {
  /** Only a hang should reach it. Default 60 s. */
  timeoutMs?: number;
}

/** A user's hands and eyes in one window. Selectors are CSS, in the main frame. */
export interface WindowHands {
  readonly id: number;
  fill(selector: string, value: string, options?: WaitOptions): Promise<void>;
  click(selector: string, options?: WaitOptions): Promise<void>;
  /** Chooses in a `<select>`. */
  select(selector: string, value: string, options?: WaitOptions): Promise<void>;
  /** A key by its DOM name: `Enter`, `Escape`, `a`; held down with it: `Control+a`. */
  press(key: string): Promise<void>;
  /** Waits until an element is there and visible. */
  waitForSelector(selector: string, options?: WaitOptions): Promise<void>;
  url(): Promise<string>;
  text(): Promise<string>;
  html(): Promise<string>;
  /** Runs a script in the page; promises are awaited, the value crosses as JSON. */
  evaluate(expression: string): Promise<unknown>;
  /** PNG. */
  screenshot(): Promise<Buffer>;
  closeByUser(): Promise<void>;
  focusByUser(): Promise<void>;
  crashRenderer(): Promise<void>;
  /** The right mouse button on an element: what the product pops up, if anything. */
  contextMenu(selector: string, options?: WaitOptions): Promise<MenuItemState[] | null>;
  /** A server that the page talks to asks for a client certificate of the system's store. */
  askClientCertificate(url: string, certificates: ClientCertificate[]): Promise<ClientCertificateAnswer>;
  /** Asks the product's permission handlers, as Electron would for a page's request. */
  askPermission(permission: string): Promise<{ check: boolean; request: boolean }>;
}

/**
 * The tray's process under test. The seam between the two it can run on: the stand-in (harness.ts), and a
 * real Electron driven by Playwright.
 */
export interface TrayProcess {
  readonly pid: number;
  /** HOME of the process; XDG directories lie below it. */
  readonly home: string;

  tray(): Promise<TrayState | null>;
  waitForTray(predicate: (tray: TrayState) => boolean, options?: WaitOptions): Promise<TrayState>;
  /** Chooses a tray menu item by labels or ids; an array goes through submenus. Refuses hidden and disabled ones. */
  clickMenu(path: string | readonly string[]): Promise<void>;
  clickTray(event?: 'click' | 'right-click' | 'double-click'): Promise<void>;
  applicationMenu(): Promise<MenuItemState[] | null>;

  clipboardText(): Promise<string>;
  /** As the user copying something else. */
  setClipboardText(text: string): Promise<void>;
  waitForClipboard(predicate: (text: string) => boolean, options?: WaitOptions): Promise<string>;

  notifications(): Promise<NotificationState[]>;
  waitForNotification(
    predicate: (one: NotificationState) => boolean,
    options?: WaitOptions,
  ): Promise<NotificationState>;
  clickNotification(index: number): Promise<void>;
  closeNotification(index: number): Promise<void>;
  failNotification(index: number): Promise<void>;
  setNotificationsSupported(support: 'supported' | 'unsupported'): Promise<void>;

  dialogs(): Promise<DialogState[]>;
  waitForDialog(predicate: (dialog: DialogState) => boolean, options?: WaitOptions): Promise<DialogState>;
  /** Answers the oldest open dialog, or the next one to open. */
  answerNextDialog(answer: DialogAnswer): Promise<void>;

  windows(): Promise<WindowState[]>;
  waitForWindow(predicate?: (window: WindowState) => boolean, options?: WaitOptions): Promise<WindowHands>;
  waitForWindows(
    predicate: (windows: WindowState[]) => boolean,
    options?: WaitOptions,
  ): Promise<WindowState[]>;
  window(id: number): WindowHands;

  /** Cookies of a session by its partition's name; '' is the default session. */
  cookies(partition: string): Promise<CookieState[]>;
  partitions(): Promise<string[]>;

  /** As {@link WindowHands.askClientCertificate}, for a request without a page. */
  askClientCertificate(url: string, certificates: ClientCertificate[]): Promise<ClientCertificateAnswer>;
  emitPower(event: PowerEvent): Promise<void>;
  /** `net.isOnline()` and the windows; requests of Node itself are not cut. */
  setOnline(online: boolean): Promise<void>;
  setTheme(theme: 'light' | 'dark'): Promise<void>;
  /** Sets the wall clock of the product's process; timers stay real, as across a sleep. */
  setClock(at: Date | number): Promise<void>;
  advanceClock(ms: number): Promise<void>;

  /** Starts the program a second time with the same environment, and waits for its end. */
  secondInstance(args?: readonly string[]): Promise<FinishedProcess>;
  /** macOS: the dock icon is clicked. */
  activate(): Promise<void>;

  /** Every Electron API call the product made. */
  calls(api?: string): Promise<ApiCall[]>;
  waitForCall(api: string, options?: WaitOptions): Promise<ApiCall>;

  stdout(): string;
  stderr(): string;
  waitForOutput(pattern: RegExp, options?: WaitOptions): Promise<RegExpExecArray>;

  readonly exited: Promise<ExitState>;
  /** As the menu's Quit: `app.quit()`; waits for the end. */
  quit(): Promise<ExitState>;
  kill(signal?: NodeJS.Signals): Promise<ExitState>;
}
