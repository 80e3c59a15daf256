import { element } from './element.ts';

/** A time in full, as people of this machine write it. @param at milliseconds since the epoch */
export function sayMoment(at: number): string {
  return format('local', IN_FULL).format(at);
}

/** The same in UTC, which other people’s logs are in. @param at milliseconds since the epoch */
export function sayMomentUtc(at: number): string {
  return format('utc', { ...IN_FULL, timeZone: 'UTC' }).format(at);
}

/** From one time to another, as short as it can be said. Both in milliseconds since the epoch. */
export function sayRange(from: number, to: number): string {
  return format('range', IN_SHORT).formatRange(from, to);
}

/** A day of the week with its number in the month. @param at milliseconds since the epoch */
export function sayDay(at: number): string {
  return format('day', { weekday: 'short', day: 'numeric' }).format(at);
}

/** A time of which programs can read the instant too. */
export function momentElement(at: number, said: string): HTMLTimeElement {
  const { valid, text } = isoOf(at);
  return element('time', valid === 'yes' ? { datetime: text } : {}, said);
}

/** A token may name a time that no calendar has. */
function isoOf(at: number): { readonly valid: 'yes' | 'no'; readonly text: string } {
  const date = new Date(at);
  return Number.isNaN(date.getTime())
    ? { valid: 'no', text: String(at) }
    : { valid: 'yes', text: date.toISOString() };
}

const IN_FULL = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
} as const satisfies Intl.DateTimeFormatOptions;

/** Each is made when it is first needed: that costs more than anything else that a page does at its start. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const known = formats.get(name) ?? new Intl.DateTimeFormat(undefined, options);
  formats.set(name, known);
  return known;
}

const IN_SHORT = {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
} as const satisfies Intl.DateTimeFormatOptions;
