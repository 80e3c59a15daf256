import { createHash, randomBytes } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { opaqueLoginHint } from '../state/directory.ts';
import type { DemoUser } from '../state/directory.ts';
import type { GrantedScope } from '../state/scopes.ts';
import type { TenantState } from '../state/state.ts';

/** Entra's ID tokens are valid for an hour, whatever the access token's lifetime. */
const ID_TOKEN_SECONDS = 3600;

/** The issuer of this tenant's tokens, or of tokens for a user of another home tenant, in Entra's v2.0 form. */
export function issuerOf(
  tenant: Pick<TenantState, 'origin' | 'directory'>,
  tenantId: string = tenant.directory.tenantId,
): string {
  return `${tenant.origin}/${tenantId}/v2.0`;
}

/**
 * An access token for a user.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function signUserAccessToken(
  tenant: TenantState,
  user: DemoUser,
  granted: GrantedScope,
  capabilities: readonly string[],
): Promise<string> {
  return signAndRemember(tenant, {
    ...lifetime(tenant, tenant.faults.accessTokenSeconds, user),
    ...clientClaims(tenant),
    aud: granted.audience,
    idtyp: 'user',
    amr: ['pwd'],
    name: user.name,
    oid: user.oid,
    preferred_username: user.username,
    scp: granted.scp,
    sub: pairwiseSubject(user.oid, granted.audience),
    unique_name: user.username,
    upn: user.username,
    ...(capabilities.length > 0 && { xms_cc: capabilities }),
  });
}

/** An access token for the application itself: roles instead of scopes, the service principal as subject. */
export function signApplicationAccessToken(tenant: TenantState, audience: string): Promise<string> {
  const servicePrincipal = guidOf(`service principal ${tenant.directory.client.clientId}`);
  return signAndRemember(tenant, {
    ...lifetime(tenant, tenant.faults.accessTokenSeconds),
    ...clientClaims(tenant),
    aud: audience,
    idtyp: 'app',
    oid: servicePrincipal,
    roles: ['Demo.Read.All'],
    sub: servicePrincipal,
  });
}

/**
 * An ID token (OpenID Connect Core section 2) with Entra's claims.
 * @see https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
 */
export function signIdToken(tenant: TenantState, user: DemoUser, nonce: string | undefined): Promise<string> {
  const { clientId } = tenant.directory.client;
  const shownNonce = tenant.faults.wrongNonce ? `wrong-${nonce ?? 'nonce'}` : nonce;
  return signAndRemember(tenant, {
    ...lifetime(tenant, ID_TOKEN_SECONDS, user),
    aud: clientId,
    email: user.mail,
    login_hint: opaqueLoginHint(user),
    name: user.name,
    ...(shownNonce !== undefined && { nonce: shownNonce }),
    oid: user.oid,
    preferred_username: user.username,
    sub: pairwiseSubject(user.oid, clientId),
  });
}

/** MSAL's `client_info`: the user and the home tenant, for MSAL's cache key. */
export function clientInfo(tenant: TenantState, user: DemoUser): string {
  const info = { uid: user.oid, utid: homeOf(tenant, user) };
  return Buffer.from(JSON.stringify(info)).toString('base64url');
}

function homeOf({ directory }: TenantState, user: DemoUser | undefined): string {
  return user?.homeTenantId ?? directory.tenantId;
}

function lifetime(tenant: TenantState, seconds: number, user?: DemoUser): JWTPayload {
  const issuedAt = Math.floor(tenant.now() / 1000);
  return {
    iss: issuerOf(tenant, homeOf(tenant, user)),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + seconds,
    tid: homeOf(tenant, user),
    uti: randomBytes(16).toString('base64url'),
    ver: '2.0',
  };
}

function clientClaims(tenant: TenantState): JWTPayload {
  const { clientId } = tenant.directory.client;
  return { acr: '1', app_displayname: 'Tokentray demo', appid: clientId, azp: clientId, azpacr: '1' };
}

async function signAndRemember(tenant: TenantState, claims: JWTPayload): Promise<string> {
  const token = await tenant.signingKeys.sign(claims);
  tenant.remember(token);
  return token;
}

/** A subject that differs between applications (OpenID Connect Core section 8.1), as Entra's does. */
function pairwiseSubject(oid: string, audience: string): string {
  return createHash('sha256').update(`${oid} ${audience}`).digest('base64url');
}

function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/u, '$1-$2-$3-$4-$5');
}
