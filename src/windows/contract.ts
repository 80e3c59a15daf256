import type { ProblemBody } from '../outlets/answer.ts';
import type { HistoryView } from '../outlets/history-body.ts';
import type { StatusBody } from '../outlets/status-body.ts';
import type { TokenView } from '../outlets/token-view-body.ts';

export type { HistoryEntry, HistoryGap, HistoryView } from '../outlets/history-body.ts';
export type { ClaimView, SignatureVerdict, TokenView } from '../outlets/token-view-body.ts';

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
}

/** What the main process says unasked, to every page that listens. */
export interface Messages {
  readonly 'profiles.changed': readonly StatusBody[];
}

/** One call: what is asked, and what is answered. */
export interface Call<Asked, Answered> {
  readonly asked: Asked;
  readonly answered: Answered;
}

export type CallName = keyof Calls;
export type MessageName = keyof Messages;

/** What a person does to a profile on a page; the same that the tray's menu offers. */
export type ProfileAction = 'copy' | 'refresh' | 'sign-in' | 'sign-out';

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
