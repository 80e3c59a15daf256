import { supersededSignIn, type SignInAttempt, type SignInOutcome } from '../../agent/sign-in/sign-in.ts';
import { problem } from '../../words/problem.ts';
import { matchRedirect } from '../../agent/sign-in/redirect.ts';
import { problemOf } from '../../agent/failures/thrown.ts';
import { receivablePort } from '../../config/profile/redirect-uri.ts';
import { listenOnLoopback, type LoopbackServer } from '../../outlets/loopback/loopback.ts';
import type { Log } from '../../system/log/log.ts';
import { BrowserAnswers } from './browser-answers.ts';

/** How long the port stays open for the browser to ask for the last page. */
const LAST_PAGE_MS = 3_000;

interface BrowserSignInParts {
  /** Opens an address in the system's browser; rejects if there is none. */
  readonly openExternal: (url: string) => Promise<void>;
  readonly log: Pick<Log, 'warn'>;
}

/** An attempt whose pages are in the system's browser. */
interface Running {
  readonly attempt: SignInAttempt;
  readonly port: number;
  /** Resolves when its port is free again. */
  readonly closed: Promise<void>;
  /** Frees the port at once. */
  readonly hurry: () => void;
}

/**
 * Signs in with the system's browser (RFC 8252). Listens on the redirect URI's port, on both loopback addresses, only
 * during an attempt; a new attempt replaces the previous one.
 */
export class BrowserSignIn {
  readonly #parts: BrowserSignInParts;
  #running: Running | undefined;

  constructor(parts: BrowserSignInParts) {
    this.#parts = parts;
  }

  /** The port while it is open. */
  get port(): number | undefined {
    return this.#running?.port;
  }

  /** Ends the running attempt, if any, as superseded, and waits until its port is free. */
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
    // Not awaited: some desktops report whether the browser could be opened only when it quits.
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
    // It may have been superseded while the port was being opened.
    if ((await Promise.race([attempt.outcome, Promise.resolve()])) !== undefined) return;
    try {
      // The only address that the system is asked to open, and only https (Electron's security checklist, item 15).
      if (new URL(authorizeUrl).protocol !== 'https:' || matchRedirect(authorizeUrl, redirectUri) !== 'other')
        throw new Error('not an https address');
      await this.#parts.openExternal(authorizeUrl);
    } catch (error) {
      this.#parts.log.warn('the browser could not be opened', { error });
      attempt.abandon(problem('interaction', 'sign-in.no-browser'));
    }
  }
}
