import { X509Certificate } from 'node:crypto';
import type { Credential } from '../../config/credential/credential.ts';
import type { Profile, Protocol } from '../../config/profile/profile.ts';
import { showFound } from '../../config/rules/issue.ts';
import { problem } from '../../words/problem.ts';
import { trouble, type Trouble } from './result.ts';

const SIGNED = ['private_key_jwt'];

/**
 * The methods of client authentication (OpenID Connect Core 9) that a credential can be sent with. MSAL has one for
 * each kind.
 */
const METHODS: Readonly<Record<Protocol, Readonly<Record<Credential['kind'], readonly string[]>>>> = {
  entra: { secret: ['client_secret_post'], certificate: SIGNED, 'assertion-file': SIGNED },
  oidc: {
    secret: ['client_secret_basic', 'client_secret_post', 'client_secret_jwt'],
    certificate: SIGNED,
    'assertion-file': SIGNED,
  },
};

const either = new Intl.ListFormat('en', { type: 'disjunction' });

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
  const needed = METHODS[protocol][credential.kind];
  const accepted = namesIn(document, 'token_endpoint_auth_methods_supported');
  if (accepted !== undefined && !needed.some((name) => accepted.includes(name)))
    return refused(accepted.join(', '), either.format(needed));
  if (protocol !== 'oidc' || credential.kind !== 'certificate') return undefined;
  const algorithms = namesIn(document, 'token_endpoint_auth_signing_alg_values_supported');
  if (algorithms === undefined) return undefined;
  // RFC 7518 3.1.
  const { asymmetricKeyType } = new X509Certificate(credential.certificate).publicKey;
  const ours = asymmetricKeyType === 'ec' ? ['ES256'] : ['RS256', 'PS256'];
  return ours.some((name) => algorithms.includes(name))
    ? undefined
    : refused(`private_key_jwt (${algorithms.join(', ')})`, `private_key_jwt (${either.format(ours)})`);
}

/** A list of names in the metadata; undefined if it is missing. */
function namesIn(document: object | undefined, field: string): readonly string[] | undefined {
  const value: unknown = document === undefined ? undefined : Reflect.get(document, field);
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : undefined;
}
