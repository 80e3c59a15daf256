import type { Profile } from '../../config/profile/profile.ts';
import { atMost } from '../../system/limit.ts';
import type { Log } from '../../system/log/log.ts';
import type { Vault } from '../../vault/store/vault.ts';
import type { Problem } from '../../words/problem.ts';
import type { Grant } from '../authority/authority.ts';
import type { CacheListener } from '../authority/cache.ts';
import type { Conversation } from '../authority/conversation.ts';
import {
  startSignIn,
  supersededSignIn,
  type SignInAttempt,
  type SignInStart,
  type SignInVia,
  type WhoMaySignIn,
} from '../sign-in/sign-in.ts';
import type { Account } from '../status/account.ts';
import type { StatusBoard } from '../status/status.ts';
import { Generation } from './generation.ts';
import { StoredSession } from './stored-session.ts';

export interface SessionParts {
  readonly profile: Profile;
  readonly vault: Vault;
  readonly board: StatusBoard;
  /** Opens a conversation with the authority, over the profile's stored cache or over a scratch one. */
  readonly converse: (cache: 'stored' | 'scratch', listener: CacheListener) => Conversation;
  readonly now: () => number;
  readonly log: Log;
  /** Called when a new generation begins: work begun in the older one drops its result. */
  readonly onChange: () => void;
}

/** A save takes some 10 ms. A keyring that takes longer may be waiting for the user. */
const STORE_PATIENCE_MS = 1_000;

/**
 * The session of a profile: restored from the vault, begun by a sign-in, ended by a sign-out. Each of these begins
 * a new generation, and after each wait checks whether its own generation is still the current one.
 */
export class ProfileSession {
  readonly stored: StoredSession;
  readonly #parts: SessionParts;
  #generation: Generation;
  #attempt: SignInAttempt | undefined;
  #failedSignIn: Problem | undefined;
  /** Counts the attempts: one that is still being started is superseded by a newer one. */
  #turn = 0;
  /** More than one if a newer sign-in is accepted while an older one is still being stored. */
  readonly #accepting = new Set<Promise<Problem | undefined>>();
  #signingOut: Promise<Problem | undefined> | undefined;
  /** `settling`: no sign-in can begin. `ended`: the store is not retried either. */
  #phase: 'open' | 'settling' | 'ended' = 'open';

