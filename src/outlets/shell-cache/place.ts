import { access, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProblemError } from '../../words/problem.ts';
import type { Machine, Places } from '../../system/places.ts';
import { say, sayReason } from '../../words/say.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { ensurePrivateDirectory } from '../../system/files/private-directory.ts';

/**
 * TMPFS_MAGIC of statfs(2): memory, lost at a reboot. A system short of memory moves it to its swap, encrypted or
 * not, like any other memory.
 */
const TMPFS_TYPE = 0x01021994;

/** Its first number is the seconds since the machine started (proc_uptime(5)). */
export const UPTIME_FILE = '/proc/uptime';

/** The directory of the files, or why there is none, as a sentence. */
export type CachePlace =
  | { readonly kind: 'usable'; readonly directory: string }
  | { readonly kind: 'unusable'; readonly reason: string };

/** What decides where the front looks. */
export type CacheMachine = Pick<Machine, 'platform' | 'env'>;

/**
 * The directory of the shell's cache; touches no file. The front has no program to ask, so that it looks in one
 * place only: below XDG_RUNTIME_DIR, or systemd's directory of this user.
 */
export function wantedPlace(
  { runtimeDirectory }: Pick<Places, 'runtimeDirectory'>,
  machine: CacheMachine,
): CachePlace {
  const unusable = (reason: string): CachePlace => ({ kind: 'unusable', reason });
  if (machine.platform !== 'linux') return unusable(say('shell-cache.platform'));
  const { TOKENTRAY_HOME: home = '' } = machine.env;
  if (home.length > 0) return unusable(say('shell-cache.home'));
  // places() falls back to /tmp if neither exists, or if the socket's name would be too long.
  const isElsewhere = dirname(runtimeDirectory) === '/tmp';
  return isElsewhere
    ? unusable(say('shell-cache.no-runtime-directory'))
    : { kind: 'usable', directory: join(runtimeDirectory, 'shell') };
}

/** {@link wantedPlace}, created if missing and checked: private, and in memory. Never rejects. */
export async function cachePlace(
  places: Pick<Places, 'runtimeDirectory'>,
  machine: CacheMachine,
): Promise<CachePlace> {
  const place = wantedPlace(places, machine);
  if (place.kind === 'unusable') return place;
  try {
    await ensurePrivateDirectory(places.runtimeDirectory);
    const { type } = await statfs(places.runtimeDirectory);
    if (type !== TMPFS_TYPE) {
      const path = places.runtimeDirectory;
      return { kind: 'unusable', reason: say('shell-cache.no-tmpfs', { path }) };
    }
    await ensurePrivateDirectory(place.directory);
    await access(UPTIME_FILE);
    return place;
  } catch (error) {
    return { kind: 'unusable', reason: reasonOf(error) };
  }
}

/** A sentence if there is one, otherwise the system's code. */
export function reasonOf(error: unknown): string {
  if (error instanceof ProblemError) return sayReason(error.problem);
  const code = errorCode(error);
  return code === '' ? String(error) : code;
}
