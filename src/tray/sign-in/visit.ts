import { BrowserWindow, type AuthInfo, type WebContents } from 'electron';
import { supersededSignIn, type SignInAttempt, type SignInOutcome } from '../../agent/sign-in/sign-in.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { receivablePort } from '../../config/profile/redirect-uri.ts';
import type { CertificateQuestion } from './client-certificates.ts';
import { interceptRedirect, type Interception } from './interception.ts';
import { furnish, signInWindowOptions } from './pages.ts';
import type { Asking } from '../dialogs/message-box.ts';
import { bringForward } from '../windows/own-windows.ts';
import { askAboutPasskey, askAfterTrouble, askForCertificate, type BrowserWay } from './questions.ts';
import type { SignInSession } from './session.ts';
import { isBlocked, isPasskeyPage, judgeLoad, pageBlocked } from './trouble.ts';

type Captured = Extract<Interception, { kind: 'capture' }>;

/** How a visit ended: with an outcome that the user has or has not been told, or because the user chose the browser. */
export type VisitEnd =
  | { readonly kind: 'ended'; readonly outcome: SignInOutcome; readonly told: 'told' | 'untold' }
  | { readonly kind: 'to-browser' };

/** An identity provider's page needs one; a page that opens many is not signing the user in. */
const MAX_POP_UPS = 3;

/**
 * The windows of one attempt, from the first page to its outcome. When the attempt ends they are hidden until
 * {@link close}, and an open question is cancelled. Closing the main window ends the attempt.
 */
export class SignInVisit {
  readonly #session: SignInSession;
  readonly #attempt: SignInAttempt;
  /** The main window. */
  readonly window: BrowserWindow;
  readonly #popUps = new Set<BrowserWindow>();
  readonly #over = new AbortController();
  #question: Promise<void> | undefined;
  #passkeyAsked: 'no' | 'yes' = 'no';
  #answer: 'awaited' | 'arrived' = 'awaited';
  #leaving: 'untold' | 'told' | 'to-browser' = 'untold';

  constructor(session: SignInSession, attempt: SignInAttempt) {
    this.#session = session;
    this.#attempt = attempt;
    this.window = new BrowserWindow(signInWindowOptions(session.electronSession));
  }

  focus(): void {
    const { window } = this;
    if (window.isDestroyed()) return;
    // Stays hidden while the code is redeemed, unless a question is shown over it.
    if (this.#answer === 'arrived' && !window.isVisible()) return;
    bringForward(window);
  }

  /** Shows the attempt's pages until it has an outcome; after that nothing is loaded. */
  async run(): Promise<VisitEnd> {
    this.#session.use({
      redirectUri: this.#attempt.redirectUri,
      capture: (captured) => this.#redeem(captured),
    });
    this.#watchMain();
    this.#load();
    const outcome = await this.#attempt.outcome;
    this.#over.abort();
    this.#session.use(undefined);
    this.#hide();
    // The choice of the browser came too late if the sign-in has succeeded: no new attempt.
    if (outcome.kind === 'signed-in' || this.#leaving !== 'to-browser')
      return { kind: 'ended', outcome, told: this.#leaving === 'told' ? 'told' : 'untold' };
    return { kind: 'to-browser' };
  }

  close(): void {
    // Not inside a handler of the page being destroyed (https://github.com/electron/electron/issues/4374).
    setImmediate(() => {
      for (const window of this.#windows) window.destroy();
    });
  }

  /** For a server that requests a client certificate from `contents`, or in a request without a page. */
  certificateQuestion(contents: WebContents | undefined): CertificateQuestion | undefined {
    const over = this.#windows.find(({ webContents }) => webContents === contents);
    if (contents !== undefined && over === undefined) return undefined;
    return (host, certificates) => askForCertificate(this.#asking(over), host, certificates);
  }

  #load(): void {
    this.window.loadURL(this.#attempt.authorizeUrl).catch((error: unknown) => {
      // `did-fail-load` reports the same with details; this only handles the rejection.
      if (!(error instanceof Error)) throw error;
    });
  }

  /** Hides the windows while the code is redeemed: there is nothing to see, and closing would have no effect. */
  #redeem({ url, formBody }: Captured): void {
    this.#answer = 'arrived';
    this.#hide();
    void this.#attempt.receive(url, formBody);
  }

  #hide(): void {
    for (const window of this.#windows) window.hide();
  }

  /** The existing windows, the main one last, so that it is closed after its pop-ups. */
  get #windows(): readonly BrowserWindow[] {
    return [...this.#popUps, this.window].filter((window) => !window.isDestroyed());
  }

