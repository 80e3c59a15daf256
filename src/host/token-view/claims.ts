import type { ClaimView } from '../../outlets/answer/token-view-body.ts';
import { catalogue } from '../../words/catalogue.ts';
import { say } from '../../words/say.ts';
import type { JsonObject } from './jwt.ts';

/**
 * The claims of Entra's access tokens, v1.0 and v2.0, and the header parameters that the catalogue explains.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
type Explained = Extract<keyof typeof catalogue, `claim.${string}`>;

/** RFC 7519's NumericDate: seconds since the epoch. */
const TIMES: readonly string[] = ['exp', 'iat', 'nbf', 'auth_time'];
/** The last time that a `Date` can hold (ECMA-262 21.4.1.1). */
const LAST_TIME_MS = 8.64e15;

/** Tokens have about thirty claims. A page with ten thousand rows would be slow. */
const MOST_CLAIMS = 200;
/** Entra puts at most 200 groups into a JWT, which are 7800 characters. */
const MOST_VALUE_CHARS = 8_000;
const MOST_NAME_CHARS = 100;
/** A hostile token could overflow the stack. */
const MOST_LEVELS = 20;
const CUT = '…';

/** The claims in the token's order: times read, known ones explained. A last row counts those left out. */
export function claimViews(payload: JsonObject): readonly ClaimView[] {
  return views(payload, (name) => (name.includes('.') ? undefined : meaningOf(`claim.${name}`)));
}

/** The parameters of the header (RFC 7515 4.1), in the same form. */
export function headerViews(header: JsonObject): readonly ClaimView[] {
  return views(header, (name) => meaningOf(`claim.header.${name}`));
}

function meaningOf(code: string): string | undefined {
  const isExplained = (found: string): found is Explained => Object.hasOwn(catalogue, found);
  return isExplained(code) ? say(code) : undefined;
}

function views(object: JsonObject, meaning: (name: string) => string | undefined): readonly ClaimView[] {
  const all = Object.entries(object);
  const shown = all.slice(0, MOST_CLAIMS).map(([name, value]): ClaimView => ({
    name: cut(name, MOST_NAME_CHARS),
    value: typeof value === 'string' ? cut(value, MOST_VALUE_CHARS) : shortJson(value, MOST_VALUE_CHARS),
    meaning: meaning(name),
    at: TIMES.includes(name) ? timeOf(value) : undefined,
  }));
  const left = all.length - shown.length;
  if (left === 0) return shown;
  const rest = say('claims.left-out', { count: left });
  return [...shown, { name: CUT, value: rest, meaning: undefined, at: undefined }];
}

function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'number') return undefined;
  const at = value * 1000;
  return Math.abs(at) <= LAST_TIME_MS ? at : undefined;
}

/** Never cuts a character in half. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most);
  return `${/[\uD800-\uDBFF]$/u.test(kept) ? kept.slice(0, -1) : kept}${CUT}`;
}

/**
 * A parsed value as shortened JSON. `JSON.stringify` would process all of it, and overflows the stack on a value that
 * is nested a hundred thousand times.
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
