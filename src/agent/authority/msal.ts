import {
  ConfidentialClientApplication,
  type AccountInfo,
  type AuthenticationResult,
  type ICachePlugin,
  type INetworkModule,
} from '@azure/msal-node';
import type { Profile } from '../../config/profile/profile.ts';
import { Secret } from '../../system/secret.ts';
import type { Account } from '../status/account.ts';
import type { TokenNetwork } from '../network/network.ts';
import type { Authority, ConnectOptions, Grant } from './authority.ts';
import { clientCredential } from './client-credential.ts';

/** If a tenant's ID tokens hold little, MSAL has no user name; `sub` is always there (OpenID Connect Core 2). */
function toAccount({
  homeAccountId,
  tenantId,
  username,
  name,
  localAccountId,
  idTokenClaims,
}: AccountInfo): Account {
  const email: unknown = idTokenClaims?.['email'];
  const shown = username || (typeof email === 'string' ? email : '') || localAccountId;
  return { homeAccountId, tenantId, username: shown, name: name || shown };
}

const isDefault = (scope: string): boolean => scope === '.default' || scope.endsWith('/.default');

/**
 * The scopes to ask consent for in addition to the profile's own. `.default` and named permissions cannot be mixed
 * in one request, and `.default` asks consent for every registered permission of every resource:
 * https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope
 */
function extraConsent({ scopes, extraScopes }: Profile): string[] {
  return scopes.some(isDefault) ? [] : extraScopes.flat().filter((scope) => !isDefault(scope));
}

function toGrant(result: AuthenticationResult): Grant {
  if (result.account === null) throw new TypeError('the token response has no account');
  return {
    accessToken: new Secret(result.accessToken),
    tokenType: result.tokenType,
    scopes: result.scopes,
    expiresOn: result.expiresOn?.getTime() ?? 0,
    account: toAccount(result.account),
  };
}

/** The issuer of Entra External ID: `https://<tenant ID>.ciamlogin.com/…`. */
const CIAM_HOST = /\.ciamlogin\.com$/u;

/**
 * The hosts that MSAL must know: the authority's own and, for Entra External ID under a tenant's name, the host of the
 * issuer in its metadata, which has the tenant's ID
 * (https://github.com/AzureAD/microsoft-authentication-library-for-js/issues/8592).
 */
async function knownHosts({ authority }: Profile, network: INetworkModule): Promise<string[]> {
  const { host } = new URL(authority);
  if (!CIAM_HOST.test(host)) return [host];
  const discovery = `${authority}/v2.0/.well-known/openid-configuration`;
  const { body } = await network.sendGetRequestAsync<{ readonly issuer?: unknown }>(discovery);
  const issuer =
    typeof body.issuer === 'string' && URL.canParse(body.issuer) ? new URL(body.issuer) : undefined;
  return issuer?.protocol === 'https:' && CIAM_HOST.test(issuer.host) ? [host, issuer.host] : [host];
}

/**
 * MSAL's client. The configured authority counts as known: the credential is bound to it, and asking
 * login.microsoftonline.com about it would be a request that a national cloud or an offline network does not
 * answer.
 */
async function clientOf(
  options: Omit<ConnectOptions, 'cache' | 'network'> & { readonly network: INetworkModule },
  cachePlugin?: ICachePlugin,
): Promise<ConfidentialClientApplication> {
  const { profile, credential, network, now } = options;
  const knownAuthorities = await knownHosts(profile, network);
  return new ConfidentialClientApplication({
    auth: {
      clientId: profile.clientId,
      authority: profile.authority,
      ...clientCredential(credential, now),
      knownAuthorities,
      // Resources send claims challenges (continuous access evaluation) only to clients that can meet them:
      // https://learn.microsoft.com/entra/identity-platform/claims-challenge
      clientCapabilities: profile.continuousAccess ? ['cp1'] : [],
    },
    ...(cachePlugin === undefined ? {} : { cache: { cachePlugin } }),
    system: {
      networkClient: network,
      // MSAL's log lines cannot be redacted by us; TokenNetwork and the agent log what is needed.
      loggerOptions: { piiLoggingEnabled: false },
    },
  });
}

