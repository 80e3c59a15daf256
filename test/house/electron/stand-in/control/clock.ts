// Shifts the wall clock of the product's process. Timers and monotonic clocks stay real, so that to the
// product a jump looks like what a sleep or a changed clock looks like. Not shifted: file times, Chromium,
// TLS validity, and `Intl.DateTimeFormat().format()` without a date.

const RealDate = Date;
const realNow = Date.now;
let offsetMs = Number(process.env.STANDIN_CLOCK_OFFSET_MS ?? 0);
if (!Number.isFinite(offsetMs)) throw new Error('STANDIN_CLOCK_OFFSET_MS is not a number');

const now = (): number => realNow() + offsetMs;

const ShiftedDate = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver): unknown => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});

/** Puts the shifted clock in place; must run before the product is loaded. */
export function installClock(): void {
  globalThis.Date = ShiftedDate;
  RealDate.prototype.constructor = ShiftedDate;
}

/** Sets the wall clock to an instant. @param at Unix milliseconds */
export function setClock(at: number): void {
  offsetMs = at - realNow();
}

/** Moves the wall clock. @param ms may be negative */
export function advanceClock(ms: number): void {
  offsetMs += ms;
}
