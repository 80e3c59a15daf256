import type { Profile } from '../../config/profile/profile.ts';
import type { Log } from '../../system/log/log.ts';
import type { Vault } from '../../vault/store/vault.ts';
import type { Account } from '../status/account.ts';
import type { Grant } from '../authority/authority.ts';
import type { CacheListener } from '../authority/cache.ts';
import type { Conversation } from '../authority/conversation.ts';
import { CurrentSignIn, supersededSignIn, type SignInStart } from '../sign-in/current-sign-in.ts';
import { Generations, type Generation } from './generation.ts';
import type { Problem } from '../../words/problem.ts';
import type { SignInAttempt, SignInVia, WhoMaySignIn } from '../sign-in/sign-in.ts';
import type { StatusBoard } from '../status/status-board.ts';
import { StoredSession } from './stored-session.ts';

export interface SessionParts {
  readonly profile: Profile;
  readonly vault: Vault;
  readonly board: StatusBoard;
  /** Opens a conversation with the authority: over the profile's stored cache, or over a scratch one. */
  readonly converse: (cache: 'stored' | 'scratch', listener: CacheListener) => Conversation;
  readonly now: () => number;
  readonly log: Log;
  /** A new generation counts: what was under way for the older one drops its result. */
  readonly onChange: () => void;
}

/**
 * Whose session it is: restored from the vault, begun by a sign-in, ended by a sign-out. Each of these
 * begins a new generation, and whichever of them waited asks afterwards whether its own still counts.
 */
export class ProfileSession {
  readonly stored: StoredSession;
  readonly #parts: SessionParts;
  readonly #generations: Generations;
  readonly #signIn = new CurrentSignIn();
  /** More than one where a newer sign-in is accepted while the older one is still being stored. */
  readonly #accepting = new Set<Promise<Problem | undefined>>();
  #signingOut: Promise<Problem | undefined> | undefined;
  /** `settling`: no sign-in is begun any more. `ended`: nor is the store looked after. */
  #phase: 'open' | 'settling' | 'ended' = 'open';

  constructor(parts: SessionParts) {
    const { profile, vault, board, now, log, converse, onChange } = parts;
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
    this.#generations = new Generations(
      () => converse('stored', this.stored.cacheListener()),
      ({ conversation }) => {
        this.stored.use(conversation.cache);
        onChange();
        board.publish({ kind: 'refresh-dropped' });
      },
    );
    this.stored.use(this.generation.conversation.cache);
  }

  /** The one that counts now. */
  get generation(): Generation {
    return this.#generations.current;
  }

  /** The attempt at signing in that is under way, if any. */
  get attempt(): SignInAttempt | undefined {
    return this.#signIn.attempt;
  }

  /** While the vault is being emptied nothing may be renewed: it would be stored behind the removal's back. */
  get isSigningOut(): boolean {
    return this.#signingOut !== undefined;
  }

  /** Takes the stored session up, unless one was begun before; trouble goes to the status. */
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

  /** Looks after the store, and restores the session where that has become possible. */
  async mend(): Promise<void> {
    if (!this.#mayMend()) return;
    if ((await this.stored.mend()) === 'unchanged') return;
    // A session that was begun in memory meanwhile stays; the vault has carried it over.
    if (this.#account() === undefined && this.#mayMend()) await this.restore();
    if (this.stored.unread === undefined)
      this.#parts.log.info('storage can be read', { backend: this.#parts.vault.backend });
  }

  /** Starts a sign-in; one that is under way is superseded. The host shows `attempt.authorizeUrl`. */
  async beginSignIn(via: SignInVia, who?: WhoMaySignIn): Promise<SignInStart> {
    const { profile, board, converse, now } = this.#parts;
    if (this.#phase !== 'open') return { kind: 'failed', problem: supersededSignIn };
    board.publish({ kind: 'sign-in-started' });
    const started = await this.#signIn.begin(
      {
        profile,
        via,
        expected: () => (who === 'anybody' ? undefined : this.#account()),
        askAboutAccount: who === 'anybody' ? undefined : who,
        // It challenged the account that is there, and nobody else.
        claims: who === 'anybody' ? undefined : this.generation.challenge,
        conversation: converse('scratch', this.stored.cacheListener()),
        now,
        accept: (grant, conversation) => {
          const accepting = this.#accept(grant, conversation).finally(() =>
            this.#accepting.delete(accepting),
          );
          this.#accepting.add(accepting);
          return accepting;
        },
      },
      (outcome) => {
        if (outcome.kind === 'failed') board.publish({ kind: 'sign-in-failed', problem: outcome.problem });
      },
    );
    // A superseded one says nothing: the newer one's news is what counts.
    if (started.kind === 'failed' && started.problem !== supersededSignIn)
      board.publish({ kind: 'sign-in-failed', problem: started.problem });
    return started;
  }

  /** Ends the session: memory and vault. An answer is the reason why the vault could not be emptied. */
  signOut(): Promise<Problem | undefined> {
    this.#signingOut ??= this.#signOut().finally(() => {
      this.#signingOut = undefined;
    });
    return this.#signingOut;
  }

  /**
   * No sign-in is begun any more, and what is under way ends as superseded: its session would be this
   * agent's alone, while a successor restores the older one. One that was accepted is stored, see {@link settle}.
   */
  endSignIn(): void {
    if (this.#phase === 'open') this.#phase = 'settling';
    this.#dropSignIn();
  }

  /** Resolves when what is being stored or removed is; stores what could not be stored before. */
  async settle(): Promise<void> {
    while (this.#accepting.size > 0) await Promise.allSettled(this.#accepting);
    await this.#signingOut;
    await this.stored.flush();
  }

  /** Ends a sign-in and the generation; what is stored stays stored. */
  end(): void {
    this.#phase = 'ended';
    this.#signIn.end();
    this.#generations.begin();
  }

  async #signOut(): Promise<Problem | undefined> {
    const { board, log } = this.#parts;
    this.#dropSignIn();
    const before = this.generation;
    const during = this.#generations.begin();
    const held = before.conversation.cache.hold();
    const failed = await this.stored.remove();
    // A sign-in that was accepted meanwhile is nobody's to sign out.
    if (during !== this.generation) return failed;
    if (failed !== undefined) {
      await held;
      if (during !== this.generation) return failed;
      // What could not be removed goes on as it was; what was removed of it is stored again.
      this.#generations.resume(before);
      before.conversation.cache.markUnsaved();
      return failed;
    }
    board.publish({ kind: 'signed-out' });
    log.info('signed out');
    return undefined;
  }

  #dropSignIn(): void {
    const { board } = this.#parts;
    this.#signIn.end();
    if (board.status.activity.kind === 'signing-in')
      board.publish({ kind: 'sign-in-failed', problem: supersededSignIn });
  }

  /** The session is the new one's at once; storing it takes its time. */
  async #accept(grant: Grant, conversation: Conversation): Promise<Problem | undefined> {
    const { profile, board, log } = this.#parts;
    const { account, expiresOn } = grant;
    const generation = this.#generations.begin(conversation);
    const stored = this.stored.adopt(conversation.cache, grant, profile.scopes);
    board.publish({ kind: 'signed-in', account, expiresOn });
    await stored;
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

  #mayMend(): boolean {
    return !this.isSigningOut && this.#phase !== 'ended';
  }
}
