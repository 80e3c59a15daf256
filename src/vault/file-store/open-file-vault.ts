import { access, chmod, constants, mkdir, readdir, stat } from 'node:fs/promises';
import { say } from '../../words/say.ts';
import { plainEnvelope, sealedEnvelope, type Envelope } from './envelope.ts';
import { deriveKey, freshDerivation, kdfOf, keyMaterial, type KeyOptions } from './file-key.ts';
import { fileStore, isSealed, refuse } from './file-store.ts';
import { keyRecordFile, putKeyRecord, readKeyRecord, removeKeyRecord, type KeyRecord } from './key-record.ts';
import type { KeySource } from '../store/storage-choice.ts';
import { storeVault } from '../store/store-vault.ts';
import { VaultError, type Vault } from '../store/vault.ts';
import { absent } from '../../system/files/error-code.ts';

interface FileVaultOptions {
  readonly directory: string;
  readonly callLimitMs?: number;
}

interface EncryptedVaultOptions extends FileVaultOptions, KeyOptions {
  readonly key: KeySource;
}

/** Another process may write the record between our read and our write once; five times cannot be a coincidence. */
const RECORD_TRIES = 5;

/** Private, because anyone who can write to a directory can replace the files in it. */
const OWN_DIRECTORY_MODE = 0o700;

/** Opens the vault of plain files. Rejects with {@link VaultError} if the directory cannot be used. */
export async function openPlainVault(options: FileVaultOptions): Promise<Vault> {
  await prepare(options.directory);
  return vaultOf(plainEnvelope, options);
}

/**
 * Opens the vault of encrypted files. Rejects with {@link VaultError} if the directory or the key cannot be used, and if
 * the key is not the one of the existing files: with a wrong key, intact content would be taken for damaged.
 */
export async function openEncryptedVault(options: EncryptedVaultOptions): Promise<Vault> {
  await prepare(options.directory);
  return vaultOf(sealedEnvelope(await openKey(options)), options);
}

function vaultOf(envelope: Envelope, { directory, callLimitMs }: FileVaultOptions): Vault {
  return storeVault(fileStore(envelope, directory), callLimitMs);
}

async function prepare(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: OWN_DIRECTORY_MODE }).catch(refuse);
  const { uid, mode } = await stat(directory).catch(refuse);
  const own = process.getuid?.();
  // Windows has no such owners and modes; its profile directory is private.
  if (own !== undefined) {
    // Its owner could replace our files.
    if (uid !== own) throw new VaultError(`${directory} belongs to user id ${uid}, wanted ${own}`);
    if ((mode & 0o077) !== 0) await chmod(directory, OWN_DIRECTORY_MODE).catch(refuse);
  }
  await access(directory, constants.R_OK | constants.W_OK | constants.X_OK).catch(refuse);
}

/** The key that the record in the directory confirms; if nothing is encrypted yet, a new record is written. */
async function openKey(options: EncryptedVaultOptions): Promise<Buffer> {
  const { directory, key: source } = options;
  let record = await readKeyRecord(directory);
  const material = await keyMaterial(source, await ageOfKey(record, options), options);
  for (let tries = 0; tries < RECORD_TRIES; tries += 1) {
    const found = await confirmed(record, material, options);
    if (Buffer.isBuffer(found)) return found;
    if ((await hasEncryptedItems(directory)) || mayBeMistyped(record, source)) throw found;
    // Nothing is encrypted with the key of that record, so any other key will do.
    if (record !== undefined) await removeKeyRecord(directory);
    const derivation = freshDerivation(source);
    const key = await deriveKey(material, derivation);
    if ((await putKeyRecord(directory, derivation, key)) === 'written') return key;
    record = await readKeyRecord(directory);
  }
  throw new VaultError(say('storage.key-changes', { file: keyRecordFile(directory) }));
}

/** The key, or why the record does not confirm it. */
async function confirmed(
  record: KeyRecord | undefined,
  material: Buffer,
  { directory, key: source }: EncryptedVaultOptions,
): Promise<Buffer | VaultError> {
  const without = `and the encrypted files beside it cannot be read without it: restore it from a backup, or remove ${directory} and sign in again`;
  if (record === undefined) return new VaultError(`${keyRecordFile(directory)} is missing, ${without}`);
  if (record.kind === 'damaged') return new VaultError(`${keyRecordFile(directory)} is damaged, ${without}`);
  const { kdf } = record.derivation;
  if (kdf !== kdfOf(source)) {
    const made = kdf === 'scrypt' ? 'a passphrase' : 'a key file or a systemd credential';
    return new VaultError(`the files in ${directory} were encrypted with ${made}: choose that one`);
  }
  const key = await deriveKey(material, record.derivation);
  return record.fits(key) ? key : wrongKey(source, directory);
}

/** A passphrase that does not match an intact record counts as mistyped until the record is removed. */
function mayBeMistyped(record: KeyRecord | undefined, source: KeySource): boolean {
  return record?.kind === 'record' && record.derivation.kdf === 'scrypt' && source.kind === 'passphrase';
}

/** A passphrase is new if the record is that of a key file which no longer encrypts anything. */
async function ageOfKey(
  record: KeyRecord | undefined,
  { directory, key: source }: EncryptedVaultOptions,
): Promise<'new' | 'existing'> {
  if (record === undefined) return 'new';
  if (source.kind !== 'passphrase' || mayBeMistyped(record, source)) return 'existing';
  return (await hasEncryptedItems(directory)) ? 'existing' : 'new';
}

/**
 * Removes the record of a key that no longer encrypts anything, because all items were moved elsewhere: it would
 * require a passphrase that is no longer needed. Rejects with {@link VaultError}.
 */
export async function forgetUnusedKey(directory: string): Promise<void> {
  if (!(await hasEncryptedItems(directory))) await removeKeyRecord(directory);
}

/** Whether a vault's directory contains encrypted items, which only their own key can open. Rejects with {@link VaultError}. */
export async function hasEncryptedItems(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(absent).catch(refuse);
  return names?.some(isSealed) ?? false;
}

function wrongKey(source: KeySource, directory: string): VaultError {
  if (source.kind === 'passphrase')
    return new VaultError(`the passphrase does not fit the one that ${directory} was encrypted with`);
  const key = source.kind === 'key-file' ? source.path : source.name;
  return new VaultError(`${key} is not the key that ${directory} was encrypted with`);
}
