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
 * Everything that passes between a page of ours and the main process: each call by its name with what is asked
 * and what is answered. Preload script and handlers are derived from it, so that the compiler refuses a call that
 * only one side knows. No message holds a token or its signature: the main process decodes and copies.
 */
export interface Calls {
  readonly 'profiles.read': Call<undefined, readonly StatusBody[]>;
  readonly 'profile.act': Call<{ readonly profile: string; readonly action: ProfileAction }, Acted>;
  readonly 'token.read': Call<{ readonly profile: string }, TokenView>;
  readonly 'history.read': Call<{ readonly profile: string }, HistoryView>;
  readonly 'logs.open': Call<undefined, Acted>;
  readonly 'diagnostics.copy': Call<undefined, Acted>;
  /** The tray's whole menu as a box, for desktops that show no icon. */
  readonly 'menu.show': Call<undefined, Acted>;
  readonly 'versions.read': Call<undefined, Versions>;
  /** Opens the window of that page, or brings it to the front. */
  readonly 'page.open': Call<{ readonly page: 'status' | 'settings' }, Acted>;

  readonly 'settings.read': Call<undefined, SettingsView>;
  readonly 'settings.change': Call<SettingsChanged, Acted>;
  /** Chooses a file natively first; a cancelled choice is done without a word. */
  readonly 'settings.export': Call<undefined, Acted>;
  /** The same; hooks and paths in the file are confirmed natively. */
  readonly 'settings.import': Call<undefined, Acted>;
  /** What is wrong with a draft, by the same rules as of every other way to set something up. */
  readonly 'draft.check': Call<DraftAsked, DraftChecked>;
  readonly 'draft.save': Call<DraftAsked, DraftSaved>;
  /** Tries a draft out; each line is also said as `draft.tested` as soon as it is there. */
  readonly 'draft.test': Call<DraftAsked & { readonly run: number }, readonly TestLine[]>;
  /** Reads the text of a `.env` file, or what was copied from the portal or the Azure CLI. */
  readonly 'draft.read': Call<{ readonly text: string }, DraftRead>;
  /** The same of a file that is chosen natively. */
  readonly 'draft.read-file': Call<undefined, DraftRead>;
  /** A certificate with its key, or an assertion file, chosen natively. */
  readonly 'credential.choose': Call<CredentialWanted, CredentialChosen>;
  readonly 'schedule.preview': Call<ScheduleDraft, SchedulePreview>;
  readonly 'text.copy': Call<{ readonly text: string }, Acted>;
  readonly 'profile.set-default': Call<{ readonly profile: string }, Acted>;
  /** Asks natively, and says what is deleted. */
  readonly 'profile.remove': Call<{ readonly profile: string }, Acted>;
  /** Chooses the file natively. */
  readonly 'token-file.add': Call<{ readonly profile: string; readonly format: TokenFile['format'] }, Acted>;
  readonly 'token-file.remove': Call<{ readonly path: string }, Acted>;
}

/** What the main process says unasked, to every page that listens. */
export interface Messages {
  readonly 'profiles.changed': readonly StatusBody[];
  readonly 'settings.changed': SettingsView;
  readonly 'draft.tested': { readonly run: number; readonly line: TestLine };
}

/** One call: what is asked, and what is answered. */
export interface Call<Asked, Answered> {
  readonly asked: Asked;
  readonly answered: Answered;
}

export type CallName = keyof Calls;
export type MessageName = keyof Messages;

/** What a person does to a profile on a page; the same that the tray's menu offers. */
export type ProfileAction = 'copy' | 'refresh' | 'sign-in' | 'switch-account' | 'sign-out';

/** What became of it; `said` is a sentence, where there is something to say. */
export type Acted =
  | { readonly kind: 'done'; readonly said?: string }
  | { readonly kind: 'failed'; readonly problem: ProblemBody };

export interface Versions {
  readonly tokentray: string;
  readonly electron: string;
  readonly chromium: string;
  readonly node: string;
}

