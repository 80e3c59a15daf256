import type { Store } from './store.ts';
import { VaultError } from './vault.ts';

let runs = 0;

/**
 * Writes, reads and deletes an item whose name contains the process and the run, so that two hosts starting together do
 * not interfere. Rejects with the store's error, or with {@link VaultError} if it returns something other than what
 * was written.
 */
export async function selfTest(store: Store): Promise<void> {
  runs += 1;
  const name = `self-test/${process.pid}-${runs}`;
  const content = JSON.stringify(`written at ${performance.now()}`);
  try {
    await store.put(name, content);
    if ((await store.get(name)) !== content) {
      throw new VaultError('the self-test read something else than it had written');
    }
  } catch (error) {
    // The first failure is the one to report; this only cleans up after a failed write.
    await store.delete(name).catch(() => undefined);
    throw error;
  }
  await store.delete(name);
}
