import * as v from 'valibot';
import { samePathKey } from '../rules/full-path.ts';
import { settingsIssue, showFound, type PlainRule, type SettingsIssue } from '../rules/issue.ts';
import { checkScopes, type ScopesCheck } from '../profile/scopes.ts';

const text = v.fallback(v.optional(v.string()), undefined);
const named = <Entries extends v.ObjectEntries>(
  entries: Entries,
): v.GenericSchema<unknown, v.InferOutput<v.ObjectSchema<Entries, undefined>> | undefined> =>
  v.fallback(v.optional(v.object(entries)), undefined);

/**
 * What the parts of the settings say of each other, as far as it can be read: the schema has told by
 * then what is wrong with each of them, and a broken one must not hide what is wrong between the others.
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
type Loose = v.InferOutput<typeof loose>;

/** The places of those that say what an earlier one has said already. */
function repeated(keys: readonly (string | undefined)[]): readonly number[] {
  return keys.flatMap((key, index) => (key !== undefined && keys.indexOf(key) < index ? [index] : []));
}

const broken = (field: string, found: string | undefined, code: PlainRule): SettingsIssue =>
  settingsIssue(field, showFound(found), code);

function scopesOfTokenFile({ profiles, tokenFiles }: Loose, index: number): ScopesCheck {
  const file = tokenFiles[index];
  const protocol = profiles.find((profile) => profile?.id === file?.profile)?.protocol;
  if (file?.scopes === undefined || file.scopes.length === 0) return { kind: 'ok' };
  return checkScopes(file.scopes, protocol === 'oidc' ? 'oidc' : 'entra');
}

/**
 * What is wrong between the parts of the settings: ids and paths that are there twice (the second one is
 * named), references to no profile, a token file's scopes against its profile's protocol.
 */
export function relationIssues(value: unknown): readonly SettingsIssue[] {
  const settings = v.parse(loose, value);
  const { profiles, defaultProfile, tokenFiles } = settings;
  const isKnown = (id: string): boolean => profiles.some((profile) => profile?.id === id);
  const twiceProfiles = repeated(profiles.map((profile) => profile?.id));
  const twiceFiles = repeated(
    tokenFiles.map((file) => (file?.path === undefined ? undefined : samePathKey(file.path))),
  );
  return [
    ...twiceProfiles.map((index) =>
      broken(`profiles.${index}.id`, profiles[index]?.id, 'settings.rule.profile-twice'),
    ),
    ...(defaultProfile === undefined || isKnown(defaultProfile)
      ? []
      : [broken('defaultProfile', defaultProfile, 'settings.rule.profile-unknown')]),
    ...tokenFiles.flatMap((file, index) =>
      file?.profile === undefined || isKnown(file.profile)
        ? []
        : [broken(`tokenFiles.${index}.profile`, file.profile, 'settings.rule.profile-unknown')],
    ),
    ...twiceFiles.map((index) =>
      broken(`tokenFiles.${index}.path`, tokenFiles[index]?.path, 'settings.rule.token-file-twice'),
    ),
    ...tokenFiles.flatMap((_, index) => {
      const check = scopesOfTokenFile(settings, index);
      return check.kind === 'two-resources' || check.kind === 'default-mixed'
        ? [
            broken(
              `tokenFiles.${index}.scopes`,
              `${check.first} ${check.second}`,
              `settings.rule.scope.${check.kind}`,
            ),
          ]
        : [];
    }),
  ];
}
