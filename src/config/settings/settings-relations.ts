import * as v from 'valibot';
import { samePathKey } from '../rules/full-path.ts';
import { settingsIssue, showFound, type PlainRule, type SettingsIssue } from '../rules/issue.ts';
import { checkScopes } from '../profile/scopes.ts';

const text = v.fallback(v.optional(v.string()), undefined);
const named = <Entries extends v.ObjectEntries>(
  entries: Entries,
): v.GenericSchema<unknown, v.InferOutput<v.ObjectSchema<Entries, undefined>> | undefined> =>
  v.fallback(v.optional(v.object(entries)), undefined);

/**
 * The parts of the settings that refer to each other, as far as they can be read: the schema reports what is wrong with
 * each, and a broken part must not hide what is wrong between the others.
 */
const loose = v.fallback(
  v.object({
    profiles: v.fallback(v.array(named({ id: text, protocol: text })), []),
    defaultProfile: text,
    tokenFiles: v.fallback(
      v.optional(
        v.array(
          named({
            path: text,
            profile: text,
            scopes: v.fallback(v.optional(v.array(v.string())), undefined),
          }),
        ),
        [],
      ),
      [],
    ),
  }),
  { profiles: [], defaultProfile: undefined, tokenFiles: [] },
);

/** The indices of keys that occurred earlier in the list. */
function repeated(keys: readonly (string | undefined)[]): readonly number[] {
  return keys.flatMap((key, index) => (key !== undefined && keys.indexOf(key) < index ? [index] : []));
}

/**
 * The errors between the parts of the settings: duplicate IDs and paths (the second one is reported), references to
 * unknown profiles, and token files whose scopes do not suit the protocol of their profile.
 */
export function relationIssues(value: unknown): readonly SettingsIssue[] {
  const { profiles, defaultProfile, tokenFiles } = v.parse(loose, value);
  const issues: SettingsIssue[] = [];
  const report = (field: string, found: string | undefined, code: PlainRule): void => {
    issues.push(settingsIssue(field, showFound(found), code));
  };
  const reportUnknown = (field: string, id: string | undefined): void => {
    if (id === undefined || profiles.some((profile) => profile?.id === id)) return;
    report(field, id, 'settings.rule.profile-unknown');
  };
  for (const index of repeated(profiles.map((profile) => profile?.id)))
    report(`profiles.${index}.id`, profiles[index]?.id, 'settings.rule.profile-twice');
  reportUnknown('defaultProfile', defaultProfile);
  for (const [index, file] of tokenFiles.entries())
    reportUnknown(`tokenFiles.${index}.profile`, file?.profile);
  for (const index of repeated(tokenFiles.map((file) => file?.path && samePathKey(file.path))))
    report(`tokenFiles.${index}.path`, tokenFiles[index]?.path, 'settings.rule.token-file-twice');
  for (const [index, file] of tokenFiles.entries()) {
    const protocol = profiles.find((profile) => profile?.id === file?.profile)?.protocol;
    const check = checkScopes(file?.scopes ?? [], protocol === 'oidc' ? 'oidc' : 'entra');
    if (check.kind !== 'two-resources' && check.kind !== 'default-mixed') continue;
    const found = `${check.first} ${check.second}`;
    report(`tokenFiles.${index}.scopes`, found, `settings.rule.scope.${check.kind}`);
  }
  return issues;
}
