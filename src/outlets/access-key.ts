import type { Places } from '../config/places.ts';
import type { Secret } from '../vault/secret.ts';
import { loadOrMakeKey } from './key-file.ts';
import { ensurePrivateDirectory } from './private-directory.ts';

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
