import { cronLineOf, type Profile } from '../config/profile/profile.ts';
import type { Log } from '../system/log/log.ts';
import type { Vault } from '../vault/store/vault.ts';
import type { AccessToken } from './status/account.ts';
import type { CacheListener } from './authority/cache.ts';
import type { Conversation } from './authority/conversation.ts';
import type { SignInStart } from './sign-in/current-sign-in.ts';
import { dueRefresh, nextRefreshAt, type DueFacts } from './refresh/due.ts';
import {
  answerFresh,
  answerWithout,
  isBeyondReach,
  isEnough,
  type TokenAnswer,
  type TokenRequest,
} from './refresh/lifetime.ts';
import { problem, type Problem } from '../words/problem.ts';
import {
  Renewals,
  superseded,
  type LastRefresh,
  type Renewal,
  type RenewalOrder,
} from './refresh/renewals.ts';
import { scopeProblem } from './failures/scope-problem.ts';
import { ProfileSession } from './session/session.ts';
import type { SignInAttempt, SignInVia, WhoMaySignIn } from './sign-in/sign-in.ts';
import { SingleFlight } from './refresh/single-flight.ts';
import { StatusBoard } from './status/status-board.ts';
import type { Status } from './status/status.ts';
import { Timetable } from './refresh/timetable.ts';

export interface AgentOptions {
  readonly profile: Profile;
  readonly vault: Vault;
  /** Opens a conversation with the authority: over the profile's stored cache, or over a scratch one. */
  readonly converse: (cache: 'stored' | 'scratch', listener: CacheListener) => Conversation;
  readonly now: () => number;
  readonly log: Log;
  /** At most this much is added to each scheduled instant, by chance: a policy for many machines. */
  readonly spreadMs?: number;
}

/**
 * The schedule's library costs as much to load as all of the rest; a host that was started for one
 * script answers that script first.
 */
const QUIET_START_MS = 1_000;

/**
 * One profile's session from sign-in to fresh token. Knows no Electron, no server, no screen: hosts
 * show {@link Agent.status}, outlets ask {@link Agent.getToken}, timers and resumes call {@link Agent.due}.
 */
export class Agent {
  #profile: Profile;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #board: StatusBoard;
  readonly #session: ProfileSession;
  readonly #renewals: Renewals;
  readonly #dueChecks = new SingleFlight<undefined>();
  readonly #timetable: Timetable;
  #quietStart: NodeJS.Timeout | undefined;
  #firstLook: NodeJS.Immediate | undefined;
  #phase: 'running' | 'settling' | 'stopped' = 'running';

