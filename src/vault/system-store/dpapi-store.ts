import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { absent } from '../../system/files/error-code.ts';
import { flush, replace } from '../../system/files/whole-file.ts';
import { fileNameOf, type Extensions, type Store } from '../store/store.ts';
import { VaultError } from '../store/vault.ts';

/**
 * Files that only this Windows user can decrypt (DPAPI), through msal-node-extensions. The package writes in place, so
 * that a crash could leave half a file; therefore it writes to another path, and the finished file is renamed. The
 * other path is always the same: what a crash leaves is overwritten next time, and is encrypted like the rest.
 */
export function dpapiStore(extensions: Extensions, directory: string): Store {
  const fileOf = (name: string): string => join(directory, `${fileNameOf(name)}.dpapi`);
  const persistence = (file: string) =>
    extensions.FilePersistenceWithDataProtection.create(file, extensions.DataProtectionScope.CurrentUser);

  return {
    backend: 'dpapi',
    get: async (name) => {
      const file = fileOf(name);
      // Checked first, because the package creates an empty file if there is none.
      const bytes = await readFile(file).catch(absent);
      if (bytes === undefined) return undefined;
      try {
        const content = await (await persistence(file)).load();
        if (content !== null) return content;
      } catch (error) {
        // The file is readable, so it was written by another user or before a password reset, or is damaged.
        throw new VaultError(error instanceof Error ? error.message : 'cannot be decrypted', 'corrupt');
      }
      throw new VaultError('the file is empty', 'corrupt');
    },
    put: async (name, content) => {
      const file = fileOf(name);
      const fresh = `${file}.new`;
      await (await persistence(fresh)).save(content);
      await flush(fresh);
      await replace(fresh, file);
    },
    delete: async (name) => {
      await rm(`${fileOf(name)}.new`, { force: true });
      await rm(fileOf(name), { force: true });
    },
    setAside: async (name, aside) => {
      await rename(fileOf(name), fileOf(aside)).catch(absent);
    },
  };
}
