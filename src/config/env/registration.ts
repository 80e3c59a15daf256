import { isTenant } from '../profile/authority.ts';
import { TENANT_PLACE, type EnvNames, type OldName } from './names.ts';
import { settingsIssue, showFound, type SettingsIssue } from '../rules/issue.ts';
import { holdsPlaceholder } from '../rules/placeholder.ts';
import type { Protocol } from '../profile/profile.ts';
import { portOfRedirectUri } from '../profile/redirect-uri.ts';

/** What each step needs: the file's entries, the prefix for names that are missing, what not to show. */
export interface EnvContext extends EnvNames {
  readonly prefix: string;
  readonly secrets: readonly string[];
  readonly protocol: Protocol;
}

/**
 * A part of the registration, with the name to complain under. There may be a value beside issues: the
 * schema then looks at the rest of it, so that everything wrong is named at once.
 */
export interface Derived<Value> {
  readonly field: string;
  readonly value: Value | undefined;
  readonly issues: readonly SettingsIssue[];
}

/** Stands in for a tenant that is missing or wrong, which has been said by then. */
const SOME_TENANT = 'tenant';

/** Nothing is said twice: a name that is there but broken has its issue already. */
function missing(context: EnvContext, name: OldName): SettingsIssue[] {
  if (context.broken.has(name)) return [];
  return [settingsIssue(context.prefix + name, undefined, 'settings.rule.env.missing')];
}

/** The value of a name that must be there, as it was written. */
export function textOf(context: EnvContext, name: OldName): Derived<string> {
  const entry = context.entries[name];
  return entry === undefined
    ? { field: context.prefix + name, value: undefined, issues: missing(context, name) }
    : { ...entry, issues: [] };
}

/** TENANT_ID where it can be one. */
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

/** Adds the tenant to an authority without one, or compares it with the one that is there. */
function withTenant(context: EnvContext, field: string, authority: string): Derived<string> {
  // What cannot be read as an address is reported by the schema, under its own name.
  if (context.entries.TENANT_ID === undefined || !URL.canParse(authority))
    return { field, value: authority, issues: [] };
  const tenant = tenantOf(context);
  const segments = new URL(authority).pathname.split('/').filter((segment) => segment !== '');
  if (segments.length === 0) {
    const value = `${authority.replace(/\/+$/u, '')}/${tenant.value ?? SOME_TENANT}`;
    return { field, value, issues: tenant.issues };
  }
  const wanted = tenant.value?.toLowerCase();
  if (wanted === undefined || segments.some((segment) => segment.toLowerCase() === wanted))
    return { field, value: authority, issues: tenant.issues };
  const found = showFound(tenant.value, context.secrets);
  const shown = showFound(authority, context.secrets) ?? '';
  const differs = settingsIssue(tenant.field, found, 'settings.rule.env.tenant-differs', {
    authority: shown,
  });
  return { field, value: authority, issues: [differs] };
}

/** The authority by TENANT_ID alone, on the public cloud. */
function publicAuthority(context: EnvContext): Derived<string> {
  const { field, value, issues } = tenantOf(context);
  if (value !== undefined) return { field, value: `https://login.microsoftonline.com/${value}`, issues };
  const isSaid = context.entries.TENANT_ID !== undefined || context.broken.has('TENANT_ID');
  const neither = settingsIssue(field, undefined, 'settings.rule.env.missing-tenant');
  return { field, value, issues: isSaid ? issues : [neither] };
}

/**
 * AUTHORITY with the tenant filled in where its place is left open, or made from TENANT_ID. Entra's may
 * leave the tenant to TENANT_ID and must not name another; an OpenID provider's issuer is taken as it is.
 */
export function authorityOf(context: EnvContext): Derived<string> {
  const { protocol } = context;
  const { field, value, issues } = textOf(context, 'AUTHORITY');
  if (value === undefined)
    return protocol === 'entra' && !context.broken.has('AUTHORITY')
      ? publicAuthority(context)
      : { field, value, issues };
  // Entra's issuer ends so; Python's MSAL, which the old application used, did not mind.
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
  if (!text.startsWith('[')) return text.split(/[\s,]+/u).filter((scope) => scope !== '');
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** One scope, several with spaces or commas between them, or a JSON list; each counted once. */
export function scopesOf(context: EnvContext): Derived<readonly string[]> {
  const { field, value, issues } = textOf(context, 'SCOPE');
  if (value === undefined) return { field, value, issues };
  const found = showFound(value, context.secrets);
  const list = listOf(value);
  if (!Array.isArray(list) || !list.every((scope) => typeof scope === 'string'))
    return { field, value: undefined, issues: [settingsIssue(field, found, 'settings.rule.env.scope-list')] };
  return list.some(holdsPlaceholder)
    ? { field, value: undefined, issues: [settingsIssue(field, found, 'settings.rule.env.placeholder')] }
    : { field, value: [...new Set(list)], issues };
}

/** The redirect URI's port is the one to listen on, because it is registered; another one is a mistake. */
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

/** Whether the file wants others than this machine to be listened to. */
export function namesAnotherHost({ entries: { HOST } }: EnvContext): boolean {
  return HOST !== undefined && !LOOPBACK_HOST.test(HOST.value);
}
