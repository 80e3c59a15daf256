import { calculateJwkThumbprint, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import type { JSONWebKeySet, JWTPayload } from 'jose';

/** Signs and verifies the tenant's tokens (RS256, RFC 7518 section 3.3) with a key made for this process. */
export interface SigningKeys {
  /** The public keys that `jwks_uri` serves (RFC 7517). */
  readonly jwks: JSONWebKeySet;
  sign(claims: JWTPayload): Promise<string>;
  /** @throws a `jose` error if signature, issuer or lifetime are not valid at that time. */
  verify(jwt: string, issuer: string, now: Date): Promise<JWTPayload>;
}

let keyPair: ReturnType<typeof generateKeyPair> | undefined;

/** Makes the key once per process: generating an RSA key is the slowest part of a start, and tests start many tenants. */
export async function createSigningKeys(): Promise<SigningKeys> {
  keyPair ??= generateKeyPair('RS256');
  const { privateKey, publicKey } = await keyPair;
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return {
    jwks: { keys: [{ ...jwk, kid, use: 'sig', alg: 'RS256' }] },
    sign: (claims) =>
      new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid }).sign(privateKey),
    async verify(jwt, issuer, now) {
      const options = { issuer, algorithms: ['RS256'], currentDate: now };
      return (await jwtVerify(jwt, publicKey, options)).payload;
    },
  };
}
