import { parseJson } from '../../system/json.ts';
import type { Store } from './store.ts';
import { VaultError } from './vault.ts';

/** Enough to investigate. Each may hold tokens, so old ones are not kept forever. */
const KEPT = 3;

/**
 * The item that lists what was set aside of another. Keyrings cannot list their content, so without it nothing would
 * find what an earlier process set aside.
 */
const listName = (name: string): string => `${name}.set-aside`;

/** Moves the content of `name` to `aside`; keeps only the newest few of what was set aside before. */
export async function setAside(store: Store, name: string, aside: string): Promise<void> {
  const all = [...(await listed(store, name)).filter((one) => one !== aside), aside];
  // The list is written first: after a crash in between, one of its names has no content, which does no harm.
  await store.put(listName(name), JSON.stringify(all.slice(-KEPT)));
  await store.setAside(name, aside);
  for (const old of all.slice(0, -KEPT)) await store.delete(old);
}

/** Removes an item together with everything that was set aside of it. */
export async function removeWithAside(store: Store, name: string): Promise<void> {
  await store.delete(name);
  const all = await listed(store, name);
  for (const aside of all) await store.delete(aside);
  if (all.length > 0) await store.delete(listName(name));
}

/** A damaged list counts as empty, because it must not prevent a removal. */
async function listed(store: Store, name: string): Promise<readonly string[]> {
  const content = await store.get(listName(name)).catch((error: unknown) => {
    if (error instanceof VaultError && error.kind === 'corrupt') return undefined;
    throw error;
  });
  const names = parseJson(content ?? '[]');
  return Array.isArray(names) ? names.filter((one) => typeof one === 'string') : [];
}
