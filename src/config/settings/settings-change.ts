import * as v from 'valibot';
import { checkWith, isRecord, refusing, rule, type Checked } from '../rules/checked.ts';
import type { Settings, TokenFile } from '../profile/profile.ts';
import { changeableFields, tokenFileSchema } from './schema.ts';

/** The settings that a command may change in a running owner. Not the hooks: those are written by hand. */
export type SettingsChange = Partial<
  Pick<Settings, 'network' | 'loopback' | 'shellCache' | 'logLevel' | 'clipboardClearSeconds'>
>;

/**
 * Checks a change that came from outside: any of the fields, and nothing else. How it agrees with the rest
 * of the settings is checked when it is stored.
 */
export function checkSettingsChange(value: unknown): Checked<SettingsChange> {
  if (!isRecord(value)) return checkWith(refusing('settings.rule.object', value), value);
  const checked = checkWith(changeSchema, value);
  if (checked.kind === 'invalid') return checked;
  // What is not named must stay; the schema's defaults would set it back.
  const named = Object.entries(checked.value).filter(([key]) => Object.hasOwn(value, key));
  return { kind: 'ok', value: Object.fromEntries(named) };
}

/** Checks a token file to add that came from outside. Whether its profile is there is checked when it is stored. */
export function checkTokenFileAdded(value: unknown): Checked<TokenFile> {
  return checkWith(tokenFileSchema, value);
}

const changeSchema = v.strictObject(changeableFields, (issue) =>
  rule(issue.expected === 'never' ? 'settings.rule.not-changeable' : 'settings.rule.object'),
);
