import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonObject, sealedEnvelope } from './envelope.ts';
import type { Derivation } from './file-key.ts';
import { refuse } from './file-store.ts';
import { VaultError } from '../store/vault.ts';
import { absent } from '../../system/files/error-code.ts';
import { writeFirst } from '../../system/files/whole-file.ts';

/**
 * What a directory of encrypted files says of their key: how it is made (a passphrase's salt, once for all of
 * them), and something encrypted with it, which tells a wrong key from damaged content.
 */
export type KeyRecord =
  | { readonly kind: 'damaged' }
  | {
      readonly kind: 'record';
      readonly derivation: Derivation;
      /** Whether this is the key that the record was made with. */
      readonly fits: (key: Buffer) => boolean;
    };

const FORMAT = 'tokentray vault key';
const VERSION = 1;

/** Both the name and the content of what is encrypted to tell keys apart; an item of this name is not possible. */
const CHECK = FORMAT;

/** Less protects no passphrase, and Node throws a RangeError for what is far too little. */
const SCRYPT_LEAST_N = 2 ** 14;

/** More than a record of ours ever wants (128 MB at r = 8); a planted one must not take the machine's memory. */
const SCRYPT_MOST_N = 2 ** 20;

/** Where the record is kept. */
export function keyRecordFile(directory: string): string {
  return join(directory, 'vault-key.json');
}

/** Rejects with {@link VaultError} where it cannot be read, or was written by a newer version. */
export async function readKeyRecord(directory: string): Promise<KeyRecord | undefined> {
  const text = await readFile(keyRecordFile(directory), 'utf8').catch(absent).catch(refuse);
  if (text === undefined) return undefined;
  const { format, version, derivation, check } = jsonObject(text);
  if (format === FORMAT && typeof version === 'number' && version !== VERSION) {
    throw new VaultError(
      `${keyRecordFile(directory)} has version ${version}, and this Tokentray reads version ${VERSION}: update it`,
    );
  }
  const how = asDerivation(derivation);
  if (format !== FORMAT || how === undefined || typeof check !== 'string') return { kind: 'damaged' };
  return { kind: 'record', derivation: how, fits: (key) => opens(check, key) };
}

/**
 * Writes a record where there is none. `there-already`: another process was faster, and its record counts.
 * Rejects with {@link VaultError}.
 */
export async function putKeyRecord(
  directory: string,
  derivation: Derivation,
  key: Buffer,
): Promise<'written' | 'there-already'> {
  const check = sealedEnvelope(key).wrap(CHECK, CHECK);
  const file = keyRecordFile(directory);
  const text = `${JSON.stringify({ format: FORMAT, version: VERSION, derivation, check })}\n`;
  return writeFirst(file, text).catch(refuse);
}

/** For a record that nothing is stored under. */
export async function removeKeyRecord(directory: string): Promise<void> {
  await rm(keyRecordFile(directory), { force: true }).catch(refuse);
}

function opens(check: string, key: Buffer): boolean {
  try {
    return sealedEnvelope(key).unwrap(CHECK, check) === CHECK;
  } catch (error) {
    if (error instanceof VaultError && error.kind === 'corrupt') return false;
    throw error;
  }
}

function asDerivation(value: unknown): Derivation | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kdf, salt, N, r, p }: Readonly<Record<string, unknown>> = { ...value };
  if (kdf === 'hkdf-sha256') return { kdf };
  if (kdf !== 'scrypt' || typeof salt !== 'string') return undefined;
  if (typeof N !== 'number' || typeof r !== 'number' || typeof p !== 'number') return undefined;
  const fits =
    isWithin(N, SCRYPT_LEAST_N, SCRYPT_MOST_N) &&
    Number.isInteger(Math.log2(N)) &&
    isWithin(r, 1, 16) &&
    isWithin(p, 1, 4);
  return fits && salt !== '' ? { kdf, salt, N, r, p } : undefined;
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
