// A test double of the authority: it keeps what it was asked, answers as it is told, and writes to the cache as MSAL does.
import { InteractionRequiredAuthError, ServerError, TokenCacheContext } from '@azure/msal-node';
import type { Account } from '../../src/agent/account.ts';
import type { Authority, AuthorizeRequest, Grant, RedeemRequest } from '../../src/agent/authority.ts';
import type { ProfileCache } from '../../src/agent/cache.ts';
import type { TokenNetwork } from '../../src/agent/network.ts';
import { Secret } from '../../src/vault/secret.ts';

export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

export const ada: Account = {
  homeAccountId: 'ada.tenant',
  tenantId: 'tenant',
  username: 'ada@example.test',
  name: 'Ada',
};
export const bob: Account = {
  homeAccountId: 'bob.tenant',
  tenantId: 'tenant',
  username: 'bob@example.test',
  name: 'Bob',
};

/** A refusal of the token endpoint as msal-common 16 throws it. */
export function serverError(aadsts: number, errorCode = 'invalid_grant', subError = ''): ServerError {
  const description = `AADSTS${aadsts}: a description with a secret: hunter2. Trace ID: 1`;
  return new ServerError(errorCode, 'correlation', description, subError, String(aadsts), 400);
}

/** The same for what MSAL itself knows to need the user. */
export function interactionError(aadsts: number, claims = ''): InteractionRequiredAuthError {
  const description = `AADSTS${aadsts}: multi-factor for hunter2`;
  return new InteractionRequiredAuthError(
    'interaction_required',
    'correlation',
    description,
    'basic_action',
    'timestamp',
    'trace',
    claims,
    String(aadsts),
  );
}

type Renewal = Parameters<Authority['renew']>[0];

/** MSAL's in-memory cache as its plugin sees it. */
export class FakeTokenCache {
  text = '';

  context(cacheHasChanged: boolean): TokenCacheContext {
    const tokenCache = {
      serialize: () => this.text,
      deserialize: (text: string) => {
        // As MSAL: sections of entries, spread over a default.
        const parsed = JSON.parse(text) as { Account?: Record<string, { name: string }> };
        for (const entry of Object.values(parsed.Account ?? {})) JSON.stringify(entry.name);
        this.text = text;
      },
    };
    return new TokenCacheContext(tokenCache, cacheHasChanged);
  }
}

/** One for a whole test; {@link FakeAuthority.connect} gives the side that one conversation sees. */
export class FakeAuthority {
  connects = 0;
  readonly authorizations: AuthorizeRequest[] = [];
  readonly redemptions: RedeemRequest[] = [];
  readonly renewals: Renewal[] = [];
  lifetimeMs = HOUR_MS;
  /** Replaced by tests; the default grants. The network is there to be seen failing. */
  onAuthorize: (network: TokenNetwork) => Promise<string> = () =>
    Promise.resolve('https://login.example.test/authorize');
  onRedeem: (network: TokenNetwork) => Promise<Grant> = () => Promise.resolve(this.grant(ada));
  onRenew: (request: Renewal, network: TokenNetwork) => Promise<Grant> = ({ account, scopes }) =>
    Promise.resolve(this.grant(account, scopes));

  #issued = 0;

  grant(account: Account = ada, scopes: readonly string[] = ['User.Read']): Grant {
    this.#issued += 1;
    return {
      accessToken: new Secret(`token-${this.#issued}`),
      tokenType: 'Bearer',
      scopes,
      expiresOn: Date.now() + this.lifetimeMs,
      account,
    };
  }

  connect(cache: ProfileCache, network: TokenNetwork): Authority {
    this.connects += 1;
    const tokens = new FakeTokenCache();
    const read = (): Promise<void> => cache.beforeCacheAccess(tokens.context(false));
    const write = async (account: Account): Promise<void> => {
      await read();
      tokens.text = JSON.stringify({ Account: { [account.homeAccountId]: account } });
      await cache.afterCacheAccess(tokens.context(true));
    };
    return {
      authorizeUrl: (request) => {
        this.authorizations.push(request);
        return this.onAuthorize(network);
      },
      redeem: async (request) => {
        this.redemptions.push(request);
        const grant = await this.onRedeem(network);
        await write(grant.account);
        return grant;
      },
      renew: async (request) => {
        this.renewals.push(request);
        await read();
        const grant = await this.onRenew(request, network);
        await write(grant.account);
        return grant;
      },
      account: async () => {
        await read();
        const { Account: accounts = {} } = JSON.parse(tokens.text) as { Account?: Record<string, Account> };
        return Object.values(accounts)[0];
      },
    };
  }
}

/** A promise that is settled by hand. */
export function byHand<Value>(): {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (error: Error) => void;
} {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<Value>((settle, refuse) => {
    resolve = settle;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