  constructor(parts: SessionParts) {
    const { profile, vault, board, now, log } = parts;
    this.#parts = parts;
    this.stored = new StoredSession({
      profile,
      vault,
      now,
      onProblem: (reason) => {
        log.warn('storage', { problem: reason.code, ...reason.params });
        board.publish({ kind: 'storage-failed', problem: reason });
      },
      onRecovered: () => board.publish({ kind: 'storage-recovered' }),
    });
    this.#generation = new Generation(this.#converse('stored'));
    this.stored.use(this.#generation.conversation.cache);
  }

  /** The current generation. */
  get generation(): Generation {
    return this.#generation;
  }

  /** The sign-in attempt under way, if any. */
  get attempt(): SignInAttempt | undefined {
    return this.#attempt;
  }

  /** Why the last attempt of this process failed; undefined before the first failure. */
  get failedSignIn(): Problem | undefined {
    return this.#failedSignIn;
  }

  /** While the vault is being emptied, a renewed token could be stored again after its removal. */
  get isSigningOut(): boolean {
    return this.#signingOut !== undefined;
  }

  /** Restores the stored session unless one has begun already. Failures go to the status. */
  async restore(): Promise<void> {
    if (this.#account() !== undefined) return;
    const { generation, stored } = this;
    const restored = await stored.restore();
    if (generation !== this.generation) return;
    if (restored.kind === 'account') this.#restored(restored.account);
    if (restored.kind !== 'unknown-account') return;
    const answer = await generation.conversation.ask((authority) => authority.account());
    if (generation !== this.generation) return;
    if (answer.kind === 'failed') stored.cannotRead(answer.problem);
    else if (answer.value !== undefined) this.#restored(answer.value);
  }

  /** Retries what the store refused, and restores the session once the store can be read. */
  async retryStorage(): Promise<void> {
    if (!this.#mayUseStorage() || (await this.stored.retry()) === 'unchanged') return;
    // A session begun in memory meanwhile stays; the vault has copied it to the store.
    if (this.#account() === undefined && this.#mayUseStorage()) await this.restore();
    if (this.stored.unread === undefined)
      this.#parts.log.info('storage can be read', { backend: this.#parts.vault.backend });
  }

  /** Starts a sign-in, which supersedes one under way. The host shows `attempt.authorizeUrl`. */
  async beginSignIn(via: SignInVia, who?: WhoMaySignIn): Promise<SignInStart> {
    const { profile, board, now, log } = this.#parts;
    const superseded: SignInStart = { kind: 'failed', problem: supersededSignIn };
    if (this.#phase !== 'open') return superseded;
    board.publish({ kind: 'sign-in-started' });
    this.#abandonSignIn();
    const turn = this.#turn;
    const started = await startSignIn({
      profile,
      via,
      expected: () => (who === 'anybody' ? undefined : this.#account()),
      askAboutAccount: who === 'anybody' ? undefined : who,
      // The challenge concerns the account that is signed in, and no other.
      claims: who === 'anybody' ? undefined : this.generation.challenge,
      conversation: this.#converse('scratch'),
      now,
      accept: (grant, conversation) => {
        const accepting = this.#accept(grant, conversation).finally(() => this.#accepting.delete(accepting));
        this.#accepting.add(accepting);
        return accepting;
      },
    });
    if (turn !== this.#turn) {
      if (started.kind === 'started') started.attempt.abandon(supersededSignIn);
      return superseded;
    }
    const failed = (problem: Problem): void => {
      const { code, params, reference } = problem;
      log.warn('sign-in failed', { problem: code, detail: params.detail, ...reference });
      if (who !== 'anybody' && problem.claims !== undefined) this.generation.challenge = problem.claims;
      this.#failedSignIn = problem;
      board.publish({ kind: 'sign-in-failed', problem });
    };
    if (started.kind === 'failed') {
      failed(started.problem);
      return started;
    }
    const { attempt } = started;
    this.#attempt = attempt;
    void attempt.outcome.then((outcome) => {
      // A superseded attempt does not change the status.
      if (this.#attempt !== attempt) return;
      this.#attempt = undefined;
      if (outcome.kind === 'failed') failed(outcome.problem);
    });
    return started;
  }

  /** Ends the session in memory and in the vault. Resolves to the reason if the vault could not be emptied. */
  signOut(): Promise<Problem | undefined> {
    this.#signingOut ??= this.#signOut().finally(() => {
      this.#signingOut = undefined;
    });
    return this.#signingOut;
  }

  /**
   * Prevents new sign-ins and ends one under way as superseded: its session would be known to this agent only,
   * while a successor restores the older one. An accepted sign-in is still stored, see {@link settle}.
   */
  endSignIn(): void {
    if (this.#phase === 'open') this.#phase = 'settling';
    this.#dropSignIn();
  }

  /** Resolves when pending saves and removals are done; retries saves that failed before. */
  async settle(): Promise<void> {
    while (this.#accepting.size > 0) await Promise.allSettled(this.#accepting);
    await this.#signingOut;
    await this.stored.flush();
  }

  /** Ends the sign-in and the generation. Stored data stays. */
  end(): void {
    this.#phase = 'ended';
    this.#abandonSignIn();
    this.#begin();
  }

  #converse(cache: 'stored' | 'scratch'): Conversation {
    return this.#parts.converse(cache, this.stored.cacheListener());
  }

  /** Begins a new generation, over the stored cache by default. */
  #begin(conversation = this.#converse('stored')): Generation {
    return this.#follow(new Generation(conversation));
  }

  #follow(next: Generation): Generation {
    this.#generation.conversation.cache.close();
    this.#generation = next;
    this.stored.use(next.conversation.cache);
    this.#parts.onChange();
    this.#parts.board.publish({ kind: 'refresh-dropped' });
    return next;
  }

  async #signOut(): Promise<Problem | undefined> {
    const { board, log } = this.#parts;
    this.#dropSignIn();
    const before = this.generation;
    const during = this.#begin();
    const held = before.conversation.cache.hold();
    const failed = await this.stored.remove();
    // A sign-in accepted meanwhile is not part of this sign-out.
    if (during !== this.generation) return failed;
    if (failed !== undefined) {
      await held;
      if (during !== this.generation) return failed;
      // Items that could not be removed stay as they were; those already removed are stored again.
      this.#follow(before);
      before.conversation.cache.reopen();
      before.conversation.cache.markUnsaved();
      return failed;
    }
    board.publish({ kind: 'signed-out' });
    log.info('signed out');
    return undefined;
  }

  #abandonSignIn(): void {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    this.#turn += 1;
    attempt?.abandon(supersededSignIn);
  }

  #dropSignIn(): void {
    const { board } = this.#parts;
    this.#abandonSignIn();
    if (board.status.activity.kind === 'signing-in')
      board.publish({ kind: 'sign-in-failed', problem: supersededSignIn });
  }

  /** The session changes at once. The user is told when it is stored, or when that takes too long. */
  async #accept(grant: Grant, conversation: Conversation): Promise<Problem | undefined> {
    const { profile, board, log } = this.#parts;
    const { account, expiresOn } = grant;
    const generation = this.#begin(conversation);
    const stored = this.stored.adopt(conversation.cache, grant, profile.scopes);
    board.publish({ kind: 'signed-in', account, expiresOn });
    if (grant.warning !== undefined) board.publish({ kind: 'misconfigured', problem: grant.warning });
    await atMost(STORE_PATIENCE_MS, stored);
    if (generation !== this.generation) return supersededSignIn;
    log.info('signed in', { expiresOn: new Date(expiresOn).toISOString() });
    return undefined;
  }

  #restored(account: Account): void {
    const expiresOn = this.stored.tokens.get(this.#parts.profile.scopes)?.expiresOn;
    this.#parts.board.publish({ kind: 'restored', account, expiresOn });
  }

  #account(): Account | undefined {
    const { session } = this.#parts.board.status;
    return session.kind === 'signed-out' ? undefined : session.account;
  }

  #mayUseStorage(): boolean {
    return !this.isSigningOut && this.#phase !== 'ended';
  }
}
