import * as v from 'valibot';
import { showFound } from '../../../config/rules/issue.ts';
import type { CallName, Calls, ProfileAction } from '../../../pages/bridge/contract.ts';
import { problem, type Problem } from '../../../words/problem.ts';
import { say } from '../../../words/say.ts';
import { settingsWindow, statusWindow, type OwnPage } from '../../windows/pages.ts';
import { SETTINGS_CALL_SCHEMAS, type SettingsCallName } from './settings-call-schemas.ts';

/** The actions of the contract; the compiler rejects a missing one. */
const ACTIONS = {
  copy: 'copy',
  refresh: 'refresh',
  'sign-in': 'sign-in',
  'switch-account': 'switch-account',
  'sign-out': 'sign-out',
} as const satisfies { readonly [Action in ProfileAction]: Action };

const nothing = v.undefined();
const ofProfile = v.strictObject({ profile: v.string() });

type Schemas = { readonly [Name in CallName]: v.GenericSchema<unknown, Calls[Name]['asked']> };

const STATUS_CALL_SCHEMAS: Omit<Schemas, SettingsCallName> = {
  'profiles.read': nothing,
  'profile.act': v.strictObject({ profile: v.string(), action: v.enum(ACTIONS) }),
  'token.read': ofProfile,
  'history.read': ofProfile,
  'logs.open': nothing,
  'diagnostics.copy': nothing,
  'menu.show': nothing,
  'versions.read': nothing,
  'page.open': v.strictObject({ page: v.picklist(['status', 'settings']) }),
};

/** The schema of each call's argument; the compiler rejects a missing schema and one of another shape. */
export const CALL_SCHEMAS: Schemas = { ...STATUS_CALL_SCHEMAS, ...SETTINGS_CALL_SCHEMAS };

/** Whether the page makes this call. Other calls are refused, so that a compromised page gains none. */
export function mayCall({ file }: OwnPage, name: CallName): boolean {
  if (file === statusWindow.file) return name in STATUS_CALL_SCHEMAS;
  return file === settingsWindow.file && (name in SETTINGS_CALL_SCHEMAS || name === 'page.open');
}

type CheckedCall<Name extends CallName> =
  | { readonly kind: 'ok'; readonly asked: Calls[Name]['asked'] }
  | { readonly kind: 'wrong'; readonly problem: Problem };

/** Checks a call's arguments. The problem names the field, what was found and what was expected. */
export function checkCall<Name extends CallName>(name: Name, given: readonly unknown[]): CheckedCall<Name> {
  const wrong = (field: string, wanted: string, found: string): CheckedCall<Name> => ({
    kind: 'wrong',
    problem: problem('usage', 'window.asked-wrongly', { call: name, field, wanted, found }),
  });
  if (given.length > 1) return wrong('arguments', '1', String(given.length));
  const schema: v.GenericSchema<unknown, Calls[Name]['asked']> = CALL_SCHEMAS[name];
  const checked = v.safeParse(schema, given[0]);
  if (checked.success) return { kind: 'ok', asked: checked.output };
  const [issue] = checked.issues;
  const field = v.getDotPath(issue) ?? 'argument';
  // This is logged too: valibot's message quotes the input, `expected` does not.
  if (mayHoldSecret(name))
    return wrong(knownPart(field, issue), issue.expected ?? issue.type, say('window.found.hidden'));
  return wrong(field, issue.expected ?? issue.message, showFound(issue.input) ?? String(issue.input));
}

/** The path without its last key if that key is unknown: it is input itself. */
function knownPart(field: string, { expected, input }: v.BaseIssue<unknown>): string {
  if (expected !== 'never') return field;
  return field.slice(0, -String(input).length - 1) || 'argument';
}

/** Users type and paste secrets here, sometimes into the wrong field. */
function mayHoldSecret(name: CallName): boolean {
  return name.startsWith('draft.') || name === 'text.copy';
}
