import { quarantineName, type Unavailable, type Vault, type VaultItem } from './vault.ts';

/**
 * A vault that lasts as long as the process: the choice of `storage: 'memory'`, what is left where the
 * OS's store cannot be used (`unavailable` then says why), and what tests of other folders want.
 */
export function memoryVault(unavailable?: Unavailable): Vault {
  const contents = new Map<string, string>();
  const items = new Map<string, VaultItem>();

  function create(name: string): VaultItem {
    return {
      name,
      load: () => Promise.resolve(contents.get(name)),
      save: (text) => {
        contents.set(name, text);
        return Promise.resolve();
      },
      remove: () => {
        contents.delete(name);
        return Promise.resolve();
      },
      quarantine: (now) => {
        const aside = quarantineName(name, now);
        const text = contents.get(name);
        if (text !== undefined) contents.set(aside, text);
        contents.delete(name);
        return Promise.resolve(aside);
      },
    };
  }

  return {
    backend: 'memory',
    unavailable,
    retry: () => Promise.resolve(),
    selfTest: () => Promise.resolve(),
    item: (name) => {
      const known = items.get(name);
      if (known) return known;
      const made = create(name);
      items.set(name, made);
      return made;
    },
  };
}
