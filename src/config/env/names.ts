import type { EnvAssignment } from './text.ts';
import { settingsIssue, showFound, type SettingsIssue } from '../rules/issue.ts';
import { holdsPlaceholder, isPlaceholder } from '../rules/placeholder.ts';

/** The names that the old application read; all others in the file belong to other programs. */
export const OLD_NAMES = [
  'CLIENT_ID',
  'CLIENT_SECRET',
  'TENANT_ID',
  'AUTHORITY',
  'REDIRECT_URI',
  'SCOPE',
  'PORT',
  'HOST',
] as const;
export type OldName = (typeof OLD_NAMES)[number];

/** A value as found, with its name in the file. */
export interface EnvEntry {
  readonly field: string;
  readonly value: string;
}

/** The file's values under the old names. A name with an issue has no entry. */
export interface EnvNames {
  readonly entries: Readonly<Partial<Record<OldName, EnvEntry>>>;
  readonly issues: readonly SettingsIssue[];
  /** Names that exist but are broken; what is derived from them is not reported again. */
  readonly broken: ReadonlySet<OldName>;
  readonly hasDuplicates: boolean;
}

/** The prefix of the names, or several to choose from: `EMAIL_` for `EMAIL_CLIENT_ID`, empty for none. */
export type EnvPrefix =
  | { readonly kind: 'one'; readonly prefix: string }
  | { readonly kind: 'several'; readonly prefixes: readonly string[] };

function prefixesBefore(name: OldName, assignments: readonly EnvAssignment[]): readonly string[] {
  const found = assignments
    .filter((one) => one.name.endsWith(name))
    .map((one) => one.name.slice(0, -name.length));
  return [...new Set(found)];
}

/**
 * The prefix that this file uses. `chosen` takes precedence, with or without its last underscore. Names without a prefix
 * replace missing names with it, so they do not count as another registration.
 */
export function findPrefix(assignments: readonly EnvAssignment[], chosen: string | undefined): EnvPrefix {
  const byId = prefixesBefore('CLIENT_ID', assignments);
  if (chosen !== undefined)
    return {
      kind: 'one',
      prefix: byId.includes(`${chosen}_`) && !byId.includes(chosen) ? `${chosen}_` : chosen,
    };
  // Without any client ID, the secret's prefix shows which name is missing.
  const found = byId.length > 0 ? byId : prefixesBefore('CLIENT_SECRET', assignments);
  const prefixes = found.filter((prefix) => prefix !== '');
  return prefixes.length > 1 ? { kind: 'several', prefixes } : { kind: 'one', prefix: prefixes[0] ?? '' };
}

function troubleWith(
  name: OldName,
  all: readonly EnvAssignment[],
  secrets: readonly string[],
): SettingsIssue[] {
  const last = all.at(-1);
  const first = all.find(({ value }) => value !== last?.value);
  if (last === undefined) return [];
  const found = name === 'CLIENT_SECRET' ? '[secret]' : showFound(last.value, secrets);
  const { name: field, line, trouble, value } = last;
  if (first !== undefined)
    return [settingsIssue(field, found, 'settings.rule.env.duplicate', { first: first.line, second: line })];
  if (trouble !== undefined) return [settingsIssue(field, found, `settings.rule.env.${trouble}`, { line })];
  const isSample = name === 'CLIENT_SECRET' ? isPlaceholder(value) : holdsSample(name, value);
  return isSample ? [settingsIssue(field, found, 'settings.rule.env.placeholder')] : [];
}

/** An authority may contain a placeholder for the tenant, but no other. */
function holdsSample(name: OldName, value: string): boolean {
  if (name !== 'AUTHORITY') return holdsPlaceholder(value);
  const filled = value.replaceAll(TENANT_PLACE, 'tenant-of-the-file');
  return holdsPlaceholder(filled) || filled.split('/').some(isPlaceholder);
}

/** `<TENANT_ID>` and `${TENANT_ID}`, with or without a prefix. */
export const TENANT_PLACE = /<[\w.-]*TENANT_ID>|\$\{[\w.-]*TENANT_ID\}/gu;

/**
 * Reads the old names with a prefix, and without it if the prefixed name is missing or empty. Several lines with the
 * same name must have the same value (dotenv would take the last).
 */
export function readNames(
  assignments: readonly EnvAssignment[],
  prefix: string,
  secrets: readonly string[],
): EnvNames {
  const entries: Partial<Record<OldName, EnvEntry>> = {};
  const issues: SettingsIssue[] = [];
  const broken = new Set<OldName>();
  let hasDuplicates = false;
  for (const name of OLD_NAMES) {
    const written = (field: string): readonly EnvAssignment[] =>
      assignments.filter((one) => one.name === field && one.value !== '');
    const prefixed = written(prefix + name);
    const all = prefixed.length > 0 ? prefixed : written(name);
    const last = all.at(-1);
    if (last === undefined) continue;
    hasDuplicates ||= all.length > 1;
    const trouble = troubleWith(name, all, secrets);
    if (trouble.length === 0) entries[name] = { field: last.name, value: last.value };
    else {
      issues.push(...trouble);
      broken.add(name);
    }
  }
  return { entries, issues, broken, hasDuplicates };
}
