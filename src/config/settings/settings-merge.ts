import { isRecord } from '../rules/checked.ts';
import type { Schedule, Settings } from '../profile/profile.ts';

type Fields = Record<string, unknown>;

/** The keys of all kinds of schedule; those of another kind must not stay when the schedule changes. */
const SCHEDULE_KEYS: readonly string[] = [
  'cron',
  'at',
  'everyHours',
  'timeZone',
] satisfies (Schedule extends infer Kind ? (Kind extends unknown ? keyof Kind : never) : never)[];

/** The entry with the same key in a list of the file. */
function entryOf(list: unknown, key: string, value: string): Fields {
  const entries = Array.isArray(list) ? list.filter(isRecord) : [];
  return entries.find((entry) => entry[key] === value) ?? {};
}

function mergeSchedule(before: unknown, changed: Schedule | undefined): Fields | undefined {
  if (changed === undefined) return undefined;
  const known = Object.entries(isRecord(before) ? before : {});
  return { ...Object.fromEntries(known.filter(([key]) => !SCHEDULE_KEYS.includes(key))), ...changed };
}

/**
 * Merges `changed` into the file's content, so that keys of a newer version are kept, also inside profiles (matched by
 * ID) and token files (matched by path).
 */
export function merge(before: Fields, changed: Settings): Fields {
  const profiles = changed.profiles.map((profile) => {
    const old = entryOf(before.profiles, 'id', profile.id);
    return { ...old, ...profile, schedule: mergeSchedule(old.schedule, profile.schedule) };
  });
  const tokenFiles = changed.tokenFiles.map((file) => ({
    ...entryOf(before.tokenFiles, 'path', file.path),
    ...file,
  }));
  return { ...before, ...changed, profiles, tokenFiles };
}
