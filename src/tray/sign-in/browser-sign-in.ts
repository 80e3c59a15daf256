import { supersededSignIn } from '../../agent/sign-in/sign-in.ts';
import { problem } from '../../words/problem.ts';
import { matchRedirect } from '../../agent/sign-in/redirect.ts';
import type { SignInAttempt, SignInOutcome } from '../../agent/sign-in/sign-in.ts';
import { problemOf } from '../../agent/failures/thrown.ts';
import { receivablePort } from '../../config/profile/redirect-uri.ts';
import { listenOnLoopback, type LoopbackServer } from '../../outlets/loopback/loopback.ts';
import type { Log } from '../../system/log/log.ts';
import { BrowserAnswers } from './browser-answers.ts';

/** How long the browser may take to ask for the last page; then the port is given up all the same. */
const LAST_PAGE_MS = 3_000;

export interface BrowserSignInParts {
  /** Opens an address in the system's browser; rejects when there is none. */
  readonly openExternal: (url: string) => Promise<void>;
  readonly log: Pick<Log, 'warn'>;
}

/** An attempt of which the pages are in the system's browser. */
interface Running {
  readonly attempt: SignInAttempt;
  readonly port: number;
  /** Resolves when its port is free again. */
  readonly closed: Promise<void>;
  /** Gives the port up at once. */
  readonly hurry: () => void;
}

/**
 * Signs in with the system's browser. The redirect's port is held, on both loopback addresses, only while
 * an attempt runs; a new one takes the place of the old one.
 */
export class BrowserSignIn {
  readonly #parts: BrowserSignInParts;
  #running: Running | undefined;

  constructor(parts: BrowserSignInParts) {
    this.#parts = parts;
  }

  /** Whether an attempt's pages are in the browser. */
  get isWaiting(): boolean {
    return this.#running !== undefined;
  }

  /** The redirect's port while it is listened on; undefined while none is. */
  get port(): number | undefined {
    return this.#running?.port;
  }

  /** Ends the attempt that is under way, if any, as superseded, and waits until its port is free. */
  async supersede(): Promise<void> {
    const running = this.#running;
    running?.attempt.abandon(supersededSignIn);
    running?.hurry();
    await running?.closed;
  }

  /** Shows the attempt's pages in the browser and waits for its outcome. */
  async run(attempt: SignInAttempt): Promise<SignInOutcome> {
    await this.supersede();
    const port = receivablePort(attempt.redirectUri);
    if (port === undefined) {
      const { redirectUri } = attempt;
      attempt.abandon(problem('admin', 'sign-in.browser-redirect', { redirectUri }));
      return attempt.outcome;
    }
    const answers = new BrowserAnswers(attempt);
    let server: LoopbackServer;
    try {
      server = await listenOnLoopback({
        port,
        handler: (request, response) => answers.answer(request, response),
        onError: (error) => this.#parts.log.warn('a request to the redirect port failed', { error }),
      });
    } catch (error) {
      attempt.abandon(problemOf(error));
      return attempt.outcome;
    }
    this.#hold({ attempt, port }, server, answers);
    // Not waited for: a desktop may say only when the browser has ended whether it could be opened.
    void this.#open(attempt);
    return attempt.outcome;
  }

  #hold(
    { attempt, port }: Pick<Running, 'attempt' | 'port'>,
    server: LoopbackServer,
    answers: BrowserAnswers,
  ): void {
    let hurry: () => void = () => undefined;
    const hurried = new Promise<undefined>((resolve) => {
      hurry = () => resolve(undefined);
    });
    const close = async (): Promise<void> => {
      await attempt.outcome;
      if (answers.isAwaited) {
        const limit = setTimeout(hurry, LAST_PAGE_MS);
        await Promise.race([answers.lastPage, hurried]);
        clearTimeout(limit);
      }
      await server.close();
      if (this.#running === running) this.#running = undefined;
    };
    const running: Running = { attempt, port, hurry, closed: close() };
    this.#running = running;
  }

  /** Never rejects. */
  async #open(attempt: SignInAttempt): Promise<void> {
    const { authorizeUrl, redirectUri } = attempt;
    // While the port was taken it may have been superseded; nobody wants its pages any more.
    if ((await Promise.race([attempt.outcome, Promise.resolve()])) !== undefined) return;
    try {
      // The only address that is ever handed to the system, and never another scheme (security checklist 15).
      if (new URL(authorizeUrl).protocol !== 'https:' || matchRedirect(authorizeUrl, redirectUri) !== 'other')
        throw new Error('not an https address');
      await this.#parts.openExternal(authorizeUrl);
    } catch (error) {
      this.#parts.log.warn('the browser could not be opened', { error });
      attempt.abandon(problem('interaction', 'sign-in.no-browser'));
    }
  }
}
