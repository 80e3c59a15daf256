import { quarantineName, type Unavailable, type Vault, type VaultItem } from './vault.ts';

/**
 * A vault that lasts as long as the process: for `storage: 'memory'`, for a store that cannot be used (`unavailable`
 * then says why), and for tests.
 */
export function memoryVault(unavailable?: Unavailable): Vault {
  const contents = new Map<string, string>();
  return {
    backend: 'memory',
    unavailable,
    retry: () => Promise.resolve(),
    selfTest: () => Promise.resolve(),
    item: (name) => mapItem(name, contents),
  };
}

/** An item kept in a map. `onChange` is called with each name that was saved or removed. */
export function mapItem(
  name: string,
  contents: Map<string, string>,
  onChange: (name: string) => void = () => undefined,
): VaultItem {
  const change = (to: string, text: string | undefined): Promise<void> => {
    if (text === undefined) contents.delete(to);
    else contents.set(to, text);
    onChange(to);
    return Promise.resolve();
  };
  return {
    name,
    load: () => Promise.resolve(contents.get(name)),
    save: (text) => change(name, text),
    remove: () => change(name, undefined),
    quarantine: async (now) => {
      const aside = quarantineName(name, now);
      // Both changes at once: a store must not take over in between.
      await Promise.all([change(aside, contents.get(name)), change(name, undefined)]);
      return aside;
    },
  };
}
