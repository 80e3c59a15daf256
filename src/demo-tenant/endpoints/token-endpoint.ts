import { createHash } from 'node:crypto';
import { AadstsError } from '../state/aadsts.ts';
import { authenticateClient } from './client-authentication.ts';
import type { DemoUser } from '../state/directory.ts';
import type { Authorization } from '../state/grants.ts';
import { replyJson } from '../pages/reply.ts';
import { applicationAudience, grantScopes, parseScopes } from '../state/scopes.ts';
import type { Exchange } from '../state/state.ts';
import { clientInfo, signApplicationAccessToken, signIdToken, signUserAccessToken } from './tokens.ts';

/** The grants this tenant knows. */
export const GRANT_TYPES = ['authorization_code', 'refresh_token', 'client_credentials'] as const;

/**
 * Answers a token request (RFC 6749 section 3.2).
 * @throws AadstsError for every refusal.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-access-token-with-a-client_secret
 */
export async function answerTokenRequest(exchange: Exchange): Promise<void> {
  const asked = required(exchange, 'grant_type');
  await authenticateClient(exchange);
  const grantType = GRANT_TYPES.find((name) => name === asked);
  switch (grantType) {
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
  const { form, tenant } = exchange;
  const code = required(exchange, 'code');
  const redirectUri = required(exchange, 'redirect_uri');
  const asked = form.get('scope');
  // Before the code is spent: a request for two resources leaves it good.
  if (asked !== null) grantScopes(parseScopes(asked));
  const authorization = tenant.grants.redeemCode(code, (issued) => {
    if (issued.redirectUri !== redirectUri) throw new AadstsError(500112);
    checkVerifier(issued, form.get('code_verifier'));
  });
  await replyTokens(exchange, {
    user: authorization.user,
    scope: asked ?? authorization.scope,
    nonce: authorization.nonce,
    isRefresh: false,
  });
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
  const { form, tenant } = exchange;
  const token = required(exchange, 'refresh_token');
  const asked = form.get('scope');
  if (asked !== null) grantScopes(parseScopes(asked));
  const grant = tenant.grants.useRefreshToken(token, {
    refuseUsed: tenant.faults.refuseUsedRefreshTokens,
  });
  await replyTokens(exchange, { ...grant, scope: asked ?? grant.scope, nonce: undefined, isRefresh: true });
}

/** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
async function grantToApplication(exchange: Exchange): Promise<void> {
  const { tenant, response } = exchange;
  const audience = applicationAudience(parseScopes(required(exchange, 'scope')));
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

async function replyTokens({ tenant, form, response }: Exchange, grant: UserGrant): Promise<void> {
  const request = parseScopes(grant.scope);
  const granted = grantScopes(request);
  const wants = (scope: string) => request.oidc.includes(scope);
  // A refresh always brings the next refresh token; a sign-in only where offline_access was asked.
  const refreshToken =
    grant.isRefresh || wants('offline_access')
      ? tenant.grants.issueRefreshToken({ user: grant.user, scope: grant.scope })
      : undefined;
  replyJson(response, 200, {
    ...bearer(tenant.faults.accessTokenSeconds),
    scope: granted.responseScope,
    access_token: await signUserAccessToken(tenant, grant.user, granted),
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(wants('openid') && { id_token: await signIdToken(tenant, grant.user, grant.nonce) }),
    ...(form.get('client_info') === '1' && { client_info: clientInfo(tenant, grant.user) }),
  });
}

function bearer(seconds: number): { token_type: string; expires_in: number; ext_expires_in: number } {
  return { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds };
}

/** @throws AadstsError 900144 naming the parameter that is missing or empty. */
function required({ form }: Exchange, name: string): string {
  const value = form.get(name);
  if (value === null || value === '') throw new AadstsError(900144, { detail: `'${name}'.` });
  return value;
}
