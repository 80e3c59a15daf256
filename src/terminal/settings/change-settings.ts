import { problem, ProblemError } from '../../words/problem.ts';
import { sayIssue, SettingsError } from '../../config/rules/issue.ts';
import type { Places } from '../../system/places.ts';
import { Registrations } from '../../config/settings/registrations.ts';
import { openSettingsStore } from '../../config/settings/settings-file.ts';
import type { SettingsChange } from '../../config/settings/settings-change.ts';
import { askOwner, type SocketAnswer } from '../../outlets/socket/client.ts';
import { memoryVault } from '../../vault/store/memory-vault.ts';
import { asOwnerOrAsk } from './owned.ts';
import { whileWaiting } from '../output/progress.ts';

/** Who changed them; the refusal is the owner's. */
export type SettingsOutcome =
  | { readonly kind: 'done'; readonly by: 'owner' | 'command' }
  | { readonly kind: 'refused'; readonly answer: SocketAnswer };

/** One change: as it is asked of an owner, and as this process makes it where nobody owns the settings. */
export interface OwnedChange {
  readonly method: 'PATCH' | 'POST' | 'DELETE';
  readonly path: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Throws `SettingsError`, or `ProblemError`; nothing has changed then. */
  readonly make: (registrations: Registrations) => unknown;
}

/**
 * Changes single settings: the owner does it and follows, or this process where nobody owns them.
 * @throws ProblemError `profile.unchanged`, `already-running`, `socket-directory`
 */
export function changeSettings(change: SettingsChange, places: Places): Promise<SettingsOutcome> {
  const make = (registrations: Registrations): unknown => registrations.change(change);
  return changeOwned({ method: 'PATCH', path: '/v1/settings', json: change, make }, places);
}

/**
 * The same for any change, which is made on what is set at that moment: of several at once none is lost.
 * @throws ProblemError `profile.unchanged`, `already-running`, `socket-directory`, and what the change throws
 */
export function changeOwned(change: OwnedChange, places: Places): Promise<SettingsOutcome> {
  const { method, path, json, make } = change;
  const done = asOwnerOrAsk<SettingsOutcome>(
    places,
    async () => {
      const settings = await openSettingsStore(places.settingsFile);
      inWords(() => make(new Registrations({ settings, vault: memoryVault(), now: Date.now })));
      return { kind: 'done', by: 'command' };
    },
    async () => {
      const answer = await askOwner(places, method, path, json === undefined ? {} : { json });
      return answer.status === 200 ? { kind: 'done', by: 'owner' } : { kind: 'refused', answer };
    },
  );
  return whileWaiting('cli.waiting.owner', done);
}

/** Settings that refuse a change are a problem with its sentences. */
function inWords(change: () => unknown): void {
  try {
    change();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const issues = error.issues.map(sayIssue).join(' ');
    throw new ProblemError(problem('usage', 'profile.unchanged', { issues }));
  }
}
