const MINUTE_MS = 60_000;

/** Longer than any gap: the longest one left out a whole day (Pacific/Apia, 2011-12-30). */
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How far the clock of a zone is ahead of UTC at an instant, both in milliseconds; the instant is since the epoch. */
export type OffsetAt = (instant: number) => number;

/**
 * The offsets of a zone, from the zone data of Intl (`GMT-03:30` in ECMA-402's `longOffset`).
 * @throws RangeError for an unknown zone
 */
export function offsetsOf(timeZone: string): OffsetAt {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (instant) => {
    const [, sign = '+', hours = 0, minutes = 0] = /GMT([+-])(\d+):(\d+)/u.exec(format.format(instant)) ?? [];
    return Number(`${sign}${MINUTE_MS}`) * (Number(hours) * 60 + Number(minutes));
  };
}

/**
 * The first instant after `from` at which the zone's offset has changed. Requires exactly one change between `from` and
 * `to`. Milliseconds since the epoch.
 */
export function changeBetween(offsetAt: OffsetAt, from: number, to: number): number {
  const offset = offsetAt(from);
  let [before, after] = [from, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}

/**
 * The instant at which the clock of a zone first shows a time or, if it skips that time, the first instant after the gap.
 * Milliseconds since the epoch. The clock must not change twice within two days.
 * @param time the date and time shown, in the milliseconds since the epoch that the same date and time would be in UTC
 */
export function instantOf(offsetAt: OffsetAt, time: number): number {
  const before = offsetAt(time - DAY_MS);
  const after = offsetAt(time + DAY_MS);
  // The offset before the change comes first, because it gives the earlier one of two instants that show the time.
  const offset = [before, after].find((each) => offsetAt(time - each) === each);
  return offset === undefined ? changeBetween(offsetAt, time - after, time - before) : time - offset;
}
