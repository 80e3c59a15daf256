import type { BrowserWindow } from 'electron';
import type { SignInAttempt } from '../../agent/sign-in/sign-in.ts';
import type { Log } from '../../system/log/log.ts';
import { chooseClientCertificates } from './client-certificates.ts';
import type { SignInSession } from './session.ts';
import { SignInVisit, type VisitEnd } from './visit.ts';

/**
 * The one window in which people sign in. No way leads to a state in which the next sign-in could not
 * start (MSAL#4808).
 */
export class SignInWindow {
  readonly #session: SignInSession;
  #visit: SignInVisit | undefined;

  constructor(signInSession: SignInSession, log: Pick<Log, 'warn'>) {
    this.#session = signInSession;
    chooseClientCertificates((contents) => this.#visit?.certificateQuestion(contents), log);
  }

  /** Brings an open window to the front; false when there is none. */
  focus(): boolean {
    this.#visit?.focus();
    return this.#visit !== undefined;
  }

  /** For a question about the attempt that is under way. */
  get over(): BrowserWindow | undefined {
    return this.#visit?.window;
  }

  /** Shows the attempt's pages until it has an outcome, and keeps the window for what `judge` may ask of it. */
  async run<Judged>(
    attempt: SignInAttempt,
    judge: (end: VisitEnd, over: BrowserWindow) => Promise<Judged>,
  ): Promise<Judged> {
    const visit = new SignInVisit(this.#session, attempt);
    this.#visit = visit;
    try {
      return await judge(await visit.run(), visit.window);
    } finally {
      this.#visit = undefined;
      visit.close();
    }
  }
}
