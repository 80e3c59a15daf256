import { createHash } from 'node:crypto';
import type { DataProtectionScope } from '@azure/msal-node-extensions';
import type { VaultBackend } from './vault.ts';

/** What one platform's place for bytes can do, by item name. Called one at a time, never side by side. */
export interface Store {
  readonly backend: Exclude<VaultBackend, 'memory'>;
  /** The bytes as they were put, or undefined where the store is sure that there are none. */
  get(name: string): Promise<string | undefined>;
  put(name: string, content: string): Promise<void>;
  /** Returns once nothing is left, also where nothing was. */
  delete(name: string): Promise<void>;
  /** Moves the content of `name`, readable or not, to `aside`. */
  setAside(name: string, aside: string): Promise<void>;
}

/** The part of msal-node-extensions' IPersistence that we use; its lock and its reload test are not (see DESIGN, Storage). */
export interface Persistence {
  load(): Promise<string | null>;
  save(contents: string): Promise<void>;
  delete(): Promise<boolean>;
}

interface KeyringClass {
  create(fileLocation: string, serviceName: string, accountName: string): Promise<Persistence>;
}

/** The part of `@azure/msal-node-extensions` that we use, so that tests can hand in another. */
export interface Extensions {
  readonly LibSecretPersistence: KeyringClass;
  readonly KeychainPersistence: KeyringClass;
  readonly FilePersistenceWithDataProtection: {
    create(fileLocation: string, scope: DataProtectionScope): Promise<Persistence>;
  };
  readonly DataProtectionScope: { readonly CurrentUser: 'CurrentUser' };
}

/** How much of an item's name its file shows to whoever looks into the directory. */
const READABLE_CHARS = 40;

/** How much of the hash tells names apart: 64 bits. */
const HASH_CHARS = 16;

/**
 * A file name for an item name: no path separators, no device names of Windows, and different for
 * names that differ in case only, also on a file system that does not tell case apart.
 */
export function fileNameOf(name: string): string {
  const readable = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, READABLE_CHARS);
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_CHARS);
  return `${readable}-${hash}`;
}
