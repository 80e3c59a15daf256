import { createHash } from 'node:crypto';
import type { DataProtectionScope } from '@azure/msal-node-extensions';
import type { VaultBackend } from './vault.ts';

/** A platform's storage for bytes, by item name. Never called concurrently. */
export interface Store {
  readonly backend: Exclude<VaultBackend, 'memory'>;
  /** The bytes as they were put; undefined if the store is sure that there are none. */
  get(name: string): Promise<string | undefined>;
  put(name: string, content: string): Promise<void>;
  /** Resolves once nothing is left; also if there was nothing. */
  delete(name: string): Promise<void>;
  /** Moves the content of `name`, readable or not, to `aside`. */
  setAside(name: string, aside: string): Promise<void>;
}

/**
 * The part of msal-node-extensions' IPersistence that we use. Its lock and its reload test, which protect a file shared
 * by several processes, are not used: one process owns the vault.
 */
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

/** How much of an item's name is readable in the name of its file. */
const READABLE_CHARS = 40;

/** 64 bits of the hash, to tell names apart. */
const HASH_CHARS = 16;

/**
 * The file name for an item name: without path separators, never a device name of Windows, and different for names that
 * differ only in case, even on a file system that ignores case.
 */
export function fileNameOf(name: string): string {
  const readable = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, READABLE_CHARS);
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_CHARS);
  return `${readable}-${hash}`;
}
