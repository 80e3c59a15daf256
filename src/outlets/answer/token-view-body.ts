/** The default token of a profile, taken apart; without its signature. */
export type TokenView =
  | { readonly kind: 'none' }
  /** No JWT: it is for its resource alone to read. */
  | { readonly kind: 'opaque'; readonly expiresOn: number }
  | {
      readonly kind: 'jwt';
      readonly expiresOn: number;
      readonly header: readonly ClaimView[];
      readonly claims: readonly ClaimView[];
      readonly signature: SignatureVerdict;
    };

/**
 * `not-verifiable`: by design of its resource (Microsoft Graph signs for itself alone). `unknown`: the key
 * could not be had.
 */
export type SignatureVerdict = 'verified' | 'not-verifiable' | 'wrong' | 'unknown';

export interface ClaimView {
  readonly name: string;
  /** As text; what is no text is JSON. */
  readonly value: string;
  /** In one sentence; undefined for claims that nobody here knows. */
  readonly meaning: string | undefined;
  /** Milliseconds since the epoch, where the value is a time. */
  readonly at: number | undefined;
}
