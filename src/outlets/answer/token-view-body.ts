/** The decoded default token of a profile, without its signature. */
export type TokenView =
  | { readonly kind: 'none' }
  /** Not a JWT: only its resource can read it. */
  | { readonly kind: 'opaque'; readonly expiresOn: number }
  | {
      readonly kind: 'jwt';
      readonly expiresOn: number;
      readonly header: readonly ClaimView[];
      readonly claims: readonly ClaimView[];
      readonly signature: SignatureVerdict;
    };

/**
 * `not-verifiable`: by design of its resource (only Microsoft Graph can verify its tokens). `unknown`: the key
 * could not be obtained.
 */
export type SignatureVerdict = 'verified' | 'not-verifiable' | 'wrong' | 'unknown';

export interface ClaimView {
  readonly name: string;
  /** Text as it is, other values as JSON. */
  readonly value: string;
  /** One sentence; undefined for unknown claims. */
  readonly meaning: string | undefined;
  /** Milliseconds since the epoch, if the value is a time. */
  readonly at: number | undefined;
}
