import { storageProblem } from '../../agent/failures/storage-problem.ts';
import { lookAtCredential, type StoredCredential } from '../../config/credential/credential.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { VaultError, type Vault } from '../../vault/store/vault.ts';
import { problem } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import { ok, trouble, type CheckOutcome, type Trouble } from './result.ts';

/** The credential stored for exactly this registration, or why none can be used. */
export type Stored = Extract<StoredCredential, { kind: 'credential' }> | Trouble;

/** Reads the stored credential of a profile. Changes nothing. */
export function loadStored(vault: Vault, profile: Profile): Promise<Stored> {
  return orUnavailable(async () => {
    const stored = await lookAtCredential(vault, profile);
    if (stored.kind === 'credential') return stored;
    if (stored.kind === 'none' && vault.unavailable !== undefined)
      return trouble(storageProblem(vault.unavailable));
    const { clientId, authority } = profile;
    return trouble(problem('admin', 'no-secret', { clientId, authority }));
  });
}

/** Whether the store can be written, read and cleared. Changes nothing but its own test item. */
export function storageOutcome(vault: Vault): Promise<CheckOutcome> {
  return orUnavailable(async () => {
    if (vault.unavailable !== undefined) return trouble(storageProblem(vault.unavailable));
    await vault.selfTest();
    const { backend } = vault;
    return ok(backend === 'memory' ? say('checkup.storage.memory') : say('checkup.storage.ok', { backend }));
  });
}

async function orUnavailable<Value>(work: () => Promise<Value>): Promise<Value | Trouble> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return trouble(problem('storage', 'storage.unavailable', { detail: error.message }));
  }
}
