import type { Job } from 'node-schedule';
import { cronLineOf, type Schedule } from '../../config/profile/profile.ts';

/**
 * Wall-clock tick: timers stop while the machine sleeps (node-schedule#632), so the clock is read at
 * least this often. Between pizauth's 37 s and a minute, and longer than a request may take.
 */
export const TICK_MS = 35_000;

/** An alarm is not set closer than this: tokens that live for a moment only must not keep the authority busy. */
const SHORTEST_ALARM_MS = 1_000;

/** A wall clock this far behind what the tick expects was turned back, and the schedule is worked out anew. */
const TURNED_BACK_MS = 5_000;

/**
 * When one of many machines keeps an instant that all of them have: up to `spreadMs` later, by `chance` from 0
 * to 1.
 */
export function spreadInstant(instant: number, spreadMs: number, chance: number): number {
  return instant + chance * spreadMs;
}

/**
 * The instants of the user's schedule, by node-schedule, and the tick. It only says "look now":
 * {@link dueRefresh} decides. Missed instants stay in `nextAt` until {@link Timetable.advance}.
 *
 * node-schedule reckons from `Date.now()` and takes no other clock: `now` must be that one, as it is in
 * both hosts; tests turn `Date` itself.
 */
export class Timetable {
  readonly #schedule: Schedule | undefined;
  readonly #spreadMs: number;
  readonly #random: () => number;
  readonly #now: () => number;
  readonly #look: () => void;
  #job: Job | undefined;
  #tick: NodeJS.Timeout | undefined;
  #alarm: NodeJS.Timeout | undefined;
  #lastSeen = 0;
  #nextAt: number | undefined;
  #state: 'unknown' | 'comes' | 'never' = 'unknown';
  #stopped = false;

  constructor(options: {
    schedule: Schedule | undefined;
    /** At most this much is added to each instant, by chance; 0 adds nothing. */
    spreadMs: number;
    now: () => number;
    look: () => void;
    random?: () => number;
  }) {
    this.#schedule = options.schedule;
    this.#spreadMs = options.spreadMs;
    this.#random = options.random ?? Math.random;
    this.#now = options.now;
    this.#look = options.look;
  }

  /** The next instant of the schedule, or one that has passed unhandled; milliseconds since the epoch. */
  get nextAt(): number | undefined {
    return this.#nextAt;
  }

  /** `never`: no instant of the schedule comes, or its zone is not known; a file written by hand can say so. */
  get state(): 'unknown' | 'comes' | 'never' {
    return this.#state;
  }

  async start(): Promise<void> {
    if (this.#stopped) return;
    this.#lastSeen = this.#now();
    this.#tick = setInterval(() => this.#onTick(), TICK_MS);
    await this.advance();
  }

  /** The instant in `nextAt` was handled (or the clock changed): the next one is worked out from now. */
  async advance(): Promise<void> {
    if (this.#schedule === undefined || this.#stopped) return;
    const { scheduleJob } = await import('./schedule-job.ts');
    this.#job?.cancel();
    if (this.#isStopped()) return;
    const rule = { rule: cronLineOf(this.#schedule), tz: this.#schedule.timeZone };
    // The types say Job; a rule that never fires gives null (facts/electron.md 9). The settings refuse those
    // when they are written; when they are read there is no time to ask.
    const job = scheduleJob(rule, () => this.#look()) as Job | null;
    this.#job = job ?? undefined;
    // Without this listener node-schedule turns a throw into an uncaught exception.
    this.#job?.on('error', () => this.#look());
    const instant = job?.nextInvocation()?.getTime();
    this.#state = instant === undefined ? 'never' : 'comes';
    this.#nextAt = instant === undefined ? undefined : spreadInstant(instant, this.#spreadMs, this.#random());
  }

  /** Looks at `at` if that comes before the next tick; later instants are told again by then. */
  wakeAt(at: number | undefined): void {
    clearTimeout(this.#alarm);
    const wait = (at ?? 0) - this.#now();
    if (wait <= 0 || wait > TICK_MS || this.#stopped) return;
    this.#alarm = setTimeout(() => this.#look(), Math.max(SHORTEST_ALARM_MS, wait));
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#tick);
    clearTimeout(this.#alarm);
    this.#job?.cancel();
    this.#nextAt = undefined;
  }

  #isStopped(): boolean {
    return this.#stopped;
  }

  #onTick(): void {
    const now = this.#now();
    const turnedBack = now < this.#lastSeen + TICK_MS - TURNED_BACK_MS;
    this.#lastSeen = now;
    if (turnedBack) void this.advance().then(this.#look);
    else this.#look();
  }
}
