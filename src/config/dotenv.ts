import type { WordCode } from '../words/catalogue.ts';
import { Secret } from '../vault/secret.ts';
import { isTenant } from './authority.ts';
import { checkSchedule } from './cron.ts';
import { findPrefix, readNames, TENANT_PLACE, type EnvNames, type OldName } from './env-names.ts';
import { parseDotEnv, type EnvAssignment } from './env-text.ts';
import { settingsIssue, showFound, type SettingsIssue } from './issue.ts';
import { holdsPlaceholder, isPlaceholder } from './placeholder.ts';
import type { Profile, Schedule } from './profile.ts';
import { portOfRedirectUri } from './redirect-uri.ts';
import { checkProfile } from './schema.ts';

/** What was taken over differently than it was written; `say(warning)` is its sentence. */
export type ImportWarning = Extract<WordCode, `settings.warning.${string}`>;

export type ImportResult =
  | {
      readonly kind: 'ok';
      readonly profile: Profile;
      readonly clientSecret: Secret;
      readonly warnings: readonly ImportWarning[];
    }
  | { readonly kind: 'refused'; readonly issues: readonly SettingsIssue[] };

export interface ImportOptions {
  /** What the old application had hard-coded (07:00, Asia/Seoul); undefined: renewed before expiry only. */
  readonly schedule?: Schedule | undefined;
  /** Which names to take where the file has several registrations: `EMAIL_` for `EMAIL_CLIENT_ID`. */
  readonly prefix?: string | undefined;
}

/** One registration and one user for now, so one name. */
const PROFILE_ID = 'default';

/** Names whose values may be secrets of any program: none of them is shown, wherever else it stands. */
const SECRET_NAME = /SECRET|PASSWORD|PASSWD|TOKEN|KEY/iu;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/iu;

/** Profile fields and the old names they come from. */
const NAME_OF_FIELD = {
  clientId: 'CLIENT_ID',
  authority: 'AUTHORITY',
  redirectUri: 'REDIRECT_URI',
  scopes: 'SCOPE',
} as const satisfies Partial<Record<keyof Profile, OldName>>;

/** A value of the profile, with the name to complain under; `issues` instead when there is none. */
type Derived<Value> =
  { readonly field: string; readonly value: Value } | { readonly issues: SettingsIssue[] };

/** What each step needs: the file's entries, the prefix for names that are missing, what not to show. */
interface Context extends EnvNames {
  readonly prefix: string;
  readonly secrets: readonly string[];
}

function secretsIn(assignments: readonly EnvAssignment[]): readonly string[] {
  const valuesOf = (wanted: (name: string) => boolean): string[] =>
    assignments.filter(({ name, value }) => wanted(name) && value !== '').map(({ value }) => value);
  // A sample's placeholder is no secret, and may stand behind every name.
  const secrets = valuesOf((name) => SECRET_NAME.test(name)).filter((value) => !isPlaceholder(value));
  // A GUID as the secret and none as the id: the two were mixed up, and the id is the secret.
  const swapped = valuesOf((name) => name.endsWith('CLIENT_SECRET')).some((value) => GUID.test(value));
  const ids = valuesOf((name) => name.endsWith('CLIENT_ID')).filter((value) => !GUID.test(value));
  return swapped ? [...secrets, ...ids] : secrets;
}

/** Nothing is said twice: a name that is there but broken has its issue already. */
function missing(context: Context, name: OldName): SettingsIssue[] {
  if (context.broken.has(name)) return [];
  return [settingsIssue(context.prefix + name, undefined, 'settings.rule.env.missing')];
}

function textOf(context: Context, name: OldName): Derived<string> {
  return context.entries[name] ?? { issues: missing(context, name) };
}

/** Adds the tenant to an authority that leaves its place open, or compares it with the one that is there. */
function withTenant(context: Context, authority: string): Derived<string> {
  const { AUTHORITY, TENANT_ID } = context.entries;
  const field = AUTHORITY?.field ?? '';
  if (authority.search(TENANT_PLACE) >= 0)
    return TENANT_ID === undefined
      ? { issues: missing(context, 'TENANT_ID') }
      : { field, value: authority.replaceAll(TENANT_PLACE, TENANT_ID.value) };
  // What cannot be read as an address is reported by the schema, under its own name.
  if (TENANT_ID === undefined || !URL.canParse(authority)) return { field, value: authority };
  const segments = new URL(authority).pathname.split('/').filter((segment) => segment !== '');
  if (segments.length === 0) return { field, value: `${authority.replace(/\/+$/u, '')}/${TENANT_ID.value}` };
  if (segments.some((segment) => segment.toLowerCase() === TENANT_ID.value.toLowerCase()))
    return { field, value: authority };
  const found = showFound(TENANT_ID.value, context.secrets);
  const shown = showFound(authority, context.secrets) ?? '';
  return {
    issues: [settingsIssue(TENANT_ID.field, found, 'settings.rule.env.tenant-differs', { authority: shown })],
  };
}

