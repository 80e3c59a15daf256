import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Secret } from '../../system/secret.ts';

/** What was found where a key is wanted. */
export type KeyFound = 'right' | 'wrong' | 'in the address';

/** Whatever in an address could be a key of ours (key-file.ts): it is compared as a whole. */
const KEY_LIKE = /[\w-]{43,}/gu;

/**
 * Makes a check of a request's key, which comes in a header (`Authorization: Bearer`, `X-Tokentray-Key`, or
 * Azure's `X-IDENTITY-HEADER`), never in the address, where logs and histories keep it, and never as a cookie,
 * which browsers send by themselves. Every comparison takes the same time, whatever it is given.
 */
export function keyCheck(key: Secret): (headers: IncomingHttpHeaders, url: string) => KeyFound {
  const wanted = Buffer.from(key.reveal());
  // Every key of ours is as long as the other (key-file.ts): a length tells nothing.
  const isKey = (text: string): boolean => {
    const given = Buffer.from(text);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  };
  return (headers, url) => {
    // An address that is shorter than a key holds none; most are.
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

/** Each escape for itself: a wrong one elsewhere must not hide the key. */
function decoded(url: string): string {
  return url.includes('%')
    ? url.replace(/%([0-9a-f]{2})/giu, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : url;
}
