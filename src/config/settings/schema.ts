import * as v from 'valibot';
import { checkWith, isRecord, objectRule, rule, wholeNumberSchema, type Checked } from '../rules/checked.ts';
import { fullPathSchema, isFullPath } from '../rules/full-path.ts';
import { profileIdSchema, profileSchema, scopeTokensSchema } from '../profile/profile-schema.ts';
import { CLIPBOARD_CLEAR_SECONDS, HOOK_EVENTS, NO_HOOKS, type Settings } from '../profile/profile.ts';
import { relationIssues } from './settings-relations.ts';
import { storageSchema } from './storage-schema.ts';

/** A day. */
const CLIPBOARD_MAX_SECONDS = 86_400;

/** A file that always contains a fresh token. Its profile's protocol determines which scopes can be combined. */
export const tokenFileSchema = v.object(
  {
    path: fullPathSchema,
    profile: profileIdSchema,
    scopes: v.nullish(scopeTokensSchema, () => undefined),
    format: v.nullish(v.picklist(['bare', 'json', 'env'], rule('settings.rule.token-file-format')), 'bare'),
  },
  objectRule({ path: 'settings.rule.path', profile: 'settings.rule.profile-unknown' }),
);

const clipboardClearSeconds = wholeNumberSchema('settings.rule.clipboard', CLIPBOARD_MAX_SECONDS);

const hookCommand = v.nullish(
  v.pipe(
    v.array(v.string(rule('settings.rule.hook')), rule('settings.rule.hook')),
    v.check(([program = '']) => isFullPath(program), rule('settings.rule.hook')),
    v.check((words) => !words.some((word) => word.includes('\0')), rule('settings.rule.hook')),
  ),
  () => undefined,
);

const hooks = v.strictObject(v.entriesFromList(HOOK_EVENTS, hookCommand), rule('settings.rule.hooks'));

/** The settings that a command may change (settings-change.ts). */
export const changeableFields = {
  logLevel: v.nullish(v.picklist(['warn', 'info', 'debug'], rule('settings.rule.log-level')), 'info'),
  network: v.nullish(v.picklist(['system', 'node'], rule('settings.rule.network')), 'system'),
  loopback: v.nullish(v.boolean(rule('settings.rule.switch')), false),
  shellCache: v.nullish(v.boolean(rule('settings.rule.switch')), true),
  clipboardClearSeconds: v.nullish(clipboardClearSeconds, CLIPBOARD_CLEAR_SECONDS),
};

const settings = v.object(
  {
    schemaVersion: v.literal(1, rule('settings.rule.version')),
    profiles: v.array(profileSchema, rule('settings.rule.list')),
    defaultProfile: v.nullish(profileIdSchema, () => undefined),
    storage: v.nullish(storageSchema, 'auto'),
    extraCaFile: v.nullish(fullPathSchema, () => undefined),
    tokenFiles: v.nullish(v.array(tokenFileSchema, rule('settings.rule.list')), () => []),
    ...changeableFields,
    hooks: v.nullish(hooks, () => NO_HOOKS),
  },
  objectRule({ schemaVersion: 'settings.rule.version', profiles: 'settings.rule.list' }),
);

type Frozen<Value> = Value extends object ? { readonly [Key in keyof Value]: Frozen<Value[Key]> } : Value;
type Same<A, B> = [A, B] extends [B, A] ? true : false;
type Expect<Value extends true> = Value;
/** The compiler rejects this line if the schema differs from {@link Settings}. */
export type SchemaAgrees = Expect<Same<Frozen<v.InferOutput<typeof settings>>, Settings>>;

/**
 * Checks and normalizes settings read from a file or about to be written. Unknown keys are left out of the result (a save
 * keeps them in the file). Only the shape of schedules is checked. All errors are listed at once, one issue per field.
 */
export function checkSettings(value: unknown): Checked<Settings> {
  const checked = checkWith(settings, value);
  const issues = checked.kind === 'ok' ? [] : checked.issues;
  const between = isRecord(value) ? relationIssues(value) : [];
  const all = [...issues, ...between.filter(({ field }) => !issues.some((issue) => issue.field === field))];
  return checked.kind === 'ok' && all.length === 0 ? checked : { kind: 'invalid', issues: all };
}
