import * as v from 'valibot';
import { isPlainRule, settingsIssue, showFound, type PlainRule, type SettingsIssue } from './issue.ts';

/** A checked value, or all that is wrong with it. */
export type Checked<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'invalid'; readonly issues: readonly SettingsIssue[] };

/** The message of every check in a schema is the code of its rule; {@link checkWith} makes the sentence. */
export const rule = (code: PlainRule): PlainRule => code;

/** Whether a value has named fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The message of an object: valibot asks the object, not the entry, what to say of a key that is not there.
 * @param missing what to say of each key, by its name
 */
export function objectRule(
  missing: Readonly<Record<string, PlainRule>>,
): (issue: v.ObjectIssue) => PlainRule {
  return (issue) => {
    const key = issue.path?.at(-1)?.key;
    const known = typeof key === 'string' && Object.hasOwn(missing, key) ? missing[key] : undefined;
    return known ?? rule('settings.rule.object');
  };
}

/** A schema that refuses whatever it is given, and shows `found` for it. */
export function refusing<Output>(code: PlainRule, found: unknown): v.GenericSchema<unknown, Output> {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, Output>(({ addIssue, NEVER }) => {
      addIssue({ message: rule(code), input: found });
      return NEVER;
    }),
  );
}

/**
 * Checks a value with a schema whose messages are rules. Everything wrong is listed at once, one issue a
 * value. `secrets` are kept out of the issues, wherever they were put by mistake.
 */
export function checkWith<Output>(
  schema: v.GenericSchema<unknown, Output>,
  value: unknown,
  secrets: readonly string[] = [],
): Checked<Output> {
  const result = v.safeParse(schema, value, { abortPipeEarly: true });
  if (result.success) return { kind: 'ok', value: result.output };
  const issues = result.issues.map((issue) => {
    const code = isPlainRule(issue.message) ? issue.message : rule('settings.rule.object');
    return settingsIssue(v.getDotPath(issue) ?? '', showFound(issue.input, secrets), code);
  });
  return { kind: 'invalid', issues };
}
