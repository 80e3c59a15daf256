import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildAuthorizationUrlWithPAR,
  clientCredentialsGrant,
  refreshTokenGrant,
  type Configuration,
} from 'openid-client';
import { problem, ProblemError } from '../../words/problem.ts';
import type { Authority, AuthorizeRequest, ConnectOptions } from './authority.ts';
import { isClientRefused, isGiven, oidcClient, withSignatureCheck } from './oidc-client.ts';
import { OidcError } from './oidc-errors.ts';
import { fetchOver } from './oidc-fetch.ts';
import { scopesIn, toAccount, toGrant } from './oidc-grant.ts';
import { loadSession, saveSession } from './oidc-session.ts';

/** The scope for a refresh token (OpenID Connect Core 11). */
const OFFLINE = 'offline_access';

/** Google has no such scope and refuses unknown ones; there a refresh token is asked for by `access_type=offline`. */
function hasOfflineScope(configuration: Configuration): boolean {
  return configuration.serverMetadata().issuer !== 'https://accounts.google.com';
}

/** OpenID Connect's own scopes: an ID token with a name (OpenID Connect Core 5.4), and a refresh token. */
function ownScopes(configuration: Configuration): readonly string[] {
  return hasOfflineScope(configuration) ? ['openid', 'profile', OFFLINE] : ['openid', 'profile'];
}

const scopeText = (...scopes: readonly string[]): string => [...new Set(scopes)].join(' ');

const given = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: value };

/** openid-client as an {@link Authority}, for any OpenID provider (OpenID Connect Core 3.1, RFC 6749, RFC 7636). */
export function connectOidc({ cache, network, ...options }: ConnectOptions): Promise<Authority> {
  const { profile, now } = options;
  let answer: object = {};
  const client = oidcClient(
    options,
    fetchOver(network, (body) => {
      answer = body;
    }),
  );

  const parametersOf = (configuration: Configuration, request: AuthorizeRequest): Record<string, string> => ({
    redirect_uri: profile.redirectUri,
    scope: scopeText(...ownScopes(configuration), ...request.scopes, ...profile.extraScopes.flat()),
    ...(hasOfflineScope(configuration) ? {} : { access_type: 'offline' }),
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
    state: request.state,
    nonce: request.nonce,
    // A refresh token is granted only if consent was asked for (OpenID Connect Core 11).
    prompt: 'consent',
    ...given('login_hint', request.loginHint),
    ...given('claims', request.claims),
  });

  return Promise.resolve({
    authorizeUrl: (request) =>
      client.ask(async (configuration) => {
        const parameters = parametersOf(configuration, request);
        const metadata = configuration.serverMetadata();
        const plain = (): string => buildAuthorizationUrl(configuration, parameters).href;
        if (!isGiven(metadata.pushed_authorization_request_endpoint)) return plain();
        try {
          return (await buildAuthorizationUrlWithPAR(configuration, parameters)).href;
        } catch (error) {
          // Some providers announce the endpoint for all clients, but it does not accept, or reach, this one.
          if (metadata.require_pushed_authorization_requests === true || isClientRefused(error)) throw error;
          return plain();
        }
      }),

    redeem: async ({ code, codeVerifier, nonce, scopes, issuer }) => {
      const redirect = new URL(profile.redirectUri);
      redirect.search = new URLSearchParams({
        code: code.reveal(),
        ...given('iss', issuer),
      }).toString();
      const response = await client.ask((configuration) =>
        authorizationCodeGrant(withSignatureCheck(configuration), redirect, {
          pkceCodeVerifier: codeVerifier.reveal(),
          expectedNonce: nonce,
        }),
      );
      const account = toAccount(response.claims() ?? {});
      const grant = toGrant(response, { account, requested: scopes, now: now() });
      const granted = response.scope === undefined ? undefined : scopesIn(response.scope);
      saveSession(cache, { account, refreshToken: response.refresh_token, scopes: granted });
      return response.refresh_token === undefined
        ? { ...grant, warning: problem('admin', 'no-refresh-token') }
        : grant;
    },

    renew: async ({ account, scopes, claims }) => {
      const session = await loadSession(cache);
      if (session?.account.homeAccountId !== account.homeAccountId) throw new OidcError('no_account_found');
      const { refreshToken } = session;
      if (refreshToken === undefined) throw new ProblemError(problem('interaction', 'no-refresh-token'));
      const parametersFor = (configuration: Configuration): Record<string, string> => {
        // Without a scope, all that was granted is renewed (RFC 6749 6). The provider's names for it may differ from ours.
        const isAll =
          profile.extraScopes.length === 0 && scopeText(...scopes) === scopeText(...profile.scopes);
        if (isAll) return given('claims', claims);
        const asked = [...ownScopes(configuration), ...scopes];
        const granted = asked.filter((scope) => session.scopes?.includes(scope) ?? true);
        // Asking for more than was granted is refused (RFC 6749 6). If none of it was, the provider says so.
        const isGranted = scopes.some((scope) => granted.includes(scope));
        return { scope: scopeText(...(isGranted ? granted : asked)), ...given('claims', claims) };
      };
      answer = {};
      try {
        // Over TLS from the provider itself, the ID token needs no check of its signature (OpenID Connect Core 3.1.3.7).
        const response = await client.ask((configuration) =>
          refreshTokenGrant(configuration, refreshToken, parametersFor(configuration)),
        );
        // There need not be an ID token (OpenID Connect Core 12.2): the account is the one that was asked for.
        const found = response.claims();
        const isOurs = found === undefined || found.sub === account.homeAccountId;
        return toGrant(response, {
          account: isOurs ? session.account : toAccount(found),
          requested: scopes,
          now: now(),
        });
      } finally {
        // Kept even if the rest of the answer is not accepted: the earlier refresh token may be used up by now.
        const rotated: unknown = Reflect.get(answer, 'refresh_token');
        if (typeof rotated === 'string' && rotated !== '')
          saveSession(cache, { ...session, refreshToken: rotated });
      }
    },

    account: async () => (await loadSession(cache))?.account,
  });
}

/**
 * Requests a token for the application itself (RFC 6749 4.4) and discards it: the answer shows whether the provider
 * accepts the credential. Rejects like {@link connectOidc}'s calls.
 */
export async function proveOidcCredential(
  { network, ...options }: Omit<ConnectOptions, 'cache'>,
  scopes: readonly string[],
): Promise<'token'> {
  const client = oidcClient(
    options,
    fetchOver(network, () => undefined),
  );
  await client.ask((configuration) =>
    clientCredentialsGrant(configuration, scopes.length === 0 ? {} : { scope: scopeText(...scopes) }),
  );
  return 'token';
}
