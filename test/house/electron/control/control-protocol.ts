// The words exchanged between a test (harness.ts) and the stand-in inside the tray's process (stand-in/control/control.ts).

/** A call of the Electron API made by the product. Functions and API objects are given by name. */
export interface ApiCall {
  seq: number;
  /** For example `app.enableSandbox`, `new BrowserWindow`, `Session.setPermissionRequestHandler`, `app.on`. */
  api: string;
  args: unknown[];
  beforeReady: boolean;
}

/** What a picture given to Electron is. */
export interface ImageState {
  /** The file it was read from, if it was. */
  path: string | undefined;
  empty: boolean;
  width: number;
  height: number;
  /** 2 among them when a `@2x` file lies beside it. */
  scaleFactors: number[];
  template: boolean;
  /** SHA-256 of the 1x bytes, hex: tells two pictures apart. */
  sha256: string;
}

/** A menu item as a person sees it. On Linux this is how it was when the menu was last given to the tray. */
export interface MenuItemState {
  id: string;
  label: string;
  sublabel: string;
  toolTip: string;
  type: string;
  role: string | undefined;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  accelerator: string | undefined;
  submenu: MenuItemState[] | undefined;
}

/** The tray icon as a person sees it. */
export interface TrayState {
  toolTip: string;
  title: string;
  image: ImageState;
  menu: MenuItemState[];
}

/** A notification that was shown. */
export interface NotificationState {
  title: string;
  body: string;
  subtitle: string;
  silent: boolean;
  urgency: string;
  actions: string[];
  icon: ImageState | undefined;
  closed: boolean;
}

/** A dialog the product opened. */
export interface DialogState {
  kind: 'open' | 'save' | 'message' | 'error';
  options: Record<string, unknown>;
  /** Undefined while it waits for its answer. */
  answer: DialogAnswer | undefined;
}

/** What the user does in a dialog. For a message box: `response` is the button's index. */
export interface DialogAnswer {
  canceled?: boolean;
  filePaths?: string[];
  filePath?: string;
  response?: number;
  checkboxChecked?: boolean;
}

/** A window that exists. */
export interface WindowState {
  id: number;
  webContentsId: number;
  url: string;
  title: string;
  /** The title the page itself gave, which the product may keep off the window. */
  pageTitle: string;
  visible: boolean;
  focused: boolean;
  loading: boolean;
  partition: string;
  options: Record<string, unknown>;
  webPreferences: Record<string, unknown>;
}

/** A cookie of a partition. */
export interface CookieState {
  name: string;
  value: string;
  domain: string;
  path: string;
}

/** A certificate in the system's store, as far as a chooser shows it. */
export interface ClientCertificate {
  subjectName: string;
  issuerName: string;
  /** Seconds since 1970. */
  validExpiry: number;
}

/** What a server that asked for a certificate is sent: Electron's own choice is the first one of the store. */
export type ClientCertificateAnswer =
  { by: 'electron'; subjectName: string } | { by: 'product'; subjectName: string | null };

/** Something a test may be waiting for. */
export type ChangedPart =
  'tray' | 'clipboard' | 'notifications' | 'dialogs' | 'windows' | 'calls' | 'app' | 'application-menu';

/** Operations of the control channel: arguments, then result. */
export interface ControlOperations {
  tray: { args: []; result: TrayState | null };
  clickMenu: { args: [path: string[]]; result: null };
  clickTray: { args: [event: 'click' | 'right-click' | 'double-click']; result: null };
  applicationMenu: { args: []; result: MenuItemState[] | null };
  clipboardText: { args: []; result: string };
  setClipboardText: { args: [text: string]; result: null };
  notifications: { args: []; result: NotificationState[] };
  notificationEvent: { args: [index: number, event: 'click' | 'close' | 'failed' | 'action']; result: null };
  setNotificationsSupported: { args: [support: 'supported' | 'unsupported']; result: null };
  dialogs: { args: []; result: DialogState[] };
  answerNextDialog: { args: [answer: DialogAnswer]; result: null };
  windows: { args: []; result: WindowState[] };
  windowDo: { args: [id: number, hand: UserHand]; result: unknown };
  cookies: { args: [partition: string]; result: CookieState[] };
  partitions: { args: []; result: string[] };
  askPermission: { args: [id: number, permission: string]; result: { check: boolean; request: boolean } };
  askClientCertificate: {
    args: [id: number | null, url: string, certificates: ClientCertificate[]];
    result: ClientCertificateAnswer;
  };
  emitPower: { args: [event: PowerEvent]; result: null };
  setNetwork: { args: [state: 'online' | 'offline']; result: null };
  setTheme: { args: [theme: 'light' | 'dark']; result: null };
  setClock: { args: [unixMs: number]; result: null };
  advanceClock: { args: [ms: number]; result: null };
  calls: { args: []; result: ApiCall[] };
  activate: { args: []; result: null };
  quit: { args: []; result: null };
}

/** Events of powerMonitor that a test can cause. */
export type PowerEvent =
  'suspend' | 'resume' | 'lock-screen' | 'unlock-screen' | 'shutdown' | 'on-ac' | 'on-battery';

/** What a user's hands, and eyes, do in one window. Selectors are CSS, in the main frame. */
export type UserHand =
  | { do: 'fill'; selector: string; value: string; limitMs: number }
  | { do: 'click'; selector: string; limitMs: number }
  | { do: 'select'; selector: string; value: string; limitMs: number }
  /** `Control+` before the key holds that one down. */
  | { do: 'press'; key: string }
  /** The right mouse button on an element: what the product pops up, or null. */
  | { do: 'contextMenu'; selector: string; limitMs: number }
  | { do: 'waitFor'; selector: string; limitMs: number }
  | { do: 'url' }
  | { do: 'text' }
  | { do: 'html' }
  | { do: 'evaluate'; expression: string }
  | { do: 'screenshot' }
  | { do: 'close' }
  | { do: 'focus' }
  | { do: 'crash' };

export type ControlOperation = keyof ControlOperations;

/** From the test. */
export interface ControlRequest {
  standIn: 'request';
  id: number;
  operation: ControlOperation;
  args: unknown[];
}

/** To the test. */
export type ControlReply =
  | { standIn: 'reply'; id: number; result: unknown }
  | { standIn: 'refused'; id: number; message: string }
  | { standIn: 'changed'; part: ChangedPart };