  #watchMain(): void {
    const window = this.window;
    const { webContents } = window;
    this.#watchPages(window);
    webContents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
      if (!isMainFrame) return;
      const trouble = judgeLoad({ code, description, url }, this.#attempt.redirectUri);
      if (trouble?.kind === 'blocked') this.#attempt.abandon(trouble.problem);
      if (trouble?.kind === 'failed') this.#trouble(trouble.problem);
    });
    webContents.on('render-process-gone', () => this.#trouble(problem('transient', 'sign-in.page-crashed')));
    webContents.on('did-navigate', (_event, url) => this.#lookForPasskey(url));
    webContents.on('did-navigate-in-page', (_event, url) => this.#lookForPasskey(url));
    window.on('closed', () => this.#attempt.abandon(problem('interaction', 'sign-in.window-closed')));
  }

  /** For every page of the attempt, in the window and in its pop-ups. */
  #watchPages(window: BrowserWindow): void {
    const { webContents } = window;
    furnish(window);
    webContents.on('will-redirect', (event) => {
      const decision = interceptRedirect(event.url, this.#attempt.redirectUri);
      if (decision.kind === 'pass') return;
      event.preventDefault();
      if (decision.kind === 'capture') this.#redeem(decision);
      else if (event.isMainFrame && window === this.window) this.#attempt.abandon(pageBlocked(event.url));
    });
    // A link or script to a blocked address leaves the page as it is.
    webContents.on('will-frame-navigate', (event) => {
      if (isBlocked(event.url, this.#attempt.redirectUri)) event.preventDefault();
    });
    webContents.on('login', (_event, { url }, authInfo) => this.#refuseLogin(webContents, url, authInfo));
    webContents.setWindowOpenHandler(({ url }) => this.#answerPopUp(url));
    webContents.on('did-create-window', (popUp: BrowserWindow) => this.#adopt(popUp));
  }

  #answerPopUp(url: string): ReturnType<Parameters<WebContents['setWindowOpenHandler']>[0]> {
    const allowed =
      URL.canParse(url) &&
      new URL(url).protocol === 'https:' &&
      !isBlocked(url, this.#attempt.redirectUri) &&
      this.#popUps.size < MAX_POP_UPS &&
      !this.#over.signal.aborted;
    if (!allowed) return { action: 'deny' };
    return {
      action: 'allow',
      overrideBrowserWindowOptions: {
        ...signInWindowOptions(this.#session.electronSession),
        parent: this.window,
      },
    };
  }

  #adopt(popUp: BrowserWindow): void {
    this.#popUps.add(popUp);
    popUp.on('closed', () => this.#popUps.delete(popUp));
    this.#watchPages(popUp);
    popUp.webContents.on('render-process-gone', () =>
      setImmediate(() => {
        if (!popUp.isDestroyed()) popUp.destroy();
      }),
    );
  }

  /** Reports that HTTP authentication is not supported: Electron has no form for it, and refuses the server. */
  #refuseLogin(contents: WebContents, url: string, { isProxy, host, port }: AuthInfo): void {
    const server = `${host}:${port}`;
    if (isProxy) this.#trouble(problem('admin', 'sign-in.proxy-login', { proxy: server }));
    // Only for the page itself, not for an image behind a password.
    else if (contents.isLoadingMainFrame() && !isBlocked(url, this.#attempt.redirectUri))
      this.#trouble(problem('admin', 'sign-in.server-login', { host: server }));
  }

  #lookForPasskey(url: string): void {
    if (!isPasskeyPage(url) || this.#passkeyAsked === 'yes' || this.#browserWay() === 'impossible') return;
    this.#passkeyAsked = 'yes';
    this.#ask(async () => {
      if ((await askAboutPasskey(this.#asking(this.window))) === 'browser') this.#toBrowser();
    });
  }

  #trouble(reason: Problem): void {
    this.#ask(async () => {
      const choice = await askAfterTrouble(this.#asking(this.window), reason, this.#browserWay());
      if (this.#over.signal.aborted || this.window.isDestroyed()) return;
      if (choice === 'again') this.#load();
      else if (choice === 'browser') this.#toBrowser();
      else {
        this.#leaving = 'told';
        this.#attempt.abandon(reason);
      }
    });
  }

  /** One question at a time: a problem behind an open one will show again after it. */
  #ask(question: () => Promise<void>): void {
    if (this.#question !== undefined || this.#over.signal.aborted) return;
    const asked = question().catch(() => this.#attempt.abandon(problem('transient', 'sign-in.page-crashed')));
    this.#question = asked.finally(() => (this.#question = undefined));
  }

  #toBrowser(): void {
    if (this.#over.signal.aborted) return;
    this.#leaving = 'to-browser';
    this.#attempt.abandon(supersededSignIn);
  }

  #browserWay(): BrowserWay {
    return receivablePort(this.#attempt.redirectUri) === undefined ? 'impossible' : 'possible';
  }

  #asking(over: BrowserWindow | undefined): Asking {
    return { over, signal: this.#over.signal };
  }
}
