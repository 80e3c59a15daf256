import * as v from 'valibot';
import { isGuid } from '../../system/guid.ts';
import { readAuthority } from './authority.ts';
import { checkWith, isRecord, objectRule, rule, type Checked } from '../rules/checked.ts';
import type { Profile, Protocol } from './profile.ts';
import { brokenRuleOfRedirectUri } from './redirect-uri.ts';
import { scheduleSchema } from './schedule-schema.ts';
import { checkScopes, isScopeToken } from './scopes.ts';

/** A slug: it becomes part of file names and of names in the keyring. */
export const profileIdSchema = v.pipe(
  v.string(rule('settings.rule.profile-id')),
  v.regex(/^[a-z0-9][a-z0-9-]{0,31}$/u, rule('settings.rule.profile-id')),
);

/** Counted in characters; no controls and no marks that turn the direction of a menu's text around. */
const PRINTABLE_NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,60}$/u;

const profileName = v.pipe(
  v.string(rule('settings.rule.profile-name')),
  v.trim(),
  v.regex(PRINTABLE_NAME, rule('settings.rule.profile-name')),
);

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
  entra: v.pipe(
    v.string(rule('settings.rule.client-id')),
    v.trim(),
    v.check(isGuid, rule('settings.rule.client-id')),
  ),
  /** RFC 6749 A.1: client-id = *VSCHAR, of %x20-7E. */
  oidc: v.pipe(
    v.string(rule('settings.rule.client-id.oidc')),
    v.trim(),
    v.regex(/^[ -~]+$/u, rule('settings.rule.client-id.oidc')),
  ),
} satisfies Record<Protocol, v.GenericSchema<unknown, string>>;

const redirectUri = v.pipe(
  v.string(rule('settings.rule.redirect-uri')),
  v.trim(),
  v.rawCheck(({ dataset, addIssue }) => {
    const broken = dataset.typed ? brokenRuleOfRedirectUri(dataset.value) : undefined;
    if (broken !== undefined) addIssue({ message: rule(broken) });
  }),
);

/** A list of at least one scope, each as RFC 6749 3.3 has it. */
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

/** A profile whose authority, client id and scopes obey the rules of one protocol. */
function profileOf(protocol: Protocol): v.GenericSchema<unknown, Profile> {
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
    signIn: v.nullish(v.picklist(['window', 'browser'], rule('settings.rule.sign-in')), 'window'),
  };
  const missing = objectRule({
    id: 'settings.rule.profile-id',
    authority: protocol === 'entra' ? 'settings.rule.authority' : 'settings.rule.authority.issuer',
    clientId: protocol === 'entra' ? 'settings.rule.client-id' : 'settings.rule.client-id.oidc',
    redirectUri: 'settings.rule.redirect-uri',
    scopes: 'settings.rule.scope.empty',
  });
  return v.pipe(
    v.object(fields, missing),
    v.transform((found) => ({ ...found, name: found.name ?? found.id })),
  );
}

const profiles = { entra: profileOf('entra'), oidc: profileOf('oidc') };

/** One app registration. Its protocol, Entra's where none is written, says which rules it obeys. */
export const profileSchema = v.lazy((input) =>
  isRecord(input) && input.protocol === 'oidc' ? profiles.oidc : profiles.entra,
);

/**
 * Checks and normalises one profile. The schedule is checked by its shape only.
 * @param secrets are kept out of the issues, wherever they were put by mistake
 */
export function checkProfile(value: unknown, secrets: readonly string[] = []): Checked<Profile> {
  return checkWith(profileSchema, value, secrets);
}
