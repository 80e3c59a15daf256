import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { jsonObject, sealedEnvelope } from './envelope.ts';
import { derivationSchema, type Derivation } from './file-key.ts';
import { refuse } from './file-store.ts';
import { VaultError } from '../store/vault.ts';
import { absent } from '../../system/files/error-code.ts';
import { writeFirst } from '../../system/files/whole-file.ts';

/**
 * The record of the key in a directory of encrypted files: how the key is derived (with one passphrase salt for all
 * files), and a text encrypted with it, which distinguishes a wrong key from damaged content.
 */
export type KeyRecord =
  | { readonly kind: 'damaged' }
  | {
      readonly kind: 'record';
      readonly derivation: Derivation;
      /** Whether this is the key of the record. */
      readonly fits: (key: Buffer) => boolean;
    };

const FORMAT = 'tokentray vault key';
const VERSION = 1;

/** Both the name and the content of the encrypted text; no item can have this name. */
const CHECK = FORMAT;

export function keyRecordFile(directory: string): string {
  return join(directory, 'vault-key.json');
}

/** Rejects with {@link VaultError} if it cannot be read or was written by a newer version. */
export async function readKeyRecord(directory: string): Promise<KeyRecord | undefined> {
  const text = await readFile(keyRecordFile(directory), 'utf8').catch(absent).catch(refuse);
  if (text === undefined) return undefined;
  const { format, version, derivation, check } = jsonObject(text);
  if (format === FORMAT && typeof version === 'number' && version !== VERSION) {
    throw new VaultError(
      `${keyRecordFile(directory)} has version ${version}, and this Tokentray reads version ${VERSION}: update it`,
    );
  }
  const how = v.safeParse(derivationSchema, derivation);
  if (format !== FORMAT || !how.success || typeof check !== 'string') return { kind: 'damaged' };
  return { kind: 'record', derivation: how.output, fits: (key) => opens(check, key) };
}

/**
 * Writes a record if there is none. `there-already`: another process was first, and its record counts. Rejects with
 * {@link VaultError}.
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

/** For a record whose key encrypts nothing. */
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
