/** When the date of a cron line comes, as far as arithmetic tells. */
export type CronDate =
  /** No year has it: the 31st of April. */
  | 'never'
  /** The 29th of February and nothing else. */
  | 'leap-day'
  /** It comes, or is written in a way that is node-schedule's to read. */
  | 'open';

/** The longest that each month can be. Days. */
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const LEAP_DAY = { day: 29, month: 2 } as const;

/** The numbers that a field may hold, and the names that stand for them from `least` on. */
interface Numbers {
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

const DAYS: Numbers = { least: 1, most: 31, names: [] };
const MONTHS: Numbers = {
  least: 1,
  most: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
};
const WEEKDAYS: Numbers = { least: 0, most: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] };

/** What node-schedule counts as any day of the week: the eight of 0 to 7, each of which is named or meant. */
const ANY_WEEKDAY = 8;

/**
 * Whether the days and months of a cron line of five fields meet in any year. node-schedule finds out by going
 * through the calendar day by day until it gives up, which takes seconds for a date that never comes.
 */
export function cronDate(cron: string): CronDate {
  const [, , day = '', month = '', weekday = ''] = cron.trim().split(/\s+/u);
  // With days of the week beside it, a day of the month is one way to match among others.
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

/** One number, a range, or either with a step. */
const PART = /^(\d{1,2})(?:-(\d{1,2}))?(?:\/(\d{1,2}))?$/u;

/** The numbers of a field, those that are there twice twice; undefined for what is written in another way. */
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
    // Sunday is 0 and 7: a range that ends there has both.
    if (numbers === WEEKDAYS && to !== undefined && last === most && first > least) found.push(least);
    for (let number = first; number <= last; number += by) found.push(number);
  }
  return found;
}
