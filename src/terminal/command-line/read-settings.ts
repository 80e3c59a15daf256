import { say } from '../../words/say.ts';
import type { SettingsCommand, SettingsName } from './command.ts';
import { nearest } from './nearest.ts';
import { shown, UsageError, type Written } from './written.ts';

/** By the names that the settings file has; which values each takes is the schema's to say. */
export const SETTINGS_NAMES = [
  'loopback',
  'shellCache',
  'network',
  'clipboardClearSeconds',
  'logLevel',
] as const satisfies readonly SettingsName[];

/** Reads `tokentray settings [NAME VALUE]`. @throws UsageError */
export function readSettingsCommand(written: Written): SettingsCommand {
  const [name, value] = written.positionals;
  const format = written.has('json') ? 'json' : 'words';
  if (name === undefined) return { name: 'settings', action: { kind: 'show' }, format };
  const known = SETTINGS_NAMES.find((one) => one === name);
  if (known === undefined) {
    const meant = nearest(name, SETTINGS_NAMES);
    const wanted = meant ?? SETTINGS_NAMES.join(', ');
    throw new UsageError(say('cli.usage.action', { command: 'settings', wanted, found: shown(name) }));
  }
  if (value === undefined) {
    throw new UsageError(say('cli.usage.argument', { command: `settings ${name}`, wanted: 'VALUE' }));
  }
  return { name: 'settings', action: { kind: 'set', setting: known, value: valueOf(value) }, format };
}

/** As JSON would have it: the schema says whether it fits. */
function valueOf(text: string): boolean | number | string {
  if (['on', 'true'].includes(text)) return true;
  if (['off', 'false'].includes(text)) return false;
  return /^\d+$/u.test(text) ? Number(text) : text;
}
