const SECONDS_OF_UNIT = { s: 1, m: 60, h: 3600 } as const;

/** A duration people write (`600`, `600s`, `10m`, `2h`), in seconds; undefined when it is none. */
export function readDuration(text: string): number | undefined {
  const [, count, unit = 's'] = /^(\d{1,7})([smh]?)$/u.exec(text) ?? [];
  if (count === undefined) return undefined;
  return Number(count) * SECONDS_OF_UNIT[unit === '' ? 's' : (unit as keyof typeof SECONDS_OF_UNIT)];
}
