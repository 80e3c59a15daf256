/**
 * Zones that were renamed, by their new names (IANA tz database, `backward`): browsers list the old ones only
 * (https://bugs.chromium.org/p/chromium/issues/detail?id=580195) and understand both.
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

/** A zone to choose: its IANA name, and how far it is from UTC. */
export interface Zone {
  readonly name: string;
  /** `UTC+05:30` */
  readonly offset: string;
}

/** The zone of this machine. */
export function homeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Every zone that this engine knows by name, sorted; UTC is no place, and stands first. */
export function zoneNames(): readonly string[] {
  const names = [...Intl.supportedValuesOf('timeZone'), ...NEWER_NAMES.filter(isZone)];
  return ['UTC', ...[...new Set(names)].filter((name) => name !== 'UTC').toSorted()];
}

/** Whether this engine can tell the time in it. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** How far a zone that is known is from UTC. @param at milliseconds since the epoch; summer time depends on it */
export function offsetOf(name: string, at: number): string {
  const format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' });
  const part = format.formatToParts(at).find(({ type }) => type === 'timeZoneName');
  return (part?.value ?? '').replace('GMT', 'UTC');
}

/**
 * The zones that have every word of `query` in their names; those whose city begins with it come first.
 * `new york`, `berlin` and `asia tok` are found. Pure.
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
