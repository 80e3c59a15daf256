import { ProfileCache } from '../../agent/authority/cache.ts';
import { readFailure } from '../../agent/failures/failures.ts';
import { TokenNetwork } from '../../agent/network/network.ts';
import type { HttpResponse } from '../../agent/network/send.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { isIssuerOf } from '../../config/profile/authority.ts';
import { showFound } from '../../config/rules/issue.ts';
import { isGuid } from '../../system/guid.ts';
import { Secret } from '../../system/secret.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { quietLog } from './quiet-log.ts';

/** An authority's metadata as it was received. */
export interface Metadata {
  readonly host: string;
  readonly issuer: string;
  readonly response: HttpResponse;
}

/**
 * Why the library that signs in would refuse the issuer of the metadata; undefined if it would not. An OpenID
 * provider's issuer must be its address, see `isIssuerOf`. Entra's is judged by MSAL. It contains the tenant's ID, or a literal `{tenantid}` if any tenant is meant; a tenant
 * that is configured by its domain cannot be compared.
 */
export async function issuerProblem(
  profile: Profile,
  metadata: Metadata,
  now: () => number,
): Promise<Problem | undefined> {
  const { host, issuer } = metadata;
  const { authority, protocol } = profile;
  const refused = problem('admin', 'discovery.issuer', { host, issuer: showFound(issuer) ?? '' });
  if (protocol === 'oidc') return isIssuerOf(authority, issuer) ? undefined : refused;
  const tenant = new URL(authority).pathname.split('/')[1] ?? '';
  if (isGuid(tenant) && !issuer.toLowerCase().includes(tenant.toLowerCase())) return refused;
  return (await isAcceptedByMsal(profile, metadata, now)) ? undefined : refused;
}

/**
 * Lets MSAL read complete metadata, which it does before it makes the address of a sign-in. Its request is answered
 * with what was received, so nothing is sent.
 */
async function isAcceptedByMsal(
  profile: Profile,
  { response }: Metadata,
  now: () => number,
): Promise<boolean> {
  const network = new TokenNetwork({ send: () => Promise.resolve(response), now, log: quietLog });
  const nothing = (): void => undefined;
  const listener = { onSaveFailed: nothing, onSaved: nothing, onCorrupt: nothing };
  const cache = new ProfileCache({ item: undefined, listener, now });
  const unused = 'unused';
  const credential = { kind: 'secret', secret: new Secret(unused) } as const;
  try {
    const { connectMsal } = await import('../../agent/authority/msal.ts');
    const authority = await connectMsal({ profile, credential, cache, network, now });
    await authority.authorizeUrl({
      scopes: profile.scopes,
      state: unused,
      nonce: unused,
      codeChallenge: unused,
      loginHint: undefined,
      claims: undefined,
    });
    return true;
  } catch (error) {
    // MSAL hides `issuer_validation_failed` behind this code (msal-common, AuthorityFactory).
    if (readFailure(error, {}).errorCode === 'endpoints_resolution_error') return false;
    throw error;
  }
}
