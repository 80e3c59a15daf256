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
  /** Instants after this one have not been handled; counts until `nextAt` is known. */
  #handledUntil: number;
  #starting: Promise<void> | undefined;
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
    this.#handledUntil = this.#now();
  }

  /** Until when all instants have been handled, in milliseconds since the epoch: where a successor goes on. */
  get handledUntil(): number {
    if (this.#nextAt !== undefined) return this.#nextAt - 1;
    return this.#state === 'unknown' && this.#schedule !== undefined ? this.#handledUntil : this.#now();
  }

  /** Before {@link start}: continues the timetable of a predecessor, so that no instant between the two is lost. */
  continueFrom(predecessor: Timetable): void {
    this.#handledUntil = Math.min(this.#handledUntil, predecessor.handledUntil);
  }

  /** The next instant of the schedule, or one that has passed unhandled; milliseconds since the epoch. */
  get nextAt(): number | undefined {
    return this.#nextAt;
  }

  /** `never`: no instant of the schedule comes, or its zone is not known; a file written by hand can say so. */
  get state(): 'unknown' | 'comes' | 'never' {
    return this.#state;
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
    this.#lastSeen = this.#now();
    this.#tick = setInterval(() => this.#onTick(), TICK_MS);
    await this.#plan(this.#handledUntil);
  }

  /** Call when the instant in `nextAt` was handled: computes the next one from now. */
  async advance(): Promise<void> {
    await this.#plan(this.#now());
  }

  async #plan(after: number): Promise<void> {
    if (this.#schedule === undefined || this.#stopped) return;
    const { scheduleJob } = await import('./schedule-job.ts');
    this.#job?.cancel();
    if (this.#isStopped()) return;
    const rule = { rule: cronLineOf(this.#schedule), tz: this.#schedule.timeZone };
    // The types say Job, but a rule that never fires gives null. Settings with such a rule are refused when they
    // are written; checking again when they are read would take too long.
    const schedule = (): Job | null => scheduleJob(rule, () => this.#look()) as Job | null;
    const job = schedule();
    this.#job = job ?? undefined;
    // Without this listener node-schedule turns a throw into an uncaught exception.
    this.#job?.on('error', () => this.#look());
    const isPast = after < this.#now();
    const instant = (
      isPast ? withClockAt(after, () => nextOf(schedule())) : job?.nextInvocation()
    )?.getTime();
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

/** The next instant of a job that is needed for nothing else. */
function nextOf(job: Job | null): Date | undefined {
  const next = job?.nextInvocation() ?? undefined;
  job?.cancel();
  return next;
}

/** Sets `Date.now` to `at` for one synchronous call: node-schedule ignores a start in the past. */
function withClockAt<Value>(at: number, read: () => Value): Value {
  const usual = Date.now;
  Date.now = () => at;
  try {
    return read();
  } finally {
    Date.now = usual;
  }
}
