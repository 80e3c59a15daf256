import * as v from 'valibot';
import { readAuthority } from './authority.ts';
import { isPlainRule, settingsIssue, showFound, type PlainRule, type SettingsIssue } from './issue.ts';
import type { Profile, Settings } from './profile.ts';
import { brokenRuleOfRedirectUri } from './redirect-uri.ts';
import { checkScopes, isScopeToken } from './scopes.ts';

/** A day: nobody wants a token to wait longer in the clipboard. */
const CLIPBOARD_MAX_SECONDS = 86_400;

/** The message of every check is the code of its rule; {@link toIssue} makes the sentence. */
const rule = (code: PlainRule): PlainRule => code;

const authority = v.pipe(
  v.string(rule('settings.rule.authority')),
  v.rawTransform<string, string>(({ dataset, addIssue, NEVER }) => {
    const check = readAuthority(dataset.value);
    if (check.kind === 'ok') return check.authority;
    addIssue({ message: rule(check.rule) });
    return NEVER;
  }),
);

/** What to say of a key that is not there at all; valibot asks the object for it, not the entry. */
const MISSING = {
  schemaVersion: 'settings.rule.version',
  profiles: 'settings.rule.list',
  id: 'settings.rule.profile-id',
  authority: 'settings.rule.authority',
  clientId: 'settings.rule.client-id',
  redirectUri: 'settings.rule.redirect-uri',
  scopes: 'settings.rule.scope.empty',
  cron: 'settings.rule.cron.fields',
  timeZone: 'settings.rule.time-zone',
} as const satisfies Record<string, PlainRule>;

function objectRule(issue: v.ObjectIssue): PlainRule {
  const key = issue.path?.at(-1)?.key;
  return typeof key === 'string' && key in MISSING
    ? MISSING[key as keyof typeof MISSING]
    : 'settings.rule.object';
}

/** Entra's application ids are GUIDs; any version and variant, since portals have given out all kinds. */
const clientId = v.pipe(
  v.string(rule('settings.rule.client-id')),
  v.trim(),
  v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu, rule('settings.rule.client-id')),
);

const redirectUri = v.pipe(
  v.string(rule('settings.rule.redirect-uri')),
  v.trim(),
  v.rawCheck(({ dataset, addIssue }) => {
    const broken = dataset.typed ? brokenRuleOfRedirectUri(dataset.value) : undefined;
    if (broken !== undefined) addIssue({ message: rule(broken) });
  }),
);

const scopes = v.pipe(
  v.array(
    v.pipe(
      v.string(rule('settings.rule.scope.token')),
      v.check(isScopeToken, rule('settings.rule.scope.token')),
    ),
    rule('settings.rule.list'),
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    const { kind } = dataset.typed ? checkScopes(dataset.value) : { kind: 'ok' as const };
    if (kind !== 'ok') addIssue({ message: rule(`settings.rule.scope.${kind}`) });
  }),
);

/** The shape only: {@link checkSchedule} knows more, and costs more than a start may. */
const schedule = v.object(
  {
    cron: v.pipe(
      v.string(rule('settings.rule.cron.fields')),
      v.regex(/^\s*[^\s@]+(?:\s+[^\s@]+){4}\s*$/u, rule('settings.rule.cron.fields')),
    ),
    timeZone: v.pipe(v.string(rule('settings.rule.time-zone')), v.nonEmpty(rule('settings.rule.time-zone'))),
  },
  objectRule,
);

const profile = v.object(
  {
    // It becomes part of file names and of names in the keyring.
    id: v.pipe(
      v.string(rule('settings.rule.profile-id')),
      v.regex(/^[a-z0-9][a-z0-9-]{0,31}$/u, rule('settings.rule.profile-id')),
    ),
    authority,
    clientId,
    redirectUri,
    scopes,
    schedule: v.nullish(schedule, () => undefined),
  },
  objectRule,
);

const settings = v.object(
  {
    schemaVersion: v.literal(1, rule('settings.rule.version')),
    profiles: v.pipe(
      v.array(profile, rule('settings.rule.list')),
      v.length(1, rule('settings.rule.one-profile')),
    ),
    storage: v.optional(v.picklist(['auto', 'memory'], rule('settings.rule.storage')), 'auto'),
    clipboardClearSeconds: v.optional(
      v.pipe(
        v.number(rule('settings.rule.clipboard')),
        v.integer(rule('settings.rule.clipboard')),
        v.minValue(0, rule('settings.rule.clipboard')),
        v.maxValue(CLIPBOARD_MAX_SECONDS, rule('settings.rule.clipboard')),
      ),
      60,
    ),
  },
  objectRule,
);

type Frozen<Value> = Value extends object ? { readonly [Key in keyof Value]: Frozen<Value[Key]> } : Value;
type Same<A, B> = [A, B] extends [B, A] ? true : false;
type Expect<Value extends true> = Value;
/** The compiler refuses this line when schema and contract ({@link Settings}) differ. */
export type SchemaAgrees = Expect<Same<Frozen<v.InferOutput<typeof settings>>, Settings>>;

function toIssue(issue: v.BaseIssue<unknown>, secrets: readonly string[]): SettingsIssue {
  const code = isPlainRule(issue.message) ? issue.message : rule('settings.rule.object');
  return settingsIssue(v.getDotPath(issue) ?? '', showFound(foundBy(issue), secrets), code);
}

/** Two resources are named, however many scopes there are. */
function foundBy(issue: v.BaseIssue<unknown>): unknown {
  const tokens = v.safeParse(v.array(v.string()), issue.input);
  if (!tokens.success) return issue.input;
  const check = checkScopes(tokens.output);
  return 'first' in check ? `${check.first} ${check.second}` : tokens.output.join(' ');
}

/** A checked value, or all that is wrong with it. */
export type Checked<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'invalid'; readonly issues: readonly SettingsIssue[] };

function checkWith<Output>(
  schema: v.GenericSchema<unknown, Output>,
  value: unknown,
  secrets: readonly string[],
): Checked<Output> {
  const result = v.safeParse(schema, value, { abortPipeEarly: true });
  return result.success
    ? { kind: 'ok', value: result.output }
    : { kind: 'invalid', issues: result.issues.map((issue) => toIssue(issue, secrets)) };
}

/**
 * Checks and normalises settings read from a file or about to be written. Unknown keys are left out of
 * the result (a save keeps them in the file). The schedule is checked by its shape only.
 */
export function checkSettings(value: unknown): Checked<Settings> {
  return checkWith(settings, value, []);
}

/** The same for one profile. `secrets` are kept out of the issues, wherever they were put by mistake. */
export function checkProfile(value: unknown, secrets: readonly string[] = []): Checked<Profile> {
  return checkWith(profile, value, secrets);
}
