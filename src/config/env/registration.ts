import { parseJson } from '../../system/json.ts';
import { isTenant } from '../profile/authority.ts';
import { TENANT_PLACE, type EnvNames, type OldName } from './names.ts';
import { settingsIssue, showFound, type PlainRule, type SettingsIssue } from '../rules/issue.ts';
import { holdsPlaceholder } from '../rules/placeholder.ts';
import type { Protocol } from '../profile/profile.ts';
import { portOfRedirectUri } from '../profile/redirect-uri.ts';

/** The file's entries, the prefix for missing names, and what must not be shown. */
export interface EnvContext extends EnvNames {
  readonly prefix: string;
  readonly secrets: readonly string[];
  readonly protocol: Protocol;
}

/**
 * A part of the registration, with its name for issues. May have both a value and issues: the schema then checks the rest
 * of the value, so that all errors are reported at once.
 */
export interface Derived<Value> {
  readonly field: string;
  readonly value: Value | undefined;
  readonly issues: readonly SettingsIssue[];
}

/** Replaces a missing or wrong tenant, which has already been reported. */
const SOME_TENANT = 'tenant';

/** A name that exists but is broken already has an issue. */
function missing(context: EnvContext, name: OldName): SettingsIssue[] {
  if (context.broken.has(name)) return [];
  return [settingsIssue(context.prefix + name, undefined, 'settings.rule.env.missing')];
}

/** The value of a required name, as written. */
export function textOf(context: EnvContext, name: OldName): Derived<string> {
  const entry = context.entries[name];
  return entry === undefined
    ? { field: context.prefix + name, value: undefined, issues: missing(context, name) }
    : { ...entry, issues: [] };
}

/** TENANT_ID, if it can be a tenant. */
function tenantOf(context: EnvContext): Derived<string> {
  const tenant = textOf(context, 'TENANT_ID');
  if (tenant.value === undefined || isTenant(tenant.value)) return tenant;
  const found = showFound(tenant.value, context.secrets);
  return {
    ...tenant,
    value: undefined,
    issues: [settingsIssue(tenant.field, found, 'settings.rule.env.tenant')],
  };
}

/** Adds the tenant to an authority without one, or compares it with the authority's tenant. */
function withTenant(context: EnvContext, field: string, authority: string): Derived<string> {
  // The schema reports an unreadable address under its own name.
  if (context.entries.TENANT_ID === undefined || !URL.canParse(authority))
    return { field, value: authority, issues: [] };
  const tenant = tenantOf(context);
  const segments = new URL(authority).pathname.split('/').filter((segment) => segment !== '');
  if (segments.length === 0) {
    const value = `${authority.replace(/\/+$/u, '')}/${tenant.value ?? SOME_TENANT}`;
    return { field, value, issues: tenant.issues };
  }
  const expected = tenant.value?.toLowerCase();
  if (expected === undefined || segments.some((segment) => segment.toLowerCase() === expected))
    return { field, value: authority, issues: tenant.issues };
  const found = showFound(tenant.value, context.secrets);
  const shown = showFound(authority, context.secrets) ?? '';
  const differs = settingsIssue(tenant.field, found, 'settings.rule.env.tenant-differs', {
    authority: shown,
  });
  return { field, value: authority, issues: [differs] };
}

/** The authority from TENANT_ID alone, on the public cloud. */
function publicAuthority(context: EnvContext): Derived<string> {
  const { field, value, issues } = tenantOf(context);
  if (value !== undefined) return { field, value: `https://login.microsoftonline.com/${value}`, issues };
  const isSaid = context.entries.TENANT_ID !== undefined || context.broken.has('TENANT_ID');
  const neither = settingsIssue(field, undefined, 'settings.rule.env.missing-tenant');
  return { field, value, issues: isSaid ? issues : [neither] };
}

/**
 * AUTHORITY with the tenant filled in for a placeholder, or made from TENANT_ID. Entra's authority may omit the tenant if
 * TENANT_ID gives it, and must not name another one; an OpenID provider's issuer is used as it is.
 */
export function authorityOf(context: EnvContext): Derived<string> {
  const { protocol } = context;
  const { field, value, issues } = textOf(context, 'AUTHORITY');
  if (value === undefined)
    return protocol === 'entra' && !context.broken.has('AUTHORITY')
      ? publicAuthority(context)
      : { field, value, issues };
  // Entra's issuer ends like this; Python's MSAL, which the old application used, accepted it.
  const authority = protocol === 'entra' ? value.replace(/\/v2\.0\/?$/u, '') : value;
  if (authority.search(TENANT_PLACE) < 0)
    return protocol === 'entra'
      ? withTenant(context, field, authority)
      : { field, value: authority, issues: [] };
  const tenant = tenantOf(context);
  return {
    field,
    value: authority.replaceAll(TENANT_PLACE, tenant.value ?? SOME_TENANT),
    issues: tenant.issues,
  };
}

function listOf(text: string): unknown {
  return text.startsWith('[') ? parseJson(text) : text.split(/[\s,]+/u).filter((scope) => scope !== '');
}

/** One scope, several separated by spaces or commas, or a JSON list; without duplicates. */
export function scopesOf(context: EnvContext): Derived<readonly string[]> {
  const { field, value, issues } = textOf(context, 'SCOPE');
  if (value === undefined) return { field, value, issues };
  const found = showFound(value, context.secrets);
  const list = listOf(value);
  const broken = (rule: PlainRule): Derived<readonly string[]> => ({
    field,
    value: undefined,
    issues: [settingsIssue(field, found, rule)],
  });
  if (!Array.isArray(list) || !list.every((scope) => typeof scope === 'string'))
    return broken('settings.rule.env.scope-list');
  return list.some(holdsPlaceholder)
    ? broken('settings.rule.env.placeholder')
    : { field, value: [...new Set(list)], issues };
}

/** The redirect URI's port is the one to listen on, because it is registered; a different PORT is an error. */
export function checkPort(context: EnvContext, redirectUri: string | undefined): readonly SettingsIssue[] {
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

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/iu;

/** Whether the file asks to listen on addresses other than loopback. */
export function namesAnotherHost({ entries: { HOST } }: EnvContext): boolean {
  return HOST !== undefined && !LOOPBACK_HOST.test(HOST.value);
}
