import type { Places } from '../system/places.ts';
import { watchOwner } from '../outlets/socket/watch.ts';
import { readAccount, type TokenAccount } from './access-token.ts';
import { readTrouble } from './trouble.ts';

/** The longest timer (https://nodejs.org/api/timers.html, setTimeout); longer than any token lives. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Follows one profile of one owner over `GET /v1/events`. Tokens in memory are valid as long as the owner runs and
 * the same account is signed in to the same registration; any other event ends the following for good and calls
 * `onEnd` once. It does not keep the process alive.
 */
export class Following {
  readonly account: TokenAccount;
  /** Resolves when the owner has confirmed the account, or the following has ended. */
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
    /** Milliseconds: it ends when no token is left to keep. */
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
    // Tokens are dropped however it ends. The next request reports the cause, if any.
    const end = (): void => this.end();
    watchOwner(places, path, (status) => this.#hear(status), signal, { holds: 'nothing' }).then((refusal) => {
      const { retryAfterSeconds } = readTrouble(refusal?.body.error) ?? {};
      if (retryAfterSeconds !== undefined) this.#retryAfterMs = retryAfterSeconds * 1000;
      this.end();
    }, end);
  }

  /** How long not to ask an owner again that refused to be followed, in milliseconds. */
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

  /** A session that needs a sign-in may have a token left; a revoked one has none. */
  #isStillGood(session: unknown): boolean {
    if (typeof session !== 'object' || session === null) return false;
    const { kind, account, expiresOn } = session as Readonly<Record<string, unknown>>;
    if (kind !== 'signed-in' && (kind !== 'sign-in-needed' || expiresOn === undefined)) return false;
    return readAccount(account)?.homeAccountId === this.account.homeAccountId;
  }
}
