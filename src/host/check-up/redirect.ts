import { createHash, randomBytes } from 'node:crypto';
import { readAadsts } from '../../agent/failures/failures.ts';
import { LIMITS } from '../../agent/network/network.ts';
import { SendError, type HttpResponse, type Send } from '../../agent/network/send.ts';
import { matchRedirect } from '../../agent/sign-in/redirect.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { receivablePort } from '../../config/profile/redirect-uri.ts';
import { lacksAddress, lookAtPort, type PortLook } from '../../system/ports/port-look.ts';
import { problem } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import type { Discovery } from './authority.ts';
import { ok, skipped, trouble, type CheckOutcome, type Trouble } from './result.ts';
import type { Subject } from './run.ts';

export interface PortQuestions {
  /** Whether a sign-in of this process listens on that port. */
  readonly isOwnPort?: (port: number) => boolean;
  /** Checks whether a port is free; by default by listening on it. */
  readonly lookAtPort?: (port: number) => Promise<PortLook>;
}

/** Whether an authority accepts a redirect URI; `untold`: its answer does not tell. */
export type RedirectVerdict =
  | { readonly kind: 'registered' | 'untold' }
  /** `detail`: the refusal, `AADSTS50011` for example. */
  | { readonly kind: 'unregistered'; readonly detail: string };

/** The redirect URI is not registered: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const NOT_REGISTERED = [50011, 500113, 500117];

/**
 * How other providers say it, on their pages or in JSON: oidc-provider and similar, Keycloak, Google, Auth0 and Okta.
 * Other wordings are not understood, which is reported.
 */
const UNKNOWN_REDIRECT =
  /invalid_redirect_uri|redirect_uri did not match|Invalid parameter: redirect_uri|redirect_uri_mismatch|Callback URL mismatch|'redirect_uri' parameter must be/iu;

/**
 * Whether a sign-in could return: the authority must know the redirect URI and, if the system's browser is used, the
 * port must be free. A known problem comes before what cannot be known.
 */
export async function redirectOutcome(
  options: Pick<Subject, 'profile' | 'send'> & PortQuestions,
  discovery: Discovery,
): Promise<CheckOutcome> {
  const { profile, send } = options;
  const { redirectUri, signIn } = profile;
  const port = signIn === 'browser' ? receivablePort(redirectUri) : undefined;
  if (signIn === 'browser' && port === undefined)
    return trouble(problem('admin', 'sign-in.browser-redirect', { redirectUri }));
  const [verdict, unreceived, look] = await Promise.all([
    askRedirect(profile, discovery, send),
    port === undefined ? undefined : addressTrouble(redirectUri),
    port === undefined ? undefined : (options.lookAtPort ?? lookAtPort)(port),
  ]);
  if (verdict.kind === 'unregistered')
    return trouble(problem('admin', 'redirect-unregistered', { redirectUri, detail: verdict.detail }));
  if (unreceived !== undefined) return unreceived;
  if (port === undefined || look?.kind !== 'free') {
    const inTheWay =
      port === undefined || look === undefined ? undefined : portTrouble(port, look, options.isOwnPort);
    if (inTheWay !== undefined) return inTheWay;
    return verdict.kind === 'registered'
      ? ok(say('checkup.redirect.ok'))
      : skipped(say('checkup.redirect.untold', { redirectUri }));
  }
  return verdict.kind === 'registered'
    ? ok(say('checkup.redirect.ok.free', { port }))
    : skipped(say('checkup.redirect.untold.free', { port, redirectUri }));
}

/**
 * The problem if this machine lacks the address at which it would receive the response: listening always begins on
 * 127.0.0.1, and a browser takes `[::1]` literally.
 */
export async function addressTrouble(redirectUri: string): Promise<Trouble | undefined> {
  if (await lacksAddress('127.0.0.1')) return trouble(problem('admin', 'redirect-ipv4'));
  const isIpv6 = new URL(redirectUri).hostname === '[::1]';
  return isIpv6 && (await lacksAddress('::1'))
    ? trouble(problem('admin', 'redirect-ipv6', { redirectUri }))
    : undefined;
}

function portTrouble(
  port: number,
  look: PortLook,
  isOwnPort: PortQuestions['isOwnPort'],
): CheckOutcome | undefined {
  switch (look.kind) {
    case 'free':
      return undefined;
    case 'held':
      // A sign-in of this process holds the port while it lasts.
      return isOwnPort?.(port) === true
        ? undefined
        : trouble(problem('admin', 'port-in-use', { port, holder: look.holder.said }));
    case 'refused':
      return trouble(problem('admin', 'port-refused', { port, detail: look.detail }));
  }
}

/**
 * Requests an authorization that cannot be granted (`prompt=none`, OpenID Connect Core 3.1.2.1), as a browser without
 * a session would. RFC 6749 4.1.2.1 requires an authority to report a wrong redirect URI to the user and everything
 * else to the application: a redirect to our URI shows that it is registered, a page that names the URI that it is
 * not. Follows nothing, signs nobody in, sends no credential. Seen to work with the demo tenant and oidc-provider;
 * for Entra it follows its documentation (AADSTS50011 on a page) and is unverified. Never rejects.
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

/** The PKCE verifier is not kept: there will be no code to redeem. */
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
