/**
 * A token is renewed this long before it expires, so that a script can finish with the token it was given.
 * A module of its own, because the library `tokentray` uses it too and takes nothing else along.
 */
export const EXPIRY_MARGIN_MS = 10 * 60_000;
