// jose is loaded with this module, when a token is first viewed: neither host needs it at its start.
import { compactVerify, decodeJwt, decodeProtectedHeader, errors, importJWK, type CryptoKey } from 'jose';
import * as v from 'valibot';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Public keys (RFC 7517) by their `kid`. */
export type Keys = ReadonlyMap<string, CryptoKey>;

/** The algorithm that Entra signs with (RFC 7518 3.3). No token may choose another one. */
const ALGORITHM = 'RS256';

/** RFC 7518 3.3: "A key of size 2048 bits or larger MUST be used". */
const LEAST_KEY_BITS = 2048;

/** The parts of a JWS in compact form (RFC 7515 7.1). With `alg: none` the signature is empty. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]*$/u;

const jwksSchema = v.object({ keys: v.array(v.unknown()) });
const rsaSchema = v.object({
  kty: v.literal('RSA'),
  kid: v.string(),
  use: v.optional(v.literal('sig')),
  n: v.string(),
  e: v.string(),
});

/** Header and payload of a JWT, unchecked; undefined if the token is not a JWT. */
export function readJwt(token: string): { header: JsonObject; payload: JsonObject } | undefined {
  // jose also decodes the characters of ordinary Base64.
  if (!COMPACT.test(token)) return undefined;
  try {
    return { header: { ...decodeProtectedHeader(token) }, payload: decodeJwt(token) };
  } catch (error) {
    if (error instanceof errors.JWTInvalid || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The RSA signing keys of a key set; other and damaged keys are left out. Undefined if it is not a key set. */
export async function readKeys(document: unknown): Promise<Keys | undefined> {
  if (!v.is(jwksSchema, document)) return undefined;
  const keys = new Map<string, CryptoKey>();
  for (const jwk of document.keys) {
    if (!v.is(rsaSchema, jwk)) continue;
    const { kty, kid, n, e } = jwk;
    const key = await importJWK({ kty, n, e }, ALGORITHM).catch(() => undefined);
    // jose imports shorter keys, too, and would refuse to verify with them.
    if (key === undefined || !('algorithm' in key)) continue;
    if (Number(Reflect.get(key.algorithm, 'modulusLength')) >= LEAST_KEY_BITS) keys.set(kid, key);
  }
  return keys;
}

/** Whether the key signed the token (RFC 7515 5.2); `unknown` if the header has an extension that jose does not know. */
export async function checkSignature(
  token: string,
  key: CryptoKey,
): Promise<'verified' | 'wrong' | 'unknown'> {
  try {
    await compactVerify(token, key, { algorithms: [ALGORITHM] });
    return 'verified';
  } catch (error) {
    if (error instanceof errors.JOSEError)
      return error instanceof errors.JWSSignatureVerificationFailed ? 'wrong' : 'unknown';
    throw error;
  }
}
