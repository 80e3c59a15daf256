import { scopeKey } from '../config/scopes.ts';
import type { Profile } from '../config/profile.ts';
import type { Log } from '../vault/log.ts';
import type { Vault } from '../vault/vault.ts';
import type { AccessToken, Account } from './account.ts';
import type { Grant } from './authority.ts';
import type { CacheListener } from './cache.ts';
import type { Conversation } from './conversation.ts';
import { CurrentSignIn, supersededSignIn, type SignInStart } from './current-sign-in.ts';
import { dueRefresh } from './due.ts';
import { Generation } from './generation.ts';
import {
  answerFresh,
  answerWithout,
  isBeyondReach,
  isEnough,
  type TokenAnswer,
  type TokenRequest,
} from './lifetime.ts';
import { problem, type Problem } from './problem.ts';
import { scopeProblem } from './scope-problem.ts';
import type { SignInAttempt, SignInOptions, SignInVia } from './sign-in.ts';
import { SingleFlight } from './single-flight.ts';
import { StoredSession } from './stored-session.ts';
import { StatusBoard } from './status-board.ts';
import type { RefreshCause, Status } from './status.ts';
import { Timetable } from './timetable.ts';

export interface AgentOptions {
  readonly profile: Profile;
  readonly vault: Vault;
  /** Opens a conversation with the authority: over the profile's stored cache, or over a scratch one. */
  readonly converse: (cache: 'stored' | 'scratch', listener: CacheListener) => Conversation;
  readonly now: () => number;
  readonly log: Log;
}

type Renewal =
  | { readonly kind: 'renewed'; readonly token: AccessToken }
  | { readonly kind: 'failed'; readonly problem: Problem };

/**
 * The schedule's library costs as much to load as all of the rest; a host that was started for one
 * script answers that script first.
 */
const QUIET_START_MS = 1_000;

const superseded = problem('transient', 'superseded');

/**
 * One profile's session from sign-in to fresh token. Knows no Electron, no server, no screen: hosts
 * show {@link Agent.status}, outlets ask {@link Agent.getToken}, timers and resumes call {@link Agent.due}.
 */
export class Agent {
  readonly profile: Profile;
  readonly #options: AgentOptions;
  readonly #board: StatusBoard;
  readonly #stored: StoredSession;
  readonly #flights = new SingleFlight<Renewal>();
  readonly #dueChecks = new SingleFlight<undefined>();
  readonly #timetable: Timetable;
  readonly #signIn = new CurrentSignIn();
  #generation: Generation;
  #starting: NodeJS.Timeout | undefined;
  #firstLook: NodeJS.Immediate | undefined;
  #isStopped = false;

