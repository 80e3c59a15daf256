import * as v from 'valibot';
import { problem, type Problem } from '../agent/problem.ts';
import { showFound } from '../config/issue.ts';
import type { CallName, Calls, ProfileAction } from '../windows/contract.ts';

/** The actions of the contract; the compiler refuses one that is missing. */
const ACTIONS = {
  copy: 'copy',
  refresh: 'refresh',
  'sign-in': 'sign-in',
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
};

export type CheckedCall<Name extends CallName> =
  | { readonly kind: 'ok'; readonly asked: Calls[Name]['asked'] }
  | { readonly kind: 'wrong'; readonly problem: Problem };

/** Narrows what came over the wire; the problem names the field, what was found, and what is wanted. */
export function checkCall<Name extends CallName>(name: Name, given: readonly unknown[]): CheckedCall<Name> {
  const wrong = (field: string, wanted: string, found: unknown): CheckedCall<Name> => ({
    kind: 'wrong',
    problem: problem('usage', 'window.asked-wrongly', {
      call: name,
      field,
      wanted,
      found: showFound(found) ?? String(found),
    }),
  });
  if (given.length > 1) return wrong('arguments', '1', given.length);
  const schema: v.GenericSchema<unknown, Calls[Name]['asked']> = CALL_SCHEMAS[name];
  const checked = v.safeParse(schema, given[0]);
  if (checked.success) return { kind: 'ok', asked: checked.output };
  const [issue] = checked.issues;
  return wrong(v.getDotPath(issue) ?? 'argument', issue.expected ?? issue.message, issue.input);
}
