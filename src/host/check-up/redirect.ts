import { createHash, randomBytes } from 'node:crypto';
import type { Profile } from '../../config/profile/profile.ts';
import type { Discovery } from './authority.ts';
import { readAadsts } from '../../agent/failures/failures.ts';
import { LIMITS } from '../../agent/network/network.ts';
import { matchRedirect } from '../../agent/sign-in/redirect.ts';
import { SendError, type HttpResponse, type Send } from '../../agent/network/send.ts';

/** Whether an authority would send anybody back to a redirect URI; `untold`: it does not say. */
export type RedirectVerdict =
  | { readonly kind: 'registered' }
  /** `detail`: what it was refused with, `AADSTS50011` for example. */
  | { readonly kind: 'unregistered'; readonly detail: string }
  | { readonly kind: 'untold' };

/** The redirect URI is not one of the application's: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const NOT_REGISTERED = [50011, 500113, 500117];

/**
 * How other providers say it, on their pages or in JSON: oidc-provider and its like, Keycloak, Google, Auth0 and
 * Okta. Whoever says it in other words is not understood, and that is said.
 */
const UNKNOWN_REDIRECT =
  /invalid_redirect_uri|redirect_uri did not match|Invalid parameter: redirect_uri|redirect_uri_mismatch|Callback URL mismatch|'redirect_uri' parameter must be/iu;

/**
 * Asks for an authorization that nobody can give (`prompt=none`, OpenID Connect Core 3.1.2.1), as a browser without
 * a session would. RFC 6749 4.1.2.1 wants an authority to tell a wrong redirect URI to the person, and everything
 * else to the application: so an answer that leads back to us says that it is registered, and a page that names
 * it that it is not. Nothing is followed, nothing is signed in, and no credential is sent. Seen with the demo
 * tenant and with oidc-provider; real Entra answers from its documentation (AADSTS50011 on a page), unverified.
 * Never rejects.
 */
export async function askRedirect(
  profile: Pick<Profile, 'clientId' | 'redirectUri' | 'protocol'>,
  discovery: Discovery,
  send: Send,
): Promise<RedirectVerdict> {
  const endpoint = endpointOf(discovery);
  if (endpoint === undefined) return { kind: 'untold' };
  const request = {
    method: 'GET' as const,
    url: requestUrl(endpoint, profile),
    headers: { accept: 'text/html' },
    body: undefined,
  };
  try {
    return judge(await send(request, LIMITS), profile);
  } catch (error) {
    if (error instanceof SendError) return { kind: 'untold' };
    throw error;
  }
}

function endpointOf(discovery: Discovery): string | undefined {
  const document = discovery.kind === 'answered' ? discovery.document : undefined;
  const endpoint: unknown =
    document === undefined ? undefined : Reflect.get(document, 'authorization_endpoint');
  return typeof endpoint === 'string' && URL.canParse(endpoint) && new URL(endpoint).protocol === 'https:'
    ? endpoint
    : undefined;
}

/** A verifier that nobody keeps: there will be no code to redeem. */
function requestUrl(
  endpoint: string,
  { clientId, redirectUri }: Pick<Profile, 'clientId' | 'redirectUri'>,
): string {
  const url = new URL(endpoint);
  const random = (): string => randomBytes(32).toString('base64url');
  const parameters = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    response_mode: 'query',
    scope: 'openid',
    prompt: 'none',
    state: random(),
    nonce: random(),
    code_challenge: createHash('sha256').update(random()).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

function judge(
  { status, headers, body }: HttpResponse,
  { redirectUri, protocol }: Pick<Profile, 'redirectUri' | 'protocol'>,
): RedirectVerdict {
  const location = headers['location'] ?? '';
  const isRedirect = status >= 300 && status < 400;
  if (isRedirect)
    return { kind: matchRedirect(location, redirectUri) === 'redirect' ? 'registered' : 'untold' };
  const aadsts = readAadsts(body);
  if (NOT_REGISTERED.includes(aadsts)) return { kind: 'unregistered', detail: `AADSTS${aadsts}` };
  return protocol === 'oidc' && UNKNOWN_REDIRECT.test(body)
    ? { kind: 'unregistered', detail: `HTTP ${status}` }
    : { kind: 'untold' };
}
