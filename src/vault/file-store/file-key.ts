import { hkdfSync, randomBytes, scrypt } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { say } from '../../words/say.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { refuse } from './file-store.ts';
import type { Secret } from '../../system/secret.ts';
import { writeNew } from '../../system/files/whole-file.ts';
import type { KeySource } from '../store/storage-choice.ts';
import { VaultError } from '../store/vault.ts';

const KEY_BYTES = 32;

/** Less is no key but a word; `makeKeyFile` writes 45, the base64 of 32 random bytes. */
const KEY_FILE_LEAST_BYTES = 32;

/** No key is longer; a file given by mistake is not read into memory. */
const KEY_FILE_MOST_BYTES = 64 * 1024;

/**
 * What OWASP's password storage cheat sheet gives for scrypt: 128 MB and, on the machine this was written
 * on, 0.5 s for one guess. Written down with the salt, so that they can be raised for new vaults.
 */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 } as const;

const SALT_BYTES = 16;

/** Of the uses that the bytes of one key file may have elsewhere, this is ours. */
const HKDF_INFO = 'tokentray vault key 1';

/** How the key is made from what its source gives; not secret, and kept beside the items. */
export type Derivation =
  | { readonly kdf: 'hkdf-sha256' }
  | {
      readonly kdf: 'scrypt';
      readonly salt: string;
      readonly N: number;
      readonly r: number;
      readonly p: number;
    };

/** What a key source needs besides the choice. */
export interface KeyOptions {
  /** Where systemd's credentials are looked for; `process.env` unless told. */
  readonly env?: NodeJS.ProcessEnv;
  /** `new`: nothing is encrypted with it yet, so it may be asked for twice; `existing`: it is the one from then. */
  readonly askPassphrase?: (vault: 'new' | 'existing') => Promise<Secret>;
}

/** Bytes that nobody can guess need no slow derivation; a passphrase does. */
export function kdfOf(source: KeySource): Derivation['kdf'] {
  return source.kind === 'passphrase' ? 'scrypt' : 'hkdf-sha256';
}

/** The derivation of a new vault whose key comes from `source`. */
export function freshDerivation(source: KeySource): Derivation {
  return kdfOf(source) === 'scrypt'
    ? { kdf: 'scrypt', salt: randomBytes(SALT_BYTES).toString('base64'), ...SCRYPT }
    : { kdf: 'hkdf-sha256' };
}

/** The bytes that the key is made from. Rejects with {@link VaultError} that names what is wrong. */
export async function keyMaterial(
  source: KeySource,
  vault: 'new' | 'existing',
  options: KeyOptions,
): Promise<Buffer> {
  switch (source.kind) {
    case 'key-file':
      return readKey(source.path, (stats) => {
        const mode = stats.mode & 0o777;
        return (mode & 0o077) === 0 ? undefined : `others may read it (mode ${mode.toString(8)}, wanted 600)`;
      });
    case 'systemd-credential':
      // The directory is the service's alone; where systemd grants by ACL, the mode shows 440 (the mask).
      return readKey(credentialPath(source.name, options.env ?? process.env), () => undefined);
    case 'passphrase': {
      if (!options.askPassphrase) throw new VaultError('the passphrase cannot be asked for here');
      // The same word typed on another keyboard may come in other code points.
      const passphrase = (await options.askPassphrase(vault)).reveal().normalize('NFC');
      if (passphrase === '') throw new VaultError('no passphrase was given');
      return Buffer.from(passphrase);
    }
  }
}

/** The key itself. scrypt takes half a second, on a thread of its own. */
export async function deriveKey(material: Buffer, derivation: Derivation): Promise<Buffer> {
  if (derivation.kdf === 'hkdf-sha256') {
    return Buffer.from(hkdfSync('sha256', material, Buffer.alloc(0), HKDF_INFO, KEY_BYTES));
  }
  const { salt, N, r, p } = derivation;
  return slowly(material, Buffer.from(salt, 'base64'), KEY_BYTES, { N, r, p, maxmem: 256 * N * r });
}

const slowly = promisify<Buffer, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);

/**
 * Makes a key file of 32 random bytes, the user's own (0600). What is there already is never overwritten.
 * Rejects with {@link VaultError}.
 */
export async function makeKeyFile(path: string): Promise<void> {
  try {
    await writeNew(path, `${randomBytes(KEY_BYTES).toString('base64')}\n`);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw new VaultError(`${path} is there already; it was not changed`);
    refuse(error);
  }
}

function credentialPath(name: string, env: NodeJS.ProcessEnv): string {
  const directory = env['CREDENTIALS_DIRECTORY'];
  if (directory === undefined || directory === '') {
    throw new VaultError(say('storage.no-credentials-directory', { name }));
  }
  // systemd's own rule for names; anything else would leave the directory.
  if (name === '' || name === '.' || name === '..' || /[/\0]/u.test(name)) {
    throw new VaultError(`“${name}” is no name of a credential: a plain file name is wanted`);
  }
  return join(directory, name);
}

/** `objection` looks at what the caller cares about; undefined where it has none. */
async function readKey(path: string, objection: (stats: Stats) => string | undefined): Promise<Buffer> {
  // Without O_NONBLOCK, opening a named pipe would wait for its writer. Windows has no such
  // flag, and `|` takes what is not there for 0.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) =>
    refuseKey(path, errorCode(error) === 'ENOENT' ? 'it is not there' : reasonOf(error)),
  );
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) refuseKey(path, 'it is no regular file');
    const own = process.getuid?.();
    // Windows has neither owners nor modes of this kind; its profile directory is the user's alone.
    if (own !== undefined) {
      if (stats.uid !== own && stats.uid !== 0) refuseKey(path, `it belongs to user id ${stats.uid}`);
      const found = objection(stats);
      if (found !== undefined) refuseKey(path, found);
    }
    if (stats.size < KEY_FILE_LEAST_BYTES || stats.size > KEY_FILE_MOST_BYTES) {
      refuseKey(
        path,
        `it holds ${stats.size} bytes, wanted ${KEY_FILE_LEAST_BYTES} to ${KEY_FILE_MOST_BYTES}`,
      );
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function refuseKey(path: string, found: string): never {
  throw new VaultError(`the key file ${path} is not used: ${found}`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
