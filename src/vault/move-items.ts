import { VaultError, type Vault } from './store/vault.ts';

/**
 * Copies items from one vault to another and reads each copy back; the originals stay. The copies of a failed attempt
 * are removed as far as the new store allows.
 *
 * An item missing from `from` is removed from `to`, where it can only be left over from earlier; except if `from` lacks
 * all items, because `to` may then hold the only ones.
 * @returns the names of the copied items, for {@link removeItems}
 * @throws VaultError if anything could not be read or copied
 */
export async function copyItems(
  from: Vault,
  to: Vault,
  names: readonly string[],
): Promise<readonly string[]> {
  if (to.unavailable !== undefined) {
    throw new VaultError(`the new store cannot be used: ${to.unavailable.detail}`);
  }
  if (from.unavailable !== undefined) {
    throw new VaultError(`the old store cannot be read: ${from.unavailable.detail}`);
  }
  const texts = new Map<string, string>();
  const lacking: string[] = [];
  for (const name of names) {
    const text = await from.item(name).load();
    if (text === undefined) lacking.push(name);
    else texts.set(name, text);
  }
  const copied = [...texts.keys()];
  if (copied.length === 0) return copied;
  try {
    for (const [name, text] of texts) await copy(to, name, text);
    for (const name of lacking) await to.item(name).remove();
  } catch (error) {
    await removeItems(to, copied);
    throw error;
  }
  return copied;
}

/**
 * Removes as many items as the store allows.
 * @returns why some are left; undefined if none is. Never rejects with a {@link VaultError}.
 */
export async function removeItems(vault: Vault, names: readonly string[]): Promise<VaultError | undefined> {
  let refusal: VaultError | undefined;
  for (const name of names) {
    try {
      await vault.item(name).remove();
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      refusal ??= error;
    }
  }
  return refusal;
}

async function copy(to: Vault, name: string, text: string): Promise<void> {
  await to.item(name).save(text);
  if ((await to.item(name).load()) !== text) {
    throw new VaultError(`the new store gave back something else than was saved as ${name}`);
  }
}
