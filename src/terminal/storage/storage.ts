import { problem, ProblemError } from '../../words/problem.ts';
import { storageProblem } from '../../agent/failures/storage-problem.ts';
import type { Places } from '../../system/places.ts';
import { firstSettings } from '../../config/settings/registrations.ts';
import { problemBody, type ExitCode } from '../../outlets/answer/answer.ts';
import { sayOwner } from '../../system/ownership/ownership.ts';
import type { StorageChoice } from '../../vault/store/storage-choice.ts';
import { VaultError, type Vault, type VaultBackend } from '../../vault/store/vault.ts';
import { say } from '../../words/say.ts';
import type { Format, StorageCommand } from '../command-line/command.ts';
import { asOwner } from '../settings/owned.ts';
import { whileWaiting } from '../output/progress.ts';
import { printJson, reportProblem } from '../output/report.ts';
import { usableSettings } from '../settings/settings-look.ts';
import { openStoredVault } from './stored-vault.ts';
import { fullPaths, switchStorage, type Switched } from './storage-switch.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * `tokentray storage`: says where secrets are kept, or moves them elsewhere; only while nothing runs,
 * because a running host goes on writing to the old place.
 * @throws ProblemError `settings.unusable`, `already-running`, `storage.*`
 */
export async function runStorage(
  { action, format }: StorageCommand,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  if (action.kind === 'show') return show(format, places, terminal);
  const choice = fullPaths(action.choice);
  const owned = await asOwner(places, () => {
    return whileWaiting('cli.waiting.storage', switchStorage(choice, places));
  });
  if (owned.kind === 'taken') {
    throw new ProblemError(problem('usage', 'already-running', { owner: sayOwner(owned.owner) }));
  }
  if (format === 'json') printJson(terminal, { storage: choice, ...owned.result });
  tellSwitched(choice, owned.result, terminal);
  return 0;
}

function tellSwitched(choice: StorageChoice, switched: Switched, terminal: Terminal): void {
  const { moved, keyFileMade } = switched;
  if (keyFileMade !== undefined) terminal.err(say('cli.storage.key-made', { file: keyFileMade }));
  terminal.err(say('cli.storage.switched', { place: sayChoice(choice) }));
  if (moved === 'moved') terminal.err(say('cli.storage.moved'));
  if (moved === 'copied') terminal.err(say('cli.storage.copied', { detail: switched.detail }));
  if (moved === 'deleted') terminal.err(say('cli.storage.deleted'));
  if (moved === 'unreadable') terminal.err(say('cli.storage.left'));
  if (choice === 'plain-file') terminal.err(say('cli.storage.plain'));
}

async function show(format: Format, places: Places, terminal: Terminal): Promise<ExitCode> {
  const { storage } = usableSettings(places.settingsFile) ?? firstSettings;
  const words = say('cli.storage.chosen', { place: sayChoice(storage) });
  if (isKeyOfHost(storage)) {
    if (format === 'json') printJson(terminal, { storage });
    else terminal.out(words);
    terminal.err(say('cli.storage.untried'));
    return 0;
  }
  const vault = await whileWaiting('cli.waiting.storage', testedVault(storage, places));
  if (vault.unavailable !== undefined) {
    const trouble = storageProblem(vault.unavailable);
    if (format === 'words') terminal.out(words);
    else printJson(terminal, { storage, backend: vault.backend, error: problemBody(trouble) });
    return reportProblem(terminal, trouble);
  }
  if (format === 'json') printJson(terminal, { storage, backend: vault.backend });
  else {
    terminal.out(words);
    terminal.out(say('cli.storage.tested', { place: sayBackend(vault.backend) }));
  }
  return 0;
}

/** A command has neither the service's credential nor, without a question, the passphrase. */
export function isKeyOfHost(storage: StorageChoice): boolean {
  return typeof storage === 'object' && storage.key.kind !== 'key-file';
}

/** The vault, after a write, a read and a deletion. @throws ProblemError `storage.*` */
export async function testedVault(storage: StorageChoice, places: Places): Promise<Vault> {
  const vault = await openStoredVault(storage, places);
  try {
    if (vault.unavailable === undefined) await vault.selfTest();
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw new ProblemError(storageProblem({ kind: 'failed', detail: error.message }));
  }
  return vault;
}

/** A choice in words. */
function sayChoice(choice: StorageChoice): string {
  if (typeof choice === 'string') return say(`cli.storage.choice.${choice}`);
  switch (choice.key.kind) {
    case 'key-file':
      return say('cli.storage.choice.key-file', { path: choice.key.path });
    case 'systemd-credential':
      return say('cli.storage.choice.systemd-credential', { name: choice.key.name });
    case 'passphrase':
      return say('cli.storage.choice.passphrase');
  }
}

/** What holds the items now, in words. */
export function sayBackend(backend: VaultBackend): string {
  return say(`cli.storage.backend.${backend}`);
}
