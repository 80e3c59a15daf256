import type { Profile } from '../config/profile/profile.ts';
import { sayIssue } from '../config/rules/issue.ts';
import type { Log } from '../system/log/log.ts';
import { problem, type Problem } from '../words/problem.ts';
import { scopeProblem } from './failures/scope-problem.ts';
import {
  answerFresh,
  answerWithout,
  isBeyondReach,
  isEnough,
  type TokenAnswer,
  type TokenRequest,
} from './refresh/lifetime.ts';
import {
  Renewals,
  superseded,
  type LastRefresh,
  type Renewal,
  type RenewalOrder,
} from './refresh/renewals.ts';
import { SingleFlight } from './refresh/single-flight.ts';
import { dueRefresh, nextRefreshAt, Timetable, type DueFacts } from './refresh/timetable.ts';
import { ProfileSession, type SessionParts } from './session/session.ts';
import type { SignInAttempt, SignInStart, SignInVia, WhoMaySignIn } from './sign-in/sign-in.ts';
import type { AccessToken } from './status/account.ts';
import { StatusBoard, type Status } from './status/status.ts';

export interface AgentOptions extends Omit<SessionParts, 'board' | 'onChange'> {
  /** The maximum random delay of scheduled refreshes, in milliseconds: a policy for many machines. */
  readonly spreadMs?: number;
  /** Whether this process still owns the sessions; asked before a refresh token is sent. */
  readonly isOwner?: () => Promise<boolean>;
  /** Loads what the first refresh needs: an upgrade that replaces the program's files would break that refresh. */
  readonly prepare?: () => Promise<unknown>;
}

/**
 * The schedule's library takes as long to load as everything else together. A host that was started for one script
 * answers that script first.
 */
const QUIET_START_MS = 1_000;

