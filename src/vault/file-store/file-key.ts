import { hkdfSync, randomBytes, scrypt } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { say } from '../../words/say.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { refuse } from './file-store.ts';
import type { Secret } from '../../system/secret.ts';
import { writeNew } from '../../system/files/whole-file.ts';
import type { KeySource } from '../store/storage-choice.ts';
import { VaultError } from '../store/vault.ts';

const KEY_BYTES = 32;

/** Anything shorter is not a key; `makeKeyFile` writes 45, the base64 of 32 random bytes. */
const KEY_FILE_LEAST_BYTES = 32;

/** No key is longer; a wrong file is not read into memory. */
const KEY_FILE_MOST_BYTES = 64 * 1024;

/**
 * The parameters that OWASP's password storage cheat sheet recommends for scrypt: 128 MB and about 0.5 s for one guess.
 * Stored with the salt, so that they can be raised for new vaults.
 */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 } as const;

const SALT_BYTES = 16;

/** Separates this use of a key file's bytes from other uses. */
const HKDF_INFO = 'tokentray vault key 1';

const within = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

/**
 * How the key is derived from the source's bytes; not secret, and kept beside the items. The limits of `N`: less does
 * not protect a passphrase, and Node throws a RangeError for far too little; more (our own is 128 MB at r = 8) would let
 * a planted record exhaust the machine's memory.
 */
export const derivationSchema = v.variant('kdf', [
  v.object({ kdf: v.literal('hkdf-sha256') }),
  v.object({
    kdf: v.literal('scrypt'),
    salt: v.pipe(v.string(), v.nonEmpty()),
    N: v.pipe(
      within(2 ** 14, 2 ** 20),
      v.check((N) => Number.isInteger(Math.log2(N))),
    ),
    r: within(1, 16),
    p: within(1, 4),
  }),
]);
export type Derivation = Readonly<v.InferOutput<typeof derivationSchema>>;

/** What some key sources need in addition. */
export interface KeyOptions {
  /** Names the directory of systemd's credentials; default `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** `new`: nothing is encrypted with it yet, so it may have to be typed twice; `existing`: must match the earlier one. */
  readonly askPassphrase?: (vault: 'new' | 'existing') => Promise<Secret>;
}

/** Only a passphrase, which can be guessed, needs a slow derivation. */
export function kdfOf(source: KeySource): Derivation['kdf'] {
  return source.kind === 'passphrase' ? 'scrypt' : 'hkdf-sha256';
}

/** The derivation of a new vault whose key comes from `source`. */
export function freshDerivation(source: KeySource): Derivation {
  return kdfOf(source) === 'scrypt'
    ? { kdf: 'scrypt', salt: randomBytes(SALT_BYTES).toString('base64'), ...SCRYPT }
    : { kdf: 'hkdf-sha256' };
}

/** The bytes from which the key is derived. Rejects with a {@link VaultError} that says what is wrong. */
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
      // The directory is private to the service; if systemd grants access by ACL, the mode shows 440 (the mask).
      return readKey(credentialPath(source.name, options.env ?? process.env), () => undefined);
    case 'passphrase': {
      if (!options.askPassphrase) throw new VaultError('the passphrase cannot be asked for here');
      // Another keyboard may give other code points for the same text.
      const passphrase = (await options.askPassphrase(vault)).reveal().normalize('NFC');
      if (passphrase === '') throw new VaultError('no passphrase was given');
      return Buffer.from(passphrase);
    }
  }
}

/** The key itself. scrypt takes half a second, on a separate thread. */
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
 * Creates a private key file (0600) of 32 random bytes. Never overwrites an existing file. Rejects with
 * {@link VaultError}.
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
  // systemd's own rule for names; others could lead out of the directory.
  if (name === '' || name === '.' || name === '..' || /[/\0]/u.test(name)) {
    throw new VaultError(`“${name}” is no name of a credential: a plain file name is wanted`);
  }
  return join(directory, name);
}

/** `objection` returns the caller's reason to refuse the file, if any. */
async function readKey(path: string, objection: (stats: Stats) => string | undefined): Promise<Buffer> {
  // Without O_NONBLOCK, opening a named pipe waits for its writer. On Windows the flag is undefined, which `|` treats
  // as 0.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) =>
    refuseKey(path, errorCode(error) === 'ENOENT' ? 'it is not there' : reasonOf(error)),
  );
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) refuseKey(path, 'it is no regular file');
    const own = process.getuid?.();
    // Windows has no such owners and modes; its profile directory is private.
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
