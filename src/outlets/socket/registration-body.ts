import * as v from 'valibot';
import { certificateKeysOf, readCertificate } from '../../config/credential/certificate.ts';
import { checkWith, isRecord, objectRule, rule, type Checked } from '../../config/rules/checked.ts';
import {
  hideCredential,
  revealCredential,
  revealedCredentialSchema,
  type Credential,
} from '../../config/credential/credential.ts';
import { isFullPath } from '../../config/rules/full-path.ts';
import { settingsIssue, type SettingsIssue } from '../../config/rules/issue.ts';
import type { Protocol } from '../../config/profile/profile.ts';
import { profileSchema } from '../../config/profile/profile-schema.ts';
import type { Registration } from '../../config/settings/registrations.ts';
import { tokenFileSchema } from '../../config/settings/schema.ts';

/**
 * A registration as JSON, for the owner's private socket only: the credential is in clear text. It must not be
 * logged.
 */
export function registrationBody(registration: Registration): object {
  const { profile, credential, rank, tokenFiles, replaces = 'same' } = registration;
  return {
    profile,
    credential: credential === undefined ? null : revealCredential(credential),
    rank,
    tokenFiles: tokenFiles ?? null,
    replaces,
  };
}

const bodySchema = v.object(
  {
    profile: profileSchema,
    credential: v.nullable(revealedCredentialSchema),
    rank: v.picklist(['default', 'further'], rule('settings.rule.rank')),
    tokenFiles: v.nullable(v.array(tokenFileSchema, rule('settings.rule.list'))),
    // A request that was written by hand names the profile in its URL.
    replaces: v.nullish(v.picklist(['same', 'any', 'existing'], rule('settings.rule.replaces')), 'any'),
  },
  objectRule({
    rank: 'settings.rule.rank',
    credential: 'settings.rule.credential',
    tokenFiles: 'settings.rule.list',
  }),
);

/** All texts of a credential but its kind. They may be anywhere else by mistake, and are never shown. */
function secretsOf(credential: unknown): readonly string[] {
  if (typeof credential === 'string') return [credential];
  if (!isRecord(credential)) return [];
  return Object.entries(credential).flatMap(([key, value]) =>
    key === 'kind' || key === 'path' || typeof value !== 'string' ? [] : [value],
  );
}

/** Nothing of a credential is shown, whatever its fault: one issue replaces all of its issues. */
function withoutCredential(issues: readonly SettingsIssue[]): readonly SettingsIssue[] {
  const others = issues.filter(({ field }) => field.split('.')[0] !== 'credential');
  return others.length === issues.length
    ? others
    : [...others, settingsIssue('credential', undefined, 'settings.rule.credential')];
}

function credentialIssues(credential: Credential | undefined, protocol: Protocol): readonly SettingsIssue[] {
  if (credential?.kind === 'assertion-file')
    return isFullPath(credential.path)
      ? []
      : [settingsIssue('credential.path', undefined, 'settings.rule.path')];
  if (credential?.kind !== 'certificate') return [];
  const { certificate, privateKey } = credential;
  const fields = { certificate: 'credential.certificate', key: 'credential.privateKey' };
  const keys = certificateKeysOf(protocol);
  const read = readCertificate({ certificatePem: certificate, keyPem: privateKey.reveal(), fields, keys });
  return read.kind === 'refused' ? read.issues : [];
}

/** Reads the result of {@link registrationBody}. No issue quotes any part of the credential. */
export function checkRegistrationBody(value: unknown): Checked<Registration> {
  const given = isRecord(value) ? value.credential : undefined;
  const checked = checkWith(bodySchema, value, secretsOf(given));
  if (checked.kind === 'invalid') return { kind: 'invalid', issues: withoutCredential(checked.issues) };
  const { profile, rank, tokenFiles, replaces } = checked.value;
  const credential = checked.value.credential === null ? undefined : hideCredential(checked.value.credential);
  const issues = [
    ...credentialIssues(credential, profile.protocol),
    // Token files of another profile belong to its registration.
    ...(tokenFiles ?? []).flatMap((file, index) =>
      file.profile === profile.id
        ? []
        : [settingsIssue(`tokenFiles.${index}.profile`, file.profile, 'settings.rule.token-file-profile')],
    ),
  ];
  return issues.length > 0
    ? { kind: 'invalid', issues }
    : { kind: 'ok', value: { profile, credential, rank, tokenFiles: tokenFiles ?? undefined, replaces } };
}
