/**
 * The new names of renamed time zones (IANA tz database, `backward`): browsers understand both names but list only the
 * old one (https://bugs.chromium.org/p/chromium/issues/detail?id=580195).
 */
const NEWER_NAMES = [
  'Africa/Asmara',
  'America/Nuuk',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Yangon',
  'Atlantic/Faroe',
  'Europe/Kyiv',
];

/** This machine's time zone. */
export function homeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The names of all zones that this engine knows, sorted after UTC. */
export function zoneNames(): readonly string[] {
  const names = [...Intl.supportedValuesOf('timeZone'), ...NEWER_NAMES.filter(isZone)];
  return ['UTC', ...[...new Set(names)].filter((name) => name !== 'UTC').toSorted()];
}

/** Whether this engine knows the zone. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A known zone's offset from UTC, such as `UTC+05:30`. @param at milliseconds since the epoch, for daylight saving */
export function offsetOf(name: string, at: number): string {
  const format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' });
  const part = format.formatToParts(at).find(({ type }) => type === 'timeZoneName');
  return (part?.value ?? '').replace('GMT', 'UTC');
}

/**
 * The zones whose names contain every word of `query`, such as `new york` or `asia tok`; those whose city starts with
 * it come first. Pure.
 */
export function findZones(query: string, names: readonly string[]): readonly string[] {
  const words = spelled(query)
    .split(/[\s/]+/u)
    .filter((word) => word !== '');
  const found = names.filter((name) => words.every((word) => spelled(name).includes(word)));
  const begins = (name: string): boolean => cityOf(name).startsWith(spelled(query).trim());
  return [...found.filter(begins), ...found.filter((name) => !begins(name))];
}

function cityOf(name: string): string {
  return spelled(name.slice(name.lastIndexOf('/') + 1));
}

function spelled(text: string): string {
  return text.toLowerCase().replaceAll('_', ' ');
}