  constructor(options: AgentOptions) {
    const { profile, vault, now } = options;
    this.profile = profile;
    this.#options = options;
    this.#board = new StatusBoard(options.log);
    this.#stored = new StoredSession({
      profile,
      vault,
      onProblem: (reason) => this.#storageFailed(reason),
      onRecovered: () => this.#board.publish({ kind: 'storage-recovered' }),
    });
    this.#timetable = new Timetable({ schedule: profile.schedule, now, look: () => void this.due() });
    this.#generation = this.#newGeneration();
  }

  get status(): Status {
    return this.#board.status;
  }

  /** The attempt at signing in that is under way, if any. */
  get signInAttempt(): SignInAttempt | undefined {
    return this.#signIn.attempt;
  }

  /** The next instant of the user's schedule, in milliseconds since the epoch. */
  get nextScheduledAt(): number | undefined {
    return this.#timetable.nextAt;
  }

  /** Calls `watcher` after every change of the status and every look at the clock; the answer ends it. */
  onStatus(watcher: (status: Status) => void): () => void {
    return this.#board.watch(watcher);
  }

  /** Restores the stored session. When it resolves, a stored token is served; MSAL is not loaded yet. */
  async start(): Promise<void> {
    const restored = await this.#stored.restore(this.#options.now());
    if (restored.kind === 'account') this.#restored(restored.account);
    if (restored.kind === 'unknown-account') {
      const answer = await this.#generation.conversation.ask((authority) => authority.account());
      if (answer.kind === 'ok' && answer.value !== undefined) this.#restored(answer.value);
    }
    if (this.#isStopped) return;
    this.#firstLook = setImmediate(() => void this.due());
    this.#starting = setTimeout(() => void this.#timetable.start().then(() => this.due()), QUIET_START_MS);
  }

  /** Ends timers, a sign-in and the generation; what is stored stays stored. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#starting);
    clearImmediate(this.#firstLook);
    this.#timetable.stop();
    this.#signIn.end();
    this.#endGeneration(this.#newGeneration());
  }

  /**
   * A token for the scopes, by the table in DESIGN: from memory while enough of it is left, else by
   * one refresh that all askers share, else what is left. Never rejects.
   */
  async getToken(request: TokenRequest = {}): Promise<TokenAnswer> {
    const { now } = this.#options;
    const scopes = request.scopes ?? this.profile.scopes;
    const refused = scopeProblem(scopes);
    if (refused !== undefined) return { kind: 'refused', problem: refused };

    const { session } = this.status;
    if (session.kind === 'signed-out')
      return { kind: 'refused', problem: problem('interaction', 'signed-out') };
    const token = this.#token(scopes);
    if (token !== undefined && isEnough(token, request, now()))
      return { kind: 'token', token, warning: undefined };
    if (token !== undefined && isBeyondReach(token, request, now()))
      return answerFresh(token, request, now());
    if (session.kind === 'sign-in-needed') return answerWithout(token, request, session.reason, now());
    const waiting = this.#reasonToWait(request, scopes);
    if (waiting !== undefined) return answerWithout(token, request, waiting, now());

    const cause = request.fresh === 'always' ? 'user' : 'asked';
    const renewal = await this.#renew(scopes, cause, request.claims, session.account);
    return renewal.kind === 'renewed'
      ? answerFresh(renewal.token, request, now())
      : answerWithout(this.#token(scopes), request, renewal.problem, now());
  }

  /** Looks at the clock and refreshes if that is due. Safe to call at any time, any number of times. */
  async due(): Promise<void> {
    await this.#dueChecks.run('due', async () => {
      const scheduledAt = this.#timetable.nextAt;
      const now = this.#options.now();
      const { session } = this.status;
      const token = this.#token(this.profile.scopes);
      const { nextTryAt } = this.#generation.backoff(this.profile.scopes);
      const cause = dueRefresh({ now, status: this.status, token, scheduledAt, nextTryAt });
      if (scheduledAt !== undefined && now >= scheduledAt) await this.#timetable.advance();
      if (cause !== undefined && session.kind === 'signed-in') {
        await this.#renew(this.profile.scopes, cause, undefined, session.account);
      }
      // What is shown depends on the time too: a token that has expired, a schedule that is known by now.
      this.#board.announce();
      return undefined;
    });
  }

  /** Starts a sign-in; one that is under way is superseded. The host shows `attempt.authorizeUrl`. */
  async beginSignIn(via: SignInVia): Promise<SignInStart> {
    const { session } = this.status;
    this.#board.publish({ kind: 'sign-in-started' });
    const options: SignInOptions = {
      profile: this.profile,
      via,
      expected: session.kind === 'signed-out' ? undefined : session.account,
      claims: session.kind === 'sign-in-needed' ? session.reason.claims : undefined,
      conversation: this.#options.converse('scratch', this.#stored.cacheListener()),
      now: this.#options.now,
      accept: (grant, conversation) => this.#accept(grant, conversation),
    };
    const started = await this.#signIn.begin(options, (outcome) => {
      if (outcome.kind === 'failed')
        this.#board.publish({ kind: 'sign-in-failed', problem: outcome.problem });
    });
    // A superseded one says nothing: the newer one's news is what counts.
    if (started.kind === 'failed' && started.problem !== supersededSignIn)
      this.#board.publish({ kind: 'sign-in-failed', problem: started.problem });
    return started;
  }

  /** Ends the session here: memory and vault. An answer is the reason why the vault could not be emptied. */
  async signOut(): Promise<Problem | undefined> {
    this.#signIn.end();
    this.#endGeneration(this.#newGeneration());
    const failed = await this.#stored.remove();
    if (failed !== undefined) {
      // The session stays, the sign-in that was under way does not.
      if (this.status.activity.kind === 'signing-in')
        this.#board.publish({ kind: 'sign-in-failed', problem: supersededSignIn });
      return failed;
    }
    this.#board.publish({ kind: 'signed-out' });
    this.#options.log.info('signed out');
    return undefined;
  }

  #restored(account: Account): void {
    this.#board.publish({
      kind: 'restored',
      account,
      expiresOn: this.#token(this.profile.scopes)?.expiresOn,
    });
  }

  #renew(
    scopes: readonly string[],
    cause: RefreshCause,
    claims: string | undefined,
    account: Account,
  ): Promise<Renewal> {
    const key = JSON.stringify([account.homeAccountId, scopeKey(scopes), claims]);
    return this.#flights.run(key, async () => {
      const generation = this.#generation;
      if (this.#isStopped) return { kind: 'failed', problem: superseded };
      const isDefault = this.#isDefault(scopes);
      if (isDefault) this.#board.publish({ kind: 'refresh-started', cause });
      const answer = await generation.conversation.ask((authority) =>
        authority.renew({ account, scopes, claims }),
      );
      if (generation !== this.#generation) return { kind: 'failed', problem: superseded };
      if (answer.kind === 'failed') {
        this.#options.log.warn('refresh failed', {
          cause,
          problem: answer.problem.code,
          ...answer.problem.params,
        });
        return this.#refreshFailed(answer.problem, scopes);
      }
      const token = await this.#stored.keep(answer.value, scopes, this.#options.now());
      if (generation !== this.#generation) return { kind: 'failed', problem: superseded };
      generation.backoff(scopes).succeeded();
      this.#options.log.info('refreshed', { cause, expiresOn: new Date(token.expiresOn).toISOString() });
      if (isDefault) this.#board.publish({ kind: 'refreshed', account, expiresOn: token.expiresOn });
      return { kind: 'renewed', token };
    });
  }

  /** An extra scope that needs the user is not waited for: consent may come from elsewhere at any time. */
  #refreshFailed(reason: Problem, scopes: readonly string[]): Renewal {
    const isDefault = this.#isDefault(scopes);
    if (!isDefault && reason.kind === 'interaction') return { kind: 'failed', problem: reason };
    const at = this.#options.now();
    const nextTryAt = this.#generation.backoff(scopes).failed(reason, at);
    if (isDefault) this.#board.publish({ kind: 'refresh-failed', problem: reason, at, nextTryAt });
    return { kind: 'failed', problem: { ...reason, retryAfterMs: nextTryAt - at } };
  }

  /** An extra scope's refresh is that asker's own affair: the profile's status tells the default token's. */
  #isDefault(scopes: readonly string[]): boolean {
    return scopeKey(scopes) === scopeKey(this.profile.scopes);
  }

  /** While the next try is not due, askers are answered from what is there instead of hammering the authority. */
  #reasonToWait(request: TokenRequest, scopes: readonly string[]): Problem | undefined {
    if (request.fresh === 'always') return undefined;
    const now = this.#options.now();
    // An authority that is away is away for all; a wrong scope or secret may be wrong for one resource only.
    const ours = this.#generation.backoff(this.profile.scopes).reasonToWait(now);
    if (ours !== undefined && (ours.kind === 'transient' || this.#isDefault(scopes))) return ours;
    return this.#generation.backoff(scopes).reasonToWait(now);
  }

  async #accept(grant: Grant, conversation: Conversation): Promise<Problem | undefined> {
    const generation = new Generation(conversation);
    this.#endGeneration(generation);
    await this.#stored.adopt(conversation.cache);
    if (generation !== this.#generation) return superseded;
    await this.#stored.keep(grant, this.profile.scopes, this.#options.now());
    if (generation !== this.#generation) return superseded;
    this.#board.publish({ kind: 'signed-in', account: grant.account, expiresOn: grant.expiresOn });
    this.#options.log.info('signed in', { expiresOn: new Date(grant.expiresOn).toISOString() });
    await this.#timetable.advance();
    return undefined;
  }

  #newGeneration(): Generation {
    return new Generation(this.#options.converse('stored', this.#stored.cacheListener()));
  }

  #endGeneration(next: Generation): void {
    this.#generation.conversation.cache.close();
    this.#generation = next;
    this.#flights.forget();
    this.#board.publish({ kind: 'refresh-dropped' });
  }

  #storageFailed(reason: Problem): void {
    this.#options.log.warn('storage', { problem: reason.code, ...reason.params });
    this.#board.publish({ kind: 'storage-failed', problem: reason });
  }

  #token(scopes: readonly string[]): AccessToken | undefined {
    return this.#stored.tokens.get(scopes);
  }
}
