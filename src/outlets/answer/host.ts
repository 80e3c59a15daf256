import type { Agent } from '../../agent/agent.ts';
import type { Problem } from '../../words/problem.ts';
import type { Profiles } from '../../agent/profiles.ts';
import type { TokenFile } from '../../config/profile/profile.ts';
import type { Registration } from '../../config/settings/registrations.ts';
import type { SettingsChange } from '../../config/settings/settings-change.ts';
import type { ProblemBody } from './answer.ts';

/** The sessions as outlets see them: to ask and to watch, not to change. */
export type ServedProfiles = Pick<Profiles, 'list' | 'get' | 'watch'>;

/** What a host does when somebody wants to sign in: gives a URL to open, or shows its own window. */
export type SignInInvitation =
  | { readonly kind: 'visit'; /** Holds a one-time ticket. */ readonly url: string }
  | { readonly kind: 'shown' }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Changes what is registered, and with it which sessions there are. */
export interface RegistrationPort {
  /** Rejects with `SettingsError`, `VaultError`, or the file system's error; nothing has changed then. */
  put(registration: Registration): Promise<void>;
  /** Ends the session and forgets the profile. An answer is the reason why the session could not be ended. */
  remove(id: string): Promise<Problem | undefined>;
  /** From now on this profile is meant where none is named. */
  setDefault(id: string): Promise<void>;
  /** Changes single settings. */
  change(change: SettingsChange): Promise<void>;
  /** From now on this file holds the fresh token of its profile. Rejects with `SettingsError`; nothing has changed then. */
  addTokenFile(file: TokenFile): Promise<void>;
  /** Undoes that, and removes what was written. Rejects with `ProblemError` (`token-file.unknown`). */
  removeTokenFile(path: string): Promise<void>;
  /** Reads the settings again that somebody has edited by hand. Rejects with `SettingsError`; nothing has changed then. */
  reload(): Promise<void>;
}

/** What besides the socket gives tokens away, for a person to see. */
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
  /** How long this check took. */
  readonly ms: number;
}

/** How a host makes way for the tray. */
export interface HandOver {
  /** Whether its sessions outlive it. */
  sessions(): Promise<'stored' | 'memory'>;
  /** Ends the host in order, as a signal would. */
  end(): void;
}

/** What the socket asks of the host that owns the sessions. */
export interface SocketHost {
  /** Resolves once the stored sessions are restored. */
  readonly profiles: () => Promise<ServedProfiles> | ServedProfiles;
  /** Asked only on `POST /v1/sign-in`, which a person started. */
  readonly inviteToSignIn: (agent: Agent) => Promise<SignInInvitation>;
  /** undefined where this host keeps nothing (`tokentray serve --from-env`). */
  readonly registrations: RegistrationPort | undefined;
  /** For `POST /v1/checkup`: what `tokentray doctor` shows of a profile. Never rejects. */
  readonly checkUp: (agent: Agent) => Promise<readonly CheckUpLine[]>;
  /** What is wrong with the token files of a profile; left out where this host writes none. */
  readonly tokenFileTroubles?: (profileId: string) => readonly Problem[];
  /** undefined while the host is still opening them. */
  readonly outlets?: () => OutletsTold | undefined;
  /** Left out where a host does not end on request: the tray. */
  readonly handOver?: HandOver;
}
