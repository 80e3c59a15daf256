import type { Credential } from '../../config/credential/credential.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { showFound } from '../../config/rules/issue.ts';
import { problem } from '../../words/problem.ts';
import { trouble, type Trouble } from './result.ts';

/** The method of client authentication (OpenID Connect Core 9) with which MSAL sends each kind of credential. */
const METHODS: Readonly<Record<Credential['kind'], string>> = {
  secret: 'client_secret_post',
  certificate: 'private_key_jwt',
  'assertion-file': 'private_key_jwt',
};

/** With which MSAL signs if the certificate is named by its SHA-256 thumbprint (RFC 7518 3.5). */
const ALGORITHM = 'PS256';

/**
 * The problem if the metadata names methods of client authentication, or algorithms for one, and the credential can
 * use none of them. An authority that names none is not judged.
 */
export function methodTrouble(
  { protocol }: Pick<Profile, 'protocol'>,
  credential: Credential,
  { host, document }: { readonly host: string; readonly document: object | undefined },
): Trouble | undefined {
  const refused = (accepted: string, needed: string): Trouble =>
    trouble(problem('admin', 'client-method', { host, accepted: showFound(accepted) ?? '', needed }));
  const needed = METHODS[credential.kind];
  const accepted = namesIn(document, 'token_endpoint_auth_methods_supported');
  if (accepted !== undefined && !accepted.includes(needed)) return refused(accepted.join(', '), needed);
  if (protocol !== 'oidc' || credential.kind !== 'certificate') return undefined;
  const algorithms = namesIn(document, 'token_endpoint_auth_signing_alg_values_supported');
  if (algorithms === undefined) return undefined;
  return algorithms.includes(ALGORITHM)
    ? undefined
    : refused(`private_key_jwt (${algorithms.join(', ')})`, `private_key_jwt (${ALGORITHM})`);
}

/** A list of names in the metadata; undefined if it is missing. */
function namesIn(document: object | undefined, field: string): readonly string[] | undefined {
  const value: unknown = document === undefined ? undefined : Reflect.get(document, field);
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : undefined;
}
