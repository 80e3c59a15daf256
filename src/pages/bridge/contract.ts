import type { DraftIssue, ProfileDraft, ScheduleDraft } from '../../config/draft/draft.ts';
import type { HookEvent, Settings, TokenFile } from '../../config/profile/profile.ts';
import type { ProblemBody } from '../../outlets/answer/answer.ts';
import type { HistoryView } from '../../outlets/answer/history-body.ts';
import type { StatusBody } from '../../outlets/answer/status-body.ts';
import type { TokenView } from '../../outlets/answer/token-view-body.ts';

export type { DraftField, DraftIssue, ProfileDraft, ScheduleDraft } from '../../config/draft/draft.ts';
export type { HistoryEntry, HistoryGap, HistoryView } from '../../outlets/answer/history-body.ts';
export type { ClaimView, SignatureVerdict, TokenView } from '../../outlets/answer/token-view-body.ts';

/**
 * Everything that passes between our pages and the main process: each call with its question and its answer. Preload
 * script and handlers are derived from it, so that the compiler rejects a call that only one side knows. No message
 * contains a token or its signature: the main process decodes and copies them.
 */
export interface Calls {
  readonly 'profiles.read': Call<undefined, readonly StatusBody[]>;
  readonly 'profile.act': Call<{ readonly profile: string; readonly action: ProfileAction }, Acted>;
  readonly 'token.read': Call<{ readonly profile: string }, TokenView>;
  readonly 'history.read': Call<{ readonly profile: string }, HistoryView>;
  readonly 'logs.open': Call<undefined, Acted>;
  readonly 'diagnostics.copy': Call<undefined, Acted>;
  /** Shows the tray's whole menu as a dialog, for desktops that show no icon. */
  readonly 'menu.show': Call<undefined, Acted>;
  readonly 'versions.read': Call<undefined, Versions>;
  /** Opens the page's window, or brings it to the front. */
  readonly 'page.open': Call<{ readonly page: 'status' | 'settings' }, Acted>;

  readonly 'settings.read': Call<undefined, SettingsView>;
  readonly 'settings.change': Call<SettingsChanged, Acted>;
  /** Opens a native file dialog; if cancelled, it is done without a sentence. */
  readonly 'settings.export': Call<undefined, Acted>;
  /** The same; a native dialog confirms the hooks and paths of the file. */
  readonly 'settings.import': Call<undefined, Acted>;
  /** Checks a draft by the same rules as every other way to configure a profile. */
  readonly 'draft.check': Call<DraftAsked, DraftChecked>;
  readonly 'draft.save': Call<DraftAsked, DraftSaved>;
  /** Tests a draft; each line is also sent as `draft.tested` as soon as it is known. */
  readonly 'draft.test': Call<DraftAsked & { readonly run: number }, readonly TestLine[]>;
  /** Reads the text of a `.env` file, or a text copied from the Microsoft Entra admin center or the Azure CLI. */
  readonly 'draft.read': Call<{ readonly text: string }, DraftRead>;
  /** The same for a file chosen in a native dialog. */
  readonly 'draft.read-file': Call<undefined, DraftRead>;
  /** Opens a native dialog for a certificate with its key, or an assertion file. */
  readonly 'credential.choose': Call<CredentialWanted, CredentialChosen>;
  readonly 'schedule.preview': Call<ScheduleDraft, SchedulePreview>;
  readonly 'text.copy': Call<{ readonly text: string }, Acted>;
  readonly 'profile.set-default': Call<{ readonly profile: string }, Acted>;
  /** Asks in a native dialog, which lists what is deleted. */
  readonly 'profile.remove': Call<{ readonly profile: string }, Acted>;
  /** Opens a native dialog for the file. */
  readonly 'token-file.add': Call<{ readonly profile: string; readonly format: TokenFile['format'] }, Acted>;
  readonly 'token-file.remove': Call<{ readonly path: string }, Acted>;
}

/** Messages that the main process sends to every page that listens. */
export interface Messages {
  readonly 'profiles.changed': readonly StatusBody[];
  readonly 'settings.changed': SettingsView;
  readonly 'draft.tested': { readonly run: number; readonly line: TestLine };
}

/** One call: its question, and its answer. */
export interface Call<Asked, Answered> {
  readonly asked: Asked;
  readonly answered: Answered;
}

export type CallName = keyof Calls;
export type MessageName = keyof Messages;

/** Actions on a profile, as in the tray's menu. */
export type ProfileAction = 'copy' | 'refresh' | 'sign-in' | 'switch-account' | 'sign-out';

/** The result of an action; `said` is a sentence, if there is something to say. */
export type Acted =
  | { readonly kind: 'done'; readonly said?: string }
  | { readonly kind: 'failed'; readonly problem: ProblemBody };

export interface Versions {
  readonly tokentray: string;
  readonly electron: string;
  readonly chromium: string;
  readonly node: string;
}

