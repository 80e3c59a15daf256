/** When the date of a cron line occurs, as far as arithmetic can tell. */
export type CronDate =
  /** In no year, like the 31st of April. */
  | 'never'
  /** Only on the 29th of February. */
  | 'leap-day'
  /** It occurs, or only node-schedule can read it. */
  | 'open';

/** The maximum number of days of each month. */
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const LEAP_DAY = { day: 29, month: 2 } as const;

/** The numbers that a field may contain, and the names of these numbers, starting with `least`. */
interface Numbers {
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

const HOURS: Numbers = { least: 0, most: 23, names: [] };
const DAYS: Numbers = { least: 1, most: 31, names: [] };
const MONTHS: Numbers = {
  least: 1,
  most: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
};
const WEEKDAYS: Numbers = { least: 0, most: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] };

/** node-schedule counts eight weekdays, 0 to 7, as any day of the week. */
const ANY_WEEKDAY = 8;

/**
 * Whether the days and months of a cron line with five fields coincide in any year. node-schedule searches the calendar
 * day by day until it gives up, which takes seconds for a date that never occurs.
 */
export function cronDate(cron: string): CronDate {
  const [, , day = '', month = '', weekday = ''] = cron.trim().split(/\s+/u);
  // If days of the week are given too, a day of the month is only one of two ways to match.
  if (numbersIn(weekday, WEEKDAYS)?.length !== ANY_WEEKDAY) return 'open';
  const days = numbersIn(day, DAYS);
  const months = numbersIn(month, MONTHS);
  if (days === undefined || months === undefined) return 'open';
  const dates = [...new Set(months)].flatMap((one) =>
    [...new Set(days)]
      .filter((of) => of <= (MONTH_DAYS[one - 1] ?? 0))
      .map((of) => ({ day: of, month: one })),
  );
  const [first, ...others] = dates;
  if (first === undefined) return 'never';
  const isLeapDay = first.day === LEAP_DAY.day && first.month === LEAP_DAY.month;
  return isLeapDay && others.length === 0 ? 'leap-day' : 'open';
}

/** Whether a cron line with five fields runs in every hour of its days, so that it is counted by minutes, not by hours. */
export function runsEveryHour(cron: string): boolean {
  const [, hour = ''] = cron.trim().split(/\s+/u);
  return new Set(numbersIn(hour, HOURS)).size > HOURS.most;
}

/** How often each field starts again, in its own unit. */
const LARGEST_STEPS = [60, 24, 31, 12, 7];

/**
 * Whether a field of a cron line has a step beyond its range. cron-parser reads such a step as the field's first value
 * only: with a step of 90 in the minutes, the line runs at minute 0 of every hour, not every 90 minutes.
 */
export function hasStepBeyondRange(cron: string): boolean {
  const fields = cron.trim().split(/\s+/u);
  return fields.some((field, index) =>
    [...field.matchAll(/\/(\d+)/gu)].some(([, step]) => Number(step) > (LARGEST_STEPS[index] ?? 0)),
  );
}

/** One number, a range, or either with a step. */
const PART = /^(\d{1,2})(?:-(\d{1,2}))?(?:\/(\d{1,2}))?$/u;

/** The numbers of a field, including duplicates; undefined for any other notation. */
function numbersIn(field: string, numbers: Numbers): readonly number[] | undefined {
  const { least, most, names } = numbers;
  const written = field
    .toLowerCase()
    .replaceAll(/[a-z]{3}/gu, (name) => (names.includes(name) ? String(names.indexOf(name) + least) : name))
    .replaceAll(/[*?]/gu, `${least}-${most}`);
  const found: number[] = [];
  for (const part of written.split(',')) {
    const [, from, to, step] = PART.exec(part) ?? [];
    if (from === undefined) return undefined;
    const first = Number(from);
    const last = to === undefined && step !== undefined ? most : Number(to ?? from);
    const by = Number(step ?? 1);
    if (first < least || last > most || first > last || by < 1) return undefined;
    // Sunday is 0 and 7; a range that ends with 7 includes both.
    if (numbers === WEEKDAYS && to !== undefined && last === most && first > least) found.push(least);
    for (let number = first; number <= last; number += by) found.push(number);
  }
  return found;
}