/**
 * Requests a token for the application itself (RFC 6749 4.4) and discards it: the answer shows whether the
 * authority accepts the credential. `nothing`: an answer without a token, which MSAL accepts. Rejects with MSAL's
 * errors, or a `ProblemError`.
 */
export async function proveCredential(
  options: Omit<ConnectOptions, 'cache'>,
  scopes: readonly string[],
): Promise<'token' | 'nothing'> {
  const request = { scopes: [...scopes], skipCache: true };
  const client = await clientOf(options);
  const result = await client.acquireTokenByClientCredential(request);
  return (result?.accessToken ?? '') === '' ? 'nothing' : 'token';
}

/**
 * Completes a refresh answer without an ID token, which OpenID Connect Core 12.2 allows, with the one of the account that
 * was asked for. Without it, MSAL returns no account, and would keep the refresh token under no name.
 */
function completing(network: TokenNetwork, knownIdToken: () => string | undefined): INetworkModule {
  return {
    sendGetRequestAsync: (url, options) => network.sendGetRequestAsync(url, options),
    sendPostRequestAsync: async <Body>(...request: Parameters<INetworkModule['sendPostRequestAsync']>) => {
      const answer = await network.sendPostRequestAsync<Body & object>(...request);
      const known = knownIdToken();
      const lacksIt = known !== undefined && 'access_token' in answer.body && !('id_token' in answer.body);
      return lacksIt ? { ...answer, body: { ...answer.body, id_token: known } } : answer;
    },
  };
}

/** MSAL Node's confidential client as an {@link Authority}. */
export async function connectMsal({ cache, ...options }: ConnectOptions): Promise<Authority> {
  const { profile } = options;
  let knownIdToken: string | undefined;
  const network = completing(options.network, () => knownIdToken);
  const client = await clientOf({ ...options, network }, cache);
  const accountInfo = async (homeAccountId?: string): Promise<AccountInfo | undefined> => {
    const accounts = await client.getTokenCache().getAllAccounts();
    return accounts.find((info) => homeAccountId === undefined || info.homeAccountId === homeAccountId);
  };
  return {
    authorizeUrl: ({ scopes, state, nonce, codeChallenge, loginHint, claims }) =>
      client.getAuthCodeUrl({
        scopes: [...scopes],
        extraScopesToConsent: extraConsent(profile),
        redirectUri: profile.redirectUri,
        responseMode: 'query',
        codeChallengeMethod: 'S256',
        codeChallenge,
        state,
        nonce,
        ...(loginHint === undefined ? { prompt: 'select_account' } : { loginHint }),
        ...(claims === undefined ? {} : { claims }),
      }),
    redeem: async ({ code, codeVerifier, nonce, scopes }) =>
      toGrant(
        await client.acquireTokenByCode({
          code: code.reveal(),
          codeVerifier: codeVerifier.reveal(),
          // In the request: the confidential client ignores a nonce in the payload.
          nonce,
          scopes: [...scopes],
          redirectUri: profile.redirectUri,
        }),
      ),
    renew: async ({ account, scopes, claims }) => {
      const info = await accountInfo(account.homeAccountId);
      if (info === undefined) throw Object.assign(new Error('no account'), { errorCode: 'no_account_found' });
      knownIdToken = info.idToken;
      const renewing = client.acquireTokenSilent({
        account: info,
        scopes: [...scopes],
        forceRefresh: true,
        ...(claims === undefined ? {} : { claims }),
      });
      return toGrant(await renewing.finally(() => (knownIdToken = undefined)));
    },
    account: async () => {
      const info = await accountInfo();
      return info === undefined ? undefined : toAccount(info);
    },
  };
}
