import { VaultError, type Vault } from './vault.ts';

/**
 * Moves items from one vault to another: copies all of them, reads each copy back, and only then removes the
 * originals. Rejects with {@link VaultError}; as long as anything was not copied, nothing has been removed.
 */
export async function moveItems(from: Vault, to: Vault, names: readonly string[]): Promise<void> {
  if (to.unavailable !== undefined) {
    throw new VaultError(`the new store cannot be used: ${to.unavailable.detail}`);
  }
  if (from.unavailable !== undefined) {
    throw new VaultError(`the old store cannot be read: ${from.unavailable.detail}`);
  }
  for (const name of names) {
    const text = await from.item(name).load();
    // What is left in the new store from an earlier time must not pass for this.
    if (text === undefined) await to.item(name).remove();
    else await copy(to, name, text);
  }
  for (const name of names) await from.item(name).remove();
}

async function copy(to: Vault, name: string, text: string): Promise<void> {
  await to.item(name).save(text);
  if ((await to.item(name).load()) !== text) {
    throw new VaultError(`the new store gave back something else than was saved as ${name}`);
  }
}
