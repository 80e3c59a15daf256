import { createHash } from 'node:crypto';
import { replyJson } from '../pages/reply.ts';
import { AadstsError } from '../state/aadsts.ts';
import { required } from '../state/authorize-request.ts';
import type { DemoUser } from '../state/directory.ts';
import type { Authorization } from '../state/grants.ts';
import { applicationAudience, grantScopes, parseScopes } from '../state/scopes.ts';
import type { Exchange } from '../state/state.ts';
import { authenticateClient } from './client-authentication.ts';
import { clientInfo, signApplicationAccessToken, signIdToken, signUserAccessToken } from './tokens.ts';

/** The grants that this tenant supports. */
export const GRANT_TYPES = ['authorization_code', 'refresh_token', 'client_credentials'] as const;

/**
 * Answers a token request (RFC 6749 section 3.2).
 * @throws AadstsError for every refusal.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-access-token-with-a-client_secret
 */
export async function answerTokenRequest(exchange: Exchange): Promise<void> {
  const asked = required(exchange.parameters, 'grant_type');
  await authenticateClient(exchange);
  switch (GRANT_TYPES.find((name) => name === asked)) {
    case 'authorization_code':
      return redeemCode(exchange);
    case 'refresh_token':
      return refresh(exchange);
    case 'client_credentials':
      return grantToApplication(exchange);
    case undefined:
      throw new AadstsError(70003, { detail: `'${asked}'` });
  }
}

async function redeemCode(exchange: Exchange): Promise<void> {
  const { parameters, tenant } = exchange;
  const code = required(parameters, 'code');
  const redirectUri = required(parameters, 'redirect_uri');
  // Before the code is redeemed: a request for two resources leaves it valid.
  const asked = askedScope(parameters);
  const { user, scope, nonce } = tenant.grants.redeemCode(code, (issued) => {
    if (issued.redirectUri !== redirectUri) throw new AadstsError(500112);
    checkVerifier(issued, parameters.get('code_verifier'));
  });
  await replyTokens(exchange, { user, scope: asked ?? scope, nonce, isRefresh: false });
}

/** The scope of a token request, if it has one. @throws AadstsError for a scope that cannot be granted. */
function askedScope(parameters: URLSearchParams): string | undefined {
  const asked = parameters.get('scope') ?? undefined;
  if (asked !== undefined) grantScopes(parseScopes(asked));
  return asked;
}

/** RFC 7636 section 4.6. A verifier without a challenge is refused too (RFC 9700 section 2.1.1). */
function checkVerifier({ codeChallenge }: Authorization, verifier: string | null): void {
  if (codeChallenge === undefined && verifier === null) return;
  const hashed = createHash('sha256')
    .update(verifier ?? '')
    .digest('base64url');
  if (verifier === null || hashed !== codeChallenge) throw new AadstsError(501481);
}

async function refresh(exchange: Exchange): Promise<void> {
  const { parameters, tenant } = exchange;
  const token = required(parameters, 'refresh_token');
  const asked = askedScope(parameters);
  const refuseUsed = tenant.faults.refuseUsedRefreshTokens;
  const { user, scope } = tenant.grants.useRefreshToken(token, { refuseUsed });
  await replyTokens(exchange, { user, scope: asked ?? scope, nonce: undefined, isRefresh: true });
}

/** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
async function grantToApplication({ tenant, response, parameters }: Exchange): Promise<void> {
  const audience = applicationAudience(parseScopes(required(parameters, 'scope')));
  replyJson(response, 200, {
    ...bearer(tenant.faults.accessTokenSeconds),
    access_token: await signApplicationAccessToken(tenant, audience),
  });
}

interface UserGrant {
  readonly user: DemoUser;
  readonly scope: string;
  readonly nonce: string | undefined;
  readonly isRefresh: boolean;
}

async function replyTokens({ tenant, parameters, response }: Exchange, grant: UserGrant): Promise<void> {
  const { user, scope } = grant;
  const request = parseScopes(scope);
  const granted = grantScopes(request);
  // A refresh always brings a new refresh token; a sign-in only if offline_access was requested.
  const refreshToken =
    grant.isRefresh || request.oidc.includes('offline_access')
      ? tenant.grants.issueRefreshToken({ user, scope })
      : undefined;
  replyJson(response, 200, {
    ...bearer(tenant.faults.accessTokenSeconds),
    scope: granted.responseScope,
    access_token: await signUserAccessToken(tenant, user, granted, capabilitiesIn(parameters)),
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(request.oidc.includes('openid') && { id_token: await signIdToken(tenant, user, grant.nonce) }),
    ...(parameters.get('client_info') === '1' && { client_info: clientInfo(tenant, user) }),
  });
}

/**
 * The client capabilities of the `claims` parameter: `{"access_token":{"xms_cc":{"values":["cp1"]}}}`.
 * https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
function capabilitiesIn(parameters: URLSearchParams): readonly string[] {
  try {
    const claims = JSON.parse(parameters.get('claims') ?? '{}') as {
      access_token?: { xms_cc?: { values?: readonly string[] } };
    };
    return claims.access_token?.xms_cc?.values ?? [];
  } catch {
    throw new AadstsError(9002313);
  }
}

function bearer(seconds: number): { token_type: string; expires_in: number; ext_expires_in: number } {
  return { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds };
}
