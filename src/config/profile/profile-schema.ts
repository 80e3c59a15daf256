import * as v from 'valibot';
import { isGuid } from '../../system/guid.ts';
import { readAuthority } from './authority.ts';
import { checkWith, isRecord, objectRule, rule, textSchema, type Checked } from '../rules/checked.ts';
import type { Profile, Protocol } from './profile.ts';
import { brokenRuleOfRedirectUri } from './redirect-uri.ts';
import { scheduleSchema } from './schedule-schema.ts';
import { checkScopes, isScopeToken } from './scopes.ts';

/** A slug, because it becomes part of file names and of names in the keyring. */
export const profileIdSchema = v.pipe(
  v.string(rule('settings.rule.profile-id')),
  v.regex(/^[a-z0-9][a-z0-9-]{0,31}$/u, rule('settings.rule.profile-id')),
);

/** Without control characters and direction marks, which would garble a menu. */
const PRINTABLE_NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,60}$/u;

const profileName = textSchema('settings.rule.profile-name', (text) => PRINTABLE_NAME.test(text));

const authority = (protocol: Protocol): v.GenericSchema<unknown, string> =>
  v.pipe(
    v.string(rule(protocol === 'entra' ? 'settings.rule.authority' : 'settings.rule.authority.issuer')),
    v.rawTransform<string, string>(({ dataset, addIssue, NEVER }) => {
      const check = readAuthority(dataset.value, protocol);
      if (check.kind === 'ok') return check.authority;
      addIssue({ message: rule(check.rule) });
      return NEVER;
    }),
  );

const clientIds = {
  entra: textSchema('settings.rule.client-id', isGuid),
  /** RFC 6749 A.1: client-id = *VSCHAR, of %x20-7E. */
  oidc: textSchema('settings.rule.client-id.oidc', (text) => /^[ -~]+$/u.test(text)),
} satisfies Record<Protocol, v.GenericSchema<unknown, string>>;

const redirectUri = v.pipe(
  v.string(rule('settings.rule.redirect-uri')),
  v.trim(),
  v.rawCheck(({ dataset, addIssue }) => {
    const broken = dataset.typed ? brokenRuleOfRedirectUri(dataset.value) : undefined;
    if (broken !== undefined) addIssue({ message: rule(broken) });
  }),
);

/** A list of at least one scope, each as defined by RFC 6749 3.3. */
export const scopeTokensSchema = v.pipe(
  v.array(
    v.pipe(
      v.string(rule('settings.rule.scope.token')),
      v.check(isScopeToken, rule('settings.rule.scope.token')),
    ),
    rule('settings.rule.list'),
  ),
  v.check((tokens) => tokens.length > 0, rule('settings.rule.scope.empty')),
);

const scopes = (protocol: Protocol): v.GenericSchema<unknown, string[]> =>
  v.pipe(
    scopeTokensSchema,
    v.rawCheck(({ dataset, addIssue }) => {
      const check = dataset.typed ? checkScopes(dataset.value, protocol) : { kind: 'ok' as const };
      if (check.kind === 'two-resources' || check.kind === 'default-mixed')
        addIssue({
          message: rule(`settings.rule.scope.${check.kind}`),
          input: `${check.first} ${check.second}`,
        });
    }),
  );

/** A profile whose authority, client ID and scopes follow the rules of one protocol. */
function profileOf(protocol: Protocol): v.GenericSchema<unknown, Profile> {
  const isEntra = protocol === 'entra';
  const fields = {
    id: profileIdSchema,
    name: v.nullish(profileName),
    protocol: v.nullish(v.picklist(['entra', 'oidc'], rule('settings.rule.protocol')), 'entra'),
    authority: authority(protocol),
    clientId: clientIds[protocol],
    redirectUri,
    scopes: scopes(protocol),
    extraScopes: v.nullish(v.array(scopes(protocol), rule('settings.rule.list')), () => []),
    schedule: v.nullish(scheduleSchema, () => undefined),
    continuousAccess: v.nullish(v.boolean(rule('settings.rule.switch')), true),
    signIn: v.nullish(v.picklist(['window', 'browser'], rule('settings.rule.sign-in')), 'window'),
  };
  const missing = objectRule({
    id: 'settings.rule.profile-id',
    authority: isEntra ? 'settings.rule.authority' : 'settings.rule.authority.issuer',
    clientId: isEntra ? 'settings.rule.client-id' : 'settings.rule.client-id.oidc',
    redirectUri: 'settings.rule.redirect-uri',
    scopes: 'settings.rule.scope.empty',
  });
  return v.pipe(
    v.object(fields, missing),
    v.transform((found) => ({ ...found, name: found.name ?? found.id })),
  );
}

const profiles = { entra: profileOf('entra'), oidc: profileOf('oidc') };

/** One app registration. Its protocol, Entra's by default, determines the rules. */
export const profileSchema = v.lazy((input) =>
  isRecord(input) && input.protocol === 'oidc' ? profiles.oidc : profiles.entra,
);

/**
 * Checks and normalizes one profile; of the schedule, only the shape.
 * @param secrets must not appear in the issues, wherever they were entered by mistake
 */
export function checkProfile(value: unknown, secrets: readonly string[] = []): Checked<Profile> {
  return checkWith(profileSchema, value, secrets);
}
