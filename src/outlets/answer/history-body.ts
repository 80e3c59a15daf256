import type { RefreshCause } from '../../agent/status/status.ts';

/** The last seven days of a profile. */
export interface HistoryView {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** When the user was signed in without a usable token. */
  readonly gaps: readonly HistoryGap[];
}

/** Milliseconds since the epoch. A gap that still lasts ends now. */
export interface HistoryGap {
  readonly from: number;
  readonly to: number;
}

/**
 * An event of a profile's session. Holds no secret and no user's name. `problem` is a problem's code, which may be
 * from another version of Tokentray.
 */
export type HistoryEntry = { readonly at: number } & (
  | { readonly kind: 'signed-in'; readonly expiresOn: number }
  | { readonly kind: 'refreshed'; readonly cause: RefreshCause; readonly expiresOn: number }
  | { readonly kind: 'failed'; readonly cause: RefreshCause; readonly problem: string }
  | { readonly kind: 'sign-in-needed'; readonly problem: string }
  | { readonly kind: 'signed-out' }
);
