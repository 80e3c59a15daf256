import * as v from 'valibot';
import { checkWith, isRecord, refusing, rule, type Checked } from '../rules/checked.ts';
import type { Settings, TokenFile } from '../profile/profile.ts';
import { changeableFields, tokenFileSchema } from './schema.ts';

/** The settings that a command may change in a running owner. Not the hooks, which are written by hand. */
export type SettingsChange = Partial<
  Pick<Settings, 'network' | 'loopback' | 'shellCache' | 'logLevel' | 'clipboardClearSeconds'>
>;

/**
 * Checks a change from outside: any of the fields, and nothing else. Whether it is consistent with the other settings is
 * checked when it is stored.
 */
export function checkSettingsChange(value: unknown): Checked<SettingsChange> {
  if (!isRecord(value)) return checkWith(refusing('settings.rule.object', value), value);
  const checked = checkWith(changeSchema, value);
  if (checked.kind === 'invalid') return checked;
  // Fields that are not named must stay; the schema's defaults would reset them.
  const named = Object.entries(checked.value).filter(([key]) => Object.hasOwn(value, key));
  return { kind: 'ok', value: Object.fromEntries(named) };
}

/** Checks a new token file from outside. Whether its profile exists is checked when it is stored. */
export function checkTokenFileAdded(value: unknown): Checked<TokenFile> {
  return checkWith(tokenFileSchema, value);
}

const changeSchema = v.strictObject(changeableFields, (issue) =>
  rule(issue.expected === 'never' ? 'settings.rule.not-changeable' : 'settings.rule.object'),
);
