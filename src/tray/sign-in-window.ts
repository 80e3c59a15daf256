import { BrowserWindow } from 'electron';
import { problem, type Problem } from '../agent/problem.ts';
import type { SignInAttempt, SignInOutcome } from '../agent/sign-in.ts';
import { say } from '../words/say.ts';
import { intercept, interceptRedirect, type Interception } from './interception.ts';
import type { SignInSession } from './sign-in-session.ts';

type Captured = Extract<Interception, { kind: 'capture' }>;

/** As wide as Entra's own pop-up, and high enough for a consent page without scrolling. */
const WIDTH_PX = 520;
const HEIGHT_PX = 720;

/** Chromium's net errors for a load that we stopped ourselves: by `preventDefault`, and by `cancel`. */
const ERR_ABORTED = -3;
const ERR_BLOCKED_BY_CLIENT = -20;

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

function pageFailed(url: string, detail: string): Problem {
  return problem('transient', 'sign-in.page-failed', { host: hostOf(url), detail });
}

function pageBlocked(url: string): Problem {
  return problem('interaction', 'sign-in.page-blocked', { host: hostOf(url) });
}

/** The redirect URI itself is not: what arrives there is the answer, or ends the attempt. */
function isBlocked(url: string, redirectUri: string): boolean {
  return intercept({ url, kind: 'main-frame', body: undefined }, redirectUri).kind === 'block';
}

function createWindow(signInSession: SignInSession): BrowserWindow {
  const window = new BrowserWindow({
    width: WIDTH_PX,
    height: HEIGHT_PX,
    title: say('window.loading'),
    autoHideMenuBar: true,
    webPreferences: {
      session: signInSession.electronSession,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: false,
    },
  });
  // The host stands in the title, where a page cannot write (leapp#168).
  window.on('page-title-updated', (event) => event.preventDefault());
  window.webContents.on('did-navigate', (_event, url) =>
    window.setTitle(say('window.sign-in', { host: hostOf(url) })),
  );
  return window;
}

/**
 * The one window in which people sign in. Whatever ends the attempt closes it, and closing it ends the
 * attempt: no way leads to a state in which the next sign-in could not start (MSAL#4808).
 */
export class SignInWindow {
  readonly #session: SignInSession;
  #window: BrowserWindow | undefined;

  constructor(signInSession: SignInSession) {
    this.#session = signInSession;
  }

  /** Brings an open window to the front; false when there is none. */
  focus(): boolean {
    if (this.#window === undefined) return false;
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
    return true;
  }

  /** Shows the attempt's pages until it has an outcome. */
  async run(attempt: SignInAttempt): Promise<SignInOutcome> {
    this.#session.use({
      redirectUri: attempt.redirectUri,
      capture: (captured) => redeem(captured),
    });
    const window = createWindow(this.#session);
    // Hidden while the code is redeemed: there is nothing to see, and nothing that closing could mean.
    const redeem = ({ url, formBody }: Captured): void => {
      window.hide();
      void attempt.receive(url, formBody);
    };
    this.#window = window;
    this.#watch(window, attempt, redeem);
    window.loadURL(attempt.authorizeUrl).catch((error: unknown) => {
      // `did-fail-load` tells the same with more; this keeps the promise from being unhandled.
      if (!(error instanceof Error)) throw error;
    });
    const outcome = await attempt.outcome;
    this.#session.use(undefined);
    this.#window = undefined;
    // Never inside a handler of the page that is being destroyed (electron#4374).
    setImmediate(() => {
      if (!window.isDestroyed()) window.destroy();
    });
    return outcome;
  }

  #watch(window: BrowserWindow, attempt: SignInAttempt, redeem: (captured: Captured) => void): void {
    const { webContents } = window;
    webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
    webContents.on('will-redirect', (event) => {
      const decision = interceptRedirect(event.url, attempt.redirectUri);
      if (decision.kind === 'pass') return;
      event.preventDefault();
      if (decision.kind === 'capture') redeem(decision);
      else if (event.isMainFrame) attempt.abandon(pageBlocked(event.url));
    });
    // A link or a script that leads nowhere we go leaves the page as it is.
    webContents.on('will-frame-navigate', (event) => {
      if (isBlocked(event.url, attempt.redirectUri)) event.preventDefault();
    });
    webContents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
      if (!isMainFrame || code === ERR_ABORTED) return;
      if (code === ERR_BLOCKED_BY_CLIENT) {
        if (isBlocked(url, attempt.redirectUri)) attempt.abandon(pageBlocked(url));
        return;
      }
      attempt.abandon(pageFailed(url, description === '' ? String(code) : description));
    });
    webContents.on('render-process-gone', () =>
      attempt.abandon(problem('transient', 'sign-in.page-crashed')),
    );
    window.on('closed', () => attempt.abandon(problem('interaction', 'sign-in.window-closed')));
  }
}