function authorityOf(context: Context): Derived<string> {
  const { AUTHORITY, TENANT_ID } = context.entries;
  if (TENANT_ID !== undefined && !isTenant(TENANT_ID.value)) {
    const found = showFound(TENANT_ID.value, context.secrets);
    return { issues: [settingsIssue(TENANT_ID.field, found, 'settings.rule.env.tenant')] };
  }
  if (AUTHORITY !== undefined) {
    // Entra's issuer ends so; Python's MSAL, which the old application used, did not mind.
    return withTenant(context, AUTHORITY.value.replace(/\/v2\.0\/?$/u, ''));
  }
  if (context.broken.has('AUTHORITY') || context.broken.has('TENANT_ID')) return { issues: [] };
  if (TENANT_ID === undefined) {
    const field = `${context.prefix}TENANT_ID`;
    return { issues: [settingsIssue(field, undefined, 'settings.rule.env.missing-tenant')] };
  }
  return { field: TENANT_ID.field, value: `https://login.microsoftonline.com/${TENANT_ID.value}` };
}

function listOf(text: string): unknown {
  if (!text.startsWith('[')) return text.split(/[\s,]+/u).filter((scope) => scope !== '');
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** One scope, several with spaces or commas between them, or a JSON list; each counted once. */
function scopesOf(context: Context): Derived<readonly string[]> {
  const entry = context.entries.SCOPE;
  if (entry === undefined) return { issues: missing(context, 'SCOPE') };
  const found = showFound(entry.value, context.secrets);
  const list = listOf(entry.value);
  if (!Array.isArray(list) || !list.every((scope) => typeof scope === 'string'))
    return { issues: [settingsIssue(entry.field, found, 'settings.rule.env.scope-list')] };
  return list.some(holdsPlaceholder)
    ? { issues: [settingsIssue(entry.field, found, 'settings.rule.env.placeholder')] }
    : { field: entry.field, value: [...new Set(list)] };
}

/** The redirect URI's port is the one to listen on, because it is registered; another one is a mistake. */
function checkPort(context: Context, redirectUri: string | undefined): readonly SettingsIssue[] {
  const entry = context.entries.PORT;
  if (entry === undefined) return [];
  const { field, value } = entry;
  const found = showFound(value, context.secrets);
  const port = /^\d{1,5}$/u.test(value) ? Number(value) : 0;
  if (port < 1 || port > 65_535) return [settingsIssue(field, found, 'settings.rule.env.port')];
  const registered = redirectUri === undefined ? port : portOfRedirectUri(redirectUri);
  return registered === port
    ? []
    : [settingsIssue(field, found, 'settings.rule.env.port-differs', { port: registered })];
}

function warningsOf(context: Context): readonly ImportWarning[] {
  const { HOST, CLIENT_SECRET } = context.entries;
  const warnings: ImportWarning[] = [];
  if (HOST !== undefined && !LOOPBACK_HOST.test(HOST.value)) warnings.push('settings.warning.host');
  if (CLIENT_SECRET !== undefined && GUID.test(CLIENT_SECRET.value))
    warnings.push('settings.warning.secret-id');
  if (context.hasDuplicates) warnings.push('settings.warning.duplicate');
  return warnings;
}

function importNames(context: Context, schedule: Schedule | undefined): ImportResult {
  const derived = {
    clientId: textOf(context, 'CLIENT_ID'),
    authority: authorityOf(context),
    redirectUri: textOf(context, 'REDIRECT_URI'),
    scopes: scopesOf(context),
  };
  const secret = textOf(context, 'CLIENT_SECRET');
  const values = Object.entries(derived).map(([key, one]) => [key, 'value' in one ? one.value : undefined]);
  const checked = checkProfile({ id: PROFILE_ID, schedule, ...Object.fromEntries(values) }, context.secrets);

  // The schema knows fields of a profile; people know the names in their file.
  const ofSchema = (checked.kind === 'ok' ? [] : checked.issues).flatMap((issue): SettingsIssue[] => {
    const key = issue.field.split('.')[0] ?? '';
    if (!(key in NAME_OF_FIELD)) return [];
    const one = derived[key as keyof typeof derived];
    return 'field' in one ? [{ ...issue, field: one.field }] : [];
  });
  const redirect = derived.redirectUri;
  const isRedirectUsable = 'value' in redirect && !ofSchema.some(({ field }) => field === redirect.field);
  const issues = [
    ...context.issues,
    ...[...Object.values(derived), secret].flatMap((one) => ('issues' in one ? one.issues : [])),
    ...ofSchema,
    ...checkPort(context, isRedirectUsable ? redirect.value : undefined),
    ...(schedule === undefined ? [] : checkSchedule(schedule)),
  ];
  if (checked.kind === 'invalid' || 'issues' in secret || issues.length > 0)
    return { kind: 'refused', issues };
  return {
    kind: 'ok',
    profile: checked.value,
    clientSecret: new Secret(secret.value),
    warnings: warningsOf(context),
  };
}

/**
 * Imports a `.env` file of the old web application. All that is missing or wrong is listed at once,
 * under the names of the file; no issue holds the secret. File paths, hooks and every other name in
 * the file are never looked at. Loads node-schedule: import this module when it is needed.
 */
export function importDotEnv(text: string, options: ImportOptions = {}): ImportResult {
  const file = parseDotEnv(text);
  if (file.kind === 'refused') return { kind: 'refused', issues: [file.issue] };
  const found = findPrefix(file.assignments, options.prefix);
  if (found.kind === 'several') {
    const names = showFound(found.prefixes.join(' '));
    return { kind: 'refused', issues: [settingsIssue('CLIENT_ID', names, 'settings.rule.env.prefixes')] };
  }
  const secrets = secretsIn(file.assignments);
  const names = readNames(file.assignments, found.prefix, secrets);
  return importNames({ ...names, prefix: found.prefix, secrets }, options.schedule);
}
