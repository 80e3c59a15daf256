import * as v from 'valibot';
import { problem, type Problem } from '../../../words/problem.ts';
import { showFound } from '../../../config/rules/issue.ts';
import type { CallName, Calls, ProfileAction } from '../../../pages/bridge/contract.ts';
import { say } from '../../../words/say.ts';
import { SETTINGS_CALL_SCHEMAS } from './settings-call-schemas.ts';

/** The actions of the contract; the compiler refuses one that is missing. */
const ACTIONS = {
  copy: 'copy',
  refresh: 'refresh',
  'sign-in': 'sign-in',
  'switch-account': 'switch-account',
  'sign-out': 'sign-out',
} as const satisfies { readonly [Action in ProfileAction]: Action };

const nothing = v.undefined();
const ofProfile = v.strictObject({ profile: v.string() });

/** What each call may be asked with; the compiler refuses a call without a schema, and one of another shape. */
export const CALL_SCHEMAS: { readonly [Name in CallName]: v.GenericSchema<unknown, Calls[Name]['asked']> } = {
  'profiles.read': nothing,
  'profile.act': v.strictObject({ profile: v.string(), action: v.enum(ACTIONS) }),
  'token.read': ofProfile,
  'history.read': ofProfile,
  'logs.open': nothing,
  'diagnostics.copy': nothing,
  'menu.show': nothing,
  'versions.read': nothing,
  'page.open': v.strictObject({ page: v.picklist(['status', 'settings']) }),
  ...SETTINGS_CALL_SCHEMAS,
};

export type CheckedCall<Name extends CallName> =
  | { readonly kind: 'ok'; readonly asked: Calls[Name]['asked'] }
  | { readonly kind: 'wrong'; readonly problem: Problem };

/** Narrows what came over the wire; the problem names the field, what was found, and what is wanted. */
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
  // It goes into the log, too. A message quotes what it found; what is expected does not.
  if (isSecretive(name))
    return wrong(knownPart(field, issue), issue.expected ?? issue.type, say('window.found.hidden'));
  return wrong(field, issue.expected ?? issue.message, showFound(issue.input) ?? String(issue.input));
}

/** Where a key is not known, the key itself is what was found. */
function knownPart(field: string, { expected, input }: v.BaseIssue<unknown>): string {
  if (expected !== 'never') return field;
  return field.slice(0, -String(input).length - 1) || 'argument';
}

/** People type and paste their secrets here, and some into the wrong field. */
function isSecretive(name: CallName): boolean {
  return name.startsWith('draft.') || name === 'text.copy';
}
