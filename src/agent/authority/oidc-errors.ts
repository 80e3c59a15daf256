import { ClientError, ResponseBodyError } from 'openid-client';
import { showFound } from '../../config/rules/issue.ts';
import { problem, ProblemError } from '../../words/problem.ts';

/** A refusal in the fields that `readFailure` reads; the codes are those of the failure table. */
export class OidcError extends Error {
  override readonly name = 'OidcError';
  readonly errorCode: string;
  /** The provider's `error_description`. */
  readonly errorMessage: string;

  /** Without the cause: openid-client's errors contain the answer with its tokens. */
  constructor(errorCode: string, errorMessage = '') {
    super(errorCode);
    this.errorCode = errorCode;
    this.errorMessage = errorMessage;
  }
}

/** The details that openid-client attaches to the cause of an error. */
function factsOf(error: ClientError): object {
  const inner = error.cause instanceof Error ? error.cause.cause : undefined;
  return typeof inner === 'object' && inner !== null ? inner : {};
}

/** A text field of the facts; `''` if there is none. */
function textOf(facts: object, name: string): string {
  const value: unknown = Reflect.get(facts, name);
  return typeof value === 'string' ? value : '';
}

/** The missing or invalid part of an ID token (OpenID Connect Core 3.1.3.7): a claim, the signature, or the whole token. */
function idTokenFault(code: string, facts: object): string | undefined {
  const claim = textOf(facts, 'claim');
  if (claim !== '') return claim;
  if (code === 'OAUTH_PARSE_ERROR') return 'id_token';
  if (code === 'OAUTH_KEY_SELECTION_FAILED' || 'signature' in facts) return 'signature';
  if (code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') return 'exp';
  if (code === 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' || 'claims' in facts) return 'a required claim';
  const body: unknown = Reflect.get(facts, 'body');
  const isBody = code === 'OAUTH_INVALID_RESPONSE' && typeof body === 'object' && body !== null;
  return isBody && !('id_token' in body) && textOf(body, 'access_token') !== '' ? 'id_token' : undefined;
}

/**
 * The algorithm of an ID token if the metadata does not announce it, or if it uses the client secret (HS256); otherwise
 * `''`.
 */
function refusedAlgorithm(code: string, facts: object): string {
  if (code === 'OAUTH_UNSUPPORTED_OPERATION') return textOf(facts, 'alg');
  const header: unknown = Reflect.get(facts, 'header');
  return typeof header === 'object' && header !== null && 'expected' in facts ? textOf(header, 'alg') : '';
}

/** An error of openid-client as an {@link OidcError} or a `ProblemError`; any other error as it is. */
export function translate(error: unknown): unknown {
  if (error instanceof ResponseBodyError) return new OidcError(error.error, error.error_description);
  if (!(error instanceof ClientError)) return error;
  // Without a code it wraps an error of ours: of the network, or of the assertion file.
  if (error.code === undefined) return error.cause ?? error;
  const facts = factsOf(error);
  const algorithm = refusedAlgorithm(error.code, facts);
  if (algorithm !== '')
    return new ProblemError(
      problem('admin', 'id-token-algorithm', { algorithm: showFound(algorithm) ?? '' }),
    );
  const fault = idTokenFault(error.code, facts);
  if (fault === 'nonce') return new OidcError('nonce_mismatch');
  if (fault !== undefined) return new ProblemError(problem('admin', 'id-token', { detail: fault }));
  // RFC 9207 2.4: the redirect does not come from this provider.
  return new OidcError('parameters' in facts ? 'issuer_mismatch' : error.code);
}
