import type { Agent } from '../../agent/agent.ts';
import type { Problem } from '../../words/problem.ts';
import type { Profiles } from '../../agent/profiles.ts';
import type { TokenFile } from '../../config/profile/profile.ts';
import type { Registration } from '../../config/settings/registrations.ts';
import type { SettingsChange } from '../../config/settings/settings-change.ts';
import type { ProblemBody } from './answer.ts';

/** The sessions as outlets use them: to read and to watch. */
export type ServedProfiles = Pick<Profiles, 'list' | 'get' | 'watch'>;

/** What a host does to start a sign-in: it gives a URL to open, or shows its own window. */
export type SignInInvitation =
  | { readonly kind: 'visit'; /** Holds a one-time ticket. */ readonly url: string }
  | { readonly kind: 'shown' }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Changes the registrations, and with them the sessions. */
export interface RegistrationPort {
  /** Rejects with `SettingsError`, `VaultError`, or the file system's error; nothing has changed then. */
  put(registration: Registration): Promise<void>;
  /** Ends the session and removes the profile. Resolves to the reason if the session could not be ended. */
  remove(id: string): Promise<Problem | undefined>;
  /** Makes this profile the default. */
  setDefault(id: string): Promise<void>;
  /** Changes single settings. */
  change(change: SettingsChange): Promise<void>;
  /** Keeps the profile's fresh token in this file. Rejects with `SettingsError`; nothing has changed then. */
  addTokenFile(file: TokenFile): Promise<void>;
  /** The reverse, also removes what was written. Rejects with `ProblemError` (`token-file.unknown`). */
  removeTokenFile(path: string): Promise<void>;
  /** Reads settings that were edited by hand. Rejects with `SettingsError`; nothing has changed then. */
  reload(): Promise<void>;
}

/** The state of the outlets besides the socket, to show to the user. */
export interface OutletsTold {
  readonly loopback:
    | { readonly kind: 'off' }
    | { readonly kind: 'on'; readonly port: number }
    | { readonly kind: 'trouble'; readonly problem: Problem };
  readonly shellCache:
    | { readonly kind: 'off' }
    | { readonly kind: 'on'; readonly directory: string }
    | { readonly kind: 'unavailable'; readonly reason: string };
}

/** One line of a check-up as JSON carries it. */
export interface CheckUpLine {
  readonly name: string;
  readonly kind: 'ok' | 'trouble' | 'skipped';
  readonly detail?: string;
  readonly problem?: ProblemBody;
  /** The duration of this check. */
  readonly ms: number;
}

/** How a host makes way for the tray. */
export interface HandOver {
  /** Whether the sessions outlive the host. */
  sessions(): Promise<'stored' | 'memory'>;
  /** Ends the host gracefully, as a signal would. */
  end(): void;
}

/** What the socket needs of the host that owns the sessions. */
export interface SocketHost {
  /** Resolves once the stored sessions are restored. */
  readonly profiles: () => Promise<ServedProfiles> | ServedProfiles;
  /** Called only for `POST /v1/sign-in`, which a user caused. */
  readonly inviteToSignIn: (agent: Agent) => Promise<SignInInvitation>;
  /** Undefined if this host stores nothing (`tokentray serve --from-env`). */
  readonly registrations: RegistrationPort | undefined;
  /** For `POST /v1/checkup`: the checks of `tokentray doctor` for a profile. Never rejects. */
  readonly checkUp: (agent: Agent) => Promise<readonly CheckUpLine[]>;
  /** The problems with a profile's token files; missing if this host writes none. */
  readonly tokenFileTroubles?: (profileId: string) => readonly Problem[];
  /** Undefined while the host is still opening them. */
  readonly outlets?: () => OutletsTold | undefined;
  /** Missing if the host does not exit on request: the tray. */
  readonly handOver?: HandOver;
}