/** The settings, without secrets. */
export interface SettingsView {
  /** `passing`: this run was started with a `.env` file and stores nothing. */
  readonly source: 'stored' | 'passing';
  readonly profiles: readonly ProfileSettings[];
  /** The initial draft of a new profile. */
  readonly fresh: ProfileDraft;
  readonly startAtLogin: 'on' | 'off' | 'not-offered';
  readonly clipboardClearSeconds: number;
  readonly network: Settings['network'];
  readonly logLevel: Settings['logLevel'];
  readonly outlets: OutletsView;
  /** Where secrets are stored, as a sentence. */
  readonly storage: string;
  readonly settingsFile: string;
  /** Why the settings file cannot be used, as a sentence; the view then shows the settings read at startup. */
  readonly trouble?: string;
}

/** One profile's settings. */
export interface ProfileSettings {
  readonly id: string;
  readonly isDefault: boolean;
  readonly draft: ProfileDraft;
  readonly credential: CredentialView;
}

/** Which credential is stored, and since when; never the credential itself. */
export interface CredentialView {
  readonly kind: 'secret' | 'certificate' | 'assertion-file' | 'none';
  /** As a sentence: “A client secret, stored 12 days ago.” */
  readonly said: string;
}

/** The outlets: their settings and their state. */
export interface OutletsView {
  /** The path of the socket, or the name of the pipe. */
  readonly socket: string;
  readonly loopback: {
    readonly wanted: 'on' | 'off';
    /** The port it listens on, if it does. */
    readonly port?: number;
    readonly trouble?: ProblemBody;
  };
  readonly shellCache: { readonly wanted: 'on' | 'off'; readonly offered: 'yes' | 'no' };
  readonly tokenFiles: readonly {
    readonly path: string;
    readonly profile: string;
    readonly format: TokenFile['format'];
    readonly scopes: readonly string[];
    readonly trouble?: ProblemBody;
  }[];
  /** Edited in the settings file; the page only shows them. */
  readonly hooks: readonly { readonly event: HookEvent; readonly command: readonly string[] }[];
}

/** Settings to change; the others stay. */
export type SettingsChanged = Partial<
  Pick<Settings, 'clipboardClearSeconds' | 'loopback' | 'shellCache' | 'network' | 'logLevel'>
> & { readonly startAtLogin?: 'on' | 'off' };

/** A draft with its credential, and the profile that it changes; without one it creates a new profile. */
export interface DraftAsked {
  readonly profile?: string;
  readonly draft: ProfileDraft;
  readonly credential: DraftCredential;
}

/**
 * `stored`: keep the stored credential. `secret`: a secret that was just typed; it goes to the main process and never
 * comes back. `held`: a credential that the main process has read, by its handle.
 */
export type DraftCredential =
  { readonly kind: 'stored' } | { readonly kind: 'secret'; readonly secret: string } | HeldCredential;

export interface HeldCredential {
  readonly kind: 'held';
  readonly handle: string;
}

export interface DraftChecked {
  readonly issues: readonly DraftIssue[];
  /** Remarks that need no fix, such as a value that is understood differently from how it is written. */
  readonly warnings: readonly string[];
}

export type DraftSaved =
  | { readonly kind: 'saved'; readonly profile: string; readonly said: string }
  | { readonly kind: 'refused'; readonly issues: readonly DraftIssue[] }
  | { readonly kind: 'failed'; readonly problem: ProblemBody };

/** One line of “Test connection”. */
export interface TestLine {
  readonly name: 'network' | 'discovery' | 'clock' | 'redirect-uri' | 'credential' | 'storage';
  readonly kind: 'ok' | 'trouble' | 'skipped';
  /** The finding, as a sentence; `next` says what to do about trouble. */
  readonly said: string;
  readonly next?: string;
}

/**
 * The registration found in a text: fields of the form, and the credential if there is one. `refused`: why nothing of
 * it can be used, one sentence per line.
 */
export type DraftRead =
  | {
      readonly kind: 'read';
      readonly draft: Partial<Omit<ProfileDraft, 'schedule'>>;
      readonly credential?: HeldCredential;
      /** What was understood and what was not, as sentences. */
      readonly said: readonly string[];
    }
  | { readonly kind: 'refused'; readonly sentences: readonly string[] }
  | { readonly kind: 'cancelled' };

export interface CredentialWanted {
  readonly kind: 'certificate' | 'assertion-file';
  /** The handle of a credential that the chosen one replaces. */
  readonly replaces?: string;
}

export type CredentialChosen =
  | { readonly kind: 'chosen'; readonly credential: HeldCredential; readonly said: string }
  | { readonly kind: 'refused'; readonly sentences: readonly string[] }
  | { readonly kind: 'cancelled' };

/** The next runs of a schedule in milliseconds since the epoch, or its issues. */
export type SchedulePreview =
  | { readonly kind: 'comes'; readonly at: readonly number[] }
  | { readonly kind: 'refused'; readonly issues: readonly DraftIssue[] };
