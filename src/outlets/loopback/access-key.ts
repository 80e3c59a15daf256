import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Places } from '../../system/places.ts';
import type { Secret } from '../../system/secret.ts';
import { loadOrMakeKey, readKey } from '../http/key-file.ts';
import { ensurePrivateDirectory } from '../../system/files/private-directory.ts';

/**
 * The key that `/token` of `tokentray serve` asks for. It lies in the runtime directory, 0600, and stays
 * the same until the login session ends, so that scripts need not be told anew after a restart.
 * @throws ProblemError `socket-directory` when that directory cannot be trusted
 */
export async function loadAccessKey(
  places: Pick<Places, 'runtimeDirectory' | 'accessKeyFile'>,
): Promise<Secret> {
  await ensurePrivateDirectory(places.runtimeDirectory);
  return loadOrMakeKey(places.accessKeyFile);
}

type KeyPlaces = Pick<Places, 'runtimeDirectory'>;

/**
 * The key that the owner's loopback server asks for; kept like {@link loadAccessKey}'s. One of its own: it goes
 * into the environment of other programs, and has to be replaced when somebody else was seen on the port that
 * they send it to.
 * @throws ProblemError `socket-directory`
 */
export async function loadLoopbackKey(places: KeyPlaces): Promise<Secret> {
  await ensurePrivateDirectory(places.runtimeDirectory);
  return loadOrMakeKey(loopbackKeyFile(places));
}

/**
 * The key that {@link loadLoopbackKey} has made, for who does not run the server; undefined where there is none
 * that can be trusted.
 * @throws ProblemError `socket-directory`
 */
export async function readLoopbackKey(places: KeyPlaces): Promise<Secret | undefined> {
  await ensurePrivateDirectory(places.runtimeDirectory);
  return readKey(loopbackKeyFile(places));
}

/** Makes the next {@link loadLoopbackKey} give a new key. Rejects with the file system's error. */
export function forgetLoopbackKey(places: KeyPlaces): Promise<void> {
  return rm(loopbackKeyFile(places), { force: true });
}

function loopbackKeyFile({ runtimeDirectory }: KeyPlaces): string {
  return join(runtimeDirectory, 'loopback-key');
}
