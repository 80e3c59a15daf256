import type { BrowserWindow } from 'electron';
import type { SignInAttempt } from '../../agent/sign-in/sign-in.ts';
import type { Log } from '../../system/log/log.ts';
import { chooseClientCertificates } from './client-certificates.ts';
import type { SignInSession } from './session.ts';
import { SignInVisit, type VisitEnd } from './visit.ts';

/**
 * The sign-in window, one at a time. However an attempt ends, the next one can start
 * (https://github.com/AzureAD/microsoft-authentication-library-for-js/issues/4808).
 */
export class SignInWindow {
  readonly #session: SignInSession;
  #visit: SignInVisit | undefined;

  constructor(signInSession: SignInSession, log: Pick<Log, 'warn'>) {
    this.#session = signInSession;
    chooseClientCertificates((contents) => this.#visit?.certificateQuestion(contents), log);
  }

  /** Brings an open window to the front. */
  focus(): void {
    this.#visit?.focus();
  }

  /** For a question about the running attempt. */
  get over(): BrowserWindow | undefined {
    return this.#visit?.window;
  }

  /** Shows the attempt's pages until it has an outcome, and keeps the window for the questions of `judge`. */
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
