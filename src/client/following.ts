import type { Places } from '../system/places.ts';
import { watchOwner } from '../outlets/socket/watch.ts';
import { readAccount, type TokenAccount } from './access-token.ts';
import { readTrouble } from './trouble.ts';

/** A timer takes no more (https://nodejs.org/api/timers.html, setTimeout); longer than any token lives. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * One profile of one owner, followed over `GET /v1/events`: what this process keeps in memory is good for
 * as long as the owner runs and the same account is signed in to the same registration. It ends at anything
 * else, and for good; `onEnd` is told once. It holds no process: one that has nothing else to do ends.
 */
export class Following {
  readonly account: TokenAccount;
  /** Resolves when the owner has said that things are as they were, or the following has ended. */
  readonly opened: Promise<void>;
  #state: 'opening' | 'live' | 'ended' = 'opening';
  #profile: string | undefined;
  #retryAfterMs: number | undefined;
  readonly #stop = new AbortController();
  readonly #onEnd: (following: Following) => void;
  #open: () => void = () => undefined;

  constructor(options: {
    readonly places: Pick<Places, 'runtimeDirectory' | 'socketPath'>;
    /** `/v1/events`, of one profile. */
    readonly path: string;
    readonly account: TokenAccount;
    /** Milliseconds: nobody is followed for longer than there is something to keep. */
    readonly lastsMs: number;
    readonly onEnd: (following: Following) => void;
  }) {
    const { places, path, account, lastsMs, onEnd } = options;
    this.account = account;
    this.#onEnd = onEnd;
    this.opened = new Promise((resolve) => {
      this.#open = resolve;
    });
    const late = AbortSignal.timeout(Math.min(lastsMs, LONGEST_TIMER_MS));
    const signal = AbortSignal.any([this.#stop.signal, late]);
    // However it ends, nothing is kept any more; whoever asks next is told what is wrong, if anything.
    const end = (): void => this.end();
    watchOwner(places, path, (status) => this.#hear(status), signal, { holds: 'nothing' }).then((refusal) => {
      const { retryAfterSeconds } = readTrouble(refusal?.body.error) ?? {};
      if (retryAfterSeconds !== undefined) this.#retryAfterMs = retryAfterSeconds * 1000;
      this.end();
    }, end);
  }

  /** So long the owner, which has refused to be followed, does not want to be asked again. */
  get retryAfterMs(): number | undefined {
    return this.#retryAfterMs;
  }

  get state(): 'opening' | 'live' | 'ended' {
    return this.#state;
  }

  end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#stop.abort();
    this.#onEnd(this);
    this.#open();
  }

  #hear({ profile, session }: Readonly<Record<string, unknown>>): void {
    const text = JSON.stringify(profile);
    if (text !== (this.#profile ?? text) || !this.#isStillGood(session)) {
      this.end();
      return;
    }
    this.#profile = text;
    if (this.#state === 'opening') this.#state = 'live';
    this.#open();
  }

  /** A session that wants a sign-in may have a token left; one that was revoked has none. */
  #isStillGood(session: unknown): boolean {
    if (typeof session !== 'object' || session === null) return false;
    const { kind, account, expiresOn } = session as Readonly<Record<string, unknown>>;
    if (kind !== 'signed-in' && (kind !== 'sign-in-needed' || expiresOn === undefined)) return false;
    return readAccount(account)?.homeAccountId === this.account.homeAccountId;
  }
}
