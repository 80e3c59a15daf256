import { randomUUID } from 'node:crypto';

interface CatalogueEntry {
  readonly error: string;
  readonly status: number;
  readonly text: string;
}

/**
 * The errors of this tenant by AADSTS number, with the OAuth error code that Entra sends with each.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const CATALOGUE = {
  16000: entry('interaction_required', 'Several accounts are signed in; the user must choose one.'),
  28000: entry(
    'invalid_scope',
    'Provided value for the input parameter scope is not valid because it contains more than one resource.',
  ),
  28003: entry('invalid_request', 'Provided value for the input parameter scope cannot be empty.'),
  50011: entry(
    'invalid_request',
    'The redirect URI specified in the request does not match the redirect URIs configured for the application.',
  ),
  50058: entry('login_required', 'A silent sign-in request was sent but no user is signed in.'),
  50173: entry(
    'invalid_grant',
    'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
  ),
  54005: entry(
    'invalid_grant',
    'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  ),
  65001: entry(
    'consent_required',
    'The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource.',
  ),
  65004: entry('access_denied', 'User declined to consent to access the app.'),
  70003: entry('unsupported_grant_type', 'The app returned an unsupported grant type.'),
  70008: entry(
    'invalid_grant',
    'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  ),
  70011: entry('invalid_scope', "The provided value for the input parameter 'scope' is not valid."),
  90002: entry('invalid_tenant', 'Tenant not found. Check that you have the correct tenant ID.'),
  90023: entry('invalid_request', 'The request has a parameter value that is not supported.'),
  90033: entry('temporarily_unavailable', 'A transient error has occurred. Please try again.', 503),
  165000: entry('invalid_request', 'The user session context is not correct. Start the sign-in again.'),
  500112: entry(
    'invalid_client',
    'The reply address does not match the reply address provided when requesting the authorization code.',
  ),
  501481: entry(
    'invalid_grant',
    'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  ),
  700016: entry(
    'unauthorized_client',
    'Application with that identifier was not found in the directory of the demo tenant.',
  ),
  700021: entry(
    'invalid_client',
    "Client assertion application identifier doesn't match 'client_id' parameter.",
    401,
  ),
  700023: entry('invalid_client', 'Client assertion audience claim does not match Realm issuer.', 401),
  700024: entry('invalid_client', 'Client assertion is not within its valid time range.', 401),
  700027: entry('invalid_client', 'The certificate used to sign the client assertion is not known.', 401),
  700054: entry('unsupported_response_type', 'The response_type is not enabled for the application.'),
  700082: entry('invalid_grant', 'The refresh token has expired due to inactivity.'),
  900144: entry('invalid_request', 'The request must contain the following parameter:'),
  1002012: entry(
    'invalid_scope',
    'The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.',
  ),
  7000215: entry(
    'invalid_client',
    'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.',
    401,
  ),
  7000218: entry(
    'invalid_client',
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    401,
  ),
  9002313: entry('invalid_grant', 'Invalid request. Request is malformed or invalid.'),
} as const;

function entry(error: string, text: string, status = 400): CatalogueEntry {
  return { error, text, status };
}

/** An AADSTS number of the catalogue. */
export type AadstsCode = keyof typeof CATALOGUE;

/** Details of an error. */
export interface AadstsDetail {
  /** Appended to the catalogue's sentence, e.g. the name of the missing parameter. */
  detail?: string;
  /** Replaces the catalogue's sentence. */
  description?: string;
  error?: string;
  suberror?: string;
  /** A claims challenge, as JSON text. */
  claims?: string;
  status?: number;
}

/** A refusal in Entra's terms, which the endpoint sends as JSON, as a page or by a redirect. */
export class AadstsError extends Error {
  override readonly name = 'AadstsError';
  readonly code: number;
  readonly error: string;
  readonly status: number;
  readonly suberror: string | undefined;
  readonly claims: string | undefined;

  constructor(code: AadstsCode | (number & {}), extra: AadstsDetail = {}) {
    const known: CatalogueEntry | undefined = isCatalogued(code) ? CATALOGUE[code] : undefined;
    const text = extra.description ?? known?.text ?? 'An error the demo tenant was told to give.';
    super(`AADSTS${code}: ${[text, extra.detail].filter(Boolean).join(' ')}`);
    this.code = code;
    this.error = extra.error ?? known?.error ?? 'invalid_request';
    this.status = extra.status ?? known?.status ?? 400;
    this.suberror = extra.suberror;
    this.claims = extra.claims;
  }
}

function isCatalogued(code: number): code is AadstsCode {
  return Object.hasOwn(CATALOGUE, code);
}

/** The context of an error response. */
export interface ErrorContext {
  origin: string;
  nowMs: number;
  /** The caller's `client-request-id`; random by default. */
  correlationId?: string | undefined;
}

/** The body of a failed token request (RFC 6749 section 5.2), with Entra's additional fields. */
export interface AadstsBody {
  error: string;
  error_description: string;
  error_codes: number[];
  timestamp: string;
  trace_id: string;
  correlation_id: string;
  error_uri: string;
  suberror: string | undefined;
  claims: string | undefined;
}

/**
 * An error as Entra sends it.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#error-response
 */
export function aadstsBody(error: AadstsError, context: ErrorContext): AadstsBody {
  const timestamp = new Date(context.nowMs)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
  const traceId = randomUUID();
  const correlationId = context.correlationId ?? randomUUID();
  return {
    error: error.error,
    error_description: `${error.message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [error.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `${context.origin}/error?code=${error.code}`,
    suberror: error.suberror,
    claims: error.claims,
  };
}
