import type { RefreshCause } from '../../agent/status/status.ts';

/** The last seven days of a profile. */
export interface HistoryView {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** When there was no usable token although somebody was signed in. */
  readonly gaps: readonly HistoryGap[];
}

/** Milliseconds since the epoch; one that still goes on ends now. */
export interface HistoryGap {
  readonly from: number;
  readonly to: number;
}

/**
 * Something that happened to a profile's session; nothing of it is secret, and it names nobody. `problem` is a
 * problem’s code, which another version of Tokentray may have written.
 */
export type HistoryEntry = { readonly at: number } & (
  | { readonly kind: 'signed-in'; readonly expiresOn: number }
  | { readonly kind: 'refreshed'; readonly cause: RefreshCause; readonly expiresOn: number }
  | { readonly kind: 'failed'; readonly cause: RefreshCause; readonly problem: string }
  | { readonly kind: 'sign-in-needed'; readonly problem: string }
  | { readonly kind: 'signed-out' }
);
