import { replyJson } from '../pages/reply.ts';
import type { Exchange } from '../state/state.ts';
import { issuerOf } from './tokens.ts';

/**
 * A resource such as Microsoft Graph: shows the user of the access token. A token that was issued before the switch
 * `revokedBefore` gets a claims challenge if its client declared `cp1`; other clients keep access until it expires.
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export async function answerResourceRequest({ tenant, request, response }: Exchange): Promise<void> {
  const [, token = ''] = /^Bearer (.+)$/u.exec(request.headers.authorization ?? '') ?? [];
  const claims = await tenant.signingKeys
    .verify(token, issuerOf(tenant), new Date(tenant.now()))
    .catch(() => undefined);
  if (claims === undefined) {
    challenge('error="invalid_token"');
    return;
  }
  const { revokedBefore } = tenant.faults;
  const isCapable = Array.isArray(claims['xms_cc']) && claims['xms_cc'].includes('cp1');
  if (isCapable && (claims.iat ?? 0) < revokedBefore) {
    const needed = { access_token: { nbf: { essential: true, value: String(revokedBefore) } } };
    const encoded = Buffer.from(JSON.stringify(needed)).toString('base64');
    challenge(`error="insufficient_claims", claims="${encoded}"`);
    return;
  }
  replyJson(response, 200, { displayName: claims['name'], userPrincipalName: claims['upn'] });

  function challenge(parameters: string): void {
    response.setHeader('WWW-Authenticate', `Bearer realm="", ${parameters}`);
    replyJson(response, 401, { error: { code: 'InvalidAuthenticationToken' } });
  }
}
