import { AadstsError } from './aadsts.ts';
import type { Directory } from './directory.ts';
import { parseScopes } from './scopes.ts';

const RESPONSE_MODES = ['query', 'fragment', 'form_post'] as const;
const PROMPTS = ['login', 'select_account', 'consent', 'none'] as const;

/** How the authorization response travels. */
export type ResponseMode = (typeof RESPONSE_MODES)[number];
/** OpenID Connect Core section 3.1.2.1 */
export type Prompt = (typeof PROMPTS)[number];

/** Where and how to send the response, after the redirect URI was found to be the client's. */
export interface ResponseTarget {
  readonly redirectUri: string;
  readonly responseMode: ResponseMode;
  readonly state: string | undefined;
}

/** A valid authorization request. */
export interface AuthorizeRequest extends ResponseTarget {
  readonly scope: string;
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly prompt: Prompt | undefined;
  readonly loginHint: string | undefined;
  readonly wantsClientInfo: boolean;
}

/**
 * Finds out where to send the response. Until this succeeds, nothing may be redirected (RFC 6749 section 4.1.2.1).
 * @throws AadstsError 900144, 700016, 50011: to be shown on a page.
 */
export function parseResponseTarget(parameters: URLSearchParams, directory: Directory): ResponseTarget {
  const { client } = directory;
  if (required(parameters, 'client_id') !== client.clientId) throw new AadstsError(700016);
  const redirectUri = required(parameters, 'redirect_uri');
  if (!client.redirectUris.includes(redirectUri)) {
    throw new AadstsError(50011, { detail: `Sent: '${redirectUri}'.` });
  }
  return {
    redirectUri,
    responseMode: RESPONSE_MODES.find((mode) => mode === parameters.get('response_mode')) ?? 'query',
    state: parameters.get('state') ?? undefined,
  };
}

/**
 * Reads the rest of the request.
 * @throws AadstsError to be redirected to the application.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code
 */
export function parseAuthorizeRequest(parameters: URLSearchParams, target: ResponseTarget): AuthorizeRequest {
  const responseType = required(parameters, 'response_type');
  if (responseType !== 'code') throw new AadstsError(700054, { detail: `'${responseType}'` });
  const scope = required(parameters, 'scope');
  parseScopes(scope);
  const responseMode = parameters.get('response_mode');
  if (responseMode !== null && responseMode !== target.responseMode) {
    throw new AadstsError(90023, { detail: "'response_mode'" });
  }
  const asked = parameters.get('prompt');
  const prompt = PROMPTS.find((name) => name === asked);
  if (asked !== null && prompt === undefined) throw new AadstsError(90023, { detail: "'prompt'" });
  const codeChallenge = parameters.get('code_challenge') ?? undefined;
  // RFC 7636 section 4.3: without a method the challenge is plain, which is not supported here.
  if (codeChallenge !== undefined && parameters.get('code_challenge_method') !== 'S256') {
    throw new AadstsError(90023, { detail: "'code_challenge_method' must be S256." });
  }
  return {
    ...target,
    scope,
    nonce: parameters.get('nonce') ?? undefined,
    codeChallenge,
    prompt,
    loginHint: parameters.get('login_hint') ?? undefined,
    wantsClientInfo: parameters.get('client_info') === '1',
  };
}

/** A parameter's value. @throws AadstsError 900144 if it is missing or empty. */
export function required(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name);
  if (value === null || value === '') throw new AadstsError(900144, { detail: `'${name}'.` });
  return value;
}
