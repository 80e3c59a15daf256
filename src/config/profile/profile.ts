import type { StorageChoice } from '../../vault/store/storage-choice.ts';

/** The numbers of hours that divide a day. */
export const EVERY_HOURS = [1, 2, 3, 4, 6, 8, 12, 24] as const;

/**
 * When the token is refreshed by the clock, in a named IANA zone: a cron line of five fields, a time of
 * day (`07:00`), or every N hours counted from midnight (N divides 24, so that every day is alike).
 */
export type Schedule =
  | { readonly cron: string; readonly timeZone: string }
  | { readonly at: string; readonly timeZone: string }
  | { readonly everyHours: (typeof EVERY_HOURS)[number]; readonly timeZone: string };

/** `entra`: Microsoft Entra ID and its kin (national clouds, CIAM). `oidc`: any OpenID provider. */
export type Protocol = 'entra' | 'oidc';

/** One app registration and one user. The credential is not here: it is in the vault, bound to these. */
export interface Profile {
  /** Names the vault's entries and the outlets; a slug that never changes. */
  readonly id: string;
  /** What people see; the id where they chose none. */
  readonly name: string;
  readonly protocol: Protocol;
  /** `https://login.microsoftonline.com/<tenant>`, or an OpenID provider's issuer: https, without a trailing slash. */
  readonly authority: string;
  readonly clientId: string;
  /** As registered; compared by exact origin and path. Its port is the one `tokentray serve` listens on. */
  readonly redirectUri: string;
  /** Delegated scopes of one resource; `openid profile offline_access` are added for sign-in. */
  readonly scopes: readonly string[];
  /** Scopes of further resources that the same sign-in asks consent for: one entry a resource. */
  readonly extraScopes: readonly (readonly string[])[];
  readonly schedule: Schedule | undefined;
  /** Where a person signs in from the tray; the terminal host always uses the browser. */
  readonly signIn: SignInPlace;
}

/**
 * In the application's own `window`, or in the system's `browser`, which has the device's registration and
 * passkeys and listens on the redirect URI's port while it lasts.
 */
export type SignInPlace = 'window' | 'browser';

/** A file that always holds a profile's fresh token, for programs that can read nothing else. */
export interface TokenFile {
  /** A full path; its directory must be there. */
  readonly path: string;
  readonly profile: string;
  /** The profile's own when undefined. */
  readonly scopes: readonly string[] | undefined;
  /** `bare`: the token and a line break. `json`: as `tokentray token --json`. `env`: `ACCESS_TOKEN=…`. */
  readonly format: 'bare' | 'json' | 'env';
}

/** What a hook can be for. `failed`: something that a person must mend, but not by signing in. */
export const HOOK_EVENTS = ['refreshed', 'sign-in-needed', 'signed-out', 'failed'] as const;
export type HookEvent = (typeof HOOK_EVENTS)[number];

/** A program's full path and its arguments; no shell reads them. */
export type HookCommand = readonly string[];

/**
 * What is run after an event. Written into the settings by hand, or taken from exported settings once a person has
 * confirmed each command at the screen: no `.env` and no outlet sets it.
 */
export type Hooks = Readonly<Record<HookEvent, HookCommand | undefined>>;

export const NO_HOOKS: Hooks = {
  refreshed: undefined,
  'sign-in-needed': undefined,
  'signed-out': undefined,
  failed: undefined,
};

export interface Settings {
  readonly schemaVersion: 1;
  /** Ids are unique. May be empty: nothing is configured yet. */
  readonly profiles: readonly Profile[];
  /** The id of the profile that is meant where none is named; the first one when undefined. */
  readonly defaultProfile: string | undefined;
  readonly storage: StorageChoice;
  readonly tokenFiles: readonly TokenFile[];
  /** A PEM file of certificates trusted besides the built-in roots (a company's inspecting proxy). */
  readonly extraCaFile: string | undefined;
  readonly logLevel: 'warn' | 'info' | 'debug';
  /**
   * Through what the tray asks for tokens: the `system`'s network (proxy, PAC, certificate store), or `node`'s
   * as the terminal host, which honours {@link extraCaFile} and the environment's proxy.
   */
  readonly network: 'system' | 'node';
  /** Whether the managed-identity protocol and the old application's routes are served on 127.0.0.1. */
  readonly loopback: boolean;
  /** Whether the shell front of `tokentray token` may answer from a file in a private tmpfs (Linux). */
  readonly shellCache: boolean;
  readonly hooks: Hooks;
  /** Seconds until a copied token is cleared from the clipboard; 0 leaves it there. */
  readonly clipboardClearSeconds: number;
}

/** Gone from the clipboard after a minute unless the settings say otherwise (DESIGN, What people see). */
export const CLIPBOARD_CLEAR_SECONDS = 60;

/** The profile that is meant where none is named. */
export function defaultProfileOf(
  settings: Pick<Settings, 'profiles' | 'defaultProfile'>,
): Profile | undefined {
  const { profiles, defaultProfile } = settings;
  return profiles.find(({ id }) => id === defaultProfile) ?? profiles[0];
}

/** The schedule as a cron line of five fields. */
export function cronLineOf(schedule: Schedule): string {
  if ('cron' in schedule) return schedule.cron;
  if ('everyHours' in schedule) return `0 */${schedule.everyHours} * * *`;
  const [hour = '', minute = ''] = schedule.at.split(':');
  return `${Number(minute)} ${Number(hour)} * * *`;
}
