import { algorithmsOf } from '../../config/credential/certificate.ts';
import type { Credential } from '../../config/credential/credential.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { showFound } from '../../config/rules/issue.ts';
import { problem } from '../../words/problem.ts';
import { trouble, type Trouble } from './result.ts';

/** The methods of client authentication (OpenID Connect Core 9) for each kind of credential; MSAL sends the first. */
const METHODS: Readonly<Record<Credential['kind'], readonly [string, ...string[]]>> = {
  secret: ['client_secret_post', 'client_secret_basic', 'client_secret_jwt'],
  certificate: ['private_key_jwt'],
  'assertion-file': ['private_key_jwt'],
};

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
  const all = METHODS[credential.kind];
  const usable = protocol === 'oidc' ? all : all.slice(0, 1);
  const accepted = namesIn(document, 'token_endpoint_auth_methods_supported');
  if (accepted !== undefined && !accepted.some((name) => usable.includes(name)))
    return refused(accepted.join(', '), usable.join(', '));
  if (protocol !== 'oidc' || credential.kind !== 'certificate') return undefined;
  const algorithms = namesIn(document, 'token_endpoint_auth_signing_alg_values_supported');
  const signing = algorithmsOf(credential.privateKey);
  return algorithms === undefined || algorithms.some((name) => signing.includes(name))
    ? undefined
    : refused(`private_key_jwt (${algorithms.join(', ')})`, `private_key_jwt (${signing.join(', ')})`);
}

/** A list of names in the metadata; undefined if it is missing. */
function namesIn(document: object | undefined, field: string): readonly string[] | undefined {
  const value: unknown = document === undefined ? undefined : Reflect.get(document, field);
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : undefined;
}
