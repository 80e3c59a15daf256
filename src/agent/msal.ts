import { ConfidentialClientApplication, type AccountInfo, type AuthenticationResult } from '@azure/msal-node';
import { Secret } from '../vault/secret.ts';
import type { Account } from './account.ts';
import type { Authority, ConnectOptions, Grant } from './authority.ts';

function toAccount(info: AccountInfo): Account {
  return {
    homeAccountId: info.homeAccountId,
    tenantId: info.tenantId,
    username: info.username,
    name: info.name ?? info.username,
  };
}

function toGrant(result: AuthenticationResult): Grant {
  if (result.account === null || result.expiresOn === null) {
    throw new TypeError('the token response has no account or no lifetime');
  }
  return {
    accessToken: new Secret(result.accessToken),
    tokenType: result.tokenType,
    scopes: result.scopes,
    expiresOn: result.expiresOn.getTime(),
    account: toAccount(result.account),
  };
}

/**
 * MSAL Node's confidential client as an {@link Authority}. The configured authority is taken as known:
 * the secret is bound to it, so asking login.microsoftonline.com whether it exists adds only a
 * request that a national cloud or an offline network would not answer.
 */
export function connectMsal({ profile, clientSecret, cache, network }: ConnectOptions): Authority {
  const client = new ConfidentialClientApplication({
    auth: {
      clientId: profile.clientId,
      authority: profile.authority,
      clientSecret: clientSecret.reveal(),
      knownAuthorities: [new URL(profile.authority).host],
    },
    cache: { cachePlugin: cache },
    system: {
      networkClient: network,
      // MSAL's log lines are not ours to redact: TokenNetwork and the agent say what a reader needs.
      loggerOptions: { piiLoggingEnabled: false },
    },
  });
  const accountInfo = async (homeAccountId?: string): Promise<AccountInfo | undefined> => {
    const accounts = await client.getTokenCache().getAllAccounts();
    return accounts.find((info) => homeAccountId === undefined || info.homeAccountId === homeAccountId);
  };
  return {
    authorizeUrl: ({ scopes, state, nonce, codeChallenge, loginHint, claims }) =>
      client.getAuthCodeUrl({
        scopes: [...scopes],
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
          // In the request: the confidential client ignores the payload's nonce (facts/tryouts.md).
          nonce,
          scopes: [...scopes],
          redirectUri: profile.redirectUri,
        }),
      ),
    renew: async ({ account, scopes, claims }) => {
      const info = await accountInfo(account.homeAccountId);
      if (info === undefined) throw Object.assign(new Error('no account'), { errorCode: 'no_account_found' });
      return toGrant(
        await client.acquireTokenSilent({
          account: info,
          scopes: [...scopes],
          forceRefresh: true,
          ...(claims === undefined ? {} : { claims }),
        }),
      );
    },
    account: async () => {
      const info = await accountInfo();
      return info === undefined ? undefined : toAccount(info);
    },
  };
}
