import type { WordCode } from '../../words/catalogue.ts';
import { Secret } from '../../system/secret.ts';
import type { Credential } from '../credential/credential.ts';
import { checkSchedule, scheduleFieldsAt, type ScheduleFields } from '../profile/cron.ts';
import { findPrefix, readNames } from './names.ts';
import {
  authorityOf,
  checkPort,
  namesAnotherHost,
  scopesOf,
  textOf,
  type Derived,
  type EnvContext,
} from './registration.ts';
import { isGuid } from '../../system/guid.ts';
import { secretsIn } from './secrets.ts';
import { parseDotEnv } from './text.ts';
import { refuse, showFound, type Refused, type SettingsIssue } from '../rules/issue.ts';
import { checkProfile } from '../profile/profile-schema.ts';
import { FIRST_ID, type Profile, type Schedule } from '../profile/profile.ts';
import { isLoopbackRedirectUri } from '../profile/redirect-uri.ts';

/** Something imported differently than written; `say(warning)` is its sentence. */
export type ImportWarning = Extract<WordCode, `settings.warning.${string}`>;

export type ImportResult =
  | {
      readonly kind: 'ok';
      readonly profile: Profile;
      readonly credential: Credential;
      readonly warnings: readonly ImportWarning[];
    }
  | Refused;

/** The names of the values that the caller adds, where the user wrote them: `--profile` for `id`. */
export interface ImportFields extends ScheduleFields {
  readonly id: string;
  readonly name: string;
  readonly protocol: string;
  readonly extraScopes: string;
}

export interface ImportOptions {
  /** Hard-coded in the old application (07:00, Asia/Seoul); undefined: renewed only before expiry. */
  readonly schedule?: Schedule | undefined;
  /** Selects one of several registrations in the file: `EMAIL_` for `EMAIL_CLIENT_ID`. */
  readonly prefix?: string | undefined;
  /** What a `.env` does not contain. Defaults: the ID `default`, Entra's protocol. */
  readonly profile?: {
    readonly id?: string | undefined;
    readonly name?: string | undefined;
    readonly protocol?: Profile['protocol'] | undefined;
    readonly extraScopes?: Profile['extraScopes'] | undefined;
    readonly signIn?: Profile['signIn'] | undefined;
  };
  /** Replaces the file's CLIENT_SECRET, which is then optional. */
  readonly credential?: Credential | undefined;
  /** Names for issues with the values that the caller adds; default: those of the settings file. */
  readonly fields?: ImportFields;
}

const SETTINGS_FIELDS: ImportFields = {
  ...scheduleFieldsAt('schedule'),
  id: 'id',
  name: 'name',
  protocol: 'protocol',
  extraScopes: 'extraScopes',
};

/** The parts of a registration that a `.env` contains. */
interface DerivedRegistration {
  readonly clientId: Derived<string>;
  readonly authority: Derived<string>;
  readonly redirectUri: Derived<string>;
  readonly scopes: Derived<readonly string[]>;
}

/** With a given credential, the file's secret is ignored, unless its open quotation mark includes other names. */
function issuesOfNames(context: EnvContext, options: ImportOptions): readonly SettingsIssue[] {
  if (options.credential === undefined) return context.issues;
  const names = ['CLIENT_SECRET', `${context.prefix}CLIENT_SECRET`];
  return context.issues.filter(
    ({ field, rule }) => !names.includes(field) || rule === 'settings.rule.env.quotes',
  );
}

/** The credential to use; undefined if there is none, which `issues` reports. */
function credentialOf(context: EnvContext, options: ImportOptions): Derived<Credential> {
  const { field, value, issues } = textOf(context, 'CLIENT_SECRET');
  if (options.credential !== undefined) return { field, value: options.credential, issues: [] };
  return {
    field,
    value: value === undefined ? undefined : { kind: 'secret', secret: new Secret(value) },
    issues,
  };
}

