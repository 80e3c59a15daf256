import { ClientError, ResponseBodyError } from 'openid-client';
import { showFound } from '../../config/rules/issue.ts';
import { problem, ProblemError } from '../../words/problem.ts';

/** A refusal in the fields that `readFailure` reads; the codes are those of the failure table. */
export class OidcError extends Error {
  override readonly name = 'OidcError';
  readonly errorCode: string;
  /** The provider's `error_description`. */
  readonly errorMessage: string;

  constructor(errorCode: string, errorMessage = '', cause?: unknown) {
    super(errorCode, { cause });
    this.errorCode = errorCode;
    this.errorMessage = errorMessage;
  }
}

/** The codes that openid-client gives when an ID token is not for us (OpenID Connect Core 3.1.3.7). */
const ID_TOKEN_CODES: readonly string[] = [
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
];

/** What openid-client notes about the cause, two errors down. */
function factsOf(error: ClientError): object {
  const inner = error.cause instanceof Error ? error.cause.cause : undefined;
  return typeof inner === 'object' && inner !== null ? inner : {};
}

/** The failure table's name for an error of openid-client; its own code if there is none. */
function codeOf(error: ClientError): string {
  const code = error.code ?? '';
  const facts = factsOf(error);
  if (ID_TOKEN_CODES.includes(code))
    return Reflect.get(facts, 'claim') === 'nonce' ? 'nonce_mismatch' : 'id_token_invalid';
  // A claim that is missing, and a signature that does not match the provider's keys.
  if ('claims' in facts || 'signature' in facts) return 'id_token_invalid';
  // RFC 9207 2.4: the redirect does not come from this provider.
  if ('parameters' in facts) return 'issuer_mismatch';
  // A token response with an access token, and without the ID token that a sign-in needs.
  const body: unknown = Reflect.get(facts, 'body');
  if (code === 'OAUTH_INVALID_RESPONSE' && isWithoutIdToken(body)) return 'id_token_invalid';
  return code;
}

function isWithoutIdToken(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || 'id_token' in body) return false;
  const token: unknown = Reflect.get(body, 'access_token');
  return typeof token === 'string' && token !== '';
}

/** The algorithm of an ID token that openid-client does not accept, such as HS256; undefined for any other error. */
function refusedAlgorithm(error: ClientError): string | undefined {
  const facts = factsOf(error);
  const header: unknown = Reflect.get(facts, 'header') ?? facts;
  const algorithm: unknown =
    typeof header === 'object' && header !== null ? Reflect.get(header, 'alg') : undefined;
  return typeof algorithm === 'string' ? algorithm : undefined;
}

/** An error of openid-client as an {@link OidcError} or a `ProblemError`; any other error as it is. */
export function translate(error: unknown): unknown {
  if (error instanceof ResponseBodyError)
    return new OidcError(error.error, error.error_description ?? '', error);
  if (!(error instanceof ClientError)) return error;
  // Without a code it wraps an error of ours: of the network, or of the assertion file.
  if (error.code === undefined) return error.cause ?? error;
  const algorithm = refusedAlgorithm(error);
  return algorithm === undefined
    ? new OidcError(codeOf(error), '', error)
    : new ProblemError(problem('admin', 'id-token-algorithm', { algorithm: showFound(algorithm) ?? '' }));
}
