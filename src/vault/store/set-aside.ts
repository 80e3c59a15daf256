import type { Store } from './store.ts';
import { VaultError } from './vault.ts';

/** Enough to look into what happened; every one may hold tokens, so old ones do not stay for ever. */
const KEPT = 3;

/**
 * Where it is written down what was set aside of an item. Keyrings cannot list what they hold, so without
 * it nothing would ever find the content that an earlier process has set aside.
 */
const listName = (name: string): string => `${name}.set-aside`;

/** Moves the content of `name` to `aside`; of what was set aside before, only the newest few are kept. */
export async function setAside(store: Store, name: string, aside: string): Promise<void> {
  const all = [...(await listed(store, name)).filter((one) => one !== aside), aside];
  // The list goes first: a crash in between leaves a name in it that leads nowhere, which harms nobody.
  await store.put(listName(name), JSON.stringify(all.slice(-KEPT)));
  await store.setAside(name, aside);
  for (const old of all.slice(0, -KEPT)) await store.delete(old);
}

/** Removes an item, and with it what was ever set aside of it. */
export async function removeWithAside(store: Store, name: string): Promise<void> {
  await store.delete(name);
  const all = await listed(store, name);
  for (const aside of all) await store.delete(aside);
  if (all.length > 0) await store.delete(listName(name));
}

/** A list that is damaged itself counts as none: it must not stand in the way of a removal. */
async function listed(store: Store, name: string): Promise<readonly string[]> {
  const content = await store.get(listName(name)).catch((error: unknown) => {
    if (error instanceof VaultError && error.kind === 'corrupt') return undefined;
    throw error;
  });
  try {
    const names: unknown = JSON.parse(content ?? '[]');
    if (Array.isArray(names)) return names.filter((one) => typeof one === 'string');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return [];
}
