import type { SignInAttempt } from '../agent/sign-in.ts';
import type { Log } from '../vault/log.ts';
import { chooseClientCertificates } from './client-certificates.ts';
import type { SignInSession } from './sign-in-session.ts';
import { SignInVisit, type VisitEnd } from './sign-in-visit.ts';

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

  /** Shows the attempt's pages until it has an outcome. */
  async run(attempt: SignInAttempt): Promise<VisitEnd> {
    const visit = new SignInVisit(this.#session, attempt);
    this.#visit = visit;
    try {
      return await visit.run();
    } finally {
      this.#visit = undefined;
    }
  }
}
