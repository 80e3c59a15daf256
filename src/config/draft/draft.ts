import type { NamedField } from '../../words/field-names.ts';
import {
  FIRST_ID,
  type EVERY_HOURS,
  type Profile,
  type Protocol,
  type Schedule,
  type SignInPlace,
} from '../profile/profile.ts';

/** A profile while the user types it: every field as written, right or wrong. None of it is secret. */
export interface ProfileDraft {
  readonly name: string;
  readonly protocol: Protocol;
  /** Entra: a tenant's ID or domain, or the authority's full address. OpenID provider: its issuer. */
  readonly authority: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Scopes of one resource, separated by spaces, commas or line breaks. */
  readonly scopes: string;
  /** Scopes of other resources, one line per resource. */
  readonly extraScopes: string;
  readonly schedule: ScheduleDraft;
  readonly signIn: SignInPlace;
}

/** The schedule of refreshes while the user types it; the zone is an IANA name. */
export type ScheduleDraft =
  | { readonly kind: 'none' }
  | { readonly kind: 'at'; readonly at: string; readonly timeZone: string }
  | {
      readonly kind: 'every-hours';
      readonly everyHours: (typeof EVERY_HOURS)[number];
      readonly timeZone: string;
    }
  | { readonly kind: 'cron'; readonly cron: string; readonly timeZone: string };

/** A field of the form; `form`: all of it. */
export type DraftField =
  'form' | NamedField | 'schedule.at' | 'schedule.everyHours' | 'schedule.cron' | 'schedule.timeZone';

/** One error in a draft: what was found and what is expected, as a sentence without anything secret. */
export interface DraftIssue {
  readonly field: DraftField;
  readonly sentence: string;
}

/** Entra's public cloud, for a tenant given without an address. */
const PUBLIC_CLOUD = 'https://login.microsoftonline.com';

/** The old application's redirect URI, which most registrations therefore have. */
const USUAL_REDIRECT_URI = 'http://localhost:5000/getAToken';

/** What most users start with: their own profile in Microsoft Graph. */
const USUAL_SCOPE = 'User.Read';

/** Hard-coded in the old application. */
const USUAL_TIME = '07:00';

/** The maximum length of a profile's ID (profile-schema.ts). */
const ID_MAX_CHARACTERS = 32;

/** The draft of an existing profile; `profileOfDraft` turns it back into the same profile. */
export function draftOf(profile: Profile): ProfileDraft {
  const { id, name, protocol, authority, clientId, redirectUri, scopes, extraScopes, signIn } = profile;
  return {
    // The ID is the default name; the form shows an empty name instead.
    name: name === id ? '' : name,
    protocol,
    authority: authorityText(authority, protocol),
    clientId,
    redirectUri,
    scopes: scopes.join(' '),
    extraScopes: extraScopes.map((list) => list.join(' ')).join('\n'),
    schedule: scheduleDraftOf(profile.schedule),
    signIn,
  };
}

/** An authority as the form shows it: a tenant of the public cloud by its ID or domain, others by their address. */
export function authorityText(authority: string, protocol: Protocol): string {
  const tenant = authority.startsWith(`${PUBLIC_CLOUD}/`) ? authority.slice(PUBLIC_CLOUD.length + 1) : '';
  return protocol === 'entra' && tenant !== '' && !tenant.includes('/') ? tenant : authority;
}

function scheduleDraftOf(schedule: Schedule | undefined): ScheduleDraft {
  if (schedule === undefined) return { kind: 'none' };
  if ('cron' in schedule) return { kind: 'cron', ...schedule };
  if ('at' in schedule) return { kind: 'at', ...schedule };
  return { kind: 'every-hours', ...schedule };
}

/**
 * The initial draft of a new profile.
 * @param systemZone an IANA name; a system may have none
 */
export function freshDraft(systemZone: string | undefined): ProfileDraft {
  return {
    name: '',
    protocol: 'entra',
    authority: '',
    clientId: '',
    redirectUri: USUAL_REDIRECT_URI,
    scopes: USUAL_SCOPE,
    extraScopes: '',
    schedule: { kind: 'at', at: USUAL_TIME, timeZone: systemZone ?? 'UTC' },
    signIn: 'window',
  };
}

/**
 * The ID of a new profile: its name in lowercase letters, digits and hyphens, with a number if another profile has that
 * ID; `default` if the name has no such characters.
 */
export function profileIdFor(name: string, taken: readonly string[]): string {
  const slug = slugOf(name, ID_MAX_CHARACTERS);
  const base = slug === '' ? FIRST_ID : slug;
  if (!taken.includes(base)) return base;
  for (let number = 2; ; number += 1) {
    const end = `-${number}`;
    const candidate = `${slugOf(base, ID_MAX_CHARACTERS - end.length)}${end}`;
    if (!taken.includes(candidate)) return candidate;
  }
}

/** Accents are removed: “Büro” becomes `buro`. */
function slugOf(name: string, most: number): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .replace(/^-/u, '')
    .slice(0, most)
    .replace(/-$/u, '');
}
