import * as v from 'valibot';
import { isPlainRule, settingsIssue, showFound, type PlainRule, type SettingsIssue } from './issue.ts';

/** A checked value, or everything that is wrong with it. */
export type Checked<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'invalid'; readonly issues: readonly SettingsIssue[] };

/** The message of every check in a schema is the code of a rule; {@link checkWith} turns it into an issue. */
export const rule = (code: PlainRule): PlainRule => code;

/** Whether a value is an object, but not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The message of an object schema, which valibot also uses for missing keys.
 * @param missing the rule for each key that is missing
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

/** A trimmed text that passes a test. */
export function textSchema(
  code: PlainRule,
  isValid: (text: string) => boolean,
): v.GenericSchema<unknown, string> {
  return v.pipe(v.string(code), v.trim(), v.check(isValid, code));
}

/** A whole number from 0 to `most`. */
export function wholeNumberSchema(code: PlainRule, most: number): v.GenericSchema<unknown, number> {
  return v.pipe(v.number(code), v.integer(code), v.minValue(0, code), v.maxValue(most, code));
}

/** A schema that refuses every value, showing `found`. */
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
 * Checks a value with a schema whose messages are rules. Lists everything that is wrong, one issue per value. `secrets`
 * do not appear in the issues, wherever they were entered by mistake.
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
