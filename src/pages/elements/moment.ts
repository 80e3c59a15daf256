import { element } from './element.ts';

/** A day with its time, in words of the user's locale. */
export const DAY_AND_TIME = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
} as const satisfies Intl.DateTimeFormatOptions;

const IN_FULL = {
  ...DAY_AND_TIME,
  second: '2-digit',
  timeZoneName: 'short',
} as const satisfies Intl.DateTimeFormatOptions;

const IN_SHORT = {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
} as const satisfies Intl.DateTimeFormatOptions;

/** A time in full, in the user's locale and zone. @param at milliseconds since the epoch */
export function sayMoment(at: number): string {
  return format('local', IN_FULL).format(at);
}

/** The same in UTC, which servers log in. @param at milliseconds since the epoch */
export function sayMomentUtc(at: number): string {
  return format('utc', { ...IN_FULL, timeZone: 'UTC' }).format(at);
}

/** From one time to another, as short as possible. Both in milliseconds since the epoch. */
export function sayRange(from: number, to: number): string {
  return format('range', IN_SHORT).formatRange(from, to);
}

/** The day of the week and of the month. @param at milliseconds since the epoch */
export function sayDay(at: number): string {
  return format('day', { weekday: 'short', day: 'numeric' }).format(at);
}

/** A time that programs can read too. @param at milliseconds since the epoch, of a valid date */
export function momentElement(at: number, said: string): HTMLTimeElement {
  return element('time', { datetime: new Date(at).toISOString() }, said);
}

/** Each is made on first use: making one costs more than anything else that a page does when it opens. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const known = formats.get(name) ?? new Intl.DateTimeFormat(undefined, options);
  formats.set(name, known);
  return known;
}
