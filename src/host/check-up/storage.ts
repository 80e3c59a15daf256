import { lookAtCredential, type StoredCredential } from '../../config/credential/credential.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { VaultError, type Vault } from '../../vault/store/vault.ts';
import { say } from '../../words/say.ts';
import type { CheckOutcome } from './result.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { storageProblem } from '../../agent/failures/storage-problem.ts';

/** The credential that is stored for exactly this registration, or why there is none to be used. */
export type Stored =
  Extract<StoredCredential, { kind: 'credential' }> | Extract<CheckOutcome, { kind: 'trouble' }>;

/** Looks what is stored for a profile, and changes nothing. */
export async function loadStored(vault: Vault, profile: Profile): Promise<Stored> {
  const trouble = (reason: Problem): Stored => ({ kind: 'trouble', problem: reason });
  try {
    const stored = await lookAtCredential(vault, profile);
    if (stored.kind === 'credential') return stored;
    if (stored.kind === 'none' && vault.unavailable !== undefined)
      return trouble(storageProblem(vault.unavailable));
    const { clientId, authority } = profile;
    return trouble(problem('admin', 'no-secret', { clientId, authority }));
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return trouble(problem('storage', 'storage.unavailable', { detail: error.message }));
  }
}

/** Whether the store can be written, read and cleared; changes nothing but its own test item. */
export async function storageOutcome(vault: Vault): Promise<CheckOutcome> {
  if (vault.unavailable !== undefined) return { kind: 'trouble', problem: storageProblem(vault.unavailable) };
  try {
    await vault.selfTest();
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return { kind: 'trouble', problem: problem('storage', 'storage.unavailable', { detail: error.message }) };
  }
  const { backend } = vault;
  return {
    kind: 'ok',
    detail: backend === 'memory' ? say('checkup.storage.memory') : say('checkup.storage.ok', { backend }),
  };
}
