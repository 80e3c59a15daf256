import type { ClaimView } from '../../outlets/answer/token-view-body.ts';
import { say } from '../../words/say.ts';
import type { JsonObject } from './jwt.ts';

/**
 * What an access token of Entra, v1.0 or v2.0, says, and what the catalogue explains.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
const CLAIMS = [
  'acr',
  'acrs',
  'aio',
  'amr',
  'app_displayname',
  'appid',
  'appidacr',
  'aud',
  'auth_time',
  'azp',
  'azpacr',
  'cnf',
  'deviceid',
  'email',
  'exp',
  'family_name',
  'given_name',
  'groups',
  'hasgroups',
  'iat',
  'idp',
  'idtyp',
  'ipaddr',
  'iss',
  'jti',
  'name',
  'nbf',
  'oid',
  'preferred_username',
  'puid',
  'rh',
  'roles',
  'scope',
  'scp',
  'sid',
  'sub',
  'tid',
  'unique_name',
  'upn',
  'uti',
  'ver',
  'wids',
  'xms_cc',
] as const;

/** What stands in a header (RFC 7515 section 4.1); `nonce` is Microsoft Graph's own. */
const HEADERS = ['alg', 'kid', 'nonce', 'typ', 'x5t'] as const;

/** RFC 7519's NumericDate: seconds since the epoch. */
const TIMES: readonly string[] = ['exp', 'iat', 'nbf', 'auth_time'];
/** As far as a `Date` goes (ECMA-262 21.4.1.1). */
const LAST_TIME_MS = 8.64e15;

/** Tokens have some thirty; nobody reads more than this, and a page of ten thousand rows would be slow. */
const MOST_CLAIMS = 200;
/** Entra puts at most 200 groups into a JWT, which is 7800 characters. */
const MOST_VALUE_CHARS = 8_000;
/** A name longer than this is none. */
const MOST_NAME_CHARS = 100;
/** Deeper than anybody can read; a hostile token could overflow the stack. */
const MOST_LEVELS = 20;
const CUT = '…';

/** The claims in the token's own order, times read, known ones explained; a last row tells what is left out. */
export function claimViews(payload: JsonObject): readonly ClaimView[] {
  return views(payload, (name) => {
    const known = CLAIMS.find((claim) => claim === name);
    return known && say(`claim.${known}`);
  });
}

/** The header's members, in the same way. */
export function headerViews(header: JsonObject): readonly ClaimView[] {
  return views(header, (name) => {
    const known = HEADERS.find((member) => member === name);
    return known && say(`claim.header.${known}`);
  });
}

function views(object: JsonObject, meaningOf: (name: string) => string | undefined): readonly ClaimView[] {
  const all = Object.entries(object);
  const shown = all.slice(0, MOST_CLAIMS).map(([name, value]): ClaimView => ({
    name: cut(name, MOST_NAME_CHARS),
    value: typeof value === 'string' ? cut(value, MOST_VALUE_CHARS) : shortJson(value, MOST_VALUE_CHARS),
    meaning: meaningOf(name),
    at: TIMES.includes(name) ? timeOf(value) : undefined,
  }));
  const left = all.length - shown.length;
  if (left === 0) return shown;
  return [
    ...shown,
    { name: CUT, value: say('claims.left-out', { count: left }), meaning: undefined, at: undefined },
  ];
}

function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'number') return undefined;
  const at = value * 1000;
  return Math.abs(at) <= LAST_TIME_MS ? at : undefined;
}

/** Never half of a character. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most);
  return `${/[\uD800-\uDBFF]$/u.test(kept) ? kept.slice(0, -1) : kept}${CUT}`;
}

/**
 * A parsed value as JSON, cut off. `JSON.stringify` would go through all of it, and overflows the stack where
 * somebody has nested it a hundred thousand times.
 */
function shortJson(value: unknown, most: number): string {
  let text = '';
  const write = (found: unknown, level: number): void => {
    if (typeof found !== 'object' || found === null) {
      text += typeof found === 'string' ? JSON.stringify(cut(found, most)) : String(found);
      return;
    }
    if (level === MOST_LEVELS) {
      text += CUT;
      return;
    }
    const isList = Array.isArray(found);
    text += isList ? '[' : '{';
    let comma = '';
    for (const [key, member] of Object.entries(found)) {
      if (text.length > most) return;
      text += isList ? comma : `${comma}${JSON.stringify(cut(key, most))}:`;
      write(member, level + 1);
      comma = ',';
    }
    text += isList ? ']' : '}';
  };
  write(value, 0);
  return cut(text, most);
}