/** What is set, without anything secret. */
export interface SettingsView {
  /** `passing`: this run came with a `.env` of its own and keeps nothing. */
  readonly source: 'stored' | 'passing';
  readonly profiles: readonly ProfileSettings[];
  /** What a form for a new profile begins with. */
  readonly fresh: ProfileDraft;
  readonly startAtLogin: 'on' | 'off' | 'not-offered';
  readonly clipboardClearSeconds: number;
  readonly network: Settings['network'];
  readonly logLevel: Settings['logLevel'];
  readonly outlets: OutletsView;
  /** Where secrets are kept, as a sentence. */
  readonly storage: string;
  readonly settingsFile: string;
  /** Why the settings file cannot be used, as a sentence: what is shown is how it was at the start. */
  readonly trouble?: string;
}

/** One profile as it is set. */
export interface ProfileSettings {
  readonly id: string;
  readonly isDefault: boolean;
  readonly draft: ProfileDraft;
  readonly credential: CredentialView;
}

/** Which credential is stored, and since when; never the credential. */
export interface CredentialView {
  readonly kind: 'secret' | 'certificate' | 'assertion-file' | 'none';
  /** As a sentence: “A client secret, stored 12 days ago.” */
  readonly said: string;
}

/** The ways by which tokens leave, as they are set and as they are. */
export interface OutletsView {
  /** The path of the socket, or the pipe's name. */
  readonly socket: string;
  readonly loopback: {
    readonly wanted: 'on' | 'off';
    /** Where it listens by now. */
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
  /** Written into the settings file by hand; shown only. */
  readonly hooks: readonly { readonly event: HookEvent; readonly command: readonly string[] }[];
}

/** Single settings; what is not named stays. */
export type SettingsChanged = Partial<
  Pick<Settings, 'clipboardClearSeconds' | 'loopback' | 'shellCache' | 'network' | 'logLevel'>
> & { readonly startAtLogin?: 'on' | 'off' };

/** A draft with the credential that goes with it, and the profile that it changes; a new one where none is named. */
export interface DraftAsked {
  readonly profile?: string;
  readonly draft: ProfileDraft;
  readonly credential: DraftCredential;
}

/**
 * `stored`: what is stored stays. `secret`: one that was typed just now; it goes to the main process and never
 * comes back. `held`: one that the main process has read, by the name that it gave to it.
 */
export type DraftCredential =
  { readonly kind: 'stored' } | { readonly kind: 'secret'; readonly secret: string } | HeldCredential;

export interface HeldCredential {
  readonly kind: 'held';
  readonly handle: string;
}

export interface DraftChecked {
  readonly issues: readonly DraftIssue[];
  /** What is taken differently than it was written, and what one should know; nothing that must be mended. */
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
  /** What was found, as a sentence; with trouble also what to do. */
  readonly said: string;
  readonly next?: string;
}

/**
 * What a text says of a registration: the fields of a form that it has, and the credential where there is one.
 * `refused`: nothing of it can be used, or what is wrong with it, a sentence a line.
 */
export type DraftRead =
  | {
      readonly kind: 'read';
      readonly draft: Partial<Omit<ProfileDraft, 'schedule'>>;
      readonly credential?: HeldCredential;
      /** What was understood and what not, as sentences. */
      readonly said: readonly string[];
    }
  | { readonly kind: 'refused'; readonly sentences: readonly string[] }
  | { readonly kind: 'cancelled' };

export interface CredentialWanted {
  readonly kind: 'certificate' | 'assertion-file';
  /** The handle of one that nobody wants any more once another one is chosen. */
  readonly replaces?: string;
}

export type CredentialChosen =
  | { readonly kind: 'chosen'; readonly credential: HeldCredential; readonly said: string }
  | { readonly kind: 'refused'; readonly sentences: readonly string[] }
  | { readonly kind: 'cancelled' };

/** The next instants of a schedule in milliseconds since the epoch, or what is wrong with it. */
export type SchedulePreview =
  | { readonly kind: 'comes'; readonly at: readonly number[] }
  | { readonly kind: 'refused'; readonly issues: readonly DraftIssue[] };
