/** A JSON Web Token in JWS compact serialization (RFC 7519, RFC 7515 section 7.1), taken apart, nothing checked. */
export interface Jwt {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  /** What the signature is over. */
  readonly signed: string;
  readonly signature: Buffer;
}

export type JsonObject = Readonly<Record<string, unknown>>;

const BASE64URL = /^[\w-]+$/u;
/** Of a token with `alg: none` it is empty. */
const SIGNATURE = /^[\w-]*$/u;

/** Takes a token apart; undefined where it is no JWT. */
export function readJwt(token: string): Jwt | undefined {
  const parts = token.split('.', 4);
  const [head = '', body = '', signature = ''] = parts;
  if (parts.length !== 3 || !SIGNATURE.test(signature)) return undefined;
  const header = readPart(head);
  const payload = readPart(body);
  if (header === undefined || payload === undefined) return undefined;
  return { header, payload, signed: `${head}.${body}`, signature: Buffer.from(signature, 'base64url') };
}

function readPart(part: string): JsonObject | undefined {
  if (!BASE64URL.test(part)) return undefined;
  try {
    const found: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(found) ? found : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isObject(found: unknown): found is JsonObject {
  return typeof found === 'object' && found !== null && !Array.isArray(found);
}
