import type { EVERY_HOURS, Profile, Protocol, Schedule, SignInPlace } from '../profile/profile.ts';

/** A profile as somebody types it: every field as it was written, right or wrong. Nothing of it is secret. */
export interface ProfileDraft {
  readonly name: string;
  readonly protocol: Protocol;
  /** Entra: a tenant's id or domain, or the authority's whole address. An OpenID provider: its issuer. */
  readonly authority: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Scopes of one resource, with spaces, commas or line breaks between them. */
  readonly scopes: string;
  /** Scopes of further resources, one line a resource. */
  readonly extraScopes: string;
  readonly schedule: ScheduleDraft;
  readonly signIn: SignInPlace;
}

/** When the token is refreshed by the clock, as somebody types it; the zone is an IANA name. */
export type ScheduleDraft =
  | { readonly kind: 'none' }
  | { readonly kind: 'at'; readonly at: string; readonly timeZone: string }
  | {
      readonly kind: 'every-hours';
      readonly everyHours: (typeof EVERY_HOURS)[number];
      readonly timeZone: string;
    }
  | { readonly kind: 'cron'; readonly cron: string; readonly timeZone: string };

/** Where on a form something is wrong; `form`: with all of it. */
export type DraftField =
  | 'form'
  | 'name'
  | 'authority'
  | 'clientId'
  | 'credential'
  | 'redirectUri'
  | 'scopes'
  | 'extraScopes'
  | 'schedule.at'
  | 'schedule.everyHours'
  | 'schedule.cron'
  | 'schedule.timeZone';

/** One thing wrong with a draft: what was found and what is wanted, as a sentence without anything secret. */
export interface DraftIssue {
  readonly field: DraftField;
  readonly sentence: string;
}

/** Entra's public cloud: where a tenant is looked for that is named without an address. */
const PUBLIC_CLOUD = 'https://login.microsoftonline.com';

/** The redirect URI that the old application had, and most registrations for it therefore have. */
const USUAL_REDIRECT_URI = 'http://localhost:5000/getAToken';

/** Where most people begin: who they are, by Microsoft Graph. */
const USUAL_SCOPE = 'User.Read';

/** What the old application had hard-coded, in the zone of whoever is asked. */
const USUAL_TIME = '07:00';

/** As long as a profile's id may be (profile-schema.ts). Characters. */
const ID_MAX_CHARACTERS = 32;

/** The id where the name gives none: the same that an import without one gives. */
const FIRST_ID = 'default';

/** The form of a profile as it is set; `profileOfDraft` makes the same profile of it again. */
export function draftOf(profile: Profile): ProfileDraft {
  const { id, name, protocol, authority, clientId, redirectUri, scopes, extraScopes, signIn } = profile;
  return {
    // A profile without a name is called by its id; the form shows that none was chosen.
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

/** An authority as the form shows it: a tenant of the public cloud by its id or domain, others by their address. */
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
 * What the form of a new profile begins with.
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
 * The id of a new profile: its name in small letters, digits and hyphens, with a number behind it where another
 * profile has that; `default` where the name has nothing that an id may have.
 */
export function profileIdFor(name: string, taken: readonly string[]): string {
  const slug = slugOf(name, ID_MAX_CHARACTERS);
  const wanted = slug === '' ? FIRST_ID : slug;
  if (!taken.includes(wanted)) return wanted;
  for (let number = 2; ; number += 1) {
    const end = `-${number}`;
    const candidate = `${slugOf(wanted, ID_MAX_CHARACTERS - end.length)}${end}`;
    if (!taken.includes(candidate)) return candidate;
  }
}

/** Letters with accents are taken without them: “Büro” is `buro`. */
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
