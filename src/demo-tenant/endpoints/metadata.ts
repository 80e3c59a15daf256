import { TENANT_ALIASES } from '../state/directory.ts';
import { replyJson } from '../pages/reply.ts';
import type { Exchange } from '../state/state.ts';
import { issuerOf } from './tokens.ts';

/**
 * The OpenID Provider Metadata (OpenID Connect Discovery section 3) as Entra writes it: endpoints under the tenant's
 * GUID, or under the requested alias; the issuer of an alias contains the literal `{tenantid}`.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export function replyMetadata({ tenant, tenantSegment, response }: Exchange): void {
  const name = tenantSegment.toLowerCase();
  const isAlias = TENANT_ALIASES.includes(name);
  const base = `${tenant.origin}/${isAlias ? name : tenant.directory.tenantId}`;
  replyJson(response, 200, {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: isAlias ? `${tenant.origin}/{tenantid}/v2.0` : issuerOf(tenant),
    request_uri_parameter_supported: false,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    claims_supported: 'sub iss aud exp iat nonce preferred_username name tid ver email'.split(' '),
  });
}

/** The public keys (RFC 7517). */
export function replyKeys({ tenant, response }: Exchange): void {
  replyJson(response, 200, tenant.signingKeys.jwks);
}
