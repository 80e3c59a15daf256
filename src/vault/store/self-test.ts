import type { Store } from './store.ts';
import { VaultError } from './vault.ts';

let runs = 0;

/**
 * Writes, reads and deletes an item of its own (of this process and this run, so that two hosts starting
 * together do not disturb each other). Rejects with what the store says, or with {@link VaultError}
 * where it answers with something else than was written.
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
    // The first failure is the one to tell; what a failed write left behind is only tidied up.
    await store.delete(name).catch(() => undefined);
    throw error;
  }
  await store.delete(name);
}
