import type { StorageChoice } from '../../vault/store/storage-choice.ts';

/** The numbers of hours that divide a day. */
export const EVERY_HOURS = [1, 2, 3, 4, 6, 8, 12, 24] as const;

/**
 * When the token is refreshed on a schedule, in an IANA zone: a cron line of five fields, a time of day (`07:00`), or
 * every N hours from midnight (N divides 24, so that all days are the same).
 */
export type Schedule =
  | { readonly cron: string; readonly timeZone: string }
  | { readonly at: string; readonly timeZone: string }
  | { readonly everyHours: (typeof EVERY_HOURS)[number]; readonly timeZone: string };

/** The ID of a profile that is imported without one. */
export const FIRST_ID = 'default';

/** `entra`: Microsoft Entra ID and its variants (national clouds, CIAM). `oidc`: any OpenID provider. */
export type Protocol = 'entra' | 'oidc';

/** One app registration and one user. The credential is in the vault, bound to these fields. */
export interface Profile {
  /** Identifies the vault's items and the outlets; a slug that never changes. */
  readonly id: string;
  /** The display name; the ID by default. */
  readonly name: string;
  readonly protocol: Protocol;
  /** `https://login.microsoftonline.com/<tenant>`, or an OpenID provider's issuer: https, without a trailing slash. */
  readonly authority: string;
  readonly clientId: string;
  /** As registered; origin and path are compared exactly. `tokentray serve` listens on its port. */
  readonly redirectUri: string;
  /** Delegated scopes of one resource; `openid profile offline_access` are added for sign-in. */
  readonly scopes: readonly string[];
  /** Scopes of other resources for which the same sign-in requests consent: one entry per resource. */
  readonly extraScopes: readonly (readonly string[])[];
  readonly schedule: Schedule | undefined;
  /**
   * Whether Entra may issue tokens that it revokes by events and that resources may challenge (continuous access
   * evaluation).
   */
  readonly continuousAccess: boolean;
  /** Where the user signs in from the tray; the terminal host always uses the browser. */
  readonly signIn: SignInPlace;
}

/**
 * In the application's own `window`, or in the system's `browser`, which has the device's registration and passkeys.
 * For the latter, the application listens on the redirect URI's port during the sign-in.
 */
export type SignInPlace = 'window' | 'browser';

/** A file that always contains a profile's fresh token, for programs that can only read files. */
export interface TokenFile {
  /** A full path; its directory must exist. */
  readonly path: string;
  readonly profile: string;
  /** The profile's scopes if undefined. */
  readonly scopes: readonly string[] | undefined;
  /** `bare`: the token and a line break. `json`: as `tokentray token --json`. `env`: `ACCESS_TOKEN=…`. */
  readonly format: 'bare' | 'json' | 'env';
}

/** The events of hooks. `failed`: a problem that the user must solve other than by signing in. */
export const HOOK_EVENTS = ['refreshed', 'sign-in-needed', 'signed-out', 'failed'] as const;
export type HookEvent = (typeof HOOK_EVENTS)[number];

/** A program's full path and its arguments; not interpreted by a shell. */
export type HookCommand = readonly string[];

/**
 * The commands to run after an event. Written into the settings by hand, or imported from exported settings after the
 * user has confirmed each command on the screen; never set by a `.env` file or an outlet.
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
  /** With unique IDs. Empty if nothing is configured yet. */
  readonly profiles: readonly Profile[];
  /** The ID of the profile to use if none is named; the first profile if undefined. */
  readonly defaultProfile: string | undefined;
  readonly storage: StorageChoice;
  readonly tokenFiles: readonly TokenFile[];
  /** A PEM file of certificates trusted in addition to the built-in roots (for a company's inspecting proxy). */
  readonly extraCaFile: string | undefined;
  readonly logLevel: 'warn' | 'info' | 'debug';
  /**
   * The tray's network for token requests: the `system`'s (proxy, PAC, certificate store), or `node`'s like the terminal
   * host, which uses {@link extraCaFile} and the proxy from the environment.
   */
  readonly network: 'system' | 'node';
  /** Whether the managed-identity protocol and the old application's routes are served on 127.0.0.1. */
  readonly loopback: boolean;
  /** Whether the shell front of `tokentray token` may answer from a file in a private tmpfs (Linux). */
  readonly shellCache: boolean;
  readonly hooks: Hooks;
  /** Seconds until a copied token is cleared from the clipboard; 0 means never. */
  readonly clipboardClearSeconds: number;
}

/** The default: long enough to paste, short enough that a token is not pasted elsewhere by mistake. */
export const CLIPBOARD_CLEAR_SECONDS = 60;

/** The profile to use if none is named. */
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
