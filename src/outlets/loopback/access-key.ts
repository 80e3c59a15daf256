import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Places } from '../../system/places.ts';
import type { Secret } from '../../system/secret.ts';
import { loadOrMakeKey, readKey } from '../http/key-file.ts';
import { ensurePrivateDirectory } from '../../system/files/private-directory.ts';

/**
 * The key for `/token` of `tokentray serve`. A file in the runtime directory, 0600. It stays the same until the
 * login session ends, so that scripts continue to work after a restart.
 * @throws ProblemError `socket-directory` if that directory cannot be trusted
 */
export async function loadAccessKey(
  places: Pick<Places, 'runtimeDirectory' | 'accessKeyFile'>,
): Promise<Secret> {
  await ensurePrivateDirectory(places.runtimeDirectory);
  return loadOrMakeKey(places.accessKeyFile);
}

type KeyPlaces = Pick<Places, 'runtimeDirectory'>;

/**
 * The key of the owner's loopback server; kept like {@link loadAccessKey}'s. Separate from it, because it goes into
 * the environment of other programs and must be replaced if another process was seen on the port that they send it
 * to.
 * @throws ProblemError `socket-directory`
 */
export async function loadLoopbackKey(places: KeyPlaces): Promise<Secret> {
  await ensurePrivateDirectory(places.runtimeDirectory);
  return loadOrMakeKey(loopbackKeyFile(places));
}

/**
 * The key that {@link loadLoopbackKey} has made, for other processes than the server; undefined if there is none
 * that can be trusted.
 * @throws ProblemError `socket-directory`
 */
export async function readLoopbackKey(places: KeyPlaces): Promise<Secret | undefined> {
  await ensurePrivateDirectory(places.runtimeDirectory);
  return readKey(loopbackKeyFile(places));
}

/** Makes the next {@link loadLoopbackKey} return a new key. Rejects with the file system's error. */
export function forgetLoopbackKey(places: KeyPlaces): Promise<void> {
  return rm(loopbackKeyFile(places), { force: true });
}

function loopbackKeyFile({ runtimeDirectory }: KeyPlaces): string {
  return join(runtimeDirectory, 'loopback-key');
}
