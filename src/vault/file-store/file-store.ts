import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Envelope } from './envelope.ts';
import { absent, errorCode } from '../../system/files/error-code.ts';
import { fileNameOf, type Store } from '../store/store.ts';
import { VaultError } from '../store/vault.ts';
import { writeWhole } from '../../system/files/whole-file.ts';

/** The file name endings of each kind, so that one directory can hold both. */
const ENDINGS = { 'encrypted-file': '.sealed', 'plain-file': '.plain' } as const;

/** Whether a file in the vault's directory is an encrypted item. */
export function isSealed(fileName: string): boolean {
  return fileName.endsWith(ENDINGS['encrypted-file']);
}

/** One private file (0600) for each item, always written whole. */
export function fileStore(envelope: Envelope, directory: string): Store {
  const fileOf = (name: string): string => join(directory, fileNameOf(name) + ENDINGS[envelope.backend]);

  return {
    backend: envelope.backend,
    get: async (name) => {
      const text = await readFile(fileOf(name), 'utf8').catch(absent).catch(refuse);
      return text === undefined ? undefined : envelope.unwrap(name, text);
    },
    put: async (name, content) => {
      await writeWhole(fileOf(name), envelope.wrap(name, content)).catch(refuse);
    },
    delete: async (name) => {
      await rm(`${fileOf(name)}.new`, { force: true }).catch(refuse);
      await rm(fileOf(name), { force: true }).catch(refuse);
    },
    setAside: async (name, aside) => {
      await rename(fileOf(name), fileOf(aside)).catch(absent).catch(refuse);
    },
  };
}

/** The meaning of the file system's codes; the error's own message, with code and path, follows. */
const MEANINGS: Readonly<Partial<Record<string, string>>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'the files may not be written or read',
  EPERM: 'the files may not be written or read',
  ENOTDIR: 'a part of the path is no directory',
};

/** For `.catch()`: throws the file system's error as a {@link VaultError}. */
export function refuse(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const meaning = MEANINGS[errorCode(error)];
  throw new VaultError(meaning === undefined ? message : `${meaning}: ${message}`);
}
