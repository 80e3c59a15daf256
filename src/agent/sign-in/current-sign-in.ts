import { problem, type Problem } from '../../words/problem.ts';
import { startSignIn, type SignInAttempt, type SignInOptions, type SignInOutcome } from './sign-in.ts';

export type SignInStart =
  | { readonly kind: 'started'; readonly attempt: SignInAttempt }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** A newer attempt was begun, or the session ended. */
export const supersededSignIn = problem('interaction', 'sign-in.superseded');

/** Of any number of attempts the newest counts; the others end as superseded. */
export class CurrentSignIn {
  #attempt: SignInAttempt | undefined;
  #turn = 0;

  /** The attempt that is under way, if any. */
  get attempt(): SignInAttempt | undefined {
    return this.#attempt;
  }

  /** Starts an attempt; `onEnd` hears of its outcome if it still counts by then. */
  async begin(options: SignInOptions, onEnd: (outcome: SignInOutcome) => void): Promise<SignInStart> {
    this.end();
    const turn = this.#turn;
    const started = await startSignIn(options);
    if (turn !== this.#turn) {
      if (started.kind === 'started') started.attempt.abandon(supersededSignIn);
      return { kind: 'failed', problem: supersededSignIn };
    }
    if (started.kind === 'failed') return started;
    const { attempt } = started;
    this.#attempt = attempt;
    void attempt.outcome.then((outcome) => {
      if (this.#attempt !== attempt) return;
      this.#attempt = undefined;
      onEnd(outcome);
    });
    return started;
  }

  /** Whatever attempt is under way, or being started, no longer counts. */
  end(): void {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    this.#turn += 1;
    attempt?.abandon(supersededSignIn);
  }
}