/**
 * The session of one profile, from sign-in to fresh token. It knows no Electron, server or screen: hosts show
 * {@link Agent.status}, outlets call {@link Agent.getToken}, timers and resumes call {@link Agent.due}.
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
  readonly #prepare: AgentOptions['prepare'];
  #quietStart: NodeJS.Timeout | undefined;
  #timetableStart: Promise<void> | undefined;
  #firstLook: NodeJS.Immediate | undefined;
  #phase: 'running' | 'settling' | 'stopped' = 'running';

  constructor(options: AgentOptions) {
    const { profile, now, log, spreadMs = 0, isOwner = () => Promise.resolve(true), prepare } = options;
    const board = new StatusBoard(log);
    this.#profile = profile;
    this.#now = now;
    this.#log = log;
    this.#board = board;
    this.#session = new ProfileSession({ ...options, board, onChange: () => this.#renewals.forget() });
    this.#renewals = new Renewals({
      profile,
      stored: this.#session.stored,
      board,
      generation: () => this.#session.generation,
      now,
      log,
      isOwner,
      isEnding: () => this.#phase !== 'running',
    });
    this.#prepare = prepare;
    const look = (): void => void this.due();
    this.#timetable = new Timetable({ schedule: profile.schedule, spreadMs, now, look });
  }

  get profile(): Profile {
    return this.#profile;
  }

  get status(): Status {
    return this.#board.status;
  }

  /** The sign-in attempt under way, if any. */
  get signInAttempt(): SignInAttempt | undefined {
    return this.#session.attempt;
  }

  /** The next instant of the user's schedule, in milliseconds since the epoch. */
  get nextScheduledAt(): number | undefined {
    return this.#timetable.nextAt;
  }

  /** When the next refresh will be, as far as is known; milliseconds since the epoch. */
  get nextRefreshAt(): number | undefined {
    return nextRefreshAt(this.#dueFacts());
  }

  /** The result of this session's last refresh in this process; undefined before the first. */
  get lastRefresh(): LastRefresh | undefined {
    return this.#renewals.last;
  }

  /** Whether a program was told that the user has to sign in, although the profile's own token is renewed. */
  get isUserNeeded(): boolean {
    return this.#session.generation.isUserNeeded;
  }

  /** Why the last sign-in that failed in this process did; undefined if none has. */
  get failedSignIn(): Problem | undefined {
    return this.#session.failedSignIn;
  }

  /** The last good token for the profile's own scopes in memory, expired or not. Never causes a request. */
  get held(): AccessToken | undefined {
    return this.#token(this.profile.scopes);
  }

  /** Calls `watcher` after every status change and every check of the clock. The returned function ends it. */
  onStatus(watcher: (status: Status) => void): () => void {
    return this.#board.watch(watcher);
  }

  /** Calls the watchers although the status is the same: which profile is the default is not part of it. */
  announce(): void {
    this.#board.announce();
  }

  /** Applies changes that affect only what users see. Session, tokens and requests under way stay. */
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
    this.#quietStart = setTimeout(() => void this.#inQuiet(), QUIET_START_MS);
  }

  /**
   * Prevents new refreshes and sign-ins, waits for those under way, and stores what could not be stored before.
   * Call it before {@link stop}, so that no rotated refresh token is lost. A sign-in that was not accepted yet ends
   * as superseded. Takes less than a minute, because the network's limits do.
   */
  async settle(): Promise<void> {
    if (this.#phase === 'running') this.#phase = 'settling';
    this.#session.endSignIn();
    await this.#renewals.settled();
    await this.#session.settle();
  }

  /** Ends timers, sign-in and generation. Stored data stays. */
  stop(): void {
    this.#phase = 'stopped';
    clearTimeout(this.#quietStart);
    clearImmediate(this.#firstLook);
    this.#timetable.stop();
    this.#session.end();
  }

  /**
   * A token for the scopes: from memory while enough lifetime is left; otherwise by one refresh that all callers
   * share; otherwise what is left, if that meets the request. Never rejects.
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
    if (session.kind === 'sign-in-needed' && request.fresh !== 'always') {
      generation.challenge = request.claims ?? generation.challenge;
      return answerWithout(token, request, session.reason, now());
    }
    const waiting = this.#renewals.reasonToWait(request, scopes);
    if (waiting !== undefined) return answerWithout(token, request, waiting, now());

    const cause = request.fresh === 'always' ? 'user' : 'asked';
    const renewal = await this.#renew({ scopes, cause, claims: request.claims, account: session.account });
    if (renewal.kind === 'renewed') return answerFresh(renewal.token, request, now());
    // The session may have ended meanwhile: a token in memory now can be another user's.
    const after = this.status.session;
    if (after.kind === 'signed-out' || after.account.homeAccountId !== session.account.homeAccountId)
      return { kind: 'refused', problem: renewal.problem };
    return answerWithout(this.#token(scopes), request, renewal.problem, now());
  }

  /** Checks the clock and refreshes if that is due. Safe to call at any time, any number of times. */
  async due(): Promise<void> {
    // Loads the schedule's library; within the quiet second only if the host calls, after a resume for example.
    if (this.#quietStart !== undefined) await this.#startTimetable();
    await this.#refreshIfDue();
  }

  /** Without the schedule (its library cannot be loaded after an upgrade), tokens are still renewed before they expire. */
  #startTimetable(): Promise<void> {
    this.#timetableStart ??= this.#timetable
      .start()
      .catch((error: unknown) => this.#log.error('the schedule could not be loaded', { error }));
    return this.#timetableStart;
  }

  /**
   * Starts a sign-in, which supersedes one under way. The host shows `attempt.authorizeUrl`. By default another
   * account than the session's is refused; `who` lets the user confirm it, or allows any account.
   */
  beginSignIn(via: SignInVia, who?: WhoMaySignIn): Promise<SignInStart> {
    return this.#session.beginSignIn(via, who);
  }

  /**
   * Ends the session and removes everything stored of it ({@link sessionItems}, and what was set aside); the
   * credential belongs to the registration and stays. Resolves to a problem if the vault could not be emptied; the
   * session continues then. While the agent stops it is `superseded`: ask the successor.
   */
  signOut(): Promise<Problem | undefined> {
    if (this.#phase !== 'running') return Promise.resolve(superseded);
    return this.#session.signOut();
  }

  async #inQuiet(): Promise<void> {
    await this.due();
    // The next request tells what is missing.
    await this.#prepare?.().catch((error: unknown) =>
      this.#log.warn('not everything could be loaded', { error }),
    );
  }

  #refreshIfDue(): Promise<undefined> {
    return this.#dueChecks.run('due', async () => {
      await this.#session.retryStorage();
      this.#reportSchedule();
      const facts = this.#dueFacts();
      const { session } = facts.status;
      const cause = dueRefresh(facts);
      // A refresh under way may have begun before the instant, so that the next check has to handle it.
      const isHandled = facts.status.activity.kind !== 'refreshing';
      if (isHandled && facts.scheduledAt !== undefined && facts.now >= facts.scheduledAt)
        await this.#timetable.advance();
      if (cause !== undefined && session.kind !== 'signed-out') {
        const { scopes } = this.profile;
        await this.#renew({ scopes, cause, claims: undefined, account: session.account });
      }
      this.#timetable.wakeAt(this.nextRefreshAt);
      // What users see depends on the time too: a token may have expired, or the schedule is known now.
      this.#board.announce();
      return undefined;
    });
  }

  #renew(order: RenewalOrder): Promise<Renewal> {
    if (this.#phase !== 'running' || this.#session.isSigningOut)
      return Promise.resolve({ kind: 'failed', problem: superseded });
    return this.#renewals.renew(order);
  }

  /** Reports a schedule that cannot be kept; again if another problem replaced it in the status and is gone. */
  #reportSchedule(): void {
    const { issues = [] } = this.#timetable;
    if (issues.length === 0 || this.status.health.kind !== 'ok') return;
    const params = { issues: issues.map(sayIssue).join(' ') };
    const reason = problem('admin', 'schedule.never', params);
    this.#log.warn('the schedule cannot be kept', { problem: reason.code, ...params });
    this.#board.publish({ kind: 'misconfigured', problem: reason });
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
