import type { Vault, VaultItem } from '../../src/vault/store/vault.ts';

/** A vault whose content a test can inspect and damage. */
export class MemoryVault implements Vault {
  readonly backend = 'memory';
  readonly unavailable = undefined;
  readonly content = new Map<string, string>();

  selfTest(): Promise<void> {
    return Promise.resolve();
  }

  retry(): Promise<void> {
    return Promise.resolve();
  }

  item(name: string): VaultItem {
    return {
      name,
      load: async () => Promise.resolve(this.content.get(name)),
      save: async (text) => {
        this.content.set(name, text);
        await Promise.resolve();
      },
      remove: async () => {
        this.content.delete(name);
        await Promise.resolve();
      },
      quarantine: async (now) => {
        const aside = `${name}.corrupt-${now}`;
        this.content.set(aside, this.content.get(name) ?? '');
        this.content.delete(name);
        return Promise.resolve(aside);
      },
    };
  }
}
