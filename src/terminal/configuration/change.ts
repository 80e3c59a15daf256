import { Registrations } from '../../config/settings/registrations.ts';
import { openSettingsStore } from '../../config/settings/settings-file.ts';
import type { Places } from '../../system/places.ts';
import { memoryVault } from '../../vault/store/memory-vault.ts';
import { ask } from '../output/ask.ts';
import { whileWaiting } from '../output/progress.ts';
import { asOwnerOrAsk } from './owned.ts';
import { orProblem } from './settings.ts';

/** A change of the settings: the request to the running host, and how this process makes it if none is running. */
export interface OwnedChange {
  readonly method: 'PATCH' | 'POST' | 'DELETE';
  readonly path: string;
  /** Sent as the body. */
  readonly json?: unknown;
  /** Throws `SettingsError` or `ProblemError`; nothing has changed then. */
  readonly make: (registrations: Registrations) => unknown;
}

/**
 * Changes the settings as they are at that moment, so that simultaneous changes are all kept. Resolves with who made
 * the change. No credential is touched, so the real vault, which may ask for a passphrase, stays closed.
 * @throws ProblemError `profile.unchanged`, `already-running`, `socket-directory`, and what the change throws; Refusal
 */
export function changeSettings(
  { method, path, json, make }: OwnedChange,
  places: Places,
): Promise<'owner' | 'command'> {
  const done = asOwnerOrAsk<'owner' | 'command'>(
    places,
    async () => {
      const settings = await openSettingsStore(places.settingsFile);
      const registrations = new Registrations({ settings, vault: memoryVault(), now: Date.now });
      await orProblem('profile.unchanged', () => make(registrations));
      return 'command';
    },
    async () => {
      await ask(places, method, path, json);
      return 'owner';
    },
  );
  return whileWaiting('cli.waiting.owner', done);
}
