import type { SettingsChange } from '../../config/settings/settings-change.ts';
import type { Table } from '../command-line/table.ts';

/** By their names in the settings file; the schema says which values each can have. */
export const SETTINGS_NAMES = [
  'loopback',
  'shellCache',
  'network',
  'clipboardClearSeconds',
  'logLevel',
] as const satisfies readonly (keyof SettingsChange)[];

export const table = {
  arguments: { name: { value: 'NAME', choices: SETTINGS_NAMES }, value: { value: 'VALUE' } },
  optional: true,
  options: { json: {} },
  examples: ['tokentray settings loopback on'],
} as const satisfies Table;