function warningsOf(
  context: EnvContext,
  options: ImportOptions,
  redirectUri: string,
): readonly ImportWarning[] {
  const { CLIENT_SECRET } = context.entries;
  const warnings: ImportWarning[] = [];
  if (namesAnotherHost(context)) warnings.push('settings.warning.host');
  if (redirectUri.startsWith('https:') && isLoopbackRedirectUri(redirectUri))
    warnings.push('settings.warning.redirect-https');
  if (CLIENT_SECRET !== undefined && options.credential !== undefined)
    warnings.push('settings.warning.credential');
  if (CLIENT_SECRET !== undefined && options.credential === undefined && isGuid(CLIENT_SECRET.value))
    warnings.push('settings.warning.secret-id');
  if (context.hasDuplicates) warnings.push('settings.warning.duplicate');
  return warnings;
}

/** Replaces the schema's field names by the names in the user's file and options. */
function inTheirNames(
  issues: readonly SettingsIssue[],
  derived: DerivedRegistration,
  fields: ImportFields,
): readonly SettingsIssue[] {
  return issues.flatMap((issue) => {
    const key = issue.field.split('.')[0] ?? '';
    if (Object.hasOwn(derived, key)) {
      const { field, value } = derived[key as keyof DerivedRegistration];
      // A missing value has already been reported.
      return value === undefined ? [] : [{ ...issue, field }];
    }
    // `checkSchedule` checks it more thoroughly.
    if (key === 'schedule') return [];
    return [{ ...issue, field: Object.hasOwn(fields, key) ? fields[key as keyof ImportFields] : key }];
  });
}

function importNames(context: EnvContext, options: ImportOptions): ImportResult {
  const { schedule, profile: added = {}, fields = SETTINGS_FIELDS } = options;
  const derived: DerivedRegistration = {
    clientId: textOf(context, 'CLIENT_ID'),
    authority: authorityOf(context),
    redirectUri: textOf(context, 'REDIRECT_URI'),
    scopes: scopesOf(context),
  };
  const credential = credentialOf(context, options);
  const derivedParts = Object.entries<Derived<unknown>>({ ...derived });
  const parts = [...derivedParts.map(([, part]) => part), credential];
  const values = derivedParts.map(([key, { value }]) => [key, value] as const);
  const checked = checkProfile(
    { ...added, id: added.id ?? FIRST_ID, schedule, ...Object.fromEntries(values) },
    context.secrets,
  );
  const ofSchema = checked.kind === 'ok' ? [] : inTheirNames(checked.issues, derived, fields);
  const { field, value: redirectUri } = derived.redirectUri;
  const isRedirectUsable = !ofSchema.some((issue) => issue.field === field);
  const issues = [
    ...issuesOfNames(context, options),
    ...parts.flatMap(({ issues: ofPart }) => ofPart),
    ...ofSchema,
    ...checkPort(context, isRedirectUsable ? redirectUri : undefined),
    ...(schedule === undefined ? [] : checkSchedule(schedule, fields)),
  ];
  if (checked.kind === 'invalid' || credential.value === undefined || issues.length > 0)
    return { kind: 'refused', issues };
  const warnings = warningsOf(context, options, checked.value.redirectUri);
  return { kind: 'ok', profile: checked.value, credential: credential.value, warnings };
}

/**
 * Imports a `.env` file of the old web application. Everything missing or wrong is listed at once, under the names in the
 * file; no issue contains the secret. File paths, hooks and all other names in the file are ignored. Loads node-schedule,
 * so import this module only when needed.
 */
export function importDotEnv(text: string, options: ImportOptions = {}): ImportResult {
  const file = parseDotEnv(text);
  if (file.kind === 'refused') return file;
  const found = findPrefix(file.assignments, options.prefix);
  if (found.kind === 'several') {
    const names = showFound(found.prefixes.join(' '));
    return refuse('CLIENT_ID', names, 'settings.rule.env.prefixes');
  }
  const { credential, profile } = options;
  const given = credential?.kind === 'secret' ? [credential.secret.reveal()] : [];
  const secrets = [...secretsIn(file.assignments), ...given];
  const names = readNames(file.assignments, found.prefix, secrets);
  const protocol = profile?.protocol ?? 'entra';
  return importNames({ ...names, prefix: found.prefix, secrets, protocol }, options);
}
