import type { Job } from 'node-schedule';
import type { Schedule } from '../config/profile.ts';

/**
 * Wall-clock tick: timers stop while the machine sleeps (node-schedule#632), so the clock is read at
 * least this often. Between pizauth's 37 s and a minute, and longer than a request may take.
 */
export const TICK_MS = 35_000;

/** A wall clock this far behind what the tick expects was turned back, and the schedule is worked out anew. */
const TURNED_BACK_MS = 5_000;

/**
 * The instants of the user's schedule, by node-schedule, and the tick. It only says "look now":
 * {@link dueRefresh} decides. Missed instants stay in `nextAt` until {@link Timetable.advance}.
 */
export class Timetable {
  readonly #schedule: Schedule | undefined;
  readonly #now: () => number;
  readonly #look: () => void;
  #job: Job | undefined;
  #tick: NodeJS.Timeout | undefined;
  #lastSeen = 0;
  #nextAt: number | undefined;
  #stopped = false;

  constructor(options: { schedule: Schedule | undefined; now: () => number; look: () => void }) {
    this.#schedule = options.schedule;
    this.#now = options.now;
    this.#look = options.look;
  }

  /** The next instant of the schedule, or one that has passed unhandled; milliseconds since the epoch. */
  get nextAt(): number | undefined {
    return this.#nextAt;
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
    const rule = { rule: this.#schedule.cron, tz: this.#schedule.timeZone };
    // The types say Job; a rule that never fires gives null (facts/electron.md 9). The settings refuse those.
    const job = scheduleJob(rule, () => this.#look()) as Job | null;
    this.#job = job ?? undefined;
    // Without this listener node-schedule turns a throw into an uncaught exception.
    this.#job?.on('error', () => this.#look());
    this.#nextAt = job?.nextInvocation()?.getTime();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#tick);
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
