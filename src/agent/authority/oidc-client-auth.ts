import { X509Certificate } from 'node:crypto';
import { importPKCS8 } from 'jose';
import {
  ClientSecretBasic,
  ClientSecretJwt,
  ClientSecretPost,
  modifyAssertion,
  PrivateKeyJwt,
  type ClientAuth,
  type ServerMetadata,
} from 'openid-client';
import type { Credential } from '../../config/credential/credential.ts';
import { algorithmsOf } from '../../config/credential/certificate.ts';
import { checkedCertificate, readAssertion } from './client-credential.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * The ways to authenticate with a secret, in the order in which they are tried. `client_secret_post` comes first,
 * because every version before openid-client used it: registrations that work with it go on.
 */
const SECRET_METHODS: readonly (readonly [string, (secret: string) => ClientAuth])[] = [
  ['client_secret_post', ClientSecretPost],
  ['client_secret_basic', ClientSecretBasic],
  ['client_secret_jwt', ClientSecretJwt],
];

/** Where metadata names no method, `client_secret_basic` is meant (OpenID Connect Discovery 3). */
function secretMethods(secret: string, supported: unknown): readonly ClientAuth[] {
  const names: readonly unknown[] = Array.isArray(supported) ? supported : ['client_secret_basic'];
  const announced = SECRET_METHODS.filter(([name]) => names.includes(name));
  return (announced.length > 0 ? announced : SECRET_METHODS).map(([, authenticate]) => authenticate(secret));
}

/**
 * Signs a new assertion for each request (RFC 7523 2.2), because a strict provider accepts each `jti` once. Its audience
 * is the issuer, as newer specifications ask for (OpenID Connect Core 9 leaves it open); some providers accept their token
 * endpoint only, which MSAL used before.
 */
async function certificateMethods(
  stored: Extract<Credential, { kind: 'certificate' }>,
  {
    token_endpoint: tokenEndpoint,
    token_endpoint_auth_signing_alg_values_supported: supported,
  }: ServerMetadata,
): Promise<readonly ClientAuth[]> {
  const { certificate, privateKey } = checkedCertificate(stored, 'rsa-or-p256');
  const all = algorithmsOf(privateKey);
  const names: readonly unknown[] = Array.isArray(supported) ? supported : all;
  const algorithms = all.filter((one) => names.includes(one));
  const thumbprint = new X509Certificate(certificate).fingerprint256.replaceAll(':', '');
  const method = async (algorithm: string, audience: string | undefined): Promise<ClientAuth> =>
    PrivateKeyJwt(await importPKCS8(privateKey.reveal(), algorithm), {
      // By its thumbprint a provider finds the certificate among several (RFC 7515 4.1.8), as with MSAL before.
      [modifyAssertion]: (header, payload) => {
        header['x5t#S256'] = Buffer.from(thumbprint, 'hex').toString('base64url');
        if (audience !== undefined) payload['aud'] = audience;
      },
    });
  const usable = algorithms.length > 0 ? algorithms : all;
  return Promise.all(
    [undefined, tokenEndpoint].flatMap((audience) => usable.map((algorithm) => method(algorithm, audience))),
  );
}

/**
 * How the client may authenticate, by its credential and what the provider's metadata announces; the first that is
 * accepted counts, because metadata does not tell which method the client is registered for.
 * @param now milliseconds since the epoch
 * Rejects with ProblemError `certificate` if a certificate cannot be used. A bad assertion file is found with the request.
 */
export async function clientAuthentications(
  credential: Credential,
  metadata: ServerMetadata,
  now: () => number,
): Promise<readonly ClientAuth[]> {
  switch (credential.kind) {
    case 'secret':
      return secretMethods(credential.secret.reveal(), metadata.token_endpoint_auth_methods_supported);
    case 'certificate':
      return certificateMethods(credential, metadata);
    case 'assertion-file':
      return [withAssertionOf(credential.path, now)];
  }
}

function withAssertionOf(path: string, now: () => number): ClientAuth {
  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- openid-client awaits it; its type does not say so
  return async (_server, client, body) => {
    body.set('client_id', client.client_id);
    body.set('client_assertion_type', ASSERTION_TYPE);
    body.set('client_assertion', await readAssertion(path, now()));
  };
}
