import type { KeySource, StorageChoice } from '../../vault/store/storage-choice.ts';
import { say } from '../../words/say.ts';
import type { StorageCommand } from './command.ts';
import { shown, UsageError, type Written } from './written.ts';

const CHOICES = ['auto', 'memory', 'plain-file', 'encrypted-file'] as const;
const KEY_OPTIONS = ['key-file', 'systemd-credential', 'passphrase'] as const;

/** Reads `tokentray storage [CHOICE …]`. @throws UsageError */
export function readStorage(written: Written): StorageCommand {
  const [found] = written.positionals;
  const format = written.has('json') ? 'json' : 'words';
  if (found === undefined) {
    refuseKey(written, 'storage');
    return { name: 'storage', action: { kind: 'show' }, format };
  }
  return { name: 'storage', action: { kind: 'switch', choice: readStorageChoice(written, found) }, format };
}

function readStorageChoice(written: Written, found: string): StorageChoice {
  const choice = CHOICES.find((one) => one === found);
  if (choice === undefined) {
    const wanted = CHOICES.join(', ');
    throw new UsageError(say('cli.usage.action', { command: 'storage', wanted, found: shown(found) }));
  }
  if (choice === 'encrypted-file') return { kind: choice, key: readKeySource(written) };
  refuseKey(written, `storage ${choice}`);
  return choice;
}

function readKeySource(written: Written): KeySource {
  written.refuseTogether(...KEY_OPTIONS);
  const path = written.text('key-file');
  if (path !== undefined) return { kind: 'key-file', path };
  const name = written.text('systemd-credential');
  if (name !== undefined) return { kind: 'systemd-credential', name };
  if (written.has('passphrase')) return { kind: 'passphrase' };
  throw new UsageError(say('cli.usage.key-source'));
}

function refuseKey(written: Written, command: string): void {
  const option = KEY_OPTIONS.find((one) => written.has(one));
  if (option === undefined) return;
  throw new UsageError(say('cli.usage.key-elsewhere', { option: `--${option}`, command }));
}
