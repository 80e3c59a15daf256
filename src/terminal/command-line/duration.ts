const SECONDS_OF_UNIT = { s: 1, m: 60, h: 3600 } as const;
/** What the owner reads (outlets/token-query.ts: nine digits), some thirty years. */
const MAX_SECONDS = 999_999_999;

/** A duration people write (`600`, `600s`, `10m`, `2h`), in seconds; undefined when it is none, or no sane one. */
export function readDuration(text: string): number | undefined {
  const [, count, unit = 's'] = /^(\d{1,7})([smh]?)$/u.exec(text) ?? [];
  if (count === undefined) return undefined;
  const seconds = Number(count) * SECONDS_OF_UNIT[unit === '' ? 's' : (unit as keyof typeof SECONDS_OF_UNIT)];
  return seconds <= MAX_SECONDS ? seconds : undefined;
}
