import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Secret } from '../../system/secret.ts';

/** The result of a key check. */
export type KeyFound = 'right' | 'wrong' | 'in the address';

/** Anything in a URL that could be one of our keys (key-file.ts); compared as a whole. */
const KEY_LIKE = /[\w-]{43,}/gu;

/**
 * Makes a check of a request's key. The key comes in a header (`Authorization: Bearer`, `X-Tokentray-Key`, or
 * Azure's `X-IDENTITY-HEADER`): never in the URL, which logs and histories keep, and never as a cookie, which
 * browsers send automatically. Compares in constant time.
 */
export function keyCheck(key: Secret): (headers: IncomingHttpHeaders, url: string) => KeyFound {
  const wanted = Buffer.from(key.reveal());
  // All our keys have the same length (key-file.ts), so that a length reveals nothing.
  const isKey = (text: string): boolean => {
    const given = Buffer.from(text);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  };
  return (headers, url) => {
    // A URL shorter than a key holds none; most are.
    if (
      url.length >= wanted.length &&
      [url, decoded(url)].some((text) => text.match(KEY_LIKE)?.some(isKey) === true)
    )
      return 'in the address';
    const bearer = /^Bearer +(\S+)$/iu.exec(headers.authorization ?? '')?.[1];
    const given = [bearer, headers['x-tokentray-key'], headers['x-identity-header']];
    return given.some((text) => typeof text === 'string' && isKey(text)) ? 'right' : 'wrong';
  };
}

/** Decodes each escape on its own: a wrong one elsewhere must not hide the key. */
function decoded(url: string): string {
  return url.includes('%')
    ? url.replace(/%([0-9a-f]{2})/giu, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : url;
}
