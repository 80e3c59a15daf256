import type { Job } from 'node-schedule';
import type { Schedule } from '../../config/profile/profile.ts';
import type { SettingsIssue } from '../../config/rules/issue.ts';
import { isOthersToChange, isWaitOver } from '../session/backoff.ts';
import type { AccessToken } from '../status/account.ts';
import type { RefreshCause, Status } from '../status/status.ts';
import { isFromFuture, renewalMargin, timeLeft } from './lifetime.ts';

/**
 * How often the wall clock is read. Timers stop while the machine sleeps
 * (https://github.com/node-schedule/node-schedule/issues/632). Longer than a request may take (30 s).
 */
export const TICK_MS = 35_000;

/** The shortest alarm: tokens that live for a moment only must not keep the authority busy. */
const SHORTEST_ALARM_MS = 1_000;

/** If the wall clock is this far behind what the tick expects, it was set back: recompute the schedule. */
const SET_BACK_MS = 5_000;

/** The facts that decide whether a refresh is due. */
export interface DueFacts {
  readonly now: number;
  readonly status: Status;
  /** The profile's default token, if there is one. */
  readonly token: AccessToken | undefined;
  /** The next instant of the schedule, or one that has passed and was not handled. */
  readonly scheduledAt: number | undefined;
  /** When to try again, if the last refresh failed. */
  readonly nextTryAt: number | undefined;
}

/**
 * Whether the authority may give a token without the user: after a sign-in, and after a refusal by a policy or for a
 * missing consent, which others can change.
 */
function isWorthAsking({ session }: Status): boolean {
  if (session.kind !== 'sign-in-needed') return session.kind === 'signed-in';
  return isOthersToChange(session.reason);
}

/**
 * When the next refresh will be, as far as is known: at the next try after a failure; otherwise before the token
 * expires, or at the schedule's instant if that is earlier. Milliseconds since the epoch.
 */
export function nextRefreshAt({ now, status, token, scheduledAt, nextTryAt }: DueFacts): number | undefined {
  if (!isWorthAsking(status)) return undefined;
  if (nextTryAt !== undefined) return isWaitOver(nextTryAt, now) ? now : nextTryAt;
  const byExpiry = token === undefined ? now : token.expiresOn - renewalMargin(token);
  return Math.max(now, Math.min(byExpiry, scheduledAt ?? Infinity));
}

/**
 * Whether a refresh is due, and why. Pure, so any number of timers may ask. Several missed instants of the schedule
 * are one instant in the past, so they cause one refresh. An instant during the wait after a failure (which may be
 * the authority's Retry-After) is left to the retry.
 */
export function dueRefresh(facts: DueFacts): RefreshCause | undefined {
  const { now, status, token, scheduledAt, nextTryAt } = facts;
  if (!isWorthAsking(status) || status.activity.kind === 'refreshing') return undefined;
  const isScheduled = scheduledAt !== undefined && now >= scheduledAt;
  if (isScheduled && status.session.kind === 'sign-in-needed') return 'schedule';
  if (nextTryAt !== undefined) return isWaitOver(nextTryAt, now) ? 'retry' : undefined;
  if (isScheduled) return 'schedule';
  if (token === undefined || isFromFuture(token, now)) return 'expiry';
  return timeLeft(token, now) <= renewalMargin(token) ? 'expiry' : undefined;
}

/** Delays an instant that many machines share by up to `spreadMs`; `chance` is from 0 to 1. */
export function spreadInstant(instant: number, spreadMs: number, chance: number): number {
  return instant + chance * spreadMs;
}

export interface TimetableOptions {
  readonly schedule: Schedule | undefined;
  /** The maximum random delay of each instant, in milliseconds; 0 for none. */
  readonly spreadMs: number;
  readonly now: () => number;
  readonly look: () => void;
  readonly random?: () => number;
}

/**
 * The instants of the user's schedule, computed by `nextRun`, and the tick. It only calls `look`;
 * {@link dueRefresh} decides. Missed instants stay in `nextAt` until {@link Timetable.advance}.
 *
 * node-schedule reads `Date.now()` and takes no other clock: `now` must be that clock, as it is in both hosts;
 * tests fake `Date` itself.
 */