  constructor(options: AgentOptions) {
    const { profile, vault, converse, now, log } = options;
    const board = new StatusBoard(log);
    this.#profile = profile;
    this.#now = now;
    this.#log = log;
    this.#board = board;
    this.#session = new ProfileSession({
      profile,
      vault,
      board,
      converse,
      now,
      log,
      onChange: () => this.#renewals.forget(),
    });
    this.#renewals = new Renewals({
      profile,
      stored: this.#session.stored,
      board,
      generation: () => this.#session.generation,
      now,
      log,
    });
    this.#timetable = new Timetable({
      schedule: profile.schedule,
      spreadMs: options.spreadMs ?? 0,
      now,
      look: () => void this.due(),
    });
  }

  get profile(): Profile {
    return this.#profile;
  }

  get status(): Status {
    return this.#board.status;
  }

  /** The attempt at signing in that is under way, if any. */
  get signInAttempt(): SignInAttempt | undefined {
    return this.#session.attempt;
  }

  /** The next instant of the user's schedule, in milliseconds since the epoch. */
  get nextScheduledAt(): number | undefined {
    return this.#timetable.nextAt;
  }

  /** When the next refresh will be, as far as is known now; milliseconds since the epoch. */
  get nextRefreshAt(): number | undefined {
    return nextRefreshAt(this.#dueFacts());
  }

  /** How the last refresh of this session in this process ended; undefined before the first. */
  get lastRefresh(): LastRefresh | undefined {
    return this.#renewals.last;
  }

  /** The last good token for the profile's own scopes, expired or not, as it is in memory; nothing is asked for. */
  get held(): AccessToken | undefined {
    return this.#token(this.profile.scopes);
  }

  /** Calls `watcher` after every change of the status and every look at the clock; the answer ends it. */
  onStatus(watcher: (status: Status) => void): () => void {
    return this.#board.watch(watcher);
  }

  /** Tells the watchers again: whether this is the default is no part of the status. */
  announce(): void {
    this.#board.announce();
  }

  /** Takes up what only people see of the profile; session, tokens and whatever is under way stay. */
  takeUp({ name, signIn }: Pick<Profile, 'name' | 'signIn'>): void {
    if (name === this.#profile.name && signIn === this.#profile.signIn) return;
    this.#profile = { ...this.#profile, name, signIn };
    this.#board.announce();
  }

  /**
   * Restores the stored session. When it resolves, a stored token is served; MSAL is not loaded yet. Instants of
   * the schedule count from the construction, or from where the timetable of a `predecessor` stopped.
   */
  async start(predecessor?: Agent): Promise<void> {
    if (predecessor !== undefined) this.#timetable.continueFrom(predecessor.#timetable);
    await this.#session.restore();
    if (this.#phase !== 'running') return;
    this.#firstLook = setImmediate(() => void this.#refreshIfDue());
    this.#quietStart = setTimeout(() => void this.due(), QUIET_START_MS);
  }

  /**
   * Begins no refresh and no sign-in any more, waits for what is under way, and stores what could not be
   * stored yet: before {@link stop}, so that no rotated refresh token is lost. A sign-in that was not
   * accepted yet ends as superseded. Under a minute, by the network's limits.
   */
  async settle(): Promise<void> {
    if (this.#phase === 'running') this.#phase = 'settling';
    this.#session.endSignIn();
    await this.#renewals.settled();
    await this.#session.settle();
  }

  /** Ends timers, a sign-in and the generation; what is stored stays stored. */
  stop(): void {
    this.#phase = 'stopped';
    clearTimeout(this.#quietStart);
    clearImmediate(this.#firstLook);
    this.#timetable.stop();
    this.#session.end();
  }

  /**
   * A token for the scopes, by the table in DESIGN: from memory while enough of it is left, else by
   * one refresh that all askers share, else what is left. Never rejects.
   */
  async getToken(request: TokenRequest = {}): Promise<TokenAnswer> {
    const now = this.#now;
    const { generation, stored } = this.#session;
    const scopes = request.scopes ?? this.profile.scopes;
    const refused = scopeProblem(scopes, this.profile.protocol);
    if (refused !== undefined) return { kind: 'refused', problem: refused };

    const { session } = this.status;
    if (session.kind === 'signed-out')
      return { kind: 'refused', problem: stored.unread ?? problem('interaction', 'signed-out') };
    const token = this.#token(scopes);
    if (token !== undefined && isEnough(token, request, now()))
      return { kind: 'token', token, warning: undefined };
    if (token !== undefined && isBeyondReach(token, request, now()))
      return answerFresh(token, request, now());
    if (session.kind === 'sign-in-needed') {
      generation.challenge = request.claims ?? generation.challenge;
      return answerWithout(token, request, session.reason, now());
    }
    const waiting = this.#renewals.reasonToWait(request, scopes);
    if (waiting !== undefined) return answerWithout(token, request, waiting, now());

    const cause = request.fresh === 'always' ? 'user' : 'asked';
    const renewal = await this.#renew({ scopes, cause, claims: request.claims, account: session.account });
    if (renewal.kind === 'renewed') return answerFresh(renewal.token, request, now());
    // What is in memory by now may be somebody else's: it was asked for in the session that has ended.
    const after = this.status.session;
    if (after.kind === 'signed-out' || after.account.homeAccountId !== session.account.homeAccountId)
      return { kind: 'refused', problem: renewal.problem };
    return answerWithout(this.#token(scopes), request, renewal.problem, now());
  }

  /** Looks at the clock and refreshes if that is due. Safe to call at any time, any number of times. */
  async due(): Promise<void> {
    if (this.#quietStart !== undefined) await this.#timetable.start();
    await this.#refreshIfDue();
  }

  async #refreshIfDue(): Promise<void> {
    await this.#dueChecks.run('due', async () => {
      await this.#session.mend();
      this.#tellSchedule();
      const facts = this.#dueFacts();
      const { session } = facts.status;
      const cause = dueRefresh(facts);
      if (facts.scheduledAt !== undefined && facts.now >= facts.scheduledAt) await this.#timetable.advance();
      if (cause !== undefined && session.kind === 'signed-in') {
        const { scopes } = this.profile;
        await this.#renew({ scopes, cause, claims: undefined, account: session.account });
      }
      this.#timetable.wakeAt(this.nextRefreshAt);
      // What is shown depends on the time too: a token that has expired, a schedule that is known by now.
      this.#board.announce();
      return undefined;
    });
  }

  /**
   * Starts a sign-in; one that is under way is superseded. The host shows `attempt.authorizeUrl`. Another
   * account than the session's is refused unless the host asks the person about it, or says that anybody
   * may come.
   */
  beginSignIn(via: SignInVia, who?: WhoMaySignIn): Promise<SignInStart> {
    return this.#session.beginSignIn(via, who);
  }

  /**
   * Ends the session here and removes all that is stored of it ({@link sessionItems}, and what was set
   * aside); the credential is the registration's. An answer is the reason why the vault could not be
   * emptied: the session goes on then. An agent that is leaving answers `superseded`: its successor has
   * the session, or will have it, and is the one to ask.
   */
  signOut(): Promise<Problem | undefined> {
    if (this.#phase !== 'running') return Promise.resolve(superseded);
    return this.#session.signOut();
  }

  #renew(order: RenewalOrder): Promise<Renewal> {
    if (this.#phase !== 'running' || this.#session.isSigningOut)
      return Promise.resolve({ kind: 'failed', problem: superseded });
    return this.#renewals.renew(order);
  }

  /** Once, and again after other trouble has taken its place in the status and gone. */
  #tellSchedule(): void {
    const { schedule } = this.profile;
    if (schedule === undefined || this.#timetable.state !== 'never' || this.status.health.kind !== 'ok')
      return;
    const reason = problem('admin', 'schedule.never', {
      cron: cronLineOf(schedule),
      zone: schedule.timeZone,
    });
    this.#log.warn('the schedule cannot be kept', { problem: reason.code, ...reason.params });
    this.#board.publish({ kind: 'schedule-refused', problem: reason });
  }

  #dueFacts(): DueFacts {
    const { scopes } = this.profile;
    return {
      now: this.#now(),
      status: this.status,
      token: this.#token(scopes),
      scheduledAt: this.#timetable.nextAt,
      nextTryAt: this.#session.generation.backoff(scopes).nextTryAt,
    };
  }

  #token(scopes: readonly string[]): AccessToken | undefined {
    return this.#session.stored.tokens.get(scopes);
  }
}