export class Timetable {
  readonly #options: TimetableOptions;
  #job: Job | undefined;
  #tick: NodeJS.Timeout | undefined;
  #alarm: NodeJS.Timeout | undefined;
  #lastSeen = 0;
  #nextAt: number | undefined;
  /** `nextAt` without its random delay. */
  #instant: number | undefined;
  /** Instants after this one have not been handled; counts until `nextAt` is known. */
  #handledUntil: number;
  #starting: Promise<void> | undefined;
  #issues: readonly SettingsIssue[] | undefined;
  #stopped = false;

  constructor(options: TimetableOptions) {
    this.#options = options;
    this.#handledUntil = options.now();
  }

  /** The end of the handled instants, in milliseconds since the epoch. A successor continues from there. */
  get handledUntil(): number {
    if (this.#instant !== undefined) return this.#instant - 1;
    const { schedule, now } = this.#options;
    return this.#issues === undefined && schedule !== undefined ? this.#handledUntil : now();
  }

  /** Continues a predecessor's timetable, so that no instant between the two is lost. Call before {@link start}. */
  continueFrom(predecessor: Timetable): void {
    this.#handledUntil = Math.min(this.#handledUntil, predecessor.handledUntil);
  }

  /** The next instant of the schedule, or one that has passed and was not handled; milliseconds since the epoch. */
  get nextAt(): number | undefined {
    return this.#nextAt;
  }

  /**
   * Why the schedule cannot be kept, which is possible in a settings file that was edited by hand or written by an older
   * version. Such a schedule never runs; tokens are renewed before they expire all the same. Undefined until known.
   */
  get issues(): readonly SettingsIssue[] | undefined {
    return this.#issues;
  }

  /**
   * Loads node-schedule and begins to tick; later calls share the first one's promise. The first instant is the
   * first one after the construction, even if the clock has passed it by now.
   */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    if (this.#stopped) return;
    this.#lastSeen = this.#options.now();
    this.#tick = setInterval(() => this.#onTick(), TICK_MS);
    await this.advance(this.#handledUntil);
  }

  /** Computes the first instant after `after`, or after now if that is earlier. Call when `nextAt` was handled. */
  async advance(after = Infinity): Promise<void> {
    const { schedule, spreadMs, now, look, random = Math.random } = this.#options;
    if (schedule === undefined || this.#stopped) return;
    const { checkSchedule, nextRun, scheduleJob } = await import('./schedule-job.ts');
    this.#job?.cancel();
    if (this.#isStopped()) return;
    this.#issues = checkSchedule(schedule);
    const instant = this.#issues.length > 0 ? undefined : nextRun(schedule, Math.min(after, now()));
    this.#instant = instant;
    this.#nextAt = instant === undefined ? undefined : spreadInstant(instant, spreadMs, random());
    // The types say Job, but an instant in the past gives null. The tick looks at that one.
    const job = instant === undefined ? null : (scheduleJob(new Date(instant), look) as Job | null);
    this.#job = job ?? undefined;
    // Without this listener node-schedule turns a throw into an uncaught exception.
    job?.on('error', look);
  }

  /** Sets an alarm at `at` if that is before the next tick; each tick sets the alarm again. */
  wakeAt(at: number | undefined): void {
    clearTimeout(this.#alarm);
    const { now, look } = this.#options;
    const wait = (at ?? 0) - now();
    if (wait <= 0 || wait > TICK_MS || this.#stopped) return;
    this.#alarm = setTimeout(look, Math.max(SHORTEST_ALARM_MS, wait));
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#tick);
    clearTimeout(this.#alarm);
    this.#job?.cancel();
  }

  #isStopped(): boolean {
    return this.#stopped;
  }

  #onTick(): void {
    const { now, look } = this.#options;
    const seen = now();
    const isSetBack = seen < this.#lastSeen + TICK_MS - SET_BACK_MS;
    this.#lastSeen = seen;
    if (isSetBack) void this.advance().then(look, look);
    else look();
  }
}
